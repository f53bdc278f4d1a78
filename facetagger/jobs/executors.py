"""The executors behind the lanes: threads for the program, a hand-cranked one for tests."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from facetagger.jobs.lanes import Lane

P = ParamSpec("P")
T = TypeVar("T")


def thread_executors() -> dict[Lane, ThreadPoolExecutor]:
    """A pool per lane, threads named after it."""
    return {lane: ThreadPoolExecutor(2 if lane is Lane.DECODE else 1, f"facetagger-{lane}") for lane in Lane}


class ManualExecutor(Executor):
    """Runs jobs only when told to, on the caller's thread, first in first out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._is_shut_down = False

    def __len__(self) -> int:
        """How many jobs wait."""
        with self._lock:
            return len(self._waiting)

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        with self._lock:
            if self._is_shut_down:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

    def run_next(self) -> bool:
        """Runs the job that waits longest; False where none waits. One that was cancelled is passed over."""
        while True:
            with self._lock:
                if not self._waiting:
                    return False
                future, call = self._waiting.popleft()
            if future.set_running_or_notify_cancel():
                _run(future, call)
                return True

    def run_all(self) -> int:
        """Runs jobs until none waits, those included that they submit; returns how many ran."""
        count = 0
        while self.run_next():
            count += 1
        return count

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Like every executor's: with ``wait``, what is waiting still runs, here and now."""
        with self._lock:
            self._is_shut_down = True
            dropped = list(self._waiting) if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
        for future, _ in dropped:
            future.cancel()
            future.set_running_or_notify_cancel()
        if wait:
            self.run_all()


def _run(future: Future[Any], call: Callable[[], Any]) -> None:
    try:
        value = call()
    except BaseException as error:  # noqa: BLE001 - an executor hands over whatever ended the job
        future.set_exception(error)
    else:
        future.set_result(value)

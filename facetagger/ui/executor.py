"""Pools of QThreads behind the standard executor protocol, so that jobs know nothing of Qt."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QThread

from facetagger.jobs.lanes import Lane

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Task:
    future: Future[Any]
    call: Callable[[], Any]

    def run(self) -> None:
        if not self.future.set_running_or_notify_cancel():
            return
        try:
            value = self.call()
        except BaseException as error:  # noqa: BLE001 - an executor hands over whatever ended the job
            self.future.set_exception(error)
        else:
            self.future.set_result(value)


class _Queue:
    """What waits, shared by the pool's threads. ``take`` gives None once closed and empty."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[_Task] = deque()
        self._is_closed = False

    def put(self, task: _Task) -> None:
        with self._changed:
            if self._is_closed:
                raise RuntimeError("cannot schedule new futures after shutdown")
            self._waiting.append(task)
            self._changed.notify()

    def take(self) -> _Task | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            return self._waiting.popleft() if self._waiting else None

    def close(self) -> None:
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def drain(self) -> list[_Task]:
        with self._changed:
            dropped = list(self._waiting)
            self._waiting.clear()
            return dropped


class _Worker(QThread):
    def __init__(self, queue: _Queue, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self._queue = queue

    def run(self) -> None:
        threading.current_thread().name = self.objectName()
        while (task := self._queue.take()) is not None:
            task.run()
            # A finished task must not keep its result alive until the next one comes.
            del task


class QThreadExecutor(Executor):
    """A fixed number of long-lived QThreads, so that thread-local state (a database connection) stays good.

    ``shutdown(wait=True)`` returns when every thread has ended.
    """

    def __init__(self, threads: int, name: str) -> None:
        self._queue = _Queue()
        self._workers = [_Worker(self._queue, f"{name}-{number}") for number in range(threads)]
        for worker in self._workers:
            worker.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Raises ``RuntimeError`` after ``shutdown``, as the standard executors do."""
        future: Future[T] = Future()
        self._queue.put(_Task(future, lambda: fn(*args, **kwargs)))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._queue.close()
        if cancel_futures:
            for task in self._queue.drain():
                task.future.cancel()
                task.future.set_running_or_notify_cancel()
        if wait:
            for worker in self._workers:
                worker.wait()


def qthread_executors() -> dict[Lane, QThreadExecutor]:
    """A pool per lane: one thread each, pixels are decoded by as many as leave a core to the networks."""
    decoders = min(max((os.cpu_count() or 2) - 1, 2), 4)
    return {lane: QThreadExecutor(decoders if lane is Lane.DECODE else 1, f"facetagger-{lane}") for lane in Lane}

"""The one place that starts work on another thread and brings its result back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

from facetagger.errors import FaceTaggerError
from facetagger.jobs.cancel import Cancelled
from facetagger.jobs.executors import ManualExecutor, thread_executors
from facetagger.jobs.lanes import Lane
from facetagger.jobs.results import Err, Ok, Result
from facetagger.log import logger

__all__ = ["ManualExecutor", "Runner", "thread_executors"]

T = TypeVar("T")


class Runner:
    """Runs jobs on lanes and delivers their results.

    ``deliver`` is handed a call without arguments and makes it wherever results belong (in the window: its own
    thread). It is called from the lanes' threads. The runner owns its executors from the moment it gets them.
    """

    def __init__(self, executors: Mapping[Lane, Executor], deliver: Callable[[Callable[[], None]], None]) -> None:
        self._executors = dict(executors)
        self._deliver = deliver
        self._lock = threading.Lock()
        self._is_shut_down = False

    def submit(self, lane: Lane, job: Callable[[], T], on_done: Callable[[Result[T]], None] | None = None) -> Future[T]:
        """Queues ``job``; ``on_done`` gets its ``Ok`` or ``Err`` through ``deliver``.

        A job that was cancelled, before it ran or at a checkpoint, ends as ``Err(Cancelled())``. Bugs are logged
        with their traceback, and so is an error meant for the user that has no ``on_done`` to go to.

        Raises:
            RuntimeError: after ``shutdown``.
        """
        with self._lock:
            if self._is_shut_down:
                raise RuntimeError("the runner was shut down and takes no more jobs")
            future: Future[T] = self._executors[lane].submit(job)
        future.add_done_callback(lambda done: self._finish(done, lane, on_done))
        return future

    def executor(self, lane: Lane) -> Executor:
        """The lane's own executor, for code that spreads its work itself."""
        return self._executors[lane]

    def shutdown(self) -> None:
        """Refuses new jobs, drops the waiting ones, waits for the running ones, delivers nothing from here on.

        What waits on the library lane is still done: a name that was given a moment before the end is kept. The caller
        cancels the tokens of long jobs first; calling it again does nothing.
        """
        with self._lock:
            self._is_shut_down = True
        for lane, executor in self._executors.items():
            executor.shutdown(wait=False, cancel_futures=lane is not Lane.LIBRARY)
        for executor in self._executors.values():
            executor.shutdown(wait=True)

    def _finish(self, done: Future[T], lane: Lane, on_done: Callable[[Result[T]], None] | None) -> None:
        result = _result_of(done)
        if isinstance(result, Err):
            _log(result.error, lane, is_taken=on_done is not None)
        if on_done is None:
            return

        def hand_over() -> None:
            # A window's event may arrive long after the job ended, with a shutdown in between.
            if not self._has_ended():
                on_done(result)

        if not self._has_ended():
            self._deliver(hand_over)

    def _has_ended(self) -> bool:
        with self._lock:
            return self._is_shut_down


def _result_of(done: Future[T]) -> Result[T]:
    if done.cancelled():
        return Err(Cancelled())
    error = done.exception()
    if error is None:
        return Ok(done.result())
    if isinstance(error, Exception):
        return Err(error)
    # SystemExit and its like end a process, not a job; to the one who waits for a result it is a failure.
    return Err(RuntimeError(f"a job ended with {error!r}"))


def _log(error: Exception, lane: Lane, *, is_taken: bool) -> None:
    if isinstance(error, Cancelled) or (is_taken and isinstance(error, FaceTaggerError)):
        return
    details: Any = (type(error), error, error.__traceback__)
    logger.error("A job on the %s lane failed.", lane, exc_info=details)

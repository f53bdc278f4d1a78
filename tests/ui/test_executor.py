"""The pool of QThreads keeps the promises of the standard executor."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import CancelledError

import pytest
from PySide6.QtWidgets import QApplication

from facetagger.jobs.lanes import Lane
from facetagger.ui.executor import QThreadExecutor, qthread_executors

_SECONDS = 10


@pytest.fixture
def executor(qapp: QApplication) -> Iterator[QThreadExecutor]:
    made = QThreadExecutor(2, "test")
    yield made
    made.shutdown(cancel_futures=True)


def test_a_job_runs_on_a_named_thread_of_the_pool(executor: QThreadExecutor) -> None:
    name = executor.submit(lambda: threading.current_thread().name).result(_SECONDS)
    assert name.startswith("test-")


def test_arguments_reach_the_job(executor: QThreadExecutor) -> None:
    assert executor.submit(divmod, 17, 5).result(_SECONDS) == (3, 2)
    assert list(executor.map(abs, [-1, -2])) == [1, 2]


def test_an_exception_reaches_whoever_asks(executor: QThreadExecutor) -> None:
    with pytest.raises(ZeroDivisionError):
        executor.submit(lambda: 1 // 0).result(_SECONDS)


def test_two_threads_work_at_once(executor: QThreadExecutor) -> None:
    meeting = threading.Barrier(2, timeout=_SECONDS)
    assert sorted(each.result(_SECONDS) for each in [executor.submit(meeting.wait) for _ in range(2)]) == [0, 1]


def test_one_thread_keeps_the_order(qapp: QApplication) -> None:
    seen: list[int] = []
    executor = QThreadExecutor(1, "single")
    for number in range(20):
        executor.submit(seen.append, number)
    executor.shutdown()
    assert seen == list(range(20))


def test_shutting_down_waits_for_what_runs_and_drops_what_waits(qapp: QApplication) -> None:
    executor = QThreadExecutor(1, "single")
    started, go_on = threading.Event(), threading.Event()

    def wait() -> str:
        started.set()
        go_on.wait(_SECONDS)
        return "done"

    running = executor.submit(wait)
    assert started.wait(_SECONDS)
    waiting = executor.submit(lambda: "never")
    executor.shutdown(wait=False, cancel_futures=True)
    go_on.set()
    executor.shutdown()
    assert running.result(0) == "done"
    with pytest.raises(CancelledError):
        waiting.result(0)


def test_nothing_is_taken_after_the_end(qapp: QApplication) -> None:
    executor = QThreadExecutor(1, "single")
    executor.shutdown()
    with pytest.raises(RuntimeError):
        executor.submit(lambda: None)


def test_every_lane_has_a_pool(qapp: QApplication) -> None:
    executors = qthread_executors()
    assert set(executors) == set(Lane)
    for each in executors.values():
        each.shutdown()

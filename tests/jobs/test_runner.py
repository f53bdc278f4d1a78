"""Jobs run on their lane, results come back through ``deliver``, and nothing outlives the end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial

import pytest

from facetagger.errors import PhotoError
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.results import Err, Ok, Result
from facetagger.jobs.runner import ManualExecutor, Runner, thread_executors

_PATIENCE = 10.0


class _Window:
    """Stands for a thread that takes deliveries when it gets round to them."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def post(self, call: Callable[[], None]) -> None:
        self.waiting.append(call)

    def process(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@pytest.fixture
def window() -> _Window:
    return _Window()


@pytest.fixture
def hand() -> ManualExecutor:
    return ManualExecutor()


@pytest.fixture
def runner(window: _Window, hand: ManualExecutor) -> Iterator[Runner]:
    executors: dict[Lane, Executor] = dict.fromkeys(Lane, hand)
    runner = Runner(executors, window.post)
    yield runner
    runner.shutdown()


@pytest.fixture
def threaded() -> Iterator[Runner]:
    runner = Runner(thread_executors(), lambda call: call())
    yield runner
    runner.shutdown()


def test_a_result_arrives_only_when_the_window_takes_it(runner: Runner, hand: ManualExecutor, window: _Window) -> None:
    results: list[Result[int]] = []
    runner.submit(Lane.LIBRARY, lambda: 42, results.append)
    assert hand.run_all() == 1
    assert results == []
    window.process()
    assert results == [Ok(42)]


def test_an_error_for_the_user_arrives_as_a_value_and_is_not_logged(
    runner: Runner, hand: ManualExecutor, window: _Window, caplog: pytest.LogCaptureFixture
) -> None:
    results: list[Result[None]] = []
    runner.submit(Lane.DECODE, _unreadable, results.append)
    hand.run_all()
    window.process()
    (result,) = results
    assert isinstance(result, Err)
    assert isinstance(result.error, PhotoError)
    assert not caplog.records


def test_an_exception_that_nobody_takes_is_logged_with_its_traceback(
    runner: Runner, hand: ManualExecutor, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "facetagger"):
        runner.submit(Lane.DECODE, _unreadable)
        hand.run_all()
    assert "decode" in caplog.text
    assert "_unreadable" in caplog.text


def test_a_bug_is_delivered_and_logged(
    runner: Runner, hand: ManualExecutor, window: _Window, caplog: pytest.LogCaptureFixture
) -> None:
    results: list[Result[float]] = []
    with caplog.at_level(logging.ERROR, "facetagger"):
        runner.submit(Lane.LIBRARY, lambda: 1 / 0, results.append)
        hand.run_all()
    window.process()
    assert isinstance(results[0], Err)
    assert "ZeroDivisionError" in caplog.text


def test_a_job_cancelled_before_it_ran_ends_as_cancelled(runner: Runner, hand: ManualExecutor, window: _Window) -> None:
    results: list[Result[int]] = []
    future = runner.submit(Lane.FILES, lambda: 1, results.append)
    assert future.cancel()
    assert hand.run_all() == 0
    window.process()
    assert isinstance(results[0], Err)
    assert isinstance(results[0].error, Cancelled)


def test_a_job_stopped_at_a_checkpoint_ends_as_cancelled_and_is_not_logged(
    runner: Runner, hand: ManualExecutor, window: _Window, caplog: pytest.LogCaptureFixture
) -> None:
    token = CancelToken()
    results: list[Result[None]] = []
    runner.submit(Lane.FILES, token.checkpoint, results.append)
    token.cancel()
    hand.run_all()
    window.process()
    assert isinstance(results[0], Err)
    assert isinstance(results[0].error, Cancelled)
    assert not caplog.records


def test_shutting_down_refuses_further_jobs(runner: Runner) -> None:
    runner.shutdown()
    with pytest.raises(RuntimeError, match="shut down"):
        runner.submit(Lane.LIBRARY, lambda: None)


def test_shutting_down_drops_results_that_were_not_delivered_yet(
    runner: Runner, hand: ManualExecutor, window: _Window
) -> None:
    results: list[Result[int]] = []
    runner.submit(Lane.LIBRARY, lambda: 1, results.append)
    hand.run_all()
    runner.shutdown()
    window.process()
    assert results == []


def test_shutting_down_drops_the_jobs_that_still_wait_but_does_every_act(window: _Window) -> None:
    runner = Runner({lane: ManualExecutor() for lane in Lane}, window.post)
    ran: list[Lane] = []
    for lane in Lane:
        runner.submit(lane, partial(ran.append, lane))
    runner.shutdown()
    window.process()
    assert ran == [Lane.LIBRARY]


def test_shutting_down_waits_for_every_thread(threaded: Runner) -> None:
    before = set(threading.enumerate())
    token = CancelToken()
    token.pause()
    started = [threading.Event() for _ in Lane]

    def job(event: threading.Event) -> None:
        event.set()
        token.checkpoint()

    for lane, event in zip(Lane, started, strict=True):
        threaded.submit(lane, partial(job, event))
    assert all(event.wait(_PATIENCE) for event in started)
    token.cancel()
    threaded.shutdown()
    left = set(threading.enumerate()) - before
    assert not [each.name for each in left if each.name.startswith("facetagger-")]


def test_jobs_of_one_lane_run_one_after_the_other_on_a_thread_named_after_it(threaded: Runner) -> None:
    order: list[int] = []
    futures = [threaded.submit(Lane.LIBRARY, partial(order.append, n)) for n in range(50)]
    name = threaded.submit(Lane.LIBRARY, lambda: threading.current_thread().name).result(_PATIENCE)
    assert [future.result(_PATIENCE) for future in futures] == [None] * 50
    assert order == list(range(50))
    assert name.startswith("facetagger-library")


def test_a_blocked_lane_does_not_hold_up_another(threaded: Runner) -> None:
    token = CancelToken()
    token.pause()
    blocked = threaded.submit(Lane.FILES, token.checkpoint)
    assert threaded.submit(Lane.LIBRARY, lambda: "answered").result(_PATIENCE) == "answered"
    assert not blocked.done()
    token.resume()
    blocked.result(_PATIENCE)


def test_a_hand_cranked_executor_runs_jobs_in_order_and_those_they_submit(hand: ManualExecutor) -> None:
    order: list[str] = []

    def first() -> None:
        order.append("first")
        hand.submit(order.append, "third")

    hand.submit(first)
    hand.submit(order.append, "second")
    assert hand.run_next()
    assert order == ["first"]
    assert hand.run_all() == 2
    assert order == ["first", "second", "third"]
    assert not hand.run_next()


def _unreadable() -> None:
    raise PhotoError("The file cannot be read.")

"""Progress is told rarely enough to cost nothing and ends with the truth."""

from __future__ import annotations

import pytest

from facetagger.jobs.progress import Progress, ProgressMeter


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


def _work(meter: ProgressMeter, clock: _Clock, *, steps: int, seconds: float) -> None:
    for _ in range(steps):
        clock.now += seconds
        meter.advance()


def test_the_first_and_the_last_step_are_always_reported() -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(1000, reports.append, _Clock())
    for _ in range(1000):
        meter.advance()
    assert [report.done for report in reports] == [1, 1000]
    assert reports[-1].seconds_left == 0.0


def test_reports_come_at_most_ten_times_a_second() -> None:
    clock, reports = _Clock(), list[Progress]()
    meter = ProgressMeter(1000, reports.append, clock)
    for _ in range(999):
        clock.now += 0.01
        meter.advance()
    assert 95 <= len(reports) <= 101


def test_the_time_left_follows_from_the_speed_so_far(clock: _Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(100, reports.append, clock)
    _work(meter, clock, steps=25, seconds=0.8)
    assert reports[-1].seconds_left == pytest.approx(60.0)


def test_the_start_of_the_networks_does_not_count(clock: _Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(35, reports.append, clock)
    clock.now += 14
    _work(meter, clock, steps=1, seconds=0.2)
    assert reports[-1].seconds_left is None
    _work(meter, clock, steps=24, seconds=0.5)
    assert reports[-1].seconds_left == pytest.approx(5.0)


def test_a_pause_does_not_count(clock: _Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(100, reports.append, clock)
    _work(meter, clock, steps=20, seconds=0.5)
    clock.now += 600
    _work(meter, clock, steps=20, seconds=0.5)
    assert reports[-1].seconds_left == pytest.approx(30.0)


def test_files_that_were_known_already_promise_nothing_about_the_new_ones(clock: _Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(1100, reports.append, clock)
    _work(meter, clock, steps=1000, seconds=0.0005)
    clock.now += 12
    _work(meter, clock, steps=20, seconds=0.5)
    assert reports[-1].seconds_left == pytest.approx(40.0)


def test_photos_that_come_in_slow_batches_are_no_pauses(clock: _Clock) -> None:
    reports: list[Progress] = []
    meter = ProgressMeter(100, reports.append, clock)
    for _ in range(10):
        clock.now += 8
        for _ in range(4):
            meter.advance()
    assert reports[-1].seconds_left is not None
    assert 100 < reports[-1].seconds_left < 150


def test_no_time_is_promised_before_there_is_a_speed() -> None:
    reports: list[Progress] = []
    ProgressMeter(100, reports.append, _Clock()).advance()
    assert reports[0].seconds_left is None


def test_more_steps_than_announced_never_show_more_than_everything() -> None:
    reports: list[Progress] = []
    ProgressMeter(2, reports.append, _Clock()).advance(5)
    assert reports[-1] == Progress(2, 2, 0.0)
    assert reports[-1].fraction == 1.0

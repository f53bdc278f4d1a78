"""Progress is told rarely enough to cost nothing and ends with the truth."""

from __future__ import annotations

from facetagger.jobs.progress import Progress, ProgressMeter


class _Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


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


def test_the_time_left_follows_from_the_speed_so_far() -> None:
    clock, reports = _Clock(), list[Progress]()
    meter = ProgressMeter(100, reports.append, clock)
    clock.now += 20
    meter.advance(25)
    assert reports[-1].seconds_left == 60.0


def test_no_time_is_promised_before_there_is_a_speed() -> None:
    reports: list[Progress] = []
    ProgressMeter(100, reports.append, _Clock()).advance()
    assert reports[0].seconds_left is None


def test_more_steps_than_announced_never_show_more_than_everything() -> None:
    reports: list[Progress] = []
    ProgressMeter(2, reports.append, _Clock()).advance(5)
    assert reports[-1] == Progress(2, 2, 0.0)
    assert reports[-1].fraction == 1.0

"""How far a job is, told often enough to move a bar and rarely enough to cost nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

REPORT_INTERVAL: Final = 0.1
"""Seconds between two reports."""

_STEADY_SECONDS: Final = 4.0
_STEADY_STEPS: Final = 8
"""How much work must lie behind before its speed says anything about the rest."""

_LULL: Final = 16
"""A step that took that many times as long as the ones before was no step but a wait: networks that start, a pause."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``seconds_left`` is None until there is enough steady work behind us to tell."""

    done: int
    total: int
    seconds_left: float | None

    @property
    def fraction(self) -> float:
        return self.done / self.total if self.total else 1.0


class ProgressMeter:
    """Counts steps and reports them, at most ten times a second; the first and the last are always reported.

    May be advanced from several threads; ``report`` is then called by them one at a time. ``clock`` gives seconds.
    """

    def __init__(
        self, total: int, report: Callable[[Progress], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._total = total
        self._report = report
        self._clock = clock
        self._lock = threading.Lock()
        self._done = 0
        self._since: tuple[float, int] | None = None
        """From when, and from how many steps on, the speed is measured: the first step shows that work has begun."""
        self._advanced = 0.0
        self._reported: float | None = None

    def advance(self, n: int = 1) -> None:
        """Counts ``n`` more steps as done."""
        with self._lock:
            self._done = min(self._done + n, self._total)
            now = self._clock()
            if self._since is None or self._was_idle(now, n):
                self._since = now, self._done
            self._advanced = now
            is_due = self._reported is None or now - self._reported >= REPORT_INTERVAL
            if is_due or self._done == self._total:
                self._reported = now
                self._report(Progress(self._done, self._total, self._seconds_left(now)))

    def _seconds_left(self, now: float) -> float | None:
        if self._done == self._total:
            return 0.0
        if self._since is None:
            return None
        elapsed, steps = now - self._since[0], self._done - self._since[1]
        if elapsed < _STEADY_SECONDS or steps < _STEADY_STEPS:
            return None
        return elapsed / steps * (self._total - self._done)

    def _was_idle(self, now: float, n: int) -> bool:
        """Whether the speed so far says nothing about the wait that has just ended."""
        if self._since is None:
            return False
        steps = self._done - n - self._since[1]
        if steps < _STEADY_STEPS:
            return False
        usual = (self._advanced - self._since[0]) / steps
        wait = now - self._advanced
        return wait > _STEADY_SECONDS and wait > _LULL * usual * n

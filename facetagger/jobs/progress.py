"""How far a job is, told often enough to move a bar and rarely enough to cost nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

REPORT_INTERVAL: Final = 0.1
"""Seconds between two reports."""

_MEASURED_FROM: Final = 1.0
"""Seconds of work before its speed says anything about the rest."""


@dataclass(frozen=True, slots=True)
class Progress:
    """``seconds_left`` is None until there is enough behind us to tell."""

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
        self._started = clock()
        self._reported: float | None = None

    def advance(self, n: int = 1) -> None:
        """Counts ``n`` more steps as done."""
        with self._lock:
            self._done = min(self._done + n, self._total)
            now = self._clock()
            is_due = self._reported is None or now - self._reported >= REPORT_INTERVAL
            if is_due or self._done == self._total:
                self._reported = now
                self._report(Progress(self._done, self._total, self._seconds_left(now)))

    def _seconds_left(self, now: float) -> float | None:
        if self._done == self._total:
            return 0.0
        elapsed = now - self._started
        if elapsed < _MEASURED_FROM or not self._done:
            return None
        return elapsed / self._done * (self._total - self._done)

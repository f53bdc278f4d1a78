"""The real window on a library, and what tells a benchmark when something has been painted in it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from facetagger import app
from facetagger.operations.session import Session
from facetagger.ui.bridge import Bridge
from facetagger.ui.executor import qthread_executors
from facetagger.ui.images import ImageLoader
from facetagger.ui.main_window import MainWindow

BEAT_MS: Final = 10
_POLL_MS: Final = 5


@dataclass(frozen=True, slots=True)
class OpenWindow:
    session: Session
    bridge: Bridge
    window: MainWindow


@contextmanager
def open_window(library: Path) -> Iterator[OpenWindow]:
    """As the program opens it, on a display of its own where the environment names none."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    _, theme, preferences = app.make_application()
    with Session.open(library) as session:
        bridge = Bridge(session, qthread_executors())
        try:
            window = MainWindow(bridge, ImageLoader(bridge), theme, preferences)
            window.show()
            yield OpenWindow(session, bridge, window)
        finally:
            bridge.close()


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> bool:
    """Lets the window live until the condition holds; False where it never did. What is measured stamps its own
    times, for this looks every few milliseconds only."""
    loop, timer = QEventLoop(), QTimer()
    deadline = time.perf_counter() + seconds
    timer.timeout.connect(lambda: loop.quit() if condition() or time.perf_counter() > deadline else None)
    timer.start(_POLL_MS)
    loop.exec()
    return condition()


def rest(milliseconds: int) -> None:
    """Lets the window live for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Heartbeat(QObject):
    """A precise timer of ``BEAT_MS`` in the window's thread.

    After a beat the next ones are due ``BEAT_MS`` apart. The beats that fell into one wait are all late, each by what
    was left of it: so a stall of 300 ms counts as thirty late beats and not as one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.late: list[float] = []
        """Seconds, one for each beat that was due."""
        self._last: float | None = None
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        if self._last is not None:
            self.late += late_beats(now - self._last)
        self._last = now


def late_beats(wait: float) -> list[float]:
    """How late each beat was that was due in a wait of so many seconds from one beat to the next."""
    beats = max(round(wait * 1000) // BEAT_MS, 1)
    return [max(wait - number * BEAT_MS / 1000, 0.0) for number in range(1, beats + 1)]


class Paintings(QObject):
    """When a widget had been painted. ``shown`` is asked at each painting whether it shows what is waited for."""

    def __init__(self, widget: QWidget, shown: Callable[[], bool] = lambda: True) -> None:
        super().__init__(widget)
        self.times: list[float] = []
        self._shown = shown
        self._widget = widget
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it so
        if event.type() == QEvent.Type.Paint and self._shown():
            QTimer.singleShot(0, self._note)
        return False

    def end(self) -> None:
        self._widget.removeEventFilter(self)
        self.deleteLater()

    def _note(self) -> None:
        self.times.append(time.perf_counter())


def milliseconds_until_painted(
    widget: QWidget, act: Callable[[], None], *wanted: Callable[[], bool], seconds: float = 20.0
) -> list[float] | None:
    """From the act to the end of the first painting of ``widget`` that shows each of what is waited for.

    None where one of them did not come in time.
    """
    waits = [Paintings(widget, shown) for shown in wanted]
    began = time.perf_counter()
    act()
    came = wait_for(lambda: all(each.times for each in waits), seconds)
    for each in waits:
        each.end()
    return [(each.times[0] - began) * 1000 for each in waits] if came else None

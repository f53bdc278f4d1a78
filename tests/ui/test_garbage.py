from __future__ import annotations

import threading
import weakref

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from facetagger.jobs.lanes import Lane
from facetagger.ui.bridge import Bridge
from facetagger.ui.garbage import collect_in_this_thread


class Knot(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def _make_many_objects() -> None:
    for _ in range(20_000):
        knot: list[object] = []
        knot.append(knot)


def test_what_the_window_dropped_ends_in_its_own_thread(qtbot: QtBot, bridge: Bridge) -> None:
    ended_in: list[int] = []
    weakref.finalize(Knot(), lambda: ended_in.append(threading.get_ident()))
    collect_in_this_thread(bridge)
    for lane in Lane:
        with qtbot.waitSignal(bridge.settled):
            bridge.fetch(lane, _make_many_objects, lambda _: bridge.settled.emit())
    qtbot.waitUntil(lambda: bool(ended_in))
    assert ended_in == [threading.get_ident()]

"""Python's garbage is collected in the window's thread, where Qt's objects may be taken apart."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from facetagger.jobs import garbage

_INTERVAL_MS: Final = 500


def collect_in_this_thread(parent: QObject) -> None:
    """From now on no other thread collects anything, and this one does as long as ``parent`` lives."""
    garbage.collect_by_hand()
    timer = QTimer(parent)
    timer.timeout.connect(garbage.collect_what_is_due)
    timer.start(_INTERVAL_MS)

"""Python's garbage is collected in the window's thread, where Qt's objects may be taken apart."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject, QTimer

from facetagger.jobs import garbage

_INTERVAL_MS: Final = 500


class GarbageTimer(QObject):
    """From its making on no other thread collects anything."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        garbage.collect_by_hand()
        timer = QTimer(self)
        timer.timeout.connect(garbage.collect_what_is_due)
        timer.start(_INTERVAL_MS)

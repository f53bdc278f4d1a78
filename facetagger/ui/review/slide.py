"""The short movement that says: this is another question."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation
from PySide6.QtWidgets import QStyle, QWidget

_MS: Final = 140


class SlideIn(QPropertyAnimation):
    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget, b"pos", widget)
        self._widget = widget
        self.setDuration(_MS)
        self.setEasingCurve(QEasingCurve.Type.OutCubic)

    def start_unless_still(self, distance: int) -> None:
        """From ``distance`` pixels on the right; only where the desktop wants animations at all."""
        if self._widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0:
            return
        self.stop()
        self.setStartValue(QPoint(distance, 0))
        self.setEndValue(QPoint(0, 0))
        self.start()

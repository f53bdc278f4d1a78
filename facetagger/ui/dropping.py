"""Folders and files dropped anywhere on the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from facetagger.ui.theme import Radius, Space, TextSize, ThemeManager, Weight


def dropped_paths(data: QMimeData) -> list[Path]:
    """The files and folders of this computer among what is dragged."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropVeil(QWidget):
    """Lies over the window while something is dragged above it, and says what dropping does."""

    def __init__(self, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme.current
        veil = QColor(theme.colour("background"))
        veil.setAlphaF(0.96)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), veil)
            pen = QPen(theme.colour("accent"), theme.px(2), Qt.PenStyle.DashLine)
            painter.setPen(pen)
            inset, radius = theme.px(Space.XL), theme.px(Radius.CARD)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), radius, radius)
            painter.setPen(theme.colour("text"))
            painter.setFont(theme.font(TextSize.QUESTION, Weight.STRONG))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to add these photos"))

"""Two small charts in the colours of the window: how sure the answers were, and how it goes decade by decade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from facetagger.ui.theme import Space, TextSize, Theme, ThemeManager
from facetagger.ui.words import number

_HEIGHT: Final = 190
_BINS: Final = 10


class _Chart(QWidget):
    """Room for bars above an axis with labels, and a legend or title line above them."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        px = self._theme.current.px
        return QSize(px(320), px(_HEIGHT))

    def _plot(self, theme: Theme) -> QRectF:
        top, bottom = theme.px(28), theme.px(38)
        return QRectF(0, top, self.width(), self.height() - top - bottom)

    def _draw_axis(self, painter: QPainter, plot: QRectF, theme: Theme, caption: str) -> None:
        painter.setPen(QPen(theme.colour("line"), 1))
        painter.drawLine(plot.bottomLeft(), plot.bottomRight())
        painter.setFont(theme.font(TextSize.META))
        painter.setPen(theme.colour("muted"))
        place = QRectF(plot.left(), plot.bottom() + theme.px(19), plot.width(), theme.px(18))
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, caption)

    def _draw_label(self, painter: QPainter, centre: QPointF, text: str, theme: Theme) -> None:
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 2
        place = QRectF(centre.x() - width / 2, centre.y(), width, theme.px(16))
        place.moveLeft(min(max(place.left(), 0.0), self.width() - width))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


class CertaintyChart(_Chart):
    """Right and wrong answers by the probability that was given. Few wrong ones stay visible: bars grow as roots do."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__(theme)
        self._right = self._wrong = np.zeros(_BINS, dtype=np.int64)

    def show_answers(self, right: NDArray[np.float64], wrong: NDArray[np.float64]) -> None:
        edges = np.linspace(0, 1, _BINS + 1)
        self._right, self._wrong = (np.histogram(each, edges)[0].astype(np.int64) for each in (right, wrong))
        self.setAccessibleName(
            self.tr("How sure the answers were: {0} right, {1} wrong").format(len(right), len(wrong))
        )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme.current
        plot = self._plot(theme)
        highest = float(np.sqrt(max(self._right.max(), self._wrong.max(), 1)))
        slot = plot.width() / _BINS
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_axis(painter, plot, theme, self.tr("how sure, in 100"))
            for place in range(_BINS):
                left = plot.left() + place * slot
                bar = slot / 2 - theme.px(2)
                self._draw_bar(painter, plot, left, bar, int(self._right[place]), highest, theme.colour("accent"))
                wrong, ink = int(self._wrong[place]), theme.colour("text")
                self._draw_bar(painter, plot, left + slot / 2 - 1, bar, wrong, highest, ink)
                painter.setPen(theme.colour("muted"))
                painter.setFont(theme.font(TextSize.LABEL))
                self._draw_label(painter, QPointF(left, plot.bottom() + theme.px(3)), str(place * 10), theme)
            self._draw_label(painter, QPointF(plot.right(), plot.bottom() + theme.px(3)), "100", theme)
            self._draw_legend(painter, theme)

    def _draw_bar(
        self, painter: QPainter, plot: QRectF, left: float, width: float, count: int, highest: float, colour: QColor
    ) -> None:
        """With its count above, so that lightness alone need not tell right from wrong."""
        if not count:
            return
        theme = self._theme.current
        height = max(theme.px(2), (plot.height() - theme.px(16)) * float(np.sqrt(count)) / highest)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRect(QRectF(left + 1, plot.bottom() - height, width, height))
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(TextSize.LABEL))
        self._draw_label(
            painter, QPointF(left + width / 2, plot.bottom() - height - theme.px(16)), number(count), theme
        )

    def _draw_legend(self, painter: QPainter, theme: Theme) -> None:
        left = 0.0
        entries = ((self._right, self.tr("right"), "accent"), (self._wrong, self.tr("wrong"), "text"))
        for counts, word, token in entries:
            text = f"{word}, {number(int(counts.sum()))}"
            side = theme.px(10)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour(token))
            painter.drawRect(QRectF(left, theme.px(4), side, side))
            painter.setPen(theme.colour("muted"))
            painter.setFont(theme.font(TextSize.META))
            width = QFontMetricsF(painter.font()).horizontalAdvance(text)
            place = QRectF(left + side + theme.px(6), 0, width + 2, theme.px(18))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)
            left = place.right() + theme.px(Space.L)


class DecadeChart(_Chart):
    """Of the faces of each decade, the share that got its name back, with the counts."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__(theme)
        self._decades: Sequence[tuple[int, int, int]] = ()

    def show_decades(self, decades: Mapping[int, tuple[int, int]]) -> None:
        self._decades = [(decade, *counts) for decade, counts in decades.items()]
        told = ", ".join(f"{decade}s {found} of {faces}" for decade, found, faces in self._decades)
        self.setAccessibleName(self.tr("Names found by decade: {0}").format(told))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme.current
        plot = self._plot(theme)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw_axis(painter, plot, theme, self.tr("decade of the photo"))
            slot = min(plot.width() / max(len(self._decades), 1), theme.px(110))
            for place, (decade, found, faces) in enumerate(self._decades):
                left = plot.left() + place * slot
                self._draw_decade(painter, QRectF(left, plot.top(), slot - theme.px(6), plot.height()), found, faces)
                painter.setPen(theme.colour("muted"))
                painter.setFont(theme.font(TextSize.LABEL))
                centre = QPointF(left + slot / 2, plot.bottom() + theme.px(3))
                self._draw_label(painter, centre, self._decade_text(decade, slot), theme)

    def _decade_text(self, decade: int, slot: float) -> str:
        return f"{decade}s" if slot > self._theme.current.px(38) else f"{decade % 100:02}"

    def _draw_decade(self, painter: QPainter, room: QRectF, found: int, faces: int) -> None:
        theme = self._theme.current
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("line"))
        painter.drawRect(room)
        filled = QRectF(room)
        filled.setTop(room.bottom() - room.height() * found / faces)
        painter.setBrush(theme.colour("accent"))
        painter.drawRect(filled)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(TextSize.LABEL))
        above = QPointF(room.center().x(), room.top() - theme.px(18))
        whole = self.tr("{0} of {1}").format(number(found), number(faces))
        fits = QFontMetricsF(painter.font()).horizontalAdvance(whole) < room.width() + theme.px(4)
        self._draw_label(painter, above, whole if fits else f"{round(100 * found / faces)} %", theme)

"""How faces look on a photo: a box whose line tells the state, and a name on a shade.

Everything is painted upon photographs, which are the same in both themes, so the colours come from the dark scheme.
Rectangles are in canvas pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from facetagger.ui.photo_view.contents import Look
from facetagger.ui.theme import Theme
from facetagger.ui.tokens import DARK, Radius

_WHITE: Final = QColor("#ffffff")
_HAIRLINE: Final = QColor(0, 0, 0, 130)
_ACCENT: Final = QColor(DARK.accent_strong)
_AMBER: Final = QColor(DARK.amber).lighter(112)
_SHADE: Final = QColor(18, 18, 17, 205)
_DASH: Final = 6.0
_SPACE: Final = 4.0
_SHORT_NAME: Final = 110
_WHOLE_NAME: Final = 320
_PADDING: Final = QSizeF(8.0, 3.5)


@dataclass(frozen=True, slots=True)
class Mark:
    """One face as it is painted: its box, what its line says, and the name beside it (empty for none)."""

    rect: QRectF
    look: Look
    name: str = ""
    is_active: bool = False
    is_hovered: bool = False


def paint_box(painter: QPainter, mark: Mark) -> None:
    colour, width = _line(mark)
    is_dashed = mark.look in (Look.SUGGESTED, Look.ASIDE) and not mark.is_active
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (_pen(_HAIRLINE, width + 2.0, is_dashed), _pen(colour, width, is_dashed)):
        painter.setPen(pen)
        painter.drawRoundedRect(mark.rect, Radius.PICTURE, Radius.PICTURE)


def paint_label(painter: QPainter, rect: QRectF, mark: Mark, font: QFont) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADE)
    painter.drawRoundedRect(rect, Radius.PICTURE, Radius.PICTURE)
    painter.setPen(_AMBER if mark.look is Look.SUGGESTED else _WHITE)
    painter.setFont(font)
    text = elided(mark.name, font, rect.width() - 2 * _PADDING.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def paint_frame(painter: QPainter, rect: QRectF) -> None:
    """A frame that is being drawn by hand."""
    paint_box(painter, Mark(rect, Look.UNNAMED, is_active=True))
    painter.fillRect(rect, QColor(255, 255, 255, 26))


def paint_focus(painter: QPainter, rect: QRectF) -> None:
    """The keyboard is here, and no face is open to show it."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_ACCENT, 2.0))
    painter.drawRect(rect.adjusted(1, 1, -1, -1))


def label_size(name: str, font: QFont, max_width: float) -> QSizeF:
    metrics = QFontMetricsF(font)
    width = min(metrics.horizontalAdvance(name) + 1, max_width)
    return QSizeF(width + 2 * _PADDING.width(), metrics.height() + 2 * _PADDING.height())


def elided(text: str, font: QFont, width: float) -> str:
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def label_width(mark: Mark, theme: Theme) -> float:
    """The widest a name may be: not far beyond its face, so that a crowd stays readable; whole under the pointer."""
    widest = theme.px(_WHOLE_NAME if mark.is_hovered or mark.is_active else _SHORT_NAME)
    return max(mark.rect.width() * 1.4, float(widest))


def _line(mark: Mark) -> tuple[QColor, float]:
    if mark.is_active:
        return _ACCENT, 3.0
    wider = 1.0 if mark.is_hovered else 0.0
    match mark.look:
        case Look.CONFIRMED:
            return _WHITE, 2.0 + wider
        case Look.SUGGESTED:
            return _AMBER, 2.0 + wider
        case Look.UNNAMED:
            return _WHITE, 1.5 + wider
        case Look.ASIDE:
            return _WHITE, 1.0


def _pen(colour: QColor, width: float, is_dashed: bool) -> QPen:
    pen = QPen(colour, width)
    if is_dashed:
        # The pattern counts in line widths; both strokes shall break at the same places.
        pen.setDashPattern([_DASH / width, _SPACE / width])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen

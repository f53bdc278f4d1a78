"""What several painters draw alike: rounded pictures, pills, focus rings."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from facetagger.ui.theme import Radius, Space, Theme


def draw_picture(painter: QPainter, target: QRectF, pixmap: QPixmap, radius: float) -> None:
    """Fills ``target`` with the middle of ``pixmap``, corners rounded; half the side makes a circle."""
    painter.save()
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    size = target.size().scaled(QSizeF(pixmap.size()), Qt.AspectRatioMode.KeepAspectRatio)
    source = QRectF(QPointF((pixmap.width() - size.width()) / 2, (pixmap.height() - size.height()) / 2), size)
    path = QPainterPath()
    path.addRoundedRect(target, radius, radius)
    painter.setClipPath(path)
    painter.drawPixmap(target, pixmap, source)
    painter.restore()


def draw_placeholder(painter: QPainter, target: QRectF, theme: Theme, radius: float) -> None:
    """Where a picture is still to come."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.colour("line"))
    painter.drawRoundedRect(target, radius, radius)
    painter.restore()


def draw_ring(painter: QPainter, target: QRectF, theme: Theme, radius: float) -> None:
    """The ring of the selected or focused picture: thick accent, with a gap of the page's colour."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    gap, width = theme.px(1), theme.px(3)
    painter.setPen(QPen(theme.colour("background"), gap))
    inner = target.adjusted(-gap / 2, -gap / 2, gap / 2, gap / 2)
    painter.drawRoundedRect(inner, radius, radius)
    painter.setPen(QPen(theme.colour("accent"), width))
    out = gap + width / 2
    painter.drawRoundedRect(target.adjusted(-out, -out, out, out), radius + gap, radius + gap)
    painter.restore()


def pill_size(text: str, font: QFont, theme: Theme) -> QSizeF:
    metrics = QFontMetricsF(font)
    return QSizeF(metrics.horizontalAdvance(text) + 2 * theme.px(Space.S), metrics.height() + theme.px(3))


def draw_pill(
    painter: QPainter, target: QRectF, text: str, font: QFont, background: QColor, foreground: QColor
) -> None:
    """A badge with fully rounded ends."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(background)
    painter.drawRoundedRect(target, target.height() / 2, target.height() / 2)
    painter.setPen(foreground)
    painter.setFont(font)
    painter.drawText(target, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def picture_radius(theme: Theme) -> int:
    return theme.px(Radius.PICTURE)

"""Draws one photo of the grid with its badge and rings, and the section headings."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from facetagger.entities import PhotoId
from facetagger.library.records import PhotoSummary
from facetagger.ui import icons, words
from facetagger.ui.icons import Icon
from facetagger.ui.images import ImageLoader, photo_key
from facetagger.ui.painting import draw_picture, draw_pill, draw_placeholder, draw_ring, picture_radius, pill_size
from facetagger.ui.photo_grid.contents import Section
from facetagger.ui.theme import Space, TextSize, Theme, Weight

_KEPT: Final = 400
"""Finished cells: some screens full."""


@dataclass(frozen=True, slots=True)
class CellState:
    is_selected: bool
    is_current: bool
    """Where the keyboard is, shown while the grid has focus."""


class CellPainter:
    """Keeps each picture as it was last drawn, cropped and rounded, so that scrolling only copies pixels."""

    def __init__(self, images: ImageLoader) -> None:
        self._images = images
        self._finished: OrderedDict[tuple[PhotoId, QSize], tuple[int, QPixmap]] = OrderedDict()

    def clear(self) -> None:
        self._finished.clear()

    def draw(
        self,
        painter: QPainter,
        target: QRectF,
        photo_id: PhotoId,
        summary: PhotoSummary | None,
        state: CellState,
        theme: Theme,
    ) -> None:
        picture = self._picture(painter, target, photo_id, theme)
        if picture is None:
            self._draw_missing(painter, target, photo_id, theme)
        else:
            painter.drawPixmap(target.topLeft(), picture)
        if summary is not None:
            _draw_badge(painter, target, summary, theme)
        if state.is_selected:
            draw_ring(painter, target, theme, picture_radius(theme))
        elif state.is_current:
            _draw_focus(painter, target, theme)

    def _picture(self, painter: QPainter, target: QRectF, photo_id: PhotoId, theme: Theme) -> QPixmap | None:
        ratio = painter.device().devicePixelRatioF()
        source = self._images.filling(photo_id, target.size(), ratio)
        if source is None:
            return None
        size = (target.size() * ratio).toSize()
        finished = self._finished.get((photo_id, size))
        if finished is not None and finished[0] == source.cacheKey():
            self._finished.move_to_end((photo_id, size))
            return finished[1]
        picture = QPixmap(size)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as inner:
            draw_picture(inner, QRectF(0, 0, target.width(), target.height()), source, picture_radius(theme))
        self._finished[photo_id, size] = (source.cacheKey(), picture)
        if len(self._finished) > _KEPT:
            self._finished.popitem(last=False)
        return picture

    def _draw_missing(self, painter: QPainter, target: QRectF, photo_id: PhotoId, theme: Theme) -> None:
        draw_placeholder(painter, target, theme, picture_radius(theme))
        ratio = painter.device().devicePixelRatioF()
        if self._images.is_broken(photo_key(photo_id, round(max(target.width(), target.height())), ratio)):
            side = theme.px(icons.SIDE)
            drawing = icons.pixmap(Icon.MISSING, theme.colour("muted"), side, ratio)
            painter.drawPixmap(target.center() - QRectF(0, 0, side, side).center(), drawing)


def _draw_badge(painter: QPainter, target: QRectF, summary: PhotoSummary, theme: Theme) -> None:
    if summary.unnamed:
        text, background, foreground = f"{summary.unnamed} unnamed", theme.colour("amber"), theme.colour("on_amber")
    elif summary.strangers:
        text = words.counted(summary.strangers, "stranger", "strangers")
        background, foreground = QColor(theme.colour("shade")), theme.colour("on_shade")
        background.setAlphaF(0.75)
    else:
        return
    font = theme.font(TextSize.LABEL)
    size = pill_size(text, font, theme)
    inset = theme.px(6)
    if size.width() + 2 * inset > target.width():
        text = text.split(" ", 1)[0]
        size = pill_size(text, font, theme)
    place = QRectF(
        target.right() - inset - size.width(), target.bottom() - inset - size.height(), size.width(), size.height()
    )
    draw_pill(painter, place, text, font, background, foreground)


def _draw_focus(painter: QPainter, target: QRectF, theme: Theme) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.colour("accent"))
    painter.drawRoundedRect(target.adjusted(-2.5, -2.5, 2.5, 2.5), theme.px(Space.XS) + 2, theme.px(Space.XS) + 2)
    painter.restore()


def draw_heading(painter: QPainter, target: QRectF, section: Section, theme: Theme) -> None:
    """The section's name with its counts behind it, on one line."""
    font = theme.font(TextSize.HEADING, Weight.STRONG)
    metrics = QFontMetricsF(font)
    title = metrics.elidedText(section.title, Qt.TextElideMode.ElideMiddle, target.width() * 0.6)
    painter.setFont(font)
    painter.setPen(theme.colour("text"))
    baseline = target.top() + metrics.ascent()
    painter.drawText(int(target.left()), int(baseline), title)
    painter.setFont(theme.font())
    painter.setPen(theme.colour("muted"))
    painter.drawText(
        int(target.left() + metrics.horizontalAdvance(title) + theme.px(Space.M)),
        int(baseline),
        section_counts(section),
    )


def section_counts(section: Section) -> str:
    return words.joined(
        words.counted(len(section.photo_ids), "photo", "photos"),
        words.counted(section.people, "person", "people") if section.people else "",
        words.years(section.years),
        words.counted(section.unnamed, "face", "faces") + " without a name" if section.unnamed else "",
    )

"""The scrolling grid: paints what is visible, selects, and walks by keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from facetagger.entities import PhotoId
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.photo_grid.contents import Section
from facetagger.ui.photo_grid.layout import GridLayout, Metrics
from facetagger.ui.photo_grid.painter import CellPainter, CellState, draw_heading, section_counts
from facetagger.ui.photo_grid.rows import Shapes, Summaries
from facetagger.ui.photo_grid.selection import Selection
from facetagger.ui.theme import Space, ThemeManager

_HEADING: Final = 34
_SECTION_GAP: Final = 24
_RING: Final = 6
"""How far rings reach beyond a picture."""


class PhotoGrid(QAbstractScrollArea):
    """Photos by section. ``photo_opened`` says which one was double-clicked or entered."""

    photo_opened = Signal(int)
    menu_requested = Signal(QPoint)
    current_changed = Signal()

    def __init__(self, images: ImageLoader, shapes: Shapes, summaries: Summaries, theme: ThemeManager) -> None:
        super().__init__()
        self._images, self._shapes, self._summaries, self._theme = images, shapes, summaries, theme
        self._sections: tuple[Section, ...] = ()
        self._ids: list[PhotoId] = []
        self._aspects: NDArray[np.float64] = np.zeros(0)
        self._row_height = 160
        self._layout = GridLayout((), self._aspects, self._metrics())
        self._painter = CellPainter(images)
        self._selection = Selection()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Photos"))
        # Only so does scrolling copy what is there and paint no more than the strip that comes into view.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        images.loaded.connect(self._repaint_picture)
        shapes.changed.connect(self._take_shapes)
        summaries.changed.connect(self.viewport().update)
        theme.changed.connect(self._dress)

    @property
    def photo_ids(self) -> Sequence[PhotoId]:
        """In the order shown."""
        return self._ids

    @property
    def selected(self) -> list[PhotoId]:
        """In the order shown, each once."""
        return [each for each in dict.fromkeys(self._ids) if each in self._selection.ids]

    @property
    def current(self) -> PhotoId | None:
        index = self._selection.current
        return None if index is None else self._ids[index]

    def show_sections(self, sections: tuple[Section, ...], *, keep_place: bool) -> None:
        """``keep_place`` holds the topmost visible photo where it is; else the view begins at the top."""
        ids = [photo_id for section in sections for photo_id in section.photo_ids]
        is_same = ids == self._ids and len(sections) == len(self._sections)
        if keep_place and is_same:
            self._sections = sections
            self.viewport().update()
            return
        anchor = self._anchor() if keep_place else None
        self._sections, self._ids = sections, ids
        self._aspects = self._shapes.of(self._ids)
        if keep_place:
            self._selection.take(self._ids)
        else:
            self._selection.clear()
        self._lay_out(anchor)
        if not keep_place:
            self.verticalScrollBar().setValue(0)

    def set_row_height(self, height: int) -> None:
        """In pixels of the design."""
        if height != self._row_height:
            self._row_height = height
            self._lay_out(self._anchor())

    def select(self, photo_id: PhotoId) -> None:
        """Makes a photo the current and only selected one and brings it into view."""
        if photo_id in self._ids:
            self._move_to(self._ids.index(photo_id), Qt.KeyboardModifier.NoModifier)

    def select_all(self) -> None:
        self._selection.all(self._ids)
        self.viewport().update()

    def _metrics(self) -> Metrics:
        px = self._theme.current.px
        return Metrics(
            width=self.viewport().width(),
            row_height=px(self._row_height),
            gap=px(Space.S),
            margin=px(Space.XL),
            top=px(Space.M),
            heading=px(_HEADING),
            section_gap=px(_SECTION_GAP),
        )

    def _anchor(self) -> tuple[PhotoId, float] | None:
        """A photo at the top of the view and how far its top lies from there."""
        top = self.verticalScrollBar().value()
        shown = self._layout.visible(top, top + self.viewport().height())
        if top == 0 or not shown:
            return None
        return self._ids[shown.start], self._layout.cell(shown.start).top - top

    def _lay_out(self, anchor: tuple[PhotoId, float] | None) -> None:
        sizes = [len(each.photo_ids) for each in self._sections]
        self._layout = GridLayout(sizes, self._aspects, self._metrics(), self._layout)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(round(self._layout.height) - height, 0))
        bar.setPageStep(height)
        bar.setSingleStep(max(self._theme.current.px(self._row_height) // 3, 20))
        if anchor is not None and anchor[0] in self._ids:
            bar.setValue(round(self._layout.cell(self._ids.index(anchor[0])).top - anchor[1]))
        self.viewport().update()

    def _take_shapes(self) -> None:
        anchor = self._anchor()
        self._aspects = self._shapes.known(self._ids)
        self._lay_out(anchor)

    def _dress(self) -> None:
        self._painter.clear()
        self._lay_out(self._anchor())

    def _repaint_picture(self, key: ImageKey) -> None:
        if key.kind is not ImageKind.PHOTO:
            return
        top = self.verticalScrollBar().value()
        for index in self._layout.visible(top, top + self.viewport().height()):
            if self._ids[index] == key.id:
                self.viewport().update(self._target(index).toAlignedRect())

    def _target(self, index: int) -> QRectF:
        """Where a photo is painted, in whole pixels of the viewport, so that edges are crisp."""
        cell = self._layout.cell(index)
        left, right = round(cell.left), round(cell.left + cell.width)
        top = round(cell.top) - self.verticalScrollBar().value()
        return QRectF(left, top, right - left, round(cell.height))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, offset = self._theme.current, self.verticalScrollBar().value()
        area = event.rect().adjusted(-_RING, -_RING, _RING, _RING)
        with QPainter(self.viewport()) as painter:
            painter.fillRect(event.rect(), theme.colour("background"))
            for section, top in self._layout.headings(area.top() + offset, area.bottom() + offset):
                left = theme.px(Space.XL)
                place = QRectF(left, top - offset, self.viewport().width() - 2 * left, theme.px(_HEADING))
                draw_heading(painter, place, self._sections[section], theme)
            for index in self._layout.visible(area.top() + offset, area.bottom() + offset):
                target = self._target(index)
                if target.intersects(QRectF(area)):
                    self._draw_cell(painter, target, index)

    def _draw_cell(self, painter: QPainter, target: QRectF, index: int) -> None:
        photo_id = self._ids[index]
        state = CellState(
            is_selected=photo_id in self._selection.ids,
            is_current=index == self._selection.current and self.hasFocus(),
        )
        self._painter.draw(painter, target, photo_id, self._summaries.get(photo_id), state, self._theme.current)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._lay_out(self._anchor())

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._selection.current is None and self._ids and event.reason() in _BY_KEYBOARD:
            self._selection.move(0, self._ids, Qt.KeyboardModifier.ControlModifier)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if index is None:
            self._selection.clear()
            self.viewport().update()
        elif event.button() == Qt.MouseButton.LeftButton or self._ids[index] not in self._selection.ids:
            self._selection.press(index, self._ids, event.modifiers())
            self._announce()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._index_at(event.position().toPoint())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.photo_opened.emit(self._ids[index])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected:
            self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._ids:
            event.ignore()
            return
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.photo_opened.emit(self.current)
        elif event.key() == Qt.Key.Key_Space and self._selection.current is not None:
            self._selection.toggle(self._ids[self._selection.current])
            self.viewport().update()
        elif (target := self._key_target(event.key())) is not None:
            self._move_to(target, event.modifiers())
        else:
            event.ignore()

    def _key_target(self, key: int) -> int | None:
        """Where a key leads; None for keys that do not walk."""
        index, last = self._selection.current, len(self._ids) - 1
        if key == Qt.Key.Key_End:
            return last
        if key == Qt.Key.Key_Home or (index is None and key in _WALKING):
            return 0
        if index is None:
            return None
        if key in _STEPS:
            return min(max(index + _STEPS[Qt.Key(key)], 0), last)
        if key in _ROWS:
            return self._layout.row_step(index, _ROWS[Qt.Key(key)])
        if key in _PAGES:
            rows = self._layout.rows_per_page(self.viewport().height())
            return self._layout.row_step(index, _PAGES[Qt.Key(key)] * rows)
        return None

    def _move_to(self, index: int, modifiers: Qt.KeyboardModifier) -> None:
        self._selection.move(index, self._ids, modifiers)
        self._reveal(index)
        self._announce()

    def _reveal(self, index: int) -> None:
        cell, bar, height = self._layout.cell(index), self.verticalScrollBar(), self.viewport().height()
        margin = self._theme.current.px(Space.XL) + self._theme.current.px(_HEADING)
        if cell.top - margin < bar.value():
            bar.setValue(round(cell.top - margin))
        elif cell.top + cell.height + _RING > bar.value() + height:
            bar.setValue(round(cell.top + cell.height + self._theme.current.px(Space.L) - height))

    def _announce(self) -> None:
        """Tells screen readers and the page where the user is."""
        photo_id = self.current
        summary = None if photo_id is None else self._summaries.get(photo_id)
        if summary is not None:
            counts = section_counts(Section("", (summary.photo.id,), summary.unnamed))
            self.setAccessibleDescription(f"{summary.photo.path.name}, {counts}")
        self.viewport().update()
        self.current_changed.emit()

    def _index_at(self, point: QPoint) -> int | None:
        return self._layout.index_at(point.x(), point.y() + self.verticalScrollBar().value())

    def cell_rect(self, photo_id: PhotoId) -> QRect:
        """Where a photo is in the viewport, scrolled out of sight or not."""
        return self._target(self._ids.index(photo_id)).toAlignedRect()


_BY_KEYBOARD: Final = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_STEPS: Final = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ROWS: Final = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
_PAGES: Final = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
_WALKING: Final = (*_STEPS, *_ROWS, *_PAGES)

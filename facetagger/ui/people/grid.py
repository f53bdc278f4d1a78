"""Round portraits in a grid, with name and dates; Enter opens, F2 renames, dragging one onto another merges."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facetagger.entities import PersonId
from facetagger.ui.images import ImageLoader
from facetagger.ui.people.model import PeopleModel, PersonRole
from facetagger.ui.people.reading import Everybody, Order, ordered
from facetagger.ui.review.portrait import draw_portrait
from facetagger.ui.theme import Space, TextSize, Theme, ThemeManager, Weight

Index = QModelIndex | QPersistentModelIndex

PORTRAIT: Final = 120
_PITCH: Final = 172
"""The narrowest column, in pixels of the design."""
_RING: Final = 6


class PersonPainter(QStyledItemDelegate):
    def __init__(self, images: ImageLoader, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._images = images
        self._theme = theme
        self.target: QPersistentModelIndex | None = None
        """The portrait another one is held over."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._theme.current.px(_PITCH), row_height(self._theme.current))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme.current
        circle = portrait_rect(QRectF(option.rect), theme)
        draw_portrait(painter, circle, index.data(PersonRole.PORTRAIT), self._images, theme)
        is_target = self.target is not None and self.target == index
        if option.state & QStyle.StateFlag.State_Selected or is_target:
            _draw_ring(painter, circle, theme, Qt.PenStyle.SolidLine)
        elif option.state & QStyle.StateFlag.State_HasFocus:
            _draw_ring(painter, circle, theme, Qt.PenStyle.DotLine)
        name = name_rect(option.rect, theme)
        detail = self.tr("the same person?") if is_target else index.data(PersonRole.DETAIL)
        _draw_line(painter, name, index.data(), theme, Weight.STRONG, TextSize.BASE, "text")
        below = QRect(name.left(), name.bottom() + 1, name.width(), theme.px(18))
        _draw_line(painter, below, detail, theme, Weight.REGULAR, TextSize.META, "muted")

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme.current
        line = name_rect(option.rect, theme)
        editor.setGeometry(line.adjusted(0, -theme.px(5), 0, theme.px(5)))

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Once: Qt asks again whenever the row changes, and a portrait that arrives must not undo what was typed."""
        if isinstance(editor, QLineEdit) and not editor.property("is_filled"):
            editor.setProperty("is_filled", True)
            editor.setText(index.data(Qt.ItemDataRole.EditRole))
            editor.selectAll()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        editor.setMaxLength(200)
        editor.setStyleSheet("QLineEdit { min-height: 0; padding: 0; }")
        editor.setAccessibleName(self.tr("New name of {name}").format(name=index.data()))
        return editor


class PeopleGrid(QListView):
    """As tall as its rows: the page around it scrolls, so that what follows stands right below."""

    renaming_ended = Signal()
    opened = Signal(int)
    """PersonId"""
    sought = Signal(QRect)
    """The part of the grid that the keyboard or a drag has come to; the page brings it into view."""

    def __init__(self, model: PeopleModel, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._people = model
        self._theme = theme
        self._painter = PersonPainter(images, theme, self)
        self.setModel(model)
        self.setItemDelegate(self._painter)
        self.setAccessibleName(self.tr("People"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; outline: none; }")
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDropIndicatorShown(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(PersonRole.PERSON)))
        model.modelReset.connect(self._fit)
        theme.changed.connect(self._fit)
        self._fit()

    def selected_people(self) -> list[PersonId]:
        """In the order they are shown."""
        return [index.data(PersonRole.PERSON) for index in sorted(self.selectedIndexes(), key=lambda each: each.row())]

    def people_meant(self, place: QPoint) -> list[PersonId]:
        """Whom a menu at this place is about: nobody between portraits; whoever is there, selected by it, or all who
        are selected with them."""
        index = self.indexAt(place)
        if not index.isValid():
            return []
        if not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        return self.selected_people()

    @property
    def is_renaming(self) -> bool:
        return self.state() == QAbstractItemView.State.EditingState

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        super().closeEditor(editor, hint)
        self.renaming_ended.emit()

    def show_people(self, everybody: Everybody, order: Order) -> None:
        """Shows the people anew; whoever was selected stays so."""
        selected = set(self.selected_people())
        current = self.currentIndex().data(PersonRole.PERSON)
        self._people.show_people(ordered(everybody.people, order), everybody.people, everybody.portraits)
        if current is not None and not self.currentIndex().isValid():
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self._people.index_of(current), flags.NoUpdate)
            for person_id in selected:
                self.selectionModel().select(self._people.index_of(person_id), flags.Select)

    def rename_current(self) -> None:
        if self.currentIndex().isValid():
            self.edit(self.currentIndex())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and self.currentIndex().isValid() and not self.is_renaming:
            self.opened.emit(self.currentIndex().data(PersonRole.PERSON))
        elif event.matches(QKeySequence.StandardKey.Cancel):
            self.clearSelection()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            event.ignore()
        else:
            super().keyPressEvent(event)
            self.sought.emit(self.visualRect(self.currentIndex()))

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        place = event.position().toPoint()
        near = row_height(self._theme.current) // 4
        self.sought.emit(QRect(place.x(), place.y() - near, 1, 2 * near))
        index = self.indexAt(place)
        is_allowed = self._people.canDropMimeData(event.mimeData(), Qt.DropAction.LinkAction, -1, -1, index)
        self._hold_over(index if is_allowed else None)
        event.setAccepted(is_allowed)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._hold_over(None)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Only onto somebody: between two people nothing can be dropped."""
        self._hold_over(None)
        index = self.indexAt(event.position().toPoint())
        if self._people.dropMimeData(event.mimeData(), Qt.DropAction.LinkAction, -1, -1, index):
            event.acceptProposedAction()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.current.px(_PITCH), 0)

    def _fit(self) -> None:
        room, height = self.contentsRect().width(), row_height(self._theme.current)
        columns = max(1, room // self._theme.current.px(_PITCH))
        rows = -(-self._people.rowCount() // columns)
        self.setGridSize(QSize(room // columns, height))
        # One pixel to spare, or the view would take a column off for a scroll bar it never shows.
        self.setFixedHeight(rows * height + 1)

    def _hold_over(self, index: Index | None) -> None:
        self._painter.target = None if index is None else QPersistentModelIndex(index)
        self.viewport().update()


def row_height(theme: Theme) -> int:
    return theme.px(PORTRAIT + _RING + 67)


def portrait_rect(cell: QRectF, theme: Theme) -> QRectF:
    """The circle, in the middle of the cell's top."""
    side = theme.px(PORTRAIT)
    return QRectF(cell.center().x() - side / 2, cell.top() + theme.px(_RING), side, side)


def name_rect(cell: QRect, theme: Theme) -> QRect:
    edge = theme.px(Space.XS)
    top = cell.top() + theme.px(PORTRAIT + _RING + Space.S)
    return QRect(cell.left() + edge, top, cell.width() - 2 * edge, theme.px(19))


def _draw_ring(painter: QPainter, circle: QRectF, theme: Theme, style: Qt.PenStyle) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("accent"), theme.px(3), style))
    out = theme.px(3.5)
    painter.drawEllipse(circle.adjusted(-out, -out, out, out))
    painter.restore()


def _draw_line(
    painter: QPainter, rect: QRect, text: str, theme: Theme, weight: Weight, size: TextSize, colour: str
) -> None:
    painter.save()
    painter.setFont(theme.font(size, weight))
    painter.setPen(theme.colour(colour))
    elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, elided)
    painter.restore()

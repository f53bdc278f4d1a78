"""Groups of faces without a name, as cards with a few of their crops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from facetagger.library import Group
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.review.portrait import draw_crop
from facetagger.ui.theme import Radius, Space, TextSize, Theme, ThemeManager, Weight
from facetagger.ui.words import counted

Index = QModelIndex | QPersistentModelIndex


class GroupRole(IntEnum):
    GROUP = Qt.ItemDataRole.UserRole.value + 1


@dataclass(frozen=True, slots=True)
class CardShape:
    """How a card looks: ``crops`` squares of ``side`` pixels of the design, the words beside or below them."""

    crops: int
    side: int
    is_stacked: bool


STRIP: Final = CardShape(2, 52, is_stacked=False)
PAGE: Final = CardShape(3, 92, is_stacked=True)
_GAP: Final = 4
_PAD: Final = 10
_WORDS: Final = 92


class GroupModel(QAbstractListModel):
    def __init__(self, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._groups: list[Group] = []
        images.loaded.connect(self._repaint)

    @property
    def groups(self) -> Sequence[Group]:
        return self._groups

    def show_groups(self, groups: Sequence[Group]) -> None:
        if list(groups) == self._groups:
            return
        self.beginResetModel()
        self._groups = list(groups)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._groups)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        group = self._groups[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return counted(len(group.faces), self.tr("face"), self.tr("faces"))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self.tr("Who is this? {faces}").format(faces=self.data(index))
            case GroupRole.GROUP:
                return group
        return None

    def _repaint(self, key: ImageKey) -> None:
        """Only a few faces of a group are on its card."""
        if key.kind is not ImageKind.FACE:
            return
        for row, group in enumerate(self._groups):
            if key.id in group.faces[: PAGE.crops]:
                self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole.value])


class GroupPainter(QStyledItemDelegate):
    def __init__(self, shape: CardShape, images: ImageLoader, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._shape = shape
        self._images = images
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return card_size(self._shape, self._theme.current)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, shape = self._theme.current, self._shape
        gap = theme.px(Space.L)
        card = QRectF(option.rect).adjusted(1, 1, -gap + 1, -gap + 1)
        self._draw_card(painter, card, option, theme)
        side, pad = theme.px(shape.side), theme.px(_PAD)
        group: Group = index.data(GroupRole.GROUP)
        left = card.left() + pad
        for face_id in group.faces[: shape.crops]:
            draw_crop(painter, QRectF(left, card.top() + pad, side, side), face_id, self._images, theme)
            left += side + theme.px(_GAP)
        if shape.is_stacked:
            top = card.top() + pad + side + theme.px(Space.S)
            words = QRectF(card.left() + pad, top, card.width() - 2 * pad, card.bottom() - top - theme.px(Space.XS))
        else:
            words = QRectF(left + theme.px(6), card.top() + pad, card.right() - left - theme.px(Space.S), side)
        self._draw_words(painter, words, index.data(), theme)

    def _draw_card(self, painter: QPainter, card: QRectF, option: QStyleOptionViewItem, theme: Theme) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hot = bool(option.state & QStyle.StateFlag.State_MouseOver)
        has_focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.setBrush(theme.colour("hover" if is_hot else "surface"))
        painter.setPen(QPen(theme.colour("accent" if has_focus else "line"), 2 if has_focus else 1))
        painter.drawRoundedRect(card, theme.px(Radius.CARD), theme.px(Radius.CARD))
        painter.restore()

    def _draw_words(self, painter: QPainter, room: QRectF, count: str, theme: Theme) -> None:
        painter.save()
        painter.setPen(theme.colour("text"))
        painter.setFont(theme.font(TextSize.BASE, Weight.STRONG))
        line = theme.px(18)
        first = QRectF(room.left(), room.top(), room.width(), line)
        painter.drawText(first, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, count)
        painter.setPen(theme.colour("muted"))
        painter.setFont(theme.font(TextSize.META))
        second = room.adjusted(0, line, 0, 0)
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(second, flags, self.tr("Who is this?"))
        painter.restore()


class GroupCards(QListView):
    """The cards in rows, or one row of those that fit. Enter or a click opens."""

    opened = Signal(object)
    """Group"""

    def __init__(self, shape: CardShape, model: GroupModel, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._shape = shape
        self._theme = theme
        self._groups = model
        self.setModel(model)
        self.setItemDelegate(GroupPainter(shape, images, theme, self))
        self.setAccessibleName(self.tr("Groups of faces without a name"))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; outline: none; }")
        self.clicked.connect(self._open)
        theme.changed.connect(self._fit)
        if not shape.is_stacked:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def show_groups(self, groups: Sequence[Group]) -> None:
        """Shows the groups anew from where the view stands."""
        place, row = self.verticalScrollBar().value(), self.currentIndex().row()
        self._groups.show_groups(groups)
        if row >= 0 and not self.currentIndex().isValid():
            self.setCurrentIndex(self._groups.index(min(row, len(groups) - 1)))
        self.verticalScrollBar().setValue(place)

    def _open(self, index: Index) -> None:
        self.opened.emit(index.data(GroupRole.GROUP))

    def _fit(self) -> None:
        size = card_size(self._shape, self._theme.current)
        self.setGridSize(size)
        if not self._shape.is_stacked:
            self.setFixedHeight(size.height())


def card_size(shape: CardShape, theme: Theme) -> QSize:
    """A card with the gap to its neighbours."""
    side, pad, gap = theme.px(shape.side), theme.px(_PAD), theme.px(Space.L)
    width = shape.crops * (side + theme.px(_GAP)) + 2 * pad
    height = side + 2 * pad
    if shape.is_stacked:
        return QSize(width - theme.px(_GAP) + gap, height + theme.px(38) + gap)
    return QSize(width + theme.px(_WORDS) + gap, height + gap)

"""The rows below the name field: a model of ``Choice``s, and how one is painted."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from facetagger.ui.images import ImageKey, ImageLoader
from facetagger.ui.naming.choices import MAX_KEYS, Choice
from facetagger.ui.naming.key_cap import ENTER, SHIFT_ENTER, draw_key, key_size
from facetagger.ui.painting import draw_picture, draw_placeholder
from facetagger.ui.theme import Radius, Space, TextSize, Theme, ThemeManager, Weight

ROW_HEIGHT: Final = 40
_PORTRAIT: Final = 28


class ChoiceRole(IntEnum):
    CHOICE = Qt.ItemDataRole.UserRole.value
    KEY = Qt.ItemDataRole.UserRole.value + 1
    """The key that takes the row while it is not marked, as text; empty for none."""


class ChoiceModel(QAbstractListModel):
    """The rows for what is typed now."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices: tuple[Choice, ...] = ()
        self._has_numbers = self._is_held = False

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self._choices

    def show(self, choices: Sequence[Choice], *, has_numbers: bool, is_held: bool = False) -> None:
        """``has_numbers``: whether number keys take the first rows; typed text uses them as text. Rows that are held
        are there to be read, not to be taken yet."""
        self.beginResetModel()
        self._choices, self._has_numbers, self._is_held = tuple(choices), has_numbers, is_held
        self.endResetModel()

    def is_offered(self, row: int) -> bool:
        """Whether the row can be taken; the last one cannot until a name is typed."""
        return not self._is_held and not self._is_prompt(self._choices[row])

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._choices)

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        is_out = index.isValid() and not self.is_offered(index.row())
        return Qt.ItemFlag.ItemNeverHasChildren if is_out else super().flags(index)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._title(choice)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (self._title(choice), choice.detail.replace(" ·", ",")) if part)
            case ChoiceRole.CHOICE:
                return choice
            case ChoiceRole.KEY:
                return self._key(index.row()) if self.is_offered(index.row()) else ""
        return None

    def _key(self, row: int) -> str:
        if self._choices[row].is_new_person:
            return SHIFT_ENTER
        return str(row + 1) if self._has_numbers and row < MAX_KEYS else ""

    def _title(self, choice: Choice) -> str:
        if not choice.is_new_person:
            return choice.name
        if self._is_prompt(choice):
            return self.tr("New person: type the name")
        return self.tr("New person “{name}”").format(name=choice.name)

    @staticmethod
    def _is_prompt(choice: Choice) -> bool:
        """Nothing is typed yet, so there is nobody to make: the row only says how."""
        return choice.is_new_person and not choice.name


class ChoiceDelegate(QStyledItemDelegate):
    """Portrait, name, detail, key."""

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._images = images

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self._theme.current.px(ROW_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect = self._theme.current, QRectF(option.rect)
        choice: Choice = index.data(ChoiceRole.CHOICE)
        is_marked = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_marked or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if is_marked else "hover"))
            painter.drawRoundedRect(rect, theme.px(Radius.CONTROL), theme.px(Radius.CONTROL))
        side = theme.px(_PORTRAIT)
        portrait = QRectF(rect.left() + theme.px(10), rect.center().y() - side / 2, side, side)
        self._paint_portrait(painter, portrait, choice, theme)
        right = self._paint_key(painter, rect, index, is_marked)
        left = portrait.right() + theme.px(10)
        self._paint_text(painter, QRectF(left, rect.top(), right - left, rect.height()), index, is_marked)
        painter.restore()

    def _paint_portrait(self, painter: QPainter, target: QRectF, choice: Choice, theme: Theme) -> None:
        if choice.is_new_person:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("muted"), 1.2, Qt.PenStyle.DashLine))
            painter.drawEllipse(target.adjusted(0.6, 0.6, -0.6, -0.6))
            return
        picture = None
        if choice.portrait is not None:
            ratio = painter.device().devicePixelRatio()
            picture = self._images.face(choice.portrait, round(target.width()), ratio)
        if picture is None:
            draw_placeholder(painter, target, theme, target.width() / 2)
        else:
            draw_picture(painter, target, picture, target.width() / 2)

    def _paint_key(
        self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex, is_marked: bool
    ) -> float:
        """Returns where the text must end."""
        theme = self._theme.current
        key = ENTER if is_marked else index.data(ChoiceRole.KEY)
        right = rect.right() - theme.px(10)
        if not key:
            return right
        size = key_size(key, theme)
        cap = QRectF(right - size.width(), rect.center().y() - size.height() / 2, size.width(), size.height())
        draw_key(painter, cap, key, theme)
        return cap.left() - theme.px(Space.S)

    def _paint_text(
        self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex, is_marked: bool
    ) -> None:
        theme = self._theme.current
        choice: Choice = index.data(ChoiceRole.CHOICE)
        title, detail = index.data(Qt.ItemDataRole.DisplayRole), choice.detail
        is_enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        font = theme.font(TextSize.BASE, Weight.STRONG if is_marked else Weight.REGULAR)
        small = theme.font(TextSize.META)
        heights = [QFontMetricsF(each).height() for each in ((font, small) if detail else (font,))]
        top = rect.center().y() - sum(heights) / 2
        for text, its_font, height, colour in zip(
            (title, detail), (font, small), heights, ("text" if is_enabled else "muted", "muted"), strict=False
        ):
            painter.setFont(its_font)
            painter.setPen(theme.colour(colour))
            elided = QFontMetricsF(its_font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            line = QRectF(rect.left(), top, rect.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
            top += height


class ChoiceList(QListView):
    """As tall as its rows; the focus stays in the field above."""

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setItemDelegate(ChoiceDelegate(theme, images, self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; outline: none; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("People it may be"))
        self._images = images
        images.loaded.connect(self._picture_came)

    def sizeHint(self) -> QSize:
        rows = self.model().rowCount() if self.model() is not None else 0
        return QSize(0, rows * self._theme.current.px(ROW_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _picture_came(self, key: ImageKey) -> None:
        if self.isVisible():
            self.viewport().update()

"""The people in this photo, as rows beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from facetagger.entities import FaceId, FaceState
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.naming.key_cap import ENTER
from facetagger.ui.naming.wording import age_text, found_text
from facetagger.ui.painting import draw_picture, draw_placeholder
from facetagger.ui.photo_view.contents import Look, ShownFace
from facetagger.ui.theme import Radius, TextSize, Theme, ThemeManager

_ROW: Final = 40
_CROP: Final = 28


class FaceRole(IntEnum):
    FACE_ID = Qt.ItemDataRole.UserRole.value
    DETAIL = Qt.ItemDataRole.UserRole.value + 1
    LOOK = Qt.ItemDataRole.UserRole.value + 2


@dataclass(frozen=True, slots=True)
class _Row:
    face: ShownFace
    taken: str | None


class FaceModel(QAbstractListModel):
    """One row per face, from left to right, those set aside last."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[_Row, ...] = ()

    def show(self, faces: Sequence[ShownFace], taken: str | None) -> None:
        """Tells only what differs when the same faces come again, so that the list keeps its place."""
        rows = tuple(_Row(face, taken) for face in sorted(faces, key=lambda each: each.look is Look.ASIDE))
        if [row.face.id for row in rows] != [row.face.id for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        differing = [number for number, row in enumerate(rows) if row != self._rows[number]]
        self._rows = rows
        for number in differing:
            self.dataChanged.emit(self.index(number), self.index(number))

    def picture_came(self, face_id: FaceId) -> None:
        row = self.row_of(face_id)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole])

    def row_of(self, face_id: FaceId | None) -> int | None:
        return next((number for number, row in enumerate(self._rows) if row.face.id == face_id), None)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._title(row.face)
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(part for part in (self._title(row.face), self._detail(row)) if part)
            case FaceRole.FACE_ID:
                return row.face.id
            case FaceRole.DETAIL:
                return self._detail(row)
            case FaceRole.LOOK:
                return row.face.look
        return None

    def _title(self, face: ShownFace) -> str:
        match face.face.state:
            case FaceState.CONFIRMED if face.person is not None:
                return face.person.name
            case FaceState.IGNORED:
                return self.tr("Stranger")
            case FaceState.NOT_A_FACE:
                return self.tr("Not a face")
        if face.offered:
            return self.tr("{name}?").format(name=face.offered)
        return self.tr("Who is this?")

    def _detail(self, row: _Row) -> str:
        if row.face.found is not None:
            return found_text(row.face.found.found_in)
        if row.face.look is Look.SUGGESTED:
            return self.tr("suggested · confirm with {key}").format(key=ENTER)
        if row.face.person is not None:
            return age_text(row.face.person.born, row.taken)
        return ""


class FaceDelegate(QStyledItemDelegate):
    """Crop, name, and one line that is amber where the machine is not sure."""

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._images = images

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, self._theme.current.px(_ROW))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect = self._theme.current, QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_plate(painter, rect, option, theme)
        side = theme.px(_CROP)
        crop = QRectF(rect.left() + theme.px(10), rect.center().y() - side / 2, side, side)
        picture = self._images.face(index.data(FaceRole.FACE_ID), side, painter.device().devicePixelRatio())
        is_aside = index.data(FaceRole.LOOK) is Look.ASIDE
        painter.setOpacity(0.55 if is_aside else 1.0)
        if picture is None:
            draw_placeholder(painter, crop, theme, side / 2)
        else:
            draw_picture(painter, crop, picture, side / 2)
        painter.setOpacity(1.0)
        left = crop.right() + theme.px(10)
        text = QRectF(left, rect.top(), rect.right() - theme.px(8) - left, rect.height())
        self._paint_text(painter, text, index, theme)
        painter.restore()

    @staticmethod
    def _paint_plate(painter: QPainter, rect: QRectF, option: QStyleOptionViewItem, theme: Theme) -> None:
        is_active = bool(option.state & QStyle.StateFlag.State_Selected)
        radius = theme.px(Radius.PICTURE)
        if is_active or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if is_active else "hover"))
            painter.drawRoundedRect(rect, radius, radius)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), 1.5))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)

    @staticmethod
    def _paint_text(painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex, theme: Theme) -> None:
        look = index.data(FaceRole.LOOK)
        lines = [
            (index.data(Qt.ItemDataRole.DisplayRole), theme.font(), "muted" if look is Look.ASIDE else "text"),
            (index.data(FaceRole.DETAIL), theme.font(TextSize.META), "amber" if look is Look.SUGGESTED else "muted"),
        ]
        lines = [line for line in lines if line[0]]
        heights = [QFontMetricsF(font).height() for _, font, _ in lines]
        top = rect.center().y() - sum(heights) / 2
        for (text, font, colour), height in zip(lines, heights, strict=True):
            painter.setFont(font)
            painter.setPen(theme.colour(colour))
            elided = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
            line = QRectF(rect.left(), top, rect.width(), height)
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, elided)
            top += height


class PeopleList(QListView):
    """Grows with its rows up to the room there is; the row of the active face is marked."""

    face_clicked = Signal(object)
    """FaceId"""
    face_marked = Signal(object)
    """FaceId the keyboard has moved to"""
    face_hovered = Signal(object)
    """FaceId or None"""

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = FaceModel(self)
        self.setModel(self._model)
        self.setItemDelegate(FaceDelegate(theme, images, self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; outline: none; }")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setAccessibleName(self.tr("People in this photo"))
        self.clicked.connect(self._click)
        self.entered.connect(self._hover)
        images.loaded.connect(self._picture_came)

    @property
    def faces(self) -> FaceModel:
        return self._model

    def show_faces(self, faces: Sequence[ShownFace], taken: str | None) -> None:
        active = self.currentIndex().data(FaceRole.FACE_ID)
        self._model.show(faces, taken)
        self.set_active(active)
        self.updateGeometry()

    def set_active(self, face_id: FaceId | None) -> None:
        row = self._model.row_of(face_id)
        self.setCurrentIndex(QModelIndex() if row is None else self._model.index(row))

    def spoken(self, face_id: FaceId | None) -> str:
        """What a screen reader says about a face; empty where there is none."""
        row = self._model.row_of(face_id)
        return "" if row is None else self._model.index(row).data(Qt.ItemDataRole.AccessibleTextRole)

    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().currentChanged(current, previous)
        if self.hasFocus() and current.isValid():
            self.face_marked.emit(current.data(FaceRole.FACE_ID))

    def sizeHint(self) -> QSize:
        return QSize(0, self._model.rowCount() * self._theme.current.px(_ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, min(self._model.rowCount(), 2) * self._theme.current.px(_ROW))

    def leaveEvent(self, event: QEvent) -> None:
        self.face_hovered.emit(None)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0))

    def _click(self, index: QModelIndex) -> None:
        self.face_clicked.emit(index.data(FaceRole.FACE_ID))

    def _hover(self, index: QModelIndex) -> None:
        self.face_hovered.emit(index.data(FaceRole.FACE_ID))

    def _picture_came(self, key: ImageKey) -> None:
        if key.kind is ImageKind.FACE:
            self._model.picture_came(FaceId(key.id))

"""The photos before and after, in a strip below the one that is open."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from facetagger.entities import PhotoId
from facetagger.ui.icons import SIDE, Icon, pixmap
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader, photo_key
from facetagger.ui.painting import draw_picture
from facetagger.ui.theme import Radius, ThemeManager
from facetagger.ui.tokens import DARK

_WIDTH: Final = 100
_HEIGHT: Final = 80
_GAP: Final = 8
_DIMMED: Final = 0.5
_RING: Final = QColor(DARK.accent_strong)


class FilmRole(IntEnum):
    PHOTO_ID = Qt.ItemDataRole.UserRole.value


class FilmModel(QAbstractListModel):
    """Ids only; pictures are asked for when they are painted."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: tuple[PhotoId, ...] = ()
        self._rows: dict[PhotoId, int] = {}

    def show(self, ids: Sequence[PhotoId]) -> None:
        self.beginResetModel()
        self._ids = tuple(ids)
        self._rows = {photo_id: row for row, photo_id in enumerate(self._ids)}
        self.endResetModel()

    @property
    def ids(self) -> tuple[PhotoId, ...]:
        return self._ids

    def row_of(self, photo_id: PhotoId) -> int | None:
        return self._rows.get(photo_id)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        if role == FilmRole.PHOTO_ID:
            return self._ids[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("Photo {number} of {count}").format(number=index.row() + 1, count=len(self._ids))
        return None


class FilmDelegate(QStyledItemDelegate):
    """Dimmed pictures, the open one bright and ringed."""

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._images = images

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        theme = self._theme.current
        return QSize(theme.px(_WIDTH + _GAP), theme.px(_HEIGHT + _GAP))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = self._theme.current
        gap = theme.px(_GAP) / 2
        target = QRectF(option.rect).adjusted(gap, gap, -gap, -gap)
        is_open = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        radius = theme.px(Radius.PICTURE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if is_open else 0.8 if is_hovered else _DIMMED)
        self._paint_picture(painter, target, index.data(FilmRole.PHOTO_ID))
        if is_open:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("mat"), 1.0))
            painter.drawRoundedRect(target.adjusted(-0.5, -0.5, 0.5, 0.5), radius, radius)
            painter.setPen(QPen(_RING, 2.0))
            painter.drawRoundedRect(target.adjusted(-2, -2, 2, 2), radius + 1, radius + 1)
        painter.restore()

    def _paint_picture(self, painter: QPainter, target: QRectF, photo_id: PhotoId) -> None:
        theme = self._theme.current
        radius, ratio = theme.px(Radius.PICTURE), painter.device().devicePixelRatio()
        picture = self._images.filling(photo_id, target.size(), ratio)
        if picture is not None:
            draw_picture(painter, target, picture, radius)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("mat").lighter(140))
        painter.drawRoundedRect(target, radius, radius)
        if self._images.is_broken(photo_key(photo_id, round(max(target.width(), target.height())), ratio)):
            side = theme.px(SIDE)
            corner = target.center() - QPointF(side / 2, side / 2)
            painter.drawPixmap(corner, pixmap(Icon.MISSING, theme.colour("on_shade"), side, ratio))


class Filmstrip(QListView):
    """Scrolls sideways; a click opens a photo."""

    photo_wanted = Signal(object)
    """PhotoId"""

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = FilmModel(self)
        self.setModel(self._model)
        self.setItemDelegate(FilmDelegate(theme, images, self))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setHorizontalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Photos before and after"))
        self.clicked.connect(self._open)
        self.activated.connect(self._open)
        images.loaded.connect(self._picture_came)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def film(self) -> FilmModel:
        return self._model

    def show_photos(self, ids: Sequence[PhotoId]) -> None:
        if tuple(ids) != self._model.ids:
            self._model.show(ids)

    def set_open(self, photo_id: PhotoId) -> None:
        """Marks the photo that is open and brings it to the middle."""
        row = self._model.row_of(photo_id)
        if row is None:
            self.clearSelection()
            return
        index = self._model.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def wheelEvent(self, event: QWheelEvent) -> None:
        delta = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()

    def _open(self, index: QModelIndex) -> None:
        self.photo_wanted.emit(index.data(FilmRole.PHOTO_ID))

    def _picture_came(self, key: ImageKey) -> None:
        """Paints one photo again. To tell of changed data would make the view lay all of them out again, and there may
        be fifty thousand."""
        row = self._model.row_of(PhotoId(key.id)) if key.kind is ImageKind.PHOTO else None
        if row is not None:
            self.update(self._model.index(row))

    def _restyle(self) -> None:
        theme = self._theme.current
        self.setFixedHeight(theme.px(_HEIGHT + 2 * _GAP))
        self.setStyleSheet(f"QListView {{ background: {theme.colours.mat}; border: none; outline: none; }}")

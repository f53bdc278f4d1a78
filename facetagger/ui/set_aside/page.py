"""One page for each state that is set aside, with "Bring back"."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from facetagger.entities import Change, Face, FaceId, FaceState
from facetagger.jobs.lanes import Lane
from facetagger.ui import words
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import button, label
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.painting import draw_picture, draw_placeholder, draw_ring, picture_radius
from facetagger.ui.set_aside.model import FACE_ROLE, FaceListModel
from facetagger.ui.theme import Space, ThemeManager

_CROP: Final = 112
_ROOM: Final = 16


class FaceDelegate(QStyledItemDelegate):
    """Paints a face crop with the ring of a selected picture."""

    def __init__(self, images: ImageLoader, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._images, self._theme = images, theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        side = self._theme.current.px(_CROP + _ROOM)
        return QSize(side, side)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme = self._theme.current
        room, side = theme.px(_ROOM) / 2, theme.px(_CROP)
        rect, state = option.rect, option.state
        target = QRectF(rect.left() + room, rect.top() + room, side, side)
        pixmap = self._images.face(index.data(FACE_ROLE), side, painter.device().devicePixelRatioF())
        if pixmap is None:
            draw_placeholder(painter, target, theme, picture_radius(theme))
        else:
            draw_picture(painter, target, pixmap, picture_radius(theme))
        if state & QStyle.StateFlag.State_Selected:
            draw_ring(painter, target, theme, picture_radius(theme))
        elif state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(target.adjusted(-2.5, -2.5, 2.5, 2.5), 6, 6)


class SetAsidePage(QWidget):
    """``state`` is ``IGNORED`` or ``NOT_A_FACE``. ``photo_requested`` carries the photo of a face."""

    photo_requested = Signal(int)
    photos_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, state: FaceState) -> None:
        super().__init__()
        self._bridge, self._theme, self._state = bridge, theme, state
        self._model = FaceListModel(self)
        self._count = label("", "muted")
        self._back = button(self.tr("Bring back"), "", self.bring_back)
        self._nothing = MessagePage(theme)
        self.view = self._build_view(images, theme)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        px = theme.current.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.L), px(Space.M), 0, 0)
        column.setSpacing(px(Space.S))
        column.addLayout(self._build_heading())
        column.addLayout(self._stack)
        images.loaded.connect(self._repaint)
        theme.changed.connect(self.view.doItemsLayout)
        self._show_selection()

    def refresh(self, change: Change | None) -> None:
        if change is not None and not (change.faces or change.photos or change.albums):
            return
        library, state = self._bridge.session.library, self._state
        self._bridge.fetch(Lane.LIBRARY, lambda: list(library.faces.ids(state=state)), self._show, key=self)

    def bring_back(self) -> None:
        """The selected faces wait for a name again."""
        chosen = self._selected()
        if chosen:
            naming = self._bridge.session.naming
            self._bridge.act(lambda: naming.reopen(chosen))

    def _build_heading(self) -> QHBoxLayout:
        px = self._theme.current.px
        is_stranger = self._state is FaceState.IGNORED
        row = QHBoxLayout()
        # In line with the crops, which stand in the middle of their cells.
        row.setContentsMargins(px(_ROOM) // 2, 0, px(Space.XL), 0)
        row.setSpacing(px(Space.M))
        row.addWidget(label(self.tr("Strangers") if is_stranger else self.tr("Not a face"), "heading"))
        row.addWidget(self._count)
        row.addStretch()
        row.addWidget(self._back)
        return row

    def _build_view(self, images: ImageLoader, theme: ThemeManager) -> QListView:
        view = QListView()
        view.setModel(self._model)
        view.setItemDelegate(FaceDelegate(images, theme, view))
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setMovement(QListView.Movement.Static)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.setStyleSheet("QListView { background: transparent; border: none; }")
        view.setAccessibleName(self.tr("Faces that were set aside"))
        view.doubleClicked.connect(lambda index: self._open(index.data(FACE_ROLE)))
        view.selectionModel().selectionChanged.connect(self._show_selection)
        return view

    def _selected(self) -> list[FaceId]:
        return [index.data(FACE_ROLE) for index in self.view.selectedIndexes()]

    def _show(self, ids: list[FaceId]) -> None:
        self._model.show(ids)
        self._count.setText(words.number(len(ids)) if ids else "")
        self._show_selection()
        self._back.setVisible(bool(ids))
        if ids:
            self._stack.setCurrentWidget(self.view)
            return
        sentence = {
            FaceState.IGNORED: self.tr("Nobody is set aside as a stranger."),
            FaceState.NOT_A_FACE: self.tr("Nothing is marked as not a face."),
        }[self._state]
        self._nothing.say(sentence, self.tr("Show all photos"), self.photos_requested.emit)
        self._stack.setCurrentWidget(self._nothing)

    def _show_selection(self) -> None:
        count = len(self.view.selectedIndexes())
        self._back.setEnabled(count > 0)
        self._back.setText(self.tr("Bring back {0}").format(count) if count > 1 else self.tr("Bring back"))

    def _open(self, face_id: FaceId) -> None:
        faces = self._bridge.session.library.faces

        def show(face: Face) -> None:
            self.photo_requested.emit(face.photo_id)

        self._bridge.fetch(Lane.LIBRARY, lambda: faces.get(face_id), show, key=(self, "open"))

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.FACE and self.isVisible():
            self.view.viewport().update()

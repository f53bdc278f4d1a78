"""A grid of face crops: the model that holds ids, the painter of one crop, the view that sizes them.

Review, unknown groups and the pages of people show the same grid. A crop can be crossed out (it stays in its place,
dimmed, with a cross and another caption), focused or selected; each of these shows by line as well as by colour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from facetagger.entities import FaceId
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.painting import draw_picture, draw_placeholder, draw_ring
from facetagger.ui.review.facts import FaceFacts
from facetagger.ui.review.look import Looks
from facetagger.ui.review.tiling import Sides, tile
from facetagger.ui.theme import Radius, Space, TextSize, Theme

Index = QModelIndex | QPersistentModelIndex

_DIMMED: Final = 0.25
_SIDES: Final = Sides(72, 200)


_MOVING: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)


class CropRole(IntEnum):
    FACE = Qt.ItemDataRole.UserRole + 1
    CROSSED_OUT = Qt.ItemDataRole.UserRole + 2


class CropModel(QAbstractListModel):
    """Face ids in their order, with the captions below them and the ones that are crossed out."""

    def __init__(self, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._faces: list[FaceId] = []
        self._rows: dict[FaceId, int] = {}
        self._facts: Mapping[FaceId, FaceFacts] = {}
        self._crossed_out: Mapping[FaceId, str] = {}
        images.loaded.connect(self._repaint)

    @property
    def faces(self) -> Sequence[FaceId]:
        return self._faces

    def row_of(self, face_id: FaceId) -> int | None:
        return self._rows.get(face_id)

    def show_faces(self, faces: Sequence[FaceId], facts: Mapping[FaceId, FaceFacts]) -> None:
        """Shows these faces instead; where they are a part of those shown, only the others are taken out."""
        self._facts = facts
        wanted = set(faces)
        if faces and [each for each in self._faces if each in wanted] == list(faces):
            self._remove_all_but(wanted)
            return
        self.beginResetModel()
        self._faces = list(faces)
        self._number()
        self._crossed_out = {}
        self.endResetModel()

    def cross_out(self, captions: Mapping[FaceId, str]) -> None:
        """Crosses out exactly these faces; each has the caption that stands below it."""
        changed = {
            each for each in {*self._crossed_out, *captions} if self._crossed_out.get(each) != captions.get(each)
        }
        self._crossed_out = dict(captions)
        for face_id in changed & self._rows.keys():
            self._tell(face_id, [CropRole.CROSSED_OUT, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole])

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._faces)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        face_id = self._faces[index.row()]
        facts = self._facts.get(face_id)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._crossed_out.get(face_id) or (facts.caption if facts else "")
            case Qt.ItemDataRole.ToolTipRole:
                return facts.detail if facts else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(face_id, facts)
            case CropRole.FACE:
                return face_id
            case CropRole.CROSSED_OUT:
                return face_id in self._crossed_out
        return None

    def _spoken(self, face_id: FaceId, facts: FaceFacts | None) -> str:
        text = self.tr("face, {detail}").format(detail=facts.detail if facts else "")
        note = self._crossed_out.get(face_id)
        return f"{text}, {note}" if note else text

    def _remove_all_but(self, wanted: set[FaceId]) -> None:
        for row in reversed(range(len(self._faces))):
            if self._faces[row] not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                del self._faces[row]
                self._number()
                self.endRemoveRows()

    def _number(self) -> None:
        self._rows = {face_id: row for row, face_id in enumerate(self._faces)}

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.FACE and key.id in self._rows:
            self._tell(FaceId(key.id), [Qt.ItemDataRole.DecorationRole.value])

    def _tell(self, face_id: FaceId, roles: Sequence[int]) -> None:
        index = self.index(self._rows[face_id])
        self.dataChanged.emit(index, index, list(roles))


class CropPainter(QStyledItemDelegate):
    """Paints one crop with its caption. ``side`` is the crop's, in logical pixels."""

    def __init__(self, images: ImageLoader, looks: Looks, parent: QObject) -> None:
        super().__init__(parent)
        self._images = images
        self._looks = looks
        self.side = 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._looks.current
        inset = theme.px(Space.XS)
        target = QRectF(option.rect.left() + inset, option.rect.top() + inset, self.side, self.side)
        is_crossed_out = bool(index.data(CropRole.CROSSED_OUT))
        self._draw_face(painter, target, index.data(CropRole.FACE), theme, is_crossed_out)
        if is_crossed_out:
            draw_cross(painter, target, theme)
        if option.state & (QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus):
            draw_ring(painter, target, theme, theme.px(Radius.CONTROL))
        self._draw_caption(painter, target, index, theme)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return cell(self._looks.current, self.side)

    def _draw_face(
        self, painter: QPainter, target: QRectF, face_id: FaceId, theme: Theme, is_crossed_out: bool
    ) -> None:
        radius = theme.px(Radius.CONTROL)
        ratio = painter.device().devicePixelRatioF()
        pixmap = self._images.face(face_id, self.side, ratio)
        if pixmap is None:
            draw_placeholder(painter, target, theme, radius)
            return
        painter.save()
        painter.setOpacity(_DIMMED if is_crossed_out else 1.0)
        draw_picture(painter, target, pixmap, radius)
        painter.restore()

    def _draw_caption(self, painter: QPainter, target: QRectF, index: Index, theme: Theme) -> None:
        painter.save()
        font = theme.font(TextSize.META)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        box = QRectF(target.left(), target.bottom() + theme.px(5), target.width(), caption_height(theme))
        # The end of a file's name tells scans apart; of what the user said, the beginning does.
        is_said = bool(index.data(CropRole.CROSSED_OUT))
        mode = Qt.TextElideMode.ElideRight if is_said else Qt.TextElideMode.ElideMiddle
        text = painter.fontMetrics().elidedText(str(index.data()), mode, int(target.width()))
        painter.drawText(box, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, text)
        painter.restore()


class CropGrid(QListView):
    """Crops as large as fit. Arrow keys move the focus; a click says which face was meant."""

    pressed_face = Signal(int)
    opened_face = Signal(int)
    focus_moved = Signal(int)
    seen_more = Signal()
    """``unseen`` is smaller than before."""

    def __init__(self, model: CropModel, images: ImageLoader, looks: Looks, *, largest: int = _SIDES.largest) -> None:
        """``largest``: crops are never larger, in pixels of the design."""
        super().__init__()
        self._largest = largest
        self._columns = 1
        self._seen = 0
        self._is_painted = False
        self._looks = looks
        self._painter = CropPainter(images, looks, self)
        self._crops = model
        self.setModel(model)
        self.setItemDelegate(self._painter)
        self.setProperty("role", "grid")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setUniformItemSizes(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.clicked.connect(lambda index: self.pressed_face.emit(index.data(CropRole.FACE)))
        self.doubleClicked.connect(lambda index: self.opened_face.emit(index.data(CropRole.FACE)))
        looks.changed.connect(self._fit)
        self.verticalScrollBar().valueChanged.connect(self._notice)
        model.modelReset.connect(self._forget_seen)
        for signal in (model.modelReset, model.rowsRemoved, model.rowsInserted):
            signal.connect(self._fit)

    def focused_face(self) -> FaceId | None:
        face_id: FaceId | None = self.currentIndex().data(CropRole.FACE)
        return face_id

    def focus_face(self, face_id: FaceId | None) -> None:
        """Puts the focus ring on a face, or on the first one."""
        row = None if face_id is None else self._crops.row_of(face_id)
        self.setCurrentIndex(self._crops.index(row or 0))

    @property
    def unseen(self) -> int:
        """How many crops have never been in sight since these were shown."""
        return max(0, self._crops.rowCount() - self._seen)

    def see_more(self) -> None:
        """Scrolls to the crops below."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + bar.pageStep() - cell(self._looks.current, self.side).height() // 2)

    @property
    def side(self) -> int:
        """The side of a crop, in logical pixels."""
        return self._painter.side

    def move_focus(self, event: QKeyEvent) -> bool:
        """Moves the focus as the arrow key says; whether it moved."""
        before = self.currentIndex()
        super().keyPressEvent(event)
        return self.currentIndex() != before

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keeps the keys that move, and those that select where crops can be selected; the page has the others."""
        is_selecting = self.selectionMode() != QAbstractItemView.SelectionMode.NoSelection
        if event.key() in _MOVING or (is_selecting and event.matches(QKeySequence.StandardKey.SelectAll)):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def selected_faces(self) -> list[FaceId]:
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._crops.faces[row] for row in rows]

    def select_faces(self, faces: Sequence[FaceId]) -> None:
        """Selects those of the faces that are shown."""
        selection = self.selectionModel()
        for face_id in faces:
            row = self._crops.row_of(face_id)
            if row is not None:
                selection.select(self._crops.index(row), QItemSelectionModel.SelectionFlag.Select)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.focus_moved.emit(current.data(CropRole.FACE))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._notice()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange):
            self._fit()

    def _fit(self) -> None:
        theme = self._looks.current
        gap, caption = theme.px(Space.L), caption_height(theme)
        sides = Sides(theme.px(_SIDES.smallest), theme.px(self._largest))
        room, count = self.contentsRect().size(), self._crops.rowCount()
        tiling = tile(count, room.width(), room.height(), sides, gap=gap, caption=caption)
        if not tiling.fits:
            width = room.width() - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
            tiling = tile(count, width, room.height(), sides, gap=gap, caption=caption)
        # A bar "as needed" has its width taken off every row, also while it is not there.
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if tiling.fits else Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        self.setVerticalScrollBarPolicy(policy)
        self._painter.side = tiling.side
        self._columns = tiling.columns
        self.setGridSize(cell(theme, tiling.side))
        self.viewport().update()
        self._notice()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self._is_painted = True

    def _forget_seen(self) -> None:
        self._seen = 0
        self._is_painted = False

    def _notice(self) -> None:
        """A crop has been seen when all of it was in sight; what was laid out and never painted was not."""
        if not self.isVisible():
            return
        if not self._is_painted:
            self._seen = 0
        bottom = self.verticalScrollBar().value() + self.contentsRect().height()
        height = cell(self._looks.current, self.side).height()
        seen = self._columns * ((bottom + self._looks.current.px(Space.L)) // height)
        if seen > self._seen:
            self._seen = seen
            self.seen_more.emit()


def caption_height(theme: Theme) -> int:
    return theme.px(TextSize.META * 1.6)


def cell(theme: Theme, side: int) -> QSize:
    """The room of one crop with caption and gap."""
    return QSize(side + theme.px(Space.L), side + caption_height(theme) + theme.px(Space.L))


def draw_cross(painter: QPainter, target: QRectF, theme: Theme) -> None:
    """The amber cross over a crop that was taken out."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.colour("amber"), theme.px(5), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    arm = target.width() * 0.09
    centre = target.center()
    for slope in (1, -1):
        painter.drawLine(
            int(centre.x() - arm), int(centre.y() - slope * arm), int(centre.x() + arm), int(centre.y() + slope * arm)
        )
    painter.restore()

"""Single pictures of a face as widgets: a round portrait, and a row of small crops over the years."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from facetagger.entities import FaceId
from facetagger.ui import icons
from facetagger.ui.icons import Icon
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.painting import draw_picture, draw_placeholder
from facetagger.ui.review.facts import FaceFacts
from facetagger.ui.review.look import Looks
from facetagger.ui.theme import Radius, Theme


class Portrait(QWidget):
    """A round picture, ``side`` pixels of the design wide; a drawn head where nobody has a face yet."""

    def __init__(self, side: int, images: ImageLoader, looks: Looks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._images = images
        self._looks = looks
        self._face_id: FaceId | None = None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        images.loaded.connect(self._repaint)
        looks.changed.connect(self.updateGeometry)

    def show_face(self, face_id: FaceId | None) -> None:
        if face_id != self._face_id:
            self._face_id = face_id
            self.update()

    def sizeHint(self) -> QSize:
        side = self._looks.current.px(self._side)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """In a low window the circle gives way first."""
        return self.sizeHint() / 2

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height())
        draw_portrait(painter, QRectF(0, 0, side, side), self._face_id, self._images, self._looks.current)

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.FACE and key.id == self._face_id:
            self.update()


class Years(QWidget):
    """Small crops from the first to the last, as many as fit; the tool tip says when."""

    def __init__(self, images: ImageLoader, looks: Looks, side: int = 44, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._looks = looks
        self._side = side
        self._faces: Sequence[FaceFacts] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        images.loaded.connect(self._repaint)
        looks.changed.connect(self.updateGeometry)

    def show_faces(self, faces: Sequence[FaceFacts]) -> None:
        self._faces = faces
        self.setAccessibleName(", ".join(each.caption for each in faces))
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._looks.current
        return QSize(theme.px(self._side), theme.px(self._side))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._looks.current
        painter = QPainter(self)
        for place, facts in enumerate(self._faces):
            target = self._place(place)
            if target.right() > self.width():
                return
            draw_crop(painter, target, facts.face.id, self._images, theme)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            place = int(event.pos().x() // (self._place(1).left() or 1))
            if place < len(self._faces):
                QToolTip.showText(event.globalPos(), self._faces[place].detail, self)
            return True
        return super().event(event)

    def _place(self, place: int) -> QRectF:
        theme = self._looks.current
        side = theme.px(self._side)
        return QRectF(place * (side + theme.px(6)), 0, side, side)

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.FACE and any(each.face.id == key.id for each in self._faces):
            self.update()


def draw_portrait(painter: QPainter, target: QRectF, face_id: FaceId | None, images: ImageLoader, theme: Theme) -> None:
    """The face in a circle; a head in outline where there is none."""
    pixmap = None
    if face_id is not None:
        pixmap = images.face(face_id, int(target.width()), painter.device().devicePixelRatioF())
    if pixmap is not None:
        draw_picture(painter, target, pixmap, target.width() / 2)
        return
    draw_placeholder(painter, target, theme, target.width() / 2)
    if face_id is None:
        side = int(target.width() * 0.5)
        head = icons.pixmap(Icon.PERSON, theme.colour("muted"), side, painter.device().devicePixelRatioF())
        place = QRectF(0, 0, side, side)
        place.moveCenter(target.center())
        painter.drawPixmap(place, head, QRectF(head.rect()))


def draw_crop(painter: QPainter, target: QRectF, face_id: FaceId, images: ImageLoader, theme: Theme) -> None:
    """A square crop with rounded corners, or its placeholder."""
    radius = theme.px(Radius.PICTURE)
    pixmap = images.face(face_id, int(target.width()), painter.device().devicePixelRatioF())
    if pixmap is None:
        draw_placeholder(painter, target, theme, radius)
    else:
        draw_picture(painter, target, pixmap, radius)

"""A whole photo with one face in its box: beside a crop, or over the whole page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from facetagger import geometry
from facetagger.geometry import Box
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.painting import draw_pill, pill_size
from facetagger.ui.review.facts import FaceFacts
from facetagger.ui.review.look import Looks
from facetagger.ui.theme import Radius, Space, Theme


class FramedPhoto(QWidget):
    """Paints the photo as large as fits, from the top; a click says that it is wanted on its own."""

    clicked = Signal()

    def __init__(self, images: ImageLoader, looks: Looks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._looks = looks
        self._facts: FaceFacts | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        images.loaded.connect(self._repaint)
        looks.changed.connect(self.update)

    @property
    def facts(self) -> FaceFacts | None:
        return self._facts

    def show_face(self, facts: FaceFacts) -> None:
        self._facts = facts
        self.setAccessibleName(self.tr("The whole photo, {detail}").format(detail=facts.detail))
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._facts is not None:
            painter = QPainter(self)
            edge = self._looks.current.px(Space.XS)
            self._draw(painter, QRectF(self.rect()).adjusted(0, edge, 0, 0), Qt.AlignmentFlag.AlignTop)

    def _draw(self, painter: QPainter, room: QRectF, alignment: Qt.AlignmentFlag) -> None:
        if self._facts is None:
            return
        theme = self._looks.current
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        target = self._place(self._facts, room, alignment)
        side = int(max(target.width(), target.height()))
        pixmap = self._images.photo(self._facts.photo_id, side, self.devicePixelRatioF())
        if pixmap is None:
            painter.fillRect(target, theme.colour("line"))
        else:
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        box = geometry.box_to_upright(self._facts.face.box, self._facts.photo.view_orientation)
        _draw_box(painter, target, box, theme)

    @staticmethod
    def _place(facts: FaceFacts, room: QRectF, alignment: Qt.AlignmentFlag) -> QRectF:
        size = facts.photo.upright_size
        shown = QSizeF(size.width, size.height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(room.topLeft(), shown)
        if alignment is Qt.AlignmentFlag.AlignCenter:
            target.moveCenter(room.center())
        return target

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.PHOTO and self._facts is not None and key.id == self._facts.photo_id:
            self.update()


class WholePhoto(FramedPhoto):
    """Covers its parent while it is shown. Space, Escape or a click closes it, O opens the photo itself.

    Arrow keys are left to the page, which moves on and shows the next face here.
    """

    closed = Signal()
    photo_requested = Signal(int)

    def __init__(self, images: ImageLoader, looks: Looks, parent: QWidget) -> None:
        super().__init__(images, looks, parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self.close_photo)
        self.hide()
        parent.installEventFilter(self)

    def show_face(self, facts: FaceFacts) -> None:
        super().show_face(facts)
        self._cover()
        self.show()
        self.raise_()
        self.setFocus()

    def close_photo(self) -> None:
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Space | Qt.Key.Key_Escape:
                self.close_photo()
            case Qt.Key.Key_O if self.facts is not None:
                self.photo_requested.emit(self.facts.photo_id)
            case _:
                event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._looks.current
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.colour("mat"))
        edge = theme.px(Space.XL)
        self._draw(painter, QRectF(self.rect()).adjusted(edge, edge, -edge, -2 * edge), Qt.AlignmentFlag.AlignCenter)
        if self.facts is not None:
            self._draw_note(painter, self.facts, theme)

    def _draw_note(self, painter: QPainter, facts: FaceFacts, theme: Theme) -> None:
        text = self.tr("{detail}   ·   Space goes back, O opens the photo").format(detail=facts.detail)
        font = theme.font()
        note = QRectF(QPointF(), pill_size(text, font, theme))
        note.moveCenter(QPointF(self.width() / 2, self.height() - theme.px(Space.XL)))
        draw_pill(painter, note, text, font, theme.colour("mat"), theme.colour("on_shade"))

    def _cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())


def _draw_box(painter: QPainter, photo: QRectF, box: Box, theme: Theme) -> None:
    """White with a dark edge, so that it is seen on every photo; ``box`` normalised upright."""
    target = QRectF(
        photo.left() + box.left * photo.width(),
        photo.top() + box.top * photo.height(),
        box.width * photo.width(),
        box.height * photo.height(),
    )
    radius = theme.px(Radius.CONTROL)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, colour in ((5, theme.colour("mat")), (3, theme.colour("on_shade"))):
        painter.setPen(QPen(colour, theme.px(width)))
        painter.drawRoundedRect(target, radius, radius)

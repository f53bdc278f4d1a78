"""The whole photo over the page, with the face that is asked about in its box."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from facetagger import geometry
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.painting import draw_pill, pill_size
from facetagger.ui.review.facts import FaceFacts
from facetagger.ui.review.look import Looks
from facetagger.ui.theme import Radius, Space, Theme


class WholePhoto(QWidget):
    """Covers its parent while it is shown. Space, Escape or a click closes it, O opens the photo itself.

    Arrow keys are left to the page, which moves on and shows the next face here.
    """

    closed = Signal()
    photo_requested = Signal(int)

    def __init__(self, images: ImageLoader, looks: Looks, parent: QWidget) -> None:
        super().__init__(parent)
        self._images = images
        self._looks = looks
        self._facts: FaceFacts | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        parent.installEventFilter(self)
        images.loaded.connect(self._repaint)
        looks.changed.connect(self.update)

    def show_face(self, facts: FaceFacts) -> None:
        self._facts = facts
        self.setAccessibleName(self.tr("The whole photo, {detail}").format(detail=facts.detail))
        self._cover()
        self.show()
        self.raise_()
        self.setFocus()
        self.update()

    def _cover(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            self.setGeometry(parent.rect())

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
            case Qt.Key.Key_O if self._facts is not None:
                self.photo_requested.emit(self._facts.photo_id)
            case _:
                event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_photo()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._looks.current
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour("mat"))
        if self._facts is None:
            return
        room = QRectF(self.rect()).adjusted(*self._margins(theme))
        size = self._facts.photo.upright_size
        shown = QSizeF(size.width, size.height).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRectF(QPointF(), shown)
        target.moveCenter(room.center())
        side = int(max(target.width(), target.height()))
        pixmap = self._images.photo(self._facts.photo_id, side, self.devicePixelRatioF())
        if pixmap is None:
            painter.fillRect(target, theme.colour("mat").lighter(140))
        else:
            painter.drawPixmap(target, pixmap, QRectF(pixmap.rect()))
        self._draw_box(painter, target, theme)
        self._draw_note(painter, room, theme)

    def _draw_box(self, painter: QPainter, photo: QRectF, theme: Theme) -> None:
        assert self._facts is not None
        box = geometry.box_to_upright(self._facts.face.box, self._facts.photo.view_orientation)
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

    def _draw_note(self, painter: QPainter, room: QRectF, theme: Theme) -> None:
        assert self._facts is not None
        text = self.tr("{detail}   ·   Space goes back, O opens the photo").format(detail=self._facts.detail)
        font = theme.font()
        note = QRectF(QPointF(), pill_size(text, font, theme))
        note.moveCenter(QPointF(room.center().x(), self.height() - theme.px(Space.XL)))
        draw_pill(painter, note, text, font, theme.colour("mat"), theme.colour("on_shade"))

    @staticmethod
    def _margins(theme: Theme) -> tuple[int, int, int, int]:
        edge, note = theme.px(Space.XL), theme.px(2 * Space.XL)
        return edge, edge, -edge, -note

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.PHOTO and self._facts is not None and key.id == self._facts.photo_id:
            self.update()

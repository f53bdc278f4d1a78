"""The photo with its faces drawn upon it; says what was pointed at, and draws frames around faces."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from facetagger.entities import FaceId
from facetagger.geometry import Box, Size
from facetagger.ui.photo_view import painting
from facetagger.ui.photo_view.box_fade import BoxFade
from facetagger.ui.photo_view.contents import Look, ShownFace
from facetagger.ui.photo_view.overlay import Emphasis, paint_faces
from facetagger.ui.photo_view.zoom_canvas import ZoomCanvas
from facetagger.ui.theme import ThemeManager

_DRAG_START: Final = 4
_MIN_FRAME: Final = 8
"""A hand-drawn frame of fewer canvas pixels is a slip of the mouse."""
_FOCUS_GAP: Final = 6


class _Drag(Enum):
    NONE = auto()
    PRESS = auto()
    PAN = auto()
    FRAME = auto()


class PhotoCanvas(ZoomCanvas):
    """Paints one photo and its faces. Knows nothing of the library: it is given pixels and ``ShownFace``s.

    Boxes fade while the pointer rests and return when it moves; the active face stays.
    """

    face_clicked = Signal(object)
    """FaceId"""
    background_clicked = Signal()
    frame_drawn = Signal(object)
    """Box, normalised upright"""
    menu_wanted = Signal(object, QPoint)
    """FaceId or None, global position"""
    tab_pressed = Signal(bool)
    """forward"""
    drawing_changed = Signal(bool)
    """Whether the next drag draws a frame."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._faces: tuple[ShownFace, ...] = ()
        self._active: FaceId | None = None
        self._hovered: FaceId | None = None
        self._drag = _Drag.NONE
        self._drag_from = QPointF()
        self._frame: QRectF | None = None
        self._held_frame: Box | None = None
        self._is_drawing = False
        self._is_space_down = False
        self._is_asking = False
        self._shows_focus = False
        self._fade = BoxFade(self)
        self._fade.changed.connect(self.update)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    @property
    def active_face(self) -> FaceId | None:
        return self._active

    @property
    def fade(self) -> BoxFade:
        """How visible the boxes are."""
        return self._fade

    @property
    def is_drawing(self) -> bool:
        """Whether a frame is being drawn, or the next drag will draw one."""
        return self._is_drawing or self._drag is _Drag.FRAME

    def show_photo(self, size: Size) -> None:
        """Begins another photo of this upright size, without faces."""
        self._faces = ()
        self._active = self._hovered = None
        self.set_drawing(False)
        self.show_size(size)
        self._fade.wake()

    def clear(self) -> None:
        """Shows no photo, and so no faces."""
        self._faces = ()
        self._active = self._hovered = None
        super().clear()

    def set_faces(self, faces: tuple[ShownFace, ...]) -> None:
        """Replaces what is drawn on the photo; the view and the active face stay."""
        self._faces = faces
        if self._face(self._active) is None:
            self._active = None
        if self._face(self._hovered) is None:
            self._hovered = None
        self.update()

    def set_active(self, face_id: FaceId | None) -> None:
        self._active = face_id
        face = self._face(face_id)
        if face is not None:
            self._set_view(self._view.revealing(face.box))
        self._fade.wake()

    def set_hovered(self, face_id: FaceId | None) -> None:
        """Points out a face as if the pointer were on it."""
        self._hover(face_id)
        self._fade.wake()

    def set_asking(self, is_asking: bool) -> None:
        """Whether the name field is open at the active face; boxes stay meanwhile."""
        self._is_asking = is_asking
        self._fade.hold(is_asking or self._is_drawing)

    def set_drawing(self, is_drawing: bool) -> None:
        """Whether the next drag draws a frame around a face."""
        if is_drawing != self._is_drawing:
            self.drawing_changed.emit(is_drawing)
        self._is_drawing = is_drawing
        if self._drag is _Drag.FRAME:
            self._drag = _Drag.NONE
        self._fade.hold(is_drawing or self._is_asking)
        self._frame = None
        self._show_cursor()
        self.update()

    def face_rect(self, face_id: FaceId) -> QRectF | None:
        face = self._face(face_id)
        return None if face is None else self._view.to_canvas(face.box)

    def face_rects(self) -> list[QRectF]:
        """Where the faces lie that are not set aside."""
        return [self._view.to_canvas(each.box) for each in self._faces if each.look is not Look.ASIDE]

    def hold_frame(self, box: Box | None) -> None:
        """Keeps a frame on the photo, normalised upright, while it is asked whose face is in it."""
        self._held_frame = box
        self.update()

    def face_at(self, point: QPointF) -> FaceId | None:
        """The smallest face under a point of the canvas; a named or open one before one set aside."""
        x, y = self._view.to_photo(point)
        found = [each for each in self._faces if each.box.contains(x, y)]
        found.sort(key=lambda each: (each.look is Look.ASIDE, each.box.area))
        return found[0].id if found else None

    def paint_over(self, painter: QPainter) -> None:
        emphasis = Emphasis(self._active, self._hovered, self._fade.opacity, self._is_asking)
        paint_faces(painter, self._faces, self._view, emphasis, self._theme.current)
        if self._frame is not None:
            painting.paint_frame(painter, self._frame)
        elif self._held_frame is not None:
            painting.paint_frame(painter, self._view.to_canvas(self._held_frame))
        if self._shows_focus and self.hasFocus() and self._active is None:
            around = self._view.rect.adjusted(-_FOCUS_GAP, -_FOCUS_GAP, _FOCUS_GAP, _FOCUS_GAP)
            painting.paint_focus(painter, around.intersected(QRectF(self.rect())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            super().mousePressEvent(event)
            return
        self._drag_from = event.position()
        is_frame = self._is_drawing or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        is_pan = self._is_space_down or event.button() is Qt.MouseButton.MiddleButton
        self._drag = _Drag.PAN if is_pan else _Drag.FRAME if is_frame else _Drag.PRESS
        self._show_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._fade.wake()
        point = event.position()
        if self._drag is _Drag.PRESS and (point - self._drag_from).manhattanLength() >= _DRAG_START:
            self._drag = _Drag.PAN
        if self._drag is _Drag.PAN:
            self.pan(point - self._drag_from)
            self._drag_from = point
        elif self._drag is _Drag.FRAME:
            self._frame = QRectF(self._drag_from, point).normalized().intersected(self._view.rect)
            self.update()
        elif self._drag is _Drag.NONE:
            self._hover(self.face_at(point))
        self._show_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, _Drag.NONE
        if drag is _Drag.PRESS:
            self._click(event.position())
        elif drag is _Drag.FRAME:
            self._end_frame(event.position())
        self._show_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.face_at(event.position()) is not None:
            self.mousePressEvent(event)
        elif self._view.is_fitted:
            self.zoom_to_pixels(event.position())
        else:
            self.zoom_to_fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() is QContextMenuEvent.Reason.Keyboard and self._active is not None:
            rect = self.face_rect(self._active)
            corner = rect.bottomLeft().toPoint() if rect is not None else self.rect().center()
            self.menu_wanted.emit(self._active, self.mapToGlobal(corner))
        else:
            self.menu_wanted.emit(self.face_at(QPointF(event.pos())), event.globalPos())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._fade.wake()
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._fade.wake()
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = True
            self._show_cursor()
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._is_space_down = False
            self._show_cursor()
            return
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        by_keyboard = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._shows_focus = event.reason() in by_keyboard
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._is_space_down = False
        self.update()
        super().focusOutEvent(event)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        if any(face.is_open for face in self._faces):
            self.tab_pressed.emit(is_next)
            return True
        return super().focusNextPrevChild(is_next)

    def _click(self, point: QPointF) -> None:
        face_id = self.face_at(point)
        if face_id is None:
            self.background_clicked.emit()
        else:
            self.face_clicked.emit(face_id)

    def _end_frame(self, end: QPointF) -> None:
        frame, self._frame = self._frame, None
        self.update()
        if frame is None or min(frame.width(), frame.height()) < _MIN_FRAME:
            return
        box: Box = self._view.box_between(frame.topLeft(), frame.bottomRight())
        self.set_drawing(False)
        self.frame_drawn.emit(box)

    def _hover(self, face_id: FaceId | None) -> None:
        if face_id != self._hovered:
            self._hovered = face_id
            self.update()

    def _show_cursor(self) -> None:
        if self._drag is _Drag.PAN and not self._view.is_fitted:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif self._drag is _Drag.FRAME or self._is_drawing:
            self.setCursor(Qt.CursorShape.CrossCursor)
        elif self._is_space_down:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif self._hovered is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        else:
            self.unsetCursor()

    def _face(self, face_id: FaceId | None) -> ShownFace | None:
        return next((each for each in self._faces if each.id == face_id), None)

"""A picture on its mat that can be zoomed and dragged about."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from facetagger.geometry import Size
from facetagger.ui.photo_view.picture import sharpest
from facetagger.ui.photo_view.viewport import Viewport
from facetagger.ui.theme import ThemeManager

ZOOM_STEP: Final = 1.25
_WHEEL_ZOOM: Final = 1.0015
"""Zoom per eighth of a degree: a notch of 120 is about a fifth."""


class ZoomCanvas(QWidget):
    """Paints the sharpest pixels it was given for the photo; says when sharper ones would be seen."""

    detail_wanted = Signal(int)
    """Device pixels that the photo's long side takes on the screen now."""
    view_changed = Signal()
    """The photo lies elsewhere in the canvas."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._photo: Size | None = None
        self._pictures: list[QPixmap] = []
        self._view = Viewport.fitted(Size(1, 1), QSizeF(1, 1))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 180)
        theme.changed.connect(self.update)

    @property
    def view(self) -> Viewport:
        return self._view

    @property
    def picture(self) -> QPixmap | None:
        """The pixels that are painted now."""
        return sharpest(self._pictures, self.shown_side())

    def show_size(self, size: Size) -> None:
        """Begins another picture of this upright size, fitted and empty until pixels come."""
        self._photo, self._pictures = size, []
        self.zoom_to_fit()

    def clear(self) -> None:
        """Shows no picture."""
        self._photo, self._pictures = None, []
        self.update()

    def add_picture(self, picture: QPixmap) -> None:
        """Pixels of the whole upright photo; the sharpest that the zoom needs is painted."""
        self._pictures.append(picture)
        self.update()

    def shown_side(self) -> int:
        """Device pixels on the photo's long side now, as far as the photo has them."""
        side = 0 if self._photo is None else self._photo.long_side
        return round(min(self._view.scale * side * self.devicePixelRatioF(), float(side)))

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        self._set_view(self._view.zoomed(self._view.scale * factor, about or QPointF(self.rect().center())))

    def zoom_to_fit(self) -> None:
        if self._photo is not None:
            self._set_view(Viewport.fitted(self._photo, QSizeF(self.size())))

    def zoom_to_pixels(self, about: QPointF | None = None) -> None:
        """100 %: a photo pixel is a pixel of the screen."""
        self._set_view(self._view.zoomed(1 / self.devicePixelRatioF(), about or QPointF(self.rect().center())))

    def pan(self, moved: QPointF) -> None:
        """Drags the photo along; a fitted one has nowhere to go."""
        if not self._view.is_fitted:
            self._set_view(self._view.panned(moved.x(), moved.y()))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.current.colour("mat"))
        if self._photo is None:
            return
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        picture = self.picture
        if picture is None:
            painter.fillRect(self._view.rect, self._theme.current.colour("mat").lighter(130))
        else:
            painter.drawPixmap(self._view.rect, picture, QRectF(picture.rect()))
        self.paint_over(painter)

    def paint_over(self, painter: QPainter) -> None:
        """What a subclass draws upon the photo."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_WHEEL_ZOOM ** event.angleDelta().y(), event.position())
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom(1 + event.value(), event.position())
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._photo is not None:
            self._set_view(self._view.resized(QSizeF(self.size())))
        super().resizeEvent(event)

    def _set_view(self, view: Viewport) -> None:
        self._view = view
        self.update()
        self.view_changed.emit()
        if self._photo is not None:
            self.detail_wanted.emit(self.shown_side())

"""Where the upright photo lies in the canvas: fit, zoom, pan. Plain arithmetic on one frozen value.

Lengths are device-independent pixels of the canvas unless they say photo pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final, Self

from PySide6.QtCore import QPointF, QRectF, QSizeF

from facetagger.geometry import Box, Size

MARGIN: Final = 36.0
"""Mat left free on every side of a fitted photo."""
_MAX_SCALE: Final = 16.0
_MIN_SCALE: Final = 0.5
"""100 % on a dense screen: a small photo that was enlarged to fit can be seen that small as well."""
_MAX_FIT: Final = 4.0
"""A small scan is enlarged to fill the mat, but not beyond recognition."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """``scale`` is canvas pixels per photo pixel, ``left`` and ``top`` the photo's corner in the canvas."""

    photo: Size
    canvas: QSizeF
    scale: float
    left: float
    top: float
    is_fitted: bool = True

    @classmethod
    def fitted(cls, photo: Size, canvas: QSizeF) -> Self:
        scale = _fit_scale(photo, canvas)
        left = (canvas.width() - photo.width * scale) / 2
        top = (canvas.height() - photo.height * scale) / 2
        return cls(photo, canvas, scale, left, top)

    @property
    def rect(self) -> QRectF:
        """The photo in the canvas."""
        return QRectF(self.left, self.top, self.photo.width * self.scale, self.photo.height * self.scale)

    def to_canvas(self, box: Box) -> QRectF:
        """A normalised upright box, as it lies in the canvas."""
        pixels = box.to_pixels(self.photo)
        return QRectF(
            self.left + pixels.left * self.scale,
            self.top + pixels.top * self.scale,
            pixels.width * self.scale,
            pixels.height * self.scale,
        )

    def to_photo(self, point: QPointF) -> tuple[float, float]:
        """The normalised upright position under a point of the canvas; outside 0 to 1 beside the photo."""
        rect = self.rect
        return (point.x() - rect.left()) / rect.width(), (point.y() - rect.top()) / rect.height()

    def box_between(self, start: QPointF, end: QPointF) -> Box:
        """The normalised upright box with these two corners, cut to the photo."""
        (x1, y1), (x2, y2) = self.to_photo(start), self.to_photo(end)
        return Box.from_corners(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)).clipped()

    def zoomed(self, scale: float, about: QPointF) -> Self:
        """At another scale, with the place under ``about`` staying where it is as far as the edges allow."""
        fit = _fit_scale(self.photo, self.canvas)
        scale = min(max(scale, min(fit, _MIN_SCALE)), max(_MAX_SCALE, fit))
        if math.isclose(scale, fit, rel_tol=1e-4):
            return self.fitted(self.photo, self.canvas)
        x, y = self.to_photo(about)
        left = about.x() - x * self.photo.width * scale
        top = about.y() - y * self.photo.height * scale
        return replace(self, scale=scale, left=left, top=top, is_fitted=False)._clamped()

    def panned(self, dx: float, dy: float) -> Self:
        return replace(self, left=self.left + dx, top=self.top + dy)._clamped()

    def resized(self, canvas: QSizeF) -> Self:
        """In a canvas of another size: fitted stays fitted, a zoomed one keeps what was in the middle."""
        if self.is_fitted:
            return self.fitted(self.photo, canvas)
        dx, dy = (canvas.width() - self.canvas.width()) / 2, (canvas.height() - self.canvas.height()) / 2
        moved = replace(self, canvas=canvas, left=self.left + dx, top=self.top + dy)
        return moved.zoomed(self.scale, QPointF(canvas.width() / 2, canvas.height() / 2))

    def revealing(self, box: Box) -> Self:
        """Panned just so far that a normalised upright box can be seen."""
        rect = self.to_canvas(box)
        dx = _shift_into(rect.left(), rect.right(), MARGIN, self.canvas.width() - MARGIN)
        dy = _shift_into(rect.top(), rect.bottom(), MARGIN, self.canvas.height() - MARGIN)
        return self if self.is_fitted else self.panned(dx, dy)

    def _clamped(self) -> Self:
        """No mat beyond the margin where the photo is larger than the canvas, centred where it is smaller."""
        left = _clamp(self.left, self.photo.width * self.scale, self.canvas.width())
        top = _clamp(self.top, self.photo.height * self.scale, self.canvas.height())
        return replace(self, left=left, top=top)


def _fit_scale(photo: Size, canvas: QSizeF) -> float:
    width, height = max(canvas.width() - 2 * MARGIN, 1.0), max(canvas.height() - 2 * MARGIN, 1.0)
    return min(width / photo.width, height / photo.height, _MAX_FIT)


def _clamp(start: float, length: float, room: float) -> float:
    if length <= room:
        return (room - length) / 2
    return min(max(start, room - length - MARGIN), MARGIN)


def _shift_into(start: float, end: float, low: float, high: float) -> float:
    if start < low:
        return low - start
    return min(0.0, max(high - end, low - start))

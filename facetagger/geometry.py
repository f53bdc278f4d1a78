"""Boxes, sizes and the eight orientations, with the maps between the two frames a photo has.

*Stored* is the pixel grid of the file. *Upright* is the photo as the user sees it: the EXIF orientation and the
user's view rotation applied. Coordinates have their origin in the top left corner, x to the right, y down.
The library keeps stored, normalised coordinates (0 to 1 over width and height); pixels appear only next to a ``Size``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def long_side(self) -> int:
        return max(self.width, self.height)

    @property
    def area(self) -> int:
        return self.width * self.height

    def transposed(self) -> Size:
        return Size(self.height, self.width)


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned bounding box; normalised unless the name that holds it says pixels."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)

    @property
    def center(self) -> tuple[float, float]:
        return self.left + self.width / 2, self.top + self.height / 2

    @classmethod
    def from_corners(cls, left: float, top: float, right: float, bottom: float) -> Box:
        return cls(left, top, right - left, bottom - top)

    def to_pixels(self, size: Size) -> Box:
        return Box(self.left * size.width, self.top * size.height, self.width * size.width, self.height * size.height)

    def to_normalised(self, size: Size) -> Box:
        return Box(self.left / size.width, self.top / size.height, self.width / size.width, self.height / size.height)

    def clipped(self) -> Box:
        """The part of a normalised box that lies inside the photo."""
        left, top = min(max(self.left, 0.0), 1.0), min(max(self.top, 0.0), 1.0)
        right, bottom = min(max(self.right, 0.0), 1.0), min(max(self.bottom, 0.0), 1.0)
        return Box.from_corners(left, top, max(right, left), max(bottom, top))

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)

    def contains(self, x: float, y: float) -> bool:
        return self.left <= x < self.right and self.top <= y < self.bottom


# EXIF orientation -> (x, y of the upright frame as signed picks from the stored frame).
# Each row is a 2x3 affine map on normalised coordinates, stored -> upright (MWG guidelines 2.0, section 5).
_TO_UPRIGHT: Final[dict[int, NDArray[np.float64]]] = {
    1: np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float64),
    2: np.array([[-1, 0, 1], [0, 1, 0]], dtype=np.float64),
    3: np.array([[-1, 0, 1], [0, -1, 1]], dtype=np.float64),
    4: np.array([[1, 0, 0], [0, -1, 1]], dtype=np.float64),
    5: np.array([[0, 1, 0], [1, 0, 0]], dtype=np.float64),
    6: np.array([[0, -1, 1], [1, 0, 0]], dtype=np.float64),
    7: np.array([[0, -1, 1], [-1, 0, 1]], dtype=np.float64),
    8: np.array([[0, 1, 0], [-1, 0, 1]], dtype=np.float64),
}
_INVERSE: Final = {1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
_CLOCKWISE: Final = {1: 6, 6: 3, 3: 8, 8: 1, 2: 7, 7: 4, 4: 5, 5: 2}


def rotated_orientation(orientation: int, quarter_turns: int) -> int:
    """The EXIF orientation value that shows what ``orientation`` shows, turned clockwise by ``quarter_turns``."""
    for _ in range(quarter_turns % 4):
        orientation = _CLOCKWISE[orientation]
    return orientation


def is_transposed(orientation: int) -> bool:
    """Whether width and height change places between the stored and the upright frame."""
    return orientation >= 5


def upright_size(stored: Size, orientation: int) -> Size:
    return stored.transposed() if is_transposed(orientation) else stored


def points_to_upright(points: FloatArray, orientation: int) -> NDArray[np.float64]:
    """Maps normalised points, shape (n, 2), from the stored to the upright frame."""
    matrix = _TO_UPRIGHT[orientation]
    return np.asarray(points, dtype=np.float64) @ matrix[:, :2].T + matrix[:, 2]


def points_to_stored(points: FloatArray, orientation: int) -> NDArray[np.float64]:
    """Maps normalised points, shape (n, 2), from the upright to the stored frame."""
    return points_to_upright(points, _INVERSE[orientation])


def box_to_upright(box: Box, orientation: int) -> Box:
    corners = points_to_upright(np.array([[box.left, box.top], [box.right, box.bottom]]), orientation)
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    return Box.from_corners(left, top, right, bottom)


def box_to_stored(box: Box, orientation: int) -> Box:
    return box_to_upright(box, _INVERSE[orientation])

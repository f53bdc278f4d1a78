"""From a face to the chip that an embedder reads: aligned by five landmarks, or the surroundings of its box.

The arithmetic is that of dlib/image_transforms/interpolation.h (``get_face_chip_details``, ``extract_image_chips``,
``pyramid_down<2>``, ``interpolate_bilinear``), so that dlib's own chips come out pixel for pixel. A chip cut
differently still looks right but moves the embedding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Landmarks
from facetagger.faces.models import CHIP_SIZE
from facetagger.geometry import Box
from facetagger.imaging.opencv_runtime import load_opencv

PADDING: Final = 0.25
"""Room around the face on each side, as a share of the face's own frame."""

FloatArray = NDArray[np.float64]
Pixels = NDArray[np.uint8]

# Where the five points of the detector lie in the unit frame of dlib's mean face: averages of its 68-point shape,
# landmarks 36-41 and 42-47 (eyes), 30 (nose tip), 48 and 54 (corners of the mouth).
TEMPLATE: Final[FloatArray] = np.array(
    [[0.225490, 0.215992], [0.754761, 0.215992], [0.490127, 0.515625], [0.254149, 0.780233], [0.726104, 0.780233]]
)


@dataclass(frozen=True, slots=True)
class Alignment:
    """How an embedder wants its chips: ``size`` pixels wide and high.

    With a ``template``, the five landmarks in the unit face frame, the chip is turned upright and ``padding`` is the
    room around that frame. Without one it is the square around the box, as the photo has it, and ``padding`` the room
    around the box. Both are shares of the side, on each side.
    """

    size: int
    template: tuple[tuple[float, float], ...] | None
    padding: float


@dataclass(frozen=True, slots=True, eq=False)
class ChipFrame:
    """The rotated square that a chip shows: coordinates of pixel centres, (0, 0) the first pixel's, x first."""

    center: FloatArray
    side: float
    angle: float
    """Radians, clockwise as seen (y down)."""


DLIB: Final = Alignment(CHIP_SIZE, tuple((x, y) for x, y in TEMPLATE.tolist()), PADDING)
"""Of dlib's networks."""


def extract_chip(pixels: Pixels, landmarks: Landmarks, box: Box | None = None, alignment: Alignment = DLIB) -> Pixels:
    """Cuts a chip, uint8 (size, size, 3); black outside the photo.

    ``landmarks`` (5, 2), at any in-plane angle, and ``box`` are in continuous pixels of ``pixels`` (h, w, 3), as in
    ``Detection``; the box is needed where the alignment has no template.
    """
    size = alignment.size
    if alignment.template is not None:
        points, template = np.asarray(landmarks, np.float64) - 0.5, np.array(alignment.template)
        return cut(pixels, chip_frame(points, template, size, alignment.padding), size)
    assert box is not None
    side = max(box.width, box.height) * (1 + 2 * alignment.padding)
    return cut(pixels, ChipFrame(np.array(box.center) - 0.5, side, 0.0), size)


def extract_centre_chip(pixels: Pixels, size: int = CHIP_SIZE) -> Pixels:
    """The middle of a photo (h, w, 3) as a chip, half as wide as the photo's short side."""
    center = (np.array([pixels.shape[1], pixels.shape[0]], np.float64) - 1) / 2
    return cut(pixels, ChipFrame(center, min(pixels.shape[:2]) / 2, 0.0), size)


def chip_frame(points: FloatArray, template: FloatArray, size: int, padding: float) -> ChipFrame:
    """The frame in which ``template`` (unit face frame, (n, 2)) lies best on ``points`` (pixel centres, (n, 2))."""
    matrix, shift = similarity((padding + template) / (2 * padding + 1) * size, points)
    scale, angle = float(np.hypot(matrix[0, 0], matrix[1, 0])), float(np.arctan2(matrix[1, 0], matrix[0, 0]))
    return ChipFrame(matrix @ np.array([size / 2, size / 2]) + shift, size * scale, angle)


def similarity(source: FloatArray, target: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The least-squares rotation, scale and shift: target = matrix @ source + shift (Umeyama 1991, two dimensions)."""
    from_mean, to_mean = source.mean(axis=0), target.mean(axis=0)
    a, b = source - from_mean, target - to_mean
    spread = float(np.sum(a * a))
    cosine = float(np.sum(a * b)) / spread
    sine = float(np.sum(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])) / spread
    matrix = np.array([[cosine, -sine], [sine, cosine]])
    return matrix, to_mean - matrix @ from_mean


def cut(pixels: Pixels, frame: ChipFrame, size: int) -> Pixels:
    """Samples ``frame`` on ``size`` x ``size`` pixels, from a halved image where the frame is much larger than that."""
    half = (frame.side - 1) / 2
    corners = np.array([frame.center - half, frame.center + half])
    halvings, smaller = 0, _halved(corners)
    while _area(smaller) > size * size:
        halvings, smaller = halvings + 1, _halved(smaller)
    # Each level down doubles the margin and loses two pixels at the border.
    part, origin = _surroundings(pixels, frame, 4 * 2**halvings - 2)
    corners = corners - origin
    for _ in range(halvings):
        part, corners = _halve(part), _halved(corners)
    return _sample(np.ascontiguousarray(np.moveaxis(part, 2, 0)), corners, frame.angle, size)


def _halved(points: FloatArray) -> FloatArray:
    """Where dlib's pyramid takes a point to one level down; slightly off the centre, in dlib too."""
    lower: FloatArray = points / 2 - np.array([1.25, 0.75])
    return lower


def _area(square: FloatArray) -> float:
    width, height = square[1] - square[0] + 1
    return float(width * height)


def _surroundings(pixels: Pixels, frame: ChipFrame, margin: float) -> tuple[Pixels, FloatArray]:
    """The part of the photo (h, w, 3) that can reach the chip, and where it starts."""
    half = (frame.side - 1) / 2
    reach = half * (abs(np.cos(frame.angle)) + abs(np.sin(frame.angle))) + margin
    limit = np.array([pixels.shape[1] - 1, pixels.shape[0] - 1], np.float64)
    low, high = (np.clip(frame.center + sign * reach, 0, limit) for sign in (-1, 1))
    left, top = np.floor(low + 0.5).astype(int)
    right, bottom = np.floor(high + 0.5).astype(int)
    return pixels[top : bottom + 1, left : right + 1], np.array([left, top], np.float64)


def _halve(part: Pixels) -> Pixels:
    """dlib's ``pyramid_down<2>``: binomial filter both ways, every second pixel from the third one, border dropped.

    OpenCV's filter is the same but rounds where dlib truncates: at 256 times the values neither loses anything.
    """
    height, width = (max((side - 3) // 2, 0) for side in part.shape[:2])
    if not height or not width:
        return np.empty((height, width, 3), np.uint8)
    sums = load_opencv().pyrDown(np.left_shift(part, 8, dtype=np.uint16))[1 : height + 1, 1 : width + 1]
    return np.asarray(sums >> 8, np.uint8)


def _sample(planes: Pixels, corners: FloatArray, angle: float, size: int) -> Pixels:
    """Bilinear samples of the square turned about its centre, truncated; black where a neighbour is outside."""
    center = corners.mean(axis=0)
    half_x, half_y = (corners[1] - corners[0]) / 2
    u, v = np.linspace(-half_x, half_x, size), np.linspace(-half_y, half_y, size)[:, np.newaxis]
    x = center[0] + np.cos(angle) * u - np.sin(angle) * v
    y = center[1] + np.sin(angle) * u + np.cos(angle) * v
    left, top = np.floor(x), np.floor(y)
    height, width = planes.shape[1:]
    is_inside = (left >= 0) & (top >= 0) & (left + 1 < width) & (top + 1 < height)
    if not is_inside.any():
        return np.zeros((size, size, 3), np.uint8)
    right_share, lower_share = (x - left).astype(np.float32), (y - top).astype(np.float32)
    first = np.where(is_inside, top * width + left, 0).astype(np.intp)
    flat = planes.reshape(3, -1)

    def neighbours(offset: int) -> NDArray[np.float32]:
        places = first + offset
        return np.stack([plane.take(places, mode="clip") for plane in flat]).astype(np.float32)

    upper, lower = neighbours(0), neighbours(width)
    upper += (neighbours(1) - upper) * right_share
    lower += (neighbours(width + 1) - lower) * right_share
    upper += (lower - upper) * lower_share
    upper *= is_inside
    return np.ascontiguousarray(np.moveaxis(upper.astype(np.uint8), 0, 2))

"""How photos, their tiles and their quarter turns are laid on the canvases that the detector's graph reads."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.faces.settings import AnalysisSettings
from facetagger.geometry import Size, points_to_stored, rotated_orientation
from facetagger.imaging.opencv_runtime import load_opencv

_LARGEST_SMALLEST_FACE: Final = 40
"""Canvas pixels; more would leave out pixels where the first level of the pyramid is made from the canvas."""

FILL: Final = 128
"""What lies outside a photo, the networks' zero: on the canvas and in crops that reach over its edge."""

# Halved levels of the pyramid keep exact ratios down to a few pixels, and photos of like shape share a canvas.
_SIDE_STEP: Final = 64
_TILE_OVERLAP: Final = 256
_WORTH_TILING: Final = 1.1
_LARGEST_SCALE: Final = 1.5


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of a photo, scaled, then turned and tilted clockwise, in the top left corner of its canvas."""

    left: int
    top: int
    part: Size
    """Size of the rectangle in pixels of the photo."""
    scaled: Size
    smallest_face: int
    """Width in canvas pixels of the smallest face that is looked for."""
    quarter_turns: int = 0
    tilt: float = 0.0
    """Radians."""

    @property
    def used(self) -> Size:
        """The pixels of the canvas that show the photo."""
        turned = self._turned
        if not self.tilt:
            return turned
        sine, cosine = abs(math.sin(self.tilt)), abs(math.cos(self.tilt))
        width, height = turned.width, turned.height
        return Size(math.ceil(width * cosine + height * sine), math.ceil(width * sine + height * cosine))

    @property
    def _turned(self) -> Size:
        return self.scaled.transposed() if self.quarter_turns % 2 else self.scaled

    @property
    def canvas(self) -> Size:
        return Size(_rounded_up(self.used.width), _rounded_up(self.used.height))

    def to_photo(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (n, 2) in canvas pixels to pixels of the photo, both continuous."""
        untilted = points @ self._untilting[:, :2].T + self._untilting[:, 2]
        turned = np.array([self._turned.width, self._turned.height], np.float64)
        unturned = points_to_stored(untilted / turned, rotated_orientation(1, self.quarter_turns))
        return (unturned * [self.part.width, self.part.height] + [self.left, self.top]).astype(np.float32)

    def draw(self, pixels: NDArray[np.uint8], canvas: NDArray[np.uint8]) -> None:
        """Writes the view of the photo (h, w, 3) into ``canvas`` (H, W, 3), which holds ``FILL`` already."""
        shown = pixels[self.top : self.top + self.part.height, self.left : self.left + self.part.width]
        if self.scaled != self.part:
            shown = _resized(shown, self.scaled)
        shown = np.rot90(shown, -self.quarter_turns)
        used = self.used
        if self.tilt:
            shown = _tilted(shown, used, self._untilting)
        canvas[: used.height, : used.width] = shown

    @property
    def _untilting(self) -> NDArray[np.float64]:
        """The map (2, 3) from the canvas to the picture before it was tilted."""
        cosine, sine = math.cos(self.tilt), math.sin(self.tilt)
        matrix = np.array([[cosine, sine], [-sine, cosine]])
        center = np.array([self.used.width, self.used.height]) / 2
        shift = np.array([self._turned.width, self._turned.height]) / 2 - matrix @ center
        return np.column_stack([matrix, shift])


def _resized(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    cv2 = load_opencv()
    # Linear sampling reads two pixels each way: enough to half the size, where it is their mean.
    is_half = 2 * size.width >= pixels.shape[1] and 2 * size.height >= pixels.shape[0]
    how = cv2.INTER_LINEAR if is_half else cv2.INTER_AREA
    return np.asarray(cv2.resize(pixels, (size.width, size.height), interpolation=how), np.uint8)


def _tilted(pixels: NDArray[np.uint8], size: Size, untilting: NDArray[np.float64]) -> NDArray[np.uint8]:
    image = Image.fromarray(np.ascontiguousarray(pixels))
    data = tuple(untilting.ravel().tolist())
    bilinear, fill = Image.Resampling.BILINEAR, (FILL, FILL, FILL)
    return np.asarray(
        image.transform((size.width, size.height), Image.Transform.AFFINE, data, bilinear, fillcolor=fill)
    )


def views(source: Size, settings: AnalysisSettings, quarter_turns: int = 0, tilt: float = 0.0) -> list[View]:
    """How ``settings`` looks at a photo: the whole, larger where it asks for that, and tiles of a large photo.

    Tilted, the whole only.
    """
    whole = _whole(source, settings, settings.working_side)
    if tilt:
        return [replace(whole, quarter_turns=quarter_turns, tilt=tilt)]
    looks = [whole]
    if settings.tile_side and source.long_side > settings.enlarged_side * _WORTH_TILING:
        looks += _tiles(source, settings)
    elif settings.enlarged_side:
        looks = [_whole(source, settings, settings.enlarged_side, _LARGEST_SCALE)]
    return [replace(each, quarter_turns=quarter_turns) for each in looks]


def _whole(source: Size, settings: AnalysisSettings, side: int, largest_scale: float = 1.0) -> View:
    scale = min(largest_scale, side / source.long_side)
    scaled = Size(max(1, round(source.width * scale)), max(1, round(source.height * scale)))
    return View(0, 0, source, scaled, _smallest_face(settings, scale))


def _smallest_face(settings: AnalysisSettings, scale: float) -> int:
    """Even, so that more photos go together."""
    wanted = int(settings.smallest_face * scale) // 2 * 2
    return min(max(wanted, settings.smallest_searched), _LARGEST_SMALLEST_FACE)


def _tiles(source: Size, settings: AnalysisSettings) -> Iterator[View]:
    """Unscaled tiles that cover the photo, overlapping; one where that is enough."""
    smallest_face = _smallest_face(settings, 1.0)
    for top, height in _stretches(source.height, settings.tile_side):
        for left, width in _stretches(source.width, settings.tile_side):
            yield View(left, top, Size(width, height), Size(width, height), smallest_face)


def _stretches(length: int, longest: int) -> list[tuple[int, int]]:
    """Starts and lengths of equal stretches that overlap and together cover ``length``."""
    count = max(1, math.ceil((length - _TILE_OVERLAP) / (longest - _TILE_OVERLAP)))
    size = math.ceil((length + (count - 1) * _TILE_OVERLAP) / count)
    starts = [round(index * (length - size) / max(count - 1, 1)) for index in range(count)]
    return [(start, size) for start in starts]


def _rounded_up(side: int) -> int:
    return math.ceil(side / _SIDE_STEP) * _SIDE_STEP

"""Square surroundings of given boxes, turned upright, in which the detector's last stage looks for landmarks."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.faces.canvas import FILL
from facetagger.geometry import Box, points_to_stored, rotated_orientation

PATCH_SIDE: Final = 112
"""Pixels; the last stage reads a patch's middle at 48, so that no pixel of a look is skipped."""

_MARGIN: Final = 0.5
"""Room around the box on each side, as a share of its longer side, for looks that are shifted or larger."""

_SHIFT: Final = 0.12
_SCALES: Final = (0.8, 1.0, 1.25)


def _looks() -> NDArray[np.float32]:
    """Square looks (n, 4) in pixels of the patch: the box at three scales, and shifted at its own."""
    box = PATCH_SIDE / (1 + 2 * _MARGIN)
    steps = [(scale, 0.0, 0.0) for scale in _SCALES]
    steps += [(1.0, x * _SHIFT, y * _SHIFT) for x in (-1, 0, 1) for y in (-1, 0, 1) if (x, y) != (0, 0)]
    rows = []
    for scale, x, y in steps:
        center, half = PATCH_SIDE / 2 + np.array([x, y]) * box, scale * box / 2
        rows.append([*(center - half), *(center + half)])
    return np.array(rows, np.float32)


JITTERS: Final = _looks()
SCALED_LOOKS: Final = JITTERS[: len(_SCALES)]
"""Those that are not shifted."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A square of the photo around a box, ``FILL`` beyond the photo's edge, turned clockwise."""

    left: int
    top: int
    side: int
    """Pixels of the photo."""
    quarter_turns: int

    @classmethod
    def around(cls, box: Box, quarter_turns: int) -> Patch:
        x, y = box.center
        side = max(4, math.ceil(max(box.width, box.height) * (1 + 2 * _MARGIN)))
        return cls(round(x - side / 2), round(y - side / 2), side, quarter_turns)

    def cut(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The patch as uint8 (PATCH_SIDE, PATCH_SIDE, 3)."""
        square = Image.new("RGB", (self.side, self.side), (FILL, FILL, FILL))
        left, top = max(self.left, 0), max(self.top, 0)
        inside = pixels[top : max(self.top + self.side, 0), left : max(self.left + self.side, 0)]
        if inside.size:
            square.paste(Image.fromarray(np.ascontiguousarray(inside)), (left - self.left, top - self.top))
        scaled = square.resize((PATCH_SIDE, PATCH_SIDE), Image.Resampling.BILINEAR, reducing_gap=2.0)
        return np.ascontiguousarray(np.rot90(np.asarray(scaled), -self.quarter_turns))

    def to_photo(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points (n, 2) in pixels of the patch to pixels of the photo, both continuous."""
        unturned = points_to_stored(points / PATCH_SIDE, rotated_orientation(1, self.quarter_turns))
        return (unturned * self.side + [self.left, self.top]).astype(np.float32)

"""What a face detector is, whichever network stands behind it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Landmarks
from facetagger.faces.settings import NORMAL, AnalysisSettings
from facetagger.geometry import Box, Size

_SAME_FACE: Final = 0.6
"""Share of the smaller box that lies in the larger one from which the two are one face."""

Pixels = NDArray[np.uint8]
"""A photo, RGB, shape (h, w, 3)."""


@dataclass(frozen=True, slots=True)
class Detection:
    """One face in pixels of the image that was searched.

    Coordinates are continuous: pixel (column 0, row 0) spans 0 to 1, its centre is (0.5, 0.5). Dividing by the
    image's size therefore gives normalised coordinates that hold at any resolution.
    """

    box: Box
    """Lies inside the image."""
    landmarks: Landmarks = field(compare=False)
    """Shape (5, 2), float32; may lie outside the image where a face is cut off."""
    score: float
    """0 to 1."""


class Detector(Protocol):
    """Finds faces that are upright, give or take 45°, in RGB photos of any size or in a quarter turn of them."""

    calls_at_once: int
    """How many threads may call it at a time."""

    def detect(
        self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL, quarter_turns: int = 0, tilt: float = 0.0
    ) -> list[list[Detection]]:
        """The faces of each photo once it is turned clockwise, the best score first, in pixels of the unturned one.

        ``tilt`` (radians) is clockwise too.
        """
        ...

    def locate(self, image: Pixels, boxes: Sequence[Box], quarter_turns: int = 0) -> list[Detection]:
        """What is seen in each box (pixels) when a face, upright after those clockwise turns, is taken for granted.

        The box of each answer is the one that was given, its score says how much of a face it is.
        """
        ...

    def scores_by_turn(self, image: Pixels, box: Box) -> list[float]:
        """How much of an upright face is seen in the box (pixels) after 0, 1, 2 and 3 clockwise turns."""
        ...

    def batch_key(self, size: Size, settings: AnalysisSettings = NORMAL) -> Hashable:
        """Images of equal keys are searched in one run of the network; the rest of a batch costs runs of its own."""
        ...


def is_same_face(one: Box, other: Box) -> bool:
    """Whether two boxes overlap so far that they are looks at one face."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return min(width, height) > 0 and width * height > _SAME_FACE * min(one.area, other.area)

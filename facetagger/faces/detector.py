"""What a face detector is, whichever network stands behind it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Landmarks
from facetagger.geometry import Box, Size

Pixels = NDArray[np.uint8]
"""An upright photo, RGB, shape (h, w, 3)."""


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
    """Finds the faces of upright RGB photos of any size, the best score of each photo first."""

    def detect(self, images: Sequence[Pixels]) -> list[list[Detection]]: ...

    def batch_key(self, size: Size) -> Hashable:
        """Images of equal keys are searched in one run of the network; the rest of a batch costs runs of its own."""
        ...

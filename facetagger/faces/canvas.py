"""The few shapes in which photos reach the detector's graph, so that it is traced once for each and never again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.geometry import Size

LONG_SIDE: Final = 1024

# Sides are multiples of 64, so that the halved levels of the pyramid keep exact ratios down to P-Net's 12 pixels.
CANVASES: Final = (
    Size(256, 256),
    Size(384, 512),
    Size(512, 384),
    Size(512, 512),
    Size(768, 1024),
    Size(1024, 768),
    Size(1024, 1024),
)

FILL: Final = 128
"""What lies outside a photo, the networks' zero: on the canvas and in crops that reach over its edge."""


@dataclass(frozen=True, slots=True)
class Placement:
    """How a photo lies on its canvas: in the top left corner, shrunk to ``used``, never enlarged."""

    source: Size
    canvas: Size
    used: Size

    @property
    def ratio(self) -> tuple[float, float]:
        """Canvas pixels per photo pixel along x and y, rounding of the shrunk size included."""
        return self.used.width / self.source.width, self.used.height / self.source.height


def placement(source: Size) -> Placement:
    """The smallest canvas that holds the photo once its long side is bounded."""
    shrink = min(1.0, LONG_SIDE / source.long_side)
    used = Size(max(1, round(source.width * shrink)), max(1, round(source.height * shrink)))
    canvas = min(
        (each for each in CANVASES if each.width >= used.width and each.height >= used.height),
        key=lambda each: each.area,
    )
    return Placement(source, canvas, used)


def draw(pixels: NDArray[np.uint8], place: Placement, canvas: NDArray[np.uint8]) -> None:
    """Writes the photo (h, w, 3) into ``canvas`` (H, W, 3), which holds ``FILL`` already."""
    if place.used != place.source:
        image = Image.fromarray(pixels)
        shrunk = image.resize((place.used.width, place.used.height), Image.Resampling.BILINEAR, reducing_gap=2.0)
        pixels = np.asarray(shrunk)
    canvas[: place.used.height, : place.used.width] = pixels

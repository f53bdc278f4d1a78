"""How hard photos are searched: the two settings that the program offers, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores, 0 to 1, from which each stage of the detector believes in a face."""

    proposal: float
    refine: float
    output: float


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """One way of searching a photo. All sides are in pixels.

    The smallest face that is found is ``canvas.SMALLEST_FACE`` pixels wide at the size that is searched.
    """

    name: str
    decode_side: int
    """To which the decoder should bound the long side: more than is searched at once, so that chips keep detail."""
    in_flight: int
    """How many photos are decoded or waiting at a time."""
    working_side: int
    """To which the long side is bounded for the search of the whole photo."""
    second_side: int
    """The same for a second search, which may enlarge the photo, up to half as large again; 0 for no such search."""
    tile_side: int
    """Of the unscaled tiles that take the place of the second search where the photo is clearly larger; 0 for none."""
    levels_per_octave: int
    """Of the pyramid of sizes: 2 or 3; 3 take about a fifth more time."""
    thresholds: Thresholds
    turned_thresholds: Thresholds
    """The same for the search in other quarter turns than the photo's own."""
    turned_side: int
    """To which the long side is bounded for the search in the other quarter turns."""
    always_turns: bool
    """Whether all quarter turns are searched, however convincing the first one is."""


NORMAL: Final = AnalysisSettings(
    name="normal",
    decode_side=2048,
    in_flight=8,
    working_side=1024,
    second_side=0,
    tile_side=0,
    levels_per_octave=3,
    thresholds=Thresholds(0.6, 0.65, 0.8),
    turned_thresholds=Thresholds(0.6, 0.65, 0.9),
    turned_side=1024,
    always_turns=False,
)
THOROUGH: Final = AnalysisSettings(
    name="thorough",
    decode_side=6144,
    in_flight=4,
    working_side=1024,
    second_side=1280,
    tile_side=2048,
    levels_per_octave=2,
    thresholds=Thresholds(0.5, 0.5, 0.6),
    turned_thresholds=Thresholds(0.6, 0.65, 0.9),
    turned_side=640,
    always_turns=True,
)

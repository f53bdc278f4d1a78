"""How hard photos are searched: the two settings that the program offers, as plain numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores, 0 to 1, from which each stage of the detector believes in a face."""

    proposal: float
    refine: float
    output: float


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """One way of searching a photo. All sides are in pixels."""

    name: str
    decode_side: int
    """To which the decoder should bound the long side: more than is searched at once, so that chips keep detail."""
    in_flight: int
    """How many photos are decoded or waiting at a time."""
    most_undecoded: int
    """How many of them may be waiting for the decoder: nobody knows yet how large they are."""
    smallest_face: int
    """Width from which faces are looked for, in pixels of the photo."""
    smallest_searched: int
    """The same, in pixels of the size that is searched: 24 to 40. It tells where a large photo is shrunk."""
    working_side: int
    """To which the long side is bounded for the search of the whole photo."""
    enlarged_side: int
    """The same for photos that are not tiled, which are enlarged to it, up to half as large again; 0 for never."""
    tile_side: int
    """Of the unscaled tiles that are searched too where the photo is clearly larger than that; 0 for none."""
    levels_per_octave: int
    """Of the pyramid of sizes: 2 or 3; 3 take about a third more time than 2."""
    thresholds: Thresholds
    glance_thresholds: Thresholds
    """The same for the glance at other quarter turns than the photo's own."""
    glance_side: int
    """To which the long side is bounded for that glance, at a photo that may be turned."""
    second_glance_side: int
    """The same for a photo that stands upright, in which somebody may lie all the same; 0 for no glance at all."""

    def for_glance(self, side: int) -> AnalysisSettings:
        """For the glance: the whole photo, small."""
        small = replace(self, working_side=side, enlarged_side=0, tile_side=0)
        return replace(small, smallest_searched=28, thresholds=self.glance_thresholds)


NORMAL: Final = AnalysisSettings(
    name="normal",
    decode_side=2048,
    in_flight=16,
    most_undecoded=12,
    smallest_face=36,
    smallest_searched=28,
    working_side=1024,
    enlarged_side=0,
    tile_side=0,
    levels_per_octave=3,
    thresholds=Thresholds(0.6, 0.55, 0.75),
    glance_thresholds=Thresholds(0.65, 0.65, 0.8),
    glance_side=640,
    second_glance_side=0,
)
THOROUGH: Final = AnalysisSettings(
    name="thorough",
    decode_side=6144,
    in_flight=16,
    most_undecoded=3,
    smallest_face=16,
    smallest_searched=24,
    working_side=1024,
    enlarged_side=1280,
    tile_side=1536,
    levels_per_octave=2,
    thresholds=Thresholds(0.5, 0.45, 0.45),
    glance_thresholds=Thresholds(0.65, 0.65, 0.8),
    glance_side=512,
    second_glance_side=384,
)

"""How the sizes at which P-Net looks at a canvas are laid out in one picture, so that one run reads them all.

A run for each size costs more than its pixels do: a kernel is prepared for each shape, and the sizes fall to nothing.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.mtcnn_networks import PROPOSAL_SIZE, PROPOSAL_STRIDE
from facetagger.geometry import Size

LONGEST_SIDE: Final = 2048
"""Of any canvas, in pixels."""

HALVINGS: Final = int(math.log2(LONGEST_SIDE / PROPOSAL_SIZE))
"""How often the longest canvas can be halved before it is less than P-Net's window."""

# Shelves of columns of levels, the largest level first; the last number of the second shelf goes for all that follow.
# Each level is a fixed share of the first, so what fits once fits always: all take a tenth more than their own area.
_SHELVES: Final[dict[int, list[list[list[int]]]]] = {
    2: [[[0]], [[1], [4]], [[2], [3]]],
    3: [[[0]], [[1], [7]], [[2], [5, 6]], [[3], [4]]],
}


@dataclass(frozen=True, slots=True, eq=False)
class Pyramid:
    """The levels of a canvas, the largest first, and their places in the picture. Sides are in pixels."""

    sizes: NDArray[np.int32]
    """Rows and columns of each level, (n, 2)."""
    missing: NDArray[np.int32]
    """The rows below and columns to the right of each level that the picture needs beside it, (n, 2)."""
    corners: NDArray[np.float32]
    """Left and top of each level in the picture, (n, 2)."""
    ratios: NDArray[np.float32]
    """From each level to the canvas, horizontally and vertically, (n, 2)."""
    level_of: NDArray[np.int32]
    """For each place (rows, columns) of P-Net's answer the level on which its window lies; -1 where on no one level."""


def shelves(levels_per_octave: int) -> list[list[list[int]]]:
    """Which levels stand one below the other (inmost), in columns side by side, on shelves below each other."""
    first, [second, [rest]], *others = _SHELVES[levels_per_octave]
    return [first, [second, list(range(rest, HALVINGS * levels_per_octave))], *others]


@functools.lru_cache(maxsize=256)
def pyramid(canvas: Size, smallest_face: int, levels_per_octave: int) -> Pyramid:
    """The levels for faces from ``smallest_face`` canvas pixels, which P-Net's window spans on the first level."""
    sides = np.array([canvas.height, canvas.width], np.float64)
    steps = 2.0 ** (-np.arange(HALVINGS * levels_per_octave) / levels_per_octave)
    sizes = np.maximum(np.round(sides * PROPOSAL_SIZE / smallest_face * steps[:, np.newaxis]), 1).astype(np.int32)
    even = sizes + sizes % PROPOSAL_STRIDE
    corners, missing, (height, width) = _laid_out(even, shelves(levels_per_octave))
    level_of = np.full([_windows(height), _windows(width)], -1, np.int32)
    for level, ((top, left), (rows, columns)) in enumerate(zip(corners, even, strict=True)):
        first_row, first_column = top // PROPOSAL_STRIDE, left // PROPOSAL_STRIDE
        level_of[first_row : first_row + _windows(int(rows)), first_column : first_column + _windows(int(columns))] = (
            level
        )
    return Pyramid(
        sizes,
        missing + sizes % PROPOSAL_STRIDE,
        corners[:, ::-1].astype(np.float32),
        (sides / sizes)[:, ::-1].astype(np.float32),
        level_of,
    )


def _laid_out(
    sizes: NDArray[np.int32], shelves: Sequence[Sequence[Sequence[int]]]
) -> tuple[NDArray[np.int32], NDArray[np.int32], tuple[int, int]]:
    """Corners and what is missing beside each level, as (row, column), and rows and columns of the whole picture."""
    corners, missing = np.zeros_like(sizes), np.zeros_like(sizes)
    heights = [max(int(sizes[column, 0].sum()) for column in shelf) for shelf in shelves]
    widths = [[int(sizes[column, 1].max()) for column in shelf] for shelf in shelves]
    total = max(sum(each) for each in widths)
    tops = itertools.accumulate(heights, initial=0)
    for shelf, top, height, across in zip(shelves, tops, heights, widths, strict=False):
        across[-1] += total - sum(across)
        for column, left, width in zip(shelf, itertools.accumulate(across, initial=0), across, strict=False):
            corners[column, 0] = top + np.cumsum(sizes[column, 0]) - sizes[column, 0]
            corners[column, 1] = left
            missing[column, 1] = width - sizes[column, 1]
            missing[column[-1], 0] = height - sizes[column, 0].sum()
    return corners, missing, (sum(heights), total)


def _windows(length: int) -> int:
    """How many of P-Net's windows lie in a stretch of an even number of pixels."""
    return max(0, (length - PROPOSAL_SIZE) // PROPOSAL_STRIDE + 1)

"""How large crops can be so that all of them are seen at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tiling:
    """Square crops of ``side`` logical pixels in ``columns``; the view scrolls when ``fits`` is false."""

    columns: int
    side: int
    fits: bool


@dataclass(frozen=True, slots=True)
class Sides:
    """The smallest and the largest crop that is worth showing."""

    smallest: int
    largest: int


def tile(count: int, width: int, height: int, sides: Sides, *, gap: int, caption: int) -> Tiling:
    """The largest crops of which ``count`` fit into ``width`` x ``height``, each with a caption below and a gap around.

    When even the smallest do not all fit, crops of a comfortable middle size that fill the width.
    """
    best = Tiling(1, 0, False)
    for columns in range(1, max(count, 1) + 1):
        rows = -(-count // columns)
        side = min(width // columns - gap, height // max(rows, 1) - gap - caption, sides.largest)
        if side > best.side:
            best = Tiling(columns, side, True)
    if best.side >= sides.smallest:
        return best
    middle = (sides.smallest + sides.largest) // 2
    columns = max(1, round(width / (middle + gap)))
    return Tiling(columns, max(sides.smallest, min(width // columns - gap, sides.largest)), False)

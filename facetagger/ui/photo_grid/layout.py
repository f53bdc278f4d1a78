"""Where each photo lies: rows of one height, flush on both sides, under section headings. Pure arithmetic.

A full row is fitted to the width by making its pictures up to a quarter wider or a tenth narrower; the painter crops.
The last row of a section keeps its natural widths. Units are logical pixels of the document, origin top left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MIN_ASPECT: Final = 0.6
MAX_ASPECT: Final = 2.4
"""Panoramas and slips are cropped to these in the grid."""
_MOST_SQUEEZED: Final = 0.9
_MOST_STRETCHED: Final = 1.25


@dataclass(frozen=True, slots=True)
class Metrics:
    width: float
    """Of the viewport."""
    row_height: float
    gap: float
    margin: float
    """Left and right."""
    top: float
    """Above the first heading, and below the last row."""
    heading: float
    """Height of a section's heading, its distance to the first row included."""
    section_gap: float


@dataclass(frozen=True, slots=True)
class Cell:
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """Of one section: the index of each row's first photo in it, and each photo's left and width, shape (n,) each."""

    starts: list[int]
    lefts: NDArray[np.float64]
    widths: NDArray[np.float64]


class GridLayout:
    """Rectangles for photos numbered through all sections, and back."""

    def __init__(
        self,
        section_sizes: Sequence[int],
        aspects: NDArray[np.float64],
        metrics: Metrics,
        before: GridLayout | None = None,
    ) -> None:
        """``aspects``, shape (n,), is width over height per photo; the section sizes add up to n.

        Sections that are as they were ``before`` are not worked out again: of very many photos few change at a time.
        """
        self.metrics = metrics
        count = int(sum(section_sizes))
        self._lefts = np.zeros(count)
        self._widths = np.clip(aspects, MIN_ASPECT, MAX_ASPECT) * metrics.row_height
        self._known = before._rows if before is not None and before.metrics == metrics else {}
        self._rows: dict[bytes, _Rows] = {}
        self._row_starts: list[int] = []
        self._row_tops: list[float] = []
        self._heading_tops: list[float] = []
        self.height = self._place(section_sizes)
        self._row_starts.append(count)

    def __len__(self) -> int:
        return len(self._lefts)

    def cell(self, index: int) -> Cell:
        top = self._row_tops[self._row_of(index)]
        return Cell(float(self._lefts[index]), top, float(self._widths[index]), self.metrics.row_height)

    def index_at(self, x: float, y: float) -> int | None:
        """The photo under a point; None between pictures."""
        row = bisect_right(self._row_tops, y) - 1
        if row < 0 or y >= self._row_tops[row] + self.metrics.row_height:
            return None
        return self._in_row(row, x)

    def visible(self, top: float, bottom: float) -> range:
        """The photos of the rows that cross a band."""
        if not len(self):
            return range(0)
        first = max(bisect_right(self._row_tops, top - self.metrics.row_height), 0)
        last = bisect_right(self._row_tops, bottom)
        return range(self._row_starts[min(first, len(self._row_tops))], self._row_starts[last])

    def headings(self, top: float, bottom: float) -> list[tuple[int, float]]:
        """The sections whose heading crosses a band, each with its top."""
        first = bisect_right(self._heading_tops, top - self.metrics.heading)
        last = bisect_right(self._heading_tops, bottom)
        return [(section, self._heading_tops[section]) for section in range(max(first, 0), last)]

    def heading_top(self, section: int) -> float:
        return self._heading_tops[section]

    def row_step(self, index: int, rows: int) -> int:
        """The photo ``rows`` further down (up where negative), nearest below the middle of this one."""
        row = min(max(self._row_of(index) + rows, 0), len(self._row_tops) - 1)
        middle = self._lefts[index] + self._widths[index] / 2
        start, end = self._row_starts[row], self._row_starts[row + 1]
        middles = self._lefts[start:end] + self._widths[start:end] / 2
        return start + int(np.abs(middles - middle).argmin())

    def rows_per_page(self, height: float) -> int:
        return max(int(height // (self.metrics.row_height + self.metrics.gap)), 1)

    def _row_of(self, index: int) -> int:
        return bisect_right(self._row_starts, index, hi=len(self._row_tops)) - 1

    def _in_row(self, row: int, x: float) -> int | None:
        start, end = self._row_starts[row], self._row_starts[row + 1]
        index = start + int(np.searchsorted(self._lefts[start:end], x, side="right")) - 1
        if index < start or x >= self._lefts[index] + self._widths[index]:
            return None
        return index

    def _place(self, section_sizes: Sequence[int]) -> float:
        """Fills the arrays; returns the height of the document."""
        metrics = self.metrics
        y = metrics.top
        start = 0
        for size in section_sizes:
            self._heading_tops.append(y)
            y += metrics.heading
            end = start + size
            rows = self._rows_of(self._widths[start:end])
            self._lefts[start:end], self._widths[start:end] = rows.lefts, rows.widths
            pitch = metrics.row_height + metrics.gap
            self._row_starts.extend(start + first for first in rows.starts)
            self._row_tops.extend(y + pitch * row for row in range(len(rows.starts)))
            y += pitch * len(rows.starts) - metrics.gap + metrics.section_gap
            start = end
        return y - metrics.section_gap + metrics.top if section_sizes else 0.0

    def _rows_of(self, widths: NDArray[np.float64]) -> _Rows:
        """The rows of a section whose photos are so wide by nature."""
        key = widths.tobytes()
        rows = self._known.get(key) or _in_rows(widths, self.metrics)
        self._rows[key] = rows
        return rows


def _in_rows(widths: NDArray[np.float64], metrics: Metrics) -> _Rows:
    """Puts as many photos in a row as fit, one more where squeezing a little makes room."""
    gap = metrics.gap
    available = max(metrics.width - 2 * metrics.margin, 1.0)
    ends = np.concatenate(([0.0], np.cumsum(widths + gap))).tolist()
    starts: list[int] = []
    factors: list[float] = []
    first, count = 0, len(widths)
    while first < count:
        base = ends[first]
        last = max(bisect_right(ends, base + available + gap) - 1, first + 1)
        if last < count and _factor(ends[last + 1] - base, last + 1 - first, gap, available) >= _MOST_SQUEEZED:
            last += 1
        factor = _factor(ends[last] - base, last - first, gap, available)
        is_full = last < count or factor <= 1.0
        starts.append(first)
        factors.append(min(factor, _MOST_STRETCHED) if is_full else 1.0)
        first = last
    return _spread(widths, starts, factors, metrics)


def _spread(widths: NDArray[np.float64], starts: list[int], factors: list[float], metrics: Metrics) -> _Rows:
    """Turns widths and factors into lefts, all rows of a section at once."""
    if not starts:
        return _Rows([], np.zeros(0), np.zeros(0))
    lengths = np.diff([*starts, len(widths)])
    fitted = widths * np.repeat(factors, lengths)
    steps = fitted + metrics.gap
    lefts = np.cumsum(steps) - steps
    return _Rows(starts, metrics.margin + lefts - np.repeat(lefts[np.asarray(starts)], lengths), fitted)


def _factor(extent: float, photos: int, gap: float, available: float) -> float:
    """What the widths of a row, whose photos and gaps take ``extent``, are multiplied by to fill the width."""
    return (available - gap * (photos - 1)) / max(extent - gap * photos, 1.0)

"""Faces and the people they may be, as pairs: what suggestions weigh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

_LARGEST_LOGIT: Final = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Rows and people, shape (n,) each: how far apart, and how much farther the next label is (``gaps``).

    ``slots`` is where in the row's list the person stands. The pairs of a row follow each other.
    """

    rows: Int64s
    slots: NDArray[np.intp]
    labels: Int64s
    distances: Float32s
    gaps: Float32s

    def keep(self, chosen: Bools) -> Pairs:
        return Pairs(
            self.rows[chosen], self.slots[chosen], self.labels[chosen], self.distances[chosen], self.gaps[chosen]
        )


def odds(logits: Float64s) -> Float64s:
    result: Float64s = np.exp(np.minimum(logits, _LARGEST_LOGIT))
    return result


def shares(rows: Int64s, logits: Float64s) -> Float64s:
    """Probabilities of pairs, shape (n,): a row is one of its people, or nobody known, whose odds are 1.

    The pairs of a row follow each other.
    """
    found = odds(logits)
    if not len(found):
        return found
    face = places(rows)
    likely: Float64s = found / (1.0 + np.bincount(face, weights=found))[face]
    return likely


def places(rows: Int64s) -> Int64s:
    """Which of the different rows each pair is of, counted from 0; the pairs of a row follow each other."""
    result: Int64s = np.concatenate([[0], np.cumsum(rows[1:] != rows[:-1])]) if len(rows) else rows
    return result


def joined(first: Int64s, second: Int64s) -> Int64s:
    """One key for a pair of ids or rows (each below 2^31)."""
    keys: Int64s = (first << 32) ^ (second & 0xFFFFFFFF)
    return keys


def is_among(keys: Int64s, ordered: Int64s) -> Bools:
    """Which of the keys, of any shape, occur in an ascending array."""
    if not len(ordered):
        return np.zeros(keys.shape, dtype=np.bool_)
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.asarray(ordered[place] == keys, dtype=np.bool_)


def is_first(values: Int64s) -> Bools:
    """Where a value occurs for the first time."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    result = np.ones(len(values), dtype=np.bool_)
    result[order[1:]] = ordered[1:] != ordered[:-1]
    return result


def is_best(keys: Int64s, values: Float64s) -> Bools:
    """Where the value is the highest, or the first of the highest, of those that have the same key."""
    # Quick, because the keys come nearly in order and few are there twice.
    order = np.argsort(keys, kind="stable")
    is_twin = keys[order[1:]] == keys[order[:-1]]
    result = np.ones(len(keys), dtype=np.bool_)
    if is_twin.any():
        twins = np.unique(np.concatenate([order[1:][is_twin], order[:-1][is_twin]]))
        twins = twins[np.argsort(-values[twins], kind="stable")]
        result[twins] = is_first(keys[twins])
    return result

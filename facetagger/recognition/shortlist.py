"""For each open face the few people whose confirmed faces are nearest: all a suggestion ever has to look at.

A thousand people and a hundred thousand faces make a table of a hundred million decision values; nearness leaves a
handful of people per face worth deciding about. The shortlist is kept up to date, never recomputed as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

NOBODY: Final = -1
"""The label of a row that teaches nothing."""
STRANGER: Final = -2
"""The label that all ignored faces share."""

LENGTH: Final = 6
"""Labels kept per face."""

_BLOCK: Final = 1 << 22
"""Similarities computed at a time."""
_MERGED_LABELS: Final = 32
_SAME_DISTANCE: Final = 1e-3
_MATTERS: Final = 0.5
"""A person farther from a face than this is never suggested for it; beyond it a list may be shorter than ``LENGTH``."""

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


def distances(similarities: Float32s) -> Float32s:
    """Euclidean distances of unit vectors from their inner products."""
    result: Float32s = np.sqrt(np.maximum(2.0 - 2.0 * similarities, 0.0, dtype=np.float32))
    return result


@dataclass(frozen=True, slots=True, eq=False)
class Exemplars:
    """The faces that stand for their labels, sorted by label: ``embeddings`` (m, d), ``labels`` (m,)."""

    embeddings: Float32s
    labels: Int64s

    @classmethod
    def of(cls, embeddings: Float32s, labels: Int64s) -> Exemplars:
        """Those rows whose label is not ``NOBODY``."""
        rows = np.flatnonzero(labels != NOBODY)
        rows = rows[np.argsort(labels[rows], kind="stable")]
        return cls(embeddings[rows], labels[rows])

    def nearest(self, queries: Float32s) -> tuple[Int64s, Float32s]:
        """The ``LENGTH`` nearest labels of each query and their distances, nearest first.

        Shapes (q, LENGTH); where there are fewer labels: ``NOBODY`` at an infinite distance.
        """
        found = np.full((len(queries), LENGTH), NOBODY, dtype=np.int64)
        away = np.full((len(queries), LENGTH), np.inf, dtype=np.float32)
        if not len(self.labels):
            return found, away
        unique, starts = np.unique(self.labels, return_index=True)
        kept = min(LENGTH, len(unique))
        step = max(1, _BLOCK // len(self.labels))
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            closest = np.maximum.reduceat(queries[block] @ self.embeddings.T, starts, axis=1)
            order = np.argsort(-closest, axis=1, kind="stable")[:, :kept]
            found[block, :kept] = unique[order]
            away[block, :kept] = distances(np.take_along_axis(closest, order, axis=1))
        return found, away


class Shortlist:
    """``labels`` and ``distances``, shape (n, LENGTH), for every row of the evidence; only open rows are filled.

    ``scores``, shape (n, LENGTH, 2), holds the decision value and the likeness of the same pairs; the likeness is NaN
    where they have yet to be computed.
    """

    def __init__(self) -> None:
        self.labels: Int64s = np.empty((0, LENGTH), dtype=np.int64)
        self.distances: Float32s = np.empty((0, LENGTH), dtype=np.float32)
        self.scores: Float32s = np.empty((0, LENGTH, 2), dtype=np.float32)
        self._is_filled: Bools = np.empty(0, dtype=np.bool_)
        self._reach: Float32s = np.empty(0, dtype=np.float32)
        """Every label nearer than this is in the row's list."""

    def realign(self, old_rows: Int64s) -> None:
        """Follows the evidence to new rows; ``old_rows`` says where each was before, -1 nowhere."""
        if np.array_equal(old_rows, np.arange(len(self.labels))):
            return
        is_old = old_rows >= 0
        source = old_rows[is_old]
        labels, away, scores, filled, reach = self.labels, self.distances, self.scores, self._is_filled, self._reach
        self._clear(len(old_rows))
        self.labels[is_old], self.distances[is_old] = labels[source], away[source]
        self.scores[is_old], self._is_filled[is_old] = scores[source], filled[source]
        self._reach[is_old] = reach[source]

    def update(self, embeddings: Float32s, before: Int64s, after: Int64s, is_open: Bools, removed: Exemplars) -> None:
        """Follows the labels from ``before`` to ``after`` (both (n,)); ``removed`` stood for labels and are gone.

        ``removed`` holds the rows that carry another label now too.
        """
        self._is_filled &= is_open
        self._forget(embeddings, removed, after)
        added = Exemplars.of(embeddings, np.where(before != after, after, NOBODY))
        if len(np.unique(added.labels)) > _MERGED_LABELS:
            self._is_filled[:] = False
        else:
            self._merge(embeddings, added)
        rows = np.flatnonzero(is_open & ~self._is_filled)
        if len(rows):
            self.labels[rows], self.distances[rows] = Exemplars.of(embeddings, after).nearest(embeddings[rows])
            self.scores[rows] = np.nan
            self._is_filled[rows] = True
            self._reach[rows] = self.distances[rows].max(axis=1)

    def forget_scores(self, people: Int64s) -> None:
        """To be called when the classifiers or the faces of these people have changed."""
        self.scores[np.isin(self.labels, people)] = np.nan

    def _clear(self, count: int) -> None:
        self.labels = np.full((count, LENGTH), NOBODY, dtype=np.int64)
        self.distances = np.full((count, LENGTH), np.inf, dtype=np.float32)
        self.scores = np.full((count, LENGTH, 2), np.nan, dtype=np.float32)
        self._is_filled = np.zeros(count, dtype=np.bool_)
        self._reach = np.zeros(count, dtype=np.float32)

    def _forget(self, embeddings: Float32s, removed: Exemplars, after: Int64s) -> None:
        """Measures the labels anew that lost a face, where that was the nearest one.

        A list that may now lack a label near enough to matter is to be filled anew.
        """
        if not self._is_filled.any():
            return
        for label in np.unique(removed.labels):
            rows, slots = np.nonzero((self.labels == label) & self._is_filled[:, np.newaxis])
            away = distances(embeddings[rows] @ removed.embeddings[removed.labels == label].T).min(axis=1)
            hit = away <= self.distances[rows, slots] + _SAME_DISTANCE
            rows, slots = rows[hit], slots[hit]
            self._is_filled[rows[self._reach[rows] < _MATTERS]] = False
            left = embeddings[after == label]
            if len(left):
                self.distances[rows, slots] = distances((embeddings[rows] @ left.T).max(axis=1))
            else:
                self.labels[rows, slots], self.distances[rows, slots] = NOBODY, np.inf
                self.scores[rows, slots] = np.nan

    def _merge(self, embeddings: Float32s, added: Exemplars) -> None:
        """Lets new exemplars into the lists of the filled rows."""
        rows = np.flatnonzero(self._is_filled)
        for label in np.unique(added.labels):
            away = distances((embeddings @ added.embeddings[added.labels == label].T).max(axis=1))[rows]
            listed = self.labels[rows] == label
            is_listed = listed.any(axis=1)
            slot = np.where(is_listed, listed.argmax(axis=1), self.distances[rows].argmax(axis=1))
            is_nearer = away < self.distances[rows, slot]
            pushed_out = np.where(is_nearer & ~is_listed, self.distances[rows, slot], np.float32(np.inf))
            self._reach[rows] = np.minimum(self._reach[rows], pushed_out)
            self.distances[rows[is_nearer], slot[is_nearer]] = away[is_nearer]
            is_new = is_nearer & ~is_listed
            self.labels[rows[is_new], slot[is_new]] = label
            self.scores[rows[is_new], slot[is_new]] = np.nan

"""For each open face the few people whose confirmed faces are nearest: all a suggestion ever has to look at.

A thousand people and a hundred thousand faces make a table of a hundred million decision values; nearness leaves a
handful of people per face worth deciding about. The shortlist is kept up to date, never recomputed as a whole.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

NOBODY: Final = -1
"""The label of a row that teaches nothing."""
STRANGER: Final = -2
"""The label that all ignored faces share."""

LENGTH: Final = 6
"""The labels of a face that count."""
KEPT: Final = LENGTH + 2
"""Labels kept per face: what comes behind moves up when somebody goes."""

_BLOCK: Final = 1 << 22
"""Similarities computed at a time."""
_FEWER: Final = 4
"""Where one exemplar in so many is new, filling all lists anew is less work."""
_SAME_DISTANCE: Final = 1e-3
_RELEVANT: Final = 0.55
"""Beyond it no label bears on what is said of a face: neither as a suggestion nor by how much farther it is."""
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

    def nearest(self, queries: Float32s, length: int = LENGTH) -> tuple[Int64s, Float32s]:
        """The ``length`` nearest labels of each query and their distances, nearest first.

        Shapes (q, length); where there are fewer labels: ``NOBODY`` at an infinite distance.
        """
        found = np.full((len(queries), length), NOBODY, dtype=np.int64)
        away = np.full((len(queries), length), np.inf, dtype=np.float32)
        if not len(self.labels):
            return found, away
        unique, starts = np.unique(self.labels, return_index=True)
        kept = min(length, len(unique))
        step = max(1, _BLOCK // len(self.labels))
        for start in range(0, len(queries), step):
            block = slice(start, start + step)
            closest = np.maximum.reduceat(queries[block] @ self.embeddings.T, starts, axis=1)
            best = np.argpartition(-closest, kept - 1, axis=1)[:, :kept]
            best.sort(axis=1)
            order = np.argsort(-np.take_along_axis(closest, best, axis=1), axis=1, kind="stable")
            order = np.take_along_axis(best, order, axis=1)
            found[block, :kept] = unique[order]
            away[block, :kept] = distances(np.take_along_axis(closest, order, axis=1))
        return found, away


class Shortlist:
    """The nearest labels of every row of the evidence, kept up to date; only open rows are filled.

    ``labels`` and ``distances``, shape (n, KEPT), in no order; ``scores``, shape (n, KEPT, 2), holds the decision value
    and the likeness of the same pairs, the likeness is NaN where they have yet to be computed.
    """

    def __init__(self) -> None:
        self._clear(0)

    def listed(self, rows: Int64s) -> tuple[Int64s, Float32s]:
        """Labels and distances of these rows, shape (m, KEPT); infinite for all but the ``LENGTH`` nearest."""
        away = self.distances[rows]
        beyond = np.argsort(away, axis=1, kind="stable")[:, LENGTH:]
        np.put_along_axis(away, beyond, np.float32(np.inf), axis=1)
        return self.labels[rows], away

    def take_changed(self) -> Int64s:
        """The rows whose list says something else since this was asked last, or whose scores are to be computed."""
        changed = np.flatnonzero(self._has_changed)
        self._has_changed[:] = False
        return changed

    def realign(self, old_rows: Int64s) -> None:
        """Follows the evidence to new rows; ``old_rows`` says where each was before, -1 nowhere."""
        is_old = old_rows >= 0
        source = old_rows[is_old]
        labels, away, scores, filled, reach = self.labels, self.distances, self.scores, self._is_filled, self._reach
        self._clear(len(old_rows))
        self.labels[is_old], self.distances[is_old] = labels[source], away[source]
        self.scores[is_old], self._is_filled[is_old] = scores[source], filled[source]
        self._reach[is_old] = reach[source]
        self._has_changed[:] = True

    def lists(self, rows: Int64s) -> tuple[Int64s, Float32s, Float32s]:
        """All that ``recall`` takes of these rows."""
        return self.labels[rows], self.distances[rows], self._reach[rows]

    def recall(self, count: int, rows: Int64s, lists: tuple[Int64s, Float32s, Float32s]) -> None:
        """Goes on from lists that were kept of some of ``count`` rows."""
        self._clear(count)
        self.labels[rows], self.distances[rows], self._reach[rows] = lists
        self._is_filled[rows] = True

    def update(
        self,
        embeddings: Float32s,
        before: Int64s,
        after: Int64s,
        is_open: Bools,
        removed: Exemplars,
        lost_labels: Int64s,
    ) -> None:
        """Follows the labels from ``before`` to ``after`` (both (n,)); ``removed`` stood for labels and are gone.

        ``removed`` holds the rows that carry another label now too; ``lost_labels`` have lost faces nobody knows of.
        """
        self._is_filled &= is_open
        if len(lost_labels):
            self._is_filled &= ~np.isin(self.labels, lost_labels).any(axis=1)
        self._forget(embeddings, removed, after)
        added = Exemplars.of(embeddings, np.where(before != after, after, NOBODY))
        if len(added.labels) * _FEWER > np.count_nonzero(after != NOBODY):
            self._is_filled[:] = False
        elif len(added.labels):
            self._merge(embeddings, added)
        rows = np.flatnonzero(is_open & ~self._is_filled)
        if len(rows):
            self.labels[rows], self.distances[rows] = Exemplars.of(embeddings, after).nearest(embeddings[rows], KEPT)
            self.scores[rows] = np.nan
            self._is_filled[rows] = True
            self._reach[rows] = self.distances[rows].max(axis=1)
            self._has_changed[rows] = True

    def forget_scores(self, people: Collection[int]) -> None:
        """To be called when what is known of these people has changed; strangers have no scores."""
        wanted = np.array([person for person in people if person >= 0], dtype=np.int64)
        if not len(wanted):
            return
        # The two places at the end are those of NOBODY and STRANGER.
        is_wanted = np.zeros(max(int(wanted.max()), int(self.labels.max(initial=0))) + 3, dtype=np.bool_)
        is_wanted[wanted] = True
        rows, slots = np.divmod(np.flatnonzero(is_wanted[self.labels]), KEPT)
        self.scores[rows, slots] = np.nan
        self._has_changed[rows[self.distances[rows, slots] < _RELEVANT]] = True

    def _clear(self, count: int) -> None:
        self.labels: Int64s = np.full((count, KEPT), NOBODY, dtype=np.int64)
        self.distances: Float32s = np.full((count, KEPT), np.inf, dtype=np.float32)
        self.scores: Float32s = np.full((count, KEPT, 2), np.nan, dtype=np.float32)
        self._is_filled: Bools = np.zeros(count, dtype=np.bool_)
        self._reach: Float32s = np.zeros(count, dtype=np.float32)
        """Every label nearer than this is in the row's list."""
        self._has_changed: Bools = np.ones(count, dtype=np.bool_)

    def _forget(self, embeddings: Float32s, removed: Exemplars, after: Int64s) -> None:
        """Measures the labels anew that lost a face, where that was the nearest one.

        A list that may now lack a label near enough to matter is to be filled anew.
        """
        if not self._is_filled.any():
            return
        for label in np.unique(removed.labels):
            rows, slots = np.divmod(np.flatnonzero((self.labels == label) & self._is_filled[:, np.newaxis]), KEPT)
            away = distances(embeddings[rows] @ removed.embeddings[removed.labels == label].T).min(axis=1)
            hit = away <= self.distances[rows, slots] + _SAME_DISTANCE
            rows, slots = rows[hit], slots[hit]
            self._has_changed[rows[self.distances[rows, slots] < _RELEVANT]] = True
            left = embeddings[after == label]
            if len(left):
                self.distances[rows, slots] = distances((embeddings[rows] @ left.T).max(axis=1))
            else:
                self.labels[rows, slots], self.distances[rows, slots] = NOBODY, np.inf
                self.scores[rows, slots] = np.nan
            is_short = np.count_nonzero(self.distances[rows] < self._reach[rows, np.newaxis], axis=1) < LENGTH
            self._is_filled[rows[is_short & (self._reach[rows] < _MATTERS)]] = False

    def _merge(self, embeddings: Float32s, added: Exemplars) -> None:
        """Lets new exemplars into the lists of the filled rows."""
        worst = np.where(self._is_filled, _highest(self.distances), np.float32(-1.0))
        labels, starts = np.unique(added.labels, return_index=True)
        step = max(1, _BLOCK // max(1, len(embeddings)))
        for label, mine in zip(labels.tolist(), np.split(added.embeddings, starts[1:]), strict=True):
            closest = np.full(len(embeddings), -1.0, dtype=np.float32)
            for start in range(0, len(mine), step):
                np.maximum(closest, (mine[start : start + step] @ embeddings.T).max(axis=0), out=closest)
            away = distances(closest)
            rows = np.flatnonzero(away < worst)
            self._let_in(rows, label, away[rows])
            worst[rows] = self.distances[rows].max(axis=1)

    def _let_in(self, rows: Int64s, label: int, away: Float32s) -> None:
        listed = self.labels[rows] == label
        is_listed = listed.any(axis=1)
        slot = np.where(is_listed, listed.argmax(axis=1), self.distances[rows].argmax(axis=1))
        old = self.distances[rows, slot]
        is_nearer = away < old
        pushed_out = np.where(is_nearer & ~is_listed, old, np.float32(np.inf))
        self._reach[rows] = np.minimum(self._reach[rows], pushed_out)
        is_new = is_nearer & ~is_listed
        self.labels[rows[is_new], slot[is_new]] = label
        self.scores[rows[is_new], slot[is_new]] = np.nan
        self.distances[rows[is_nearer], slot[is_nearer]] = away[is_nearer]
        self._has_changed[rows[is_nearer & (away < _RELEVANT)]] = True


def _highest(values: Float32s) -> Float32s:
    """The highest of each row (n, KEPT); for rows so short many times faster than ``max``."""
    columns: list[Float32s] = list(values.T)
    return reduce(np.maximum, columns)

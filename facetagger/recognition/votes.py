"""What the faces nearest to a face are taken to be: their word on who it is.

A face that looks like nobody's confirmed face, but like ten others that look like a grandmother, is the grandmother;
one whose double is surely nobody known is nobody either. Confirmed faces vote for their person, ignored ones for
nobody, open ones for whom they look like themselves, so one round of votes reaches no farther than two steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.shortlist import NOBODY, STRANGER

_SHARPNESS: Final = 60.0
"""How fast a vote loses weight with similarity: a double counts e times a neighbour that is 1/60 less alike."""
_SILENCE: Final = 0.5
"""Weight of the vote of nobody at all, which is for no one in particular."""
_UNHEARD: Final = 0.02
"""Share of that vote that everyone gets."""
_SAME: Final = 1e-6

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Beliefs:
    """Who each of n rows may be: ``labels`` (n, k) with their ``shares`` (n, k), and the share of ``nobody`` (n,).

    The shares of a row add up to one; to zero where it has no vote.
    """

    labels: Int64s
    shares: Float32s
    nobody: Float32s

    @classmethod
    def of(cls, known: Int64s, asked: Int64s, labels: Int64s, shares: Float64s) -> Beliefs:
        """``known`` (n,) are the labels of ``Evidence.labels``; the rows ``asked`` have ``labels`` and ``shares``."""
        everybody = np.full((len(known), max(1, labels.shape[1])), NOBODY, dtype=np.int64)
        parts = np.zeros(everybody.shape, dtype=np.float32)
        everybody[:, 0] = known
        parts[:, 0] = known >= 0
        nobody = (known == STRANGER).astype(np.float32)
        everybody[asked], parts[asked] = labels, shares
        nobody[asked] = 1.0 - shares.sum(axis=1)
        return cls(everybody, parts, nobody)

    def keep(self, rows: Int64s | Bools) -> Beliefs:
        return Beliefs(self.labels[rows], self.shares[rows], self.nobody[rows])

    def differ(self, other: Beliefs) -> Bools:
        """Where the rows of two of the same shape have come to believe something else, shape (n,)."""
        is_same: Bools = (self.labels == other.labels).all(axis=1) & (np.abs(self.shares - other.shares) < _SAME).all(
            axis=1
        )
        is_same &= np.abs(self.nobody - other.nobody) < _SAME
        return ~is_same


def count(beliefs: Beliefs, neighbours: Int64s, similarities: Float32s, labels: Int64s) -> Float64s:
    """The log shares of the vote, shape (m, k, 2): for the person of the pair, and for nobody known.

    ``neighbours`` and ``similarities`` have shape (m, c), -1 where there is none; ``labels`` (m, k) are the people
    voted on.
    """
    is_there = neighbours >= 0
    weights = np.where(is_there, np.exp(_SHARPNESS * (np.where(is_there, similarities, 0.0) - 1.0)), 0.0)
    shares = beliefs.shares[neighbours] * weights[:, :, np.newaxis].astype(np.float32)
    people = beliefs.labels[neighbours]
    against = np.sum(beliefs.nobody[neighbours] * weights, axis=1)
    whole = against + shares.sum(axis=(1, 2)) + _SILENCE
    result = np.empty((*labels.shape, 2))
    for slot in range(labels.shape[1]):
        is_same = people == labels[:, slot, np.newaxis, np.newaxis]
        result[:, slot, 0] = (np.sum(shares * is_same, axis=(1, 2)) + _SILENCE * _UNHEARD) / whole
    result[:, :, 1] = ((against + _SILENCE * _UNHEARD) / whole)[:, np.newaxis]
    logs: Float64s = np.log(result)
    return logs


class Ballot:
    """Votes of n rows on k people each, counted again only where a neighbour has changed its mind."""

    def __init__(self, rows: int = 0, people: int = 1) -> None:
        labels = np.full((rows, people), NOBODY, dtype=np.int64)
        self.beliefs = Beliefs(labels, np.zeros(labels.shape, dtype=np.float32), np.zeros(rows, dtype=np.float32))
        """Of all rows; changed in place."""
        self._has_changed: Bools = np.zeros(rows, dtype=np.bool_)
        self._is_counted: Bools = np.zeros(rows, dtype=np.bool_)
        self._votes: Float64s = np.zeros((rows, people, 2))

    def believe(self, rows: Int64s, beliefs: Beliefs) -> None:
        """These rows come to believe this; where it is what they believed, nothing happens."""
        old = self.beliefs.keep(rows)
        self._is_counted[rows[(old.labels != beliefs.labels).any(axis=1)]] = False
        differs = beliefs.differ(old)
        rows, beliefs = rows[differs], beliefs.keep(differs)
        self.beliefs.labels[rows], self.beliefs.shares[rows] = beliefs.labels, beliefs.shares
        self.beliefs.nobody[rows] = beliefs.nobody
        self._has_changed[rows] = True

    def count_anew(self, rows: Int64s) -> None:
        """To be called when these rows have other neighbours."""
        self._is_counted[rows] = False

    def hold(self, neighbours: Int64s, similarities: Float32s, rows: Int64s) -> Float64s:
        """``count`` for the people that the given rows believe in: shape (n, k, 2), of other rows undefined.

        ``neighbours`` and ``similarities`` (n, c) are those of all rows.
        """
        is_valid = self._is_counted[rows] & ~self._has_changed[neighbours[rows]].any(axis=1)
        stale = rows[~is_valid]
        self._votes[stale] = count(self.beliefs, neighbours[stale], similarities[stale], self.beliefs.labels[stale])
        # Who was not asked now is counted when asked the next time.
        self._is_counted[:] = False
        self._is_counted[rows] = True
        self._has_changed[:] = False
        return self._votes

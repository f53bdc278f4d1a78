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
    """Votes that are counted again only where a neighbour has changed its mind."""

    def __init__(self) -> None:
        ids = np.empty((0, 1), dtype=np.int64)
        self.beliefs = Beliefs(ids, ids.astype(np.float32), np.empty(0, dtype=np.float32))
        self._neighbours = ids
        self._similarities = ids.astype(np.float32)
        self._counted: Bools = np.empty(0, dtype=np.bool_)
        self._votes: Float64s = np.empty((0, 1, 2))

    def hold(self, beliefs: Beliefs, neighbours: Int64s, similarities: Float32s, rows: Int64s) -> Float64s:
        """``count`` for the people of the given rows, of all n rows: shape (n, k, 2), of other rows undefined."""
        old, self.beliefs = self.beliefs, beliefs
        if self._votes.shape[:2] != beliefs.labels.shape or self._neighbours.shape != neighbours.shape:
            self._votes = np.zeros((*beliefs.labels.shape, 2))
            self._counted = np.zeros(len(neighbours), dtype=np.bool_)
        else:
            is_moved = (self._neighbours != neighbours) | (self._similarities != similarities)
            has_changed = beliefs.differ(old)
            is_other = is_moved.any(axis=1) | (old.labels != beliefs.labels).any(axis=1)
            self._counted &= ~(is_other | has_changed[neighbours].any(axis=1))
        self._neighbours, self._similarities = neighbours.copy(), similarities.copy()
        stale = rows[~self._counted[rows]]
        self._votes[stale] = count(beliefs, neighbours[stale], similarities[stale], beliefs.labels[stale])
        self._counted[stale] = True
        return self._votes

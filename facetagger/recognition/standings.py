"""How each open face stands with the people near it, kept: a decision has only the faces weighed that it touches."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.calibration import Calibration
from facetagger.recognition.pairs import Pairs, shares
from facetagger.recognition.resemblance import FEATURES
from facetagger.recognition.shortlist import KEPT, NOBODY
from facetagger.recognition.votes import Ballot, Beliefs

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Standings:
    """The near pairs of the open rows, by row and place in its list, with their log odds before the vote."""

    def __init__(self, rows: int = 0) -> None:
        self._is_near: Bools = np.zeros((rows, KEPT), dtype=np.bool_)
        self._labels: Int64s = np.zeros((rows, KEPT), dtype=np.int64)
        self._distances = np.zeros((rows, KEPT), dtype=np.float32)
        self._gaps = np.zeros((rows, KEPT), dtype=np.float32)
        self._logits: Float64s = np.zeros((rows, KEPT))
        self.ballot = Ballot(rows, KEPT)

    def put(
        self,
        rows: Int64s,
        known: Int64s,
        asked: Int64s,
        pairs: Pairs,
        features: Float64s,
        against: Float64s,
        weights: Calibration,
    ) -> None:
        """What stands from now on of these ascending rows, of which the ``asked`` ones are open and have the pairs.

        ``known`` (m,) is what each row teaches, ``NOBODY`` where nothing. ``features`` (n, f) of the pairs, and the log
        odds ``against`` them (n,).
        """
        self._is_near[rows] = False
        place = pairs.rows, pairs.slots
        self._is_near[place] = True
        self._labels[place], self._distances[place], self._gaps[place] = pairs.labels, pairs.distances, pairs.gaps
        self._logits[place] = features @ weights.final[:FEATURES] - against
        # Log odds before anything is known of the open faces as a whole.
        chances = shares(pairs.rows, features @ weights.first - against)
        people = np.full((len(asked), KEPT), NOBODY, dtype=np.int64)
        parts = np.zeros(people.shape)
        place = np.searchsorted(asked, pairs.rows), pairs.slots
        people[place], parts[place] = pairs.labels, chances
        self.ballot.believe(rows, Beliefs.of(known, np.searchsorted(rows, asked), people, parts))

    def pairs(self) -> Pairs:
        """Of all open rows, row by row."""
        flat = np.flatnonzero(self._is_near)
        rows, slots = np.divmod(flat, KEPT)
        return Pairs(rows, slots, self._labels.ravel()[flat], self._distances.ravel()[flat], self._gaps.ravel()[flat])

    def logits(
        self, pairs: Pairs, neighbours: Int64s, similarities: NDArray[np.float32], rows: Int64s, weights: Calibration
    ) -> Float64s:
        """The log odds of ``pairs`` (n,), those of all open ``rows``, after the vote of the ``neighbours``."""
        voted = self.ballot.hold(neighbours, similarities, rows)[pairs.rows, pairs.slots]
        result: Float64s = self._logits[pairs.rows, pairs.slots] + voted @ weights.final[FEATURES:]
        return result

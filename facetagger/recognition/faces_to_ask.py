"""The open faces sorted by what can be asked about them: handfuls to confirm, groups to name, loose faces."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId
from facetagger.recognition.evidence import OPEN, Evidence
from facetagger.recognition.leads import Leads

LEAST_CHANCE: Final = 0.5
"""A face that is likelier somebody else costs more as an exclusion than as a question of its own."""

_DRAWN_IN: Final = 0.95
"""What remains of a group's mean chance for its faces that have no lead of their own."""
_SHARE_OF_GROUP: Final = 1.0 / 3.0
"""A lead for one face in ten does not say who the other nine are."""

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


class FacesToAsk:
    """Row i of every array is the face in row i of the evidence.

    ``person_ids`` is whom to ask about, ``OPEN`` where nobody; ``chances`` how likely it is that person; ``groups`` the
    index of the group, -1 where there is none or what is left of it is a single face; ``distances`` how far the
    nearest known person is.
    """

    def __init__(
        self,
        evidence: Evidence,
        leads: Leads,
        groups: Sequence[tuple[FaceId, ...]],
        least_chance: float = LEAST_CHANCE,
    ) -> None:
        """Nobody is asked about where the chance is below ``least_chance``."""
        self._least_chance = least_chance
        count = len(evidence.face_ids)
        self.is_open: Bools = evidence.person_ids == OPEN
        self.person_ids: Int64s = np.full(count, OPEN, dtype=np.int64)
        self.chances = np.zeros(count)
        self.distances = np.full(count, np.inf)
        self.groups = self._groups(evidence, groups)
        self._follow(evidence, leads)
        self._draw_groups_along(evidence, len(groups))
        self._leave_groups_of_one(len(groups))

    @property
    def is_loose(self) -> Bools:
        return self.is_open & (self.person_ids < 0) & (self.groups < 0)

    def _groups(self, evidence: Evidence, groups: Sequence[tuple[FaceId, ...]]) -> Int64s:
        result = np.full(len(self.is_open), -1, dtype=np.int64)
        rows = evidence.rows_of(np.fromiter(chain.from_iterable(groups), dtype=np.int64))
        index = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
        is_asked = (rows >= 0) & self.is_open[rows] if len(rows) else np.zeros(0, dtype=np.bool_)
        result[rows[is_asked]] = index[is_asked]
        return result

    def _follow(self, evidence: Evidence, leads: Leads) -> None:
        """Asks about the likely leads; about one person once per photo, for the likeliest face."""
        rows = evidence.rows_of(leads.face_ids)
        is_there = rows >= 0
        rows, people, chances = rows[is_there], leads.person_ids[is_there], leads.chances[is_there]
        self.distances[rows] = leads.distances[is_there]
        chosen = np.flatnonzero(self.is_open[rows] & (people >= 0) & (chances >= self._least_chance))
        chosen = chosen[np.lexsort((evidence.face_ids[rows[chosen]], -chances[chosen]))]
        _, first = np.unique(_pairs(evidence.photo_ids[rows[chosen]], people[chosen]), return_index=True)
        chosen = chosen[first]
        self.person_ids[rows[chosen]], self.chances[rows[chosen]] = people[chosen], chances[chosen]

    def _draw_groups_along(self, evidence: Evidence, count: int) -> None:
        """A group goes with the leads of its faces where they agree on one person; few leads go with their group."""
        members = np.flatnonzero(self.groups >= 0)
        led = members[self.person_ids[members] >= 0]
        if not len(led):
            return
        group, people = self.groups[led], self.person_ids[led]
        lowest = np.full(count, np.iinfo(np.int64).max)
        highest = np.full(count, -1)
        np.minimum.at(lowest, group, people)
        np.maximum.at(highest, group, people)
        leads = np.bincount(group, minlength=count)
        sizes = np.bincount(self.groups[members], minlength=count)
        is_led = leads >= _SHARE_OF_GROUP * sizes
        self.person_ids[led[~is_led[group] & (sizes[group] > 1)]] = OPEN
        agrees = is_led & (lowest == highest)
        chance = _DRAWN_IN * np.bincount(group, self.chances[led], count) / np.maximum(leads, 1)
        drawn = members[(self.person_ids[members] < 0) & agrees[self.groups[members]]]
        drawn = drawn[~self._is_barred(evidence, drawn, highest[self.groups[drawn]])]
        if self._least_chance > LEAST_CHANCE:
            drawn = drawn[chance[self.groups[drawn]] >= self._least_chance]
        self.person_ids[drawn], self.chances[drawn] = highest[self.groups[drawn]], chance[self.groups[drawn]]

    def _is_barred(self, evidence: Evidence, rows: NDArray[np.intp], people: Int64s) -> Bools:
        """Who a face cannot be: a person denied for it, or one already confirmed or asked about in its photo."""
        named = np.flatnonzero(evidence.person_ids >= 0)
        asked = np.flatnonzero(self.person_ids >= 0)
        taken = np.concatenate(
            [
                _pairs(evidence.photo_ids[named], evidence.person_ids[named]),
                _pairs(evidence.photo_ids[asked], self.person_ids[asked]),
            ]
        )
        denied = np.array(sorted(evidence.rejections), dtype=np.int64).reshape(-1, 2)
        is_taken = np.isin(_pairs(evidence.photo_ids[rows], people), taken)
        is_denied = np.isin(_pairs(evidence.face_ids[rows], people), _pairs(denied[:, 0], denied[:, 1]))
        result: Bools = is_taken | is_denied
        return result

    def _leave_groups_of_one(self, count: int) -> None:
        self.groups[self.person_ids >= 0] = -1
        sizes = np.bincount(self.groups[self.groups >= 0], minlength=count)
        if count:
            self.groups[(self.groups >= 0) & (sizes[self.groups] < 2)] = -1


def _pairs(first: Int64s, second: Int64s) -> Int64s:
    """One key for a pair of ids (each below 2^31)."""
    keys: Int64s = (first << 32) ^ (second & 0xFFFFFFFF)
    return keys

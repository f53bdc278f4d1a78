"""Whom each open face may be, as arrays: what questions are made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId, Suggestion

NOBODY_NEAR = -1
"""In ``Leads.person_ids``: no known person is near."""


@dataclass(frozen=True, slots=True, eq=False)
class Guesses:
    """Suggestions as arrays, ascending by face: ``face_ids``, ``person_ids`` and ``probabilities``, shape (n,) each."""

    face_ids: NDArray[np.int64]
    person_ids: NDArray[np.int64]
    probabilities: NDArray[np.float64]

    def keep(self, chosen: NDArray[np.bool_]) -> Self:
        return type(self)(self.face_ids[chosen], self.person_ids[chosen], self.probabilities[chosen])

    def suggestions(self) -> list[Suggestion]:
        rows = zip(self.face_ids.tolist(), self.person_ids.tolist(), self.probabilities.tolist(), strict=True)
        return [Suggestion(FaceId(face), PersonId(person), probability) for face, person, probability in rows]


@dataclass(frozen=True, slots=True, eq=False)
class Leads:
    """The best guess for each of n faces, below the gate of a suggestion too; shape (n,) each.

    ``person_ids`` is the likeliest person or ``NOBODY_NEAR``, ``chances`` the calibrated probability of it, and
    ``distances`` how far the nearest face of any known person is, infinite where none is near.
    """

    face_ids: NDArray[np.int64]
    person_ids: NDArray[np.int64]
    chances: NDArray[np.float64]
    distances: NDArray[np.float64]

    @classmethod
    def none(cls) -> Self:
        ids = np.empty(0, dtype=np.int64)
        return cls(ids, ids, np.empty(0), np.empty(0))

    @classmethod
    def of(cls, suggestions: Sequence[Suggestion]) -> Self:
        """What suggestions alone tell; their faces count as near somebody."""
        return cls(
            np.array([each.face_id for each in suggestions], dtype=np.int64),
            np.array([each.person_id for each in suggestions], dtype=np.int64),
            np.array([each.probability for each in suggestions], dtype=np.float64),
            np.zeros(len(suggestions)),
        )

"""Confirmed faces that probably carry a wrong name.

Measured on albums in which one name in twenty was made wrong on purpose, the list finds nearly all of them, and hardly
anything else unless relatives look very much alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.holding_out import NO_ANSWER, HeldOut
from facetagger.recognition.recogniser import FARTHEST
from facetagger.recognition.shortlist import distances

_LIKELY: Final = 0.5
_HARDLY: Final = 0.05
_FEWEST_OF_THE_REST: Final = 2
_BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class LikelyMistake:
    """``face_id`` is named ``person_id``. It looks like ``other`` with ``probability``; where ``other`` is None it
    looks like none of the other faces of that name, and ``distance`` is how far the nearest of them is."""

    face_id: FaceId
    person_id: PersonId
    other: PersonId | None
    probability: float
    distance: float


def likely_mistakes(evidence: Evidence, held: HeldOut) -> list[LikelyMistake]:
    """The most probable mistakes first: faces that look like somebody else, then those unlike the rest of their name.

    ``held`` is of ``hold_out_faces``: what is said of a face by who does not know its name.
    """
    labels = evidence.labels()
    nearest = _nearest_of_the_same(evidence.embeddings, labels)
    is_other = held.is_asked & (held.answers != labels) & (held.answers != NO_ANSWER)
    is_other &= (held.likely > _LIKELY) & (held.own < _HARDLY)
    is_apart = held.is_asked & ~is_other & (held.own < _HARDLY) & (nearest > FARTHEST)
    rows = np.flatnonzero(is_other | is_apart)
    rows = rows[np.lexsort((evidence.face_ids[rows], -nearest[rows], -held.likely[rows], ~is_other[rows]))]
    return [
        LikelyMistake(
            FaceId(int(evidence.face_ids[row])),
            PersonId(int(labels[row])),
            PersonId(int(held.answers[row])) if is_other[row] else None,
            float(held.likely[row]),
            float(nearest[row]),
        )
        for row in rows.tolist()
    ]


def _nearest_of_the_same(embeddings: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far the nearest other face of the same label is, shape (n,); 0 where there are too few to be unlike."""
    nearest = np.zeros(len(labels))
    for label in np.unique(labels[labels >= 0]):
        rows = np.flatnonzero(labels == label)
        if len(rows) <= _FEWEST_OF_THE_REST:
            continue
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            similarity = embeddings[block] @ embeddings[rows].T
            similarity[np.arange(len(block)), start + np.arange(len(block))] = -1.0
            nearest[block] = distances(similarity.max(axis=1))
    return nearest

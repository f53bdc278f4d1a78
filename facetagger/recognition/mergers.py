"""Pairs of people who may be one: as near to one another as one person's faces, never met in a photo nor told apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.evidence import Evidence

_SAME_PERSON: Final = 0.33
"""Root mean square distance of two people's confirmed faces under which they may be one."""

_FACES_COMPARED: Final = 24
"""Faces of each person, spread evenly over them, that stand for all."""


@dataclass(frozen=True, slots=True, eq=False)
class Lookalikes:
    """``keeper`` has the more faces and keeps the name; ``rows`` of both, and the probability that they are one."""

    keeper: int
    joiner: int
    keeper_rows: NDArray[np.intp]
    joiner_rows: NDArray[np.intp]
    chance: float


def lookalikes(evidence: Evidence) -> Iterator[Lookalikes]:
    """The pairs of people that may be one person, by person id."""
    rows = np.flatnonzero((evidence.person_ids >= 0) & evidence.trainable)
    rows = rows[np.argsort(evidence.person_ids[rows], kind="stable")]
    people, starts, counts = np.unique(evidence.person_ids[rows], return_index=True, return_counts=True)
    if len(people) < 2:
        return
    likeness = np.triu(_likeness(evidence.embeddings, rows, starts, counts), k=1)
    for one, other in np.argwhere(likeness >= 1.0 - _SAME_PERSON**2 / 2.0).tolist():
        keeper, joiner = (one, other) if counts[one] >= counts[other] else (other, one)
        if not _are_told_apart(evidence, int(people[one]), int(people[other])):
            yield Lookalikes(
                int(people[keeper]),
                int(people[joiner]),
                rows[starts[keeper] : starts[keeper] + counts[keeper]],
                rows[starts[joiner] : starts[joiner] + counts[joiner]],
                _chance_of_one_person(float(likeness[one, other])),
            )


def _likeness(
    embeddings: NDArray[np.float32], rows: NDArray[np.intp], starts: NDArray[np.intp], counts: NDArray[np.intp]
) -> NDArray[np.float32]:
    """The mean inner product of the faces of every two people, shape (people, people), from a few faces of each."""
    rank = np.arange(len(rows)) - np.repeat(starts, counts)
    is_few = rank % np.repeat(-(-counts // _FACES_COMPARED), counts) == 0
    edges = np.concatenate([[0], np.cumsum(is_few)])[starts]
    sums = np.add.reduceat(embeddings[rows[is_few]], edges, axis=0)
    means = sums / np.add.reduceat(is_few, starts, dtype=np.int64)[:, None]
    result: NDArray[np.float32] = (means @ means.T).astype(np.float32)
    return result


def _chance_of_one_person(similarity: float) -> float:
    distance = float(np.sqrt(max(2.0 - 2.0 * similarity, 0.0)))
    return float(1.0 / (1.0 + np.exp((distance - _SAME_PERSON) / 0.02)))


def _are_told_apart(evidence: Evidence, one: int, other: int) -> bool:
    """Whether the two were seen in one photo, or a face of the one was denied to be the other."""
    is_one, is_other = evidence.person_ids == one, evidence.person_ids == other
    if np.isin(evidence.photo_ids[is_one], evidence.photo_ids[is_other]).any():
        return True
    denied = [(face, person) for face, person in evidence.rejections if person in (one, other)]
    rows = evidence.rows_of(np.array([face for face, _ in denied], dtype=np.int64))
    whose = [int(evidence.person_ids[row]) if row >= 0 else None for row in rows]
    return any({owner, person} == {one, other} for owner, (_, person) in zip(whose, denied, strict=True))

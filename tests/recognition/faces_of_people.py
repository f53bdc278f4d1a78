"""Made-up embeddings that lie as those of photographs do: one person's about 0.3 apart, two people's about 0.65."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.evidence import IGNORED, OPEN, Evidence

DIMENSIONS = 128
_COMMON, _PERSONAL, _PHOTO = 0.79, 0.165, 0.045


@dataclass(frozen=True, slots=True)
class Album:
    """``embeddings`` float32 (n, 128) and who each shows, int64 (n,)."""

    embeddings: NDArray[np.float32]
    people: NDArray[np.int64]

    def evidence(self) -> Evidence:
        """Every face open, in a photo of its own; face ids from 100, photo ids from 1000."""
        rows = np.arange(len(self.people), dtype=np.int64)
        unnamed = np.full(len(rows), OPEN, dtype=np.int64)
        return Evidence(rows + 100, rows + 1000, unnamed, np.ones(len(rows), dtype=np.bool_), self.embeddings)

    def rows_of(self, person: int) -> NDArray[np.int64]:
        return np.flatnonzero(self.people == person).astype(np.int64)


def make_album(people: int, faces: int, seed: int = 0, photo: float = _PHOTO) -> Album:
    """``faces`` faces of each of ``people`` people, person by person; ``photo`` is the spread within one person."""
    rng = np.random.default_rng(seed)
    common = _directions(rng, 1)
    persons = _directions(rng, people)
    labels = np.repeat(np.arange(people, dtype=np.int64), faces)
    points = _COMMON**0.5 * common + _PERSONAL**0.5 * persons[labels] + photo**0.5 * _directions(rng, len(labels))
    return Album((points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), labels)


def named(evidence: Evidence, names: dict[int, int]) -> Evidence:
    """With the person of some rows changed."""
    person_ids = evidence.person_ids.copy()
    for row, person in names.items():
        person_ids[row] = person
    return replace(evidence, person_ids=person_ids)


def ignored(evidence: Evidence, rows: list[int]) -> Evidence:
    return named(evidence, dict.fromkeys(rows, IGNORED))


def denied(evidence: Evidence, row: int, person: int) -> Evidence:
    pair = FaceId(int(evidence.face_ids[row])), PersonId(person)
    return replace(evidence, rejections=evidence.rejections | {pair})


def in_one_photo(evidence: Evidence, rows: list[int]) -> Evidence:
    photo_ids = evidence.photo_ids.copy()
    photo_ids[rows] = 999
    return replace(evidence, photo_ids=photo_ids)


def taken(evidence: Evidence, rows: NDArray[np.int64]) -> Evidence:
    """Only these rows, in this order."""
    return Evidence(
        evidence.face_ids[rows],
        evidence.photo_ids[rows],
        evidence.person_ids[rows],
        evidence.trainable[rows],
        evidence.embeddings[rows],
        evidence.rejections,
    )


def _directions(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    points = rng.normal(size=(count, DIMENSIONS))
    directions: NDArray[np.float64] = points / np.linalg.norm(points, axis=1, keepdims=True)
    return directions

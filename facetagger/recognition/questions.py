"""What to ask next: the questions whose answers settle the most faces, most useful first.

A face is asked about once: a suggestion draws its whole group into one handful to confirm, what no suggestion reaches
is a group to name, and only then come faces on their own. Bulk ignoring waits behind both, because a face that looks
like nobody today may be somebody's after the next name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId, Suggestion
from facetagger.recognition.evidence import OPEN, Evidence

HANDFUL: Final = 30
"""Faces in one question to confirm."""
ALMOST_CERTAIN: Final = 0.9
"""Suggestions from here on are asked about apart from the doubtful ones."""

_GROUP_PURITY: Final = 0.98
_DRAWN_IN: Final = 0.95
"""What remains of a group's mean probability for its faces that have no suggestion of their own."""
_SAME_PERSON: Final = 0.33
"""Root mean square distance of two people's confirmed faces under which they may be one."""
_BULK: Final = 60
_FEWEST_TO_IGNORE: Final = 4
_SMALL_SHARE: Final = 0.25
"""Area, relative to the largest face of the photo, under which a face seen once is in the background."""
_LOOSE_FACE: Final = 0.5


class QuestionKind(StrEnum):
    CONFIRM = "confirm"
    NAME = "name"
    MERGE = "merge"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Question:
    """``faces`` best first; ``probability`` that the natural answer is right for a face; ``gain`` faces settled by it.

    ``person_id`` is whom to confirm, or the person that ``other`` would become part of.
    """

    kind: QuestionKind
    faces: tuple[FaceId, ...]
    person_id: PersonId | None
    probability: float
    gain: float
    other: PersonId | None = None


def questions(
    evidence: Evidence,
    suggestions: Sequence[Suggestion],
    groups: Sequence[tuple[FaceId, ...]],
    areas: NDArray[np.floating] | None = None,
    *,
    limit: int = 20,
    skipped: frozenset[frozenset[FaceId]] = frozenset(),
) -> list[Question]:
    """At most ``limit`` questions about the open faces and about people who look alike.

    ``areas``, shape (n,) like the rows of the evidence, are the areas of the normalised boxes; without them nobody is
    proposed for ignoring. Questions all of whose faces lie in one of the ``skipped`` sets are left out. Equal evidence
    gives equal questions in equal order.
    """
    open_faces = set(evidence.face_ids[evidence.person_ids == OPEN].tolist())
    handfuls, groups = _handfuls(evidence, suggestions, groups, open_faces)
    asked = {face for handful in handfuls.values() for face, _ in handful}
    asked.update(face for group in groups for face in group)
    loose = sorted(open_faces - asked)
    small = _background(evidence, areas, loose)
    is_small = set(small)
    first = [*_confirmations(handfuls), *map(_naming, groups), *_mergers(evidence)]
    tiers: Iterable[Question] = (
        *sorted((each for each in first if len(each.faces) > 1), key=_usefulness),
        *_bulk_ignores(small),
        *sorted((each for each in first if len(each.faces) == 1), key=_usefulness),
    )
    singles = (_single(FaceId(face)) for face in loose if face not in is_small)
    return list(islice(_not_skipped((*tiers, *singles), skipped), limit))


def _usefulness(question: Question) -> tuple[float, str, int]:
    return -round(question.gain, 6), question.kind.value, min(question.faces)


def _not_skipped(asked: Iterable[Question], skipped: frozenset[frozenset[FaceId]]) -> Iterator[Question]:
    for question in asked:
        if not any(skip.issuperset(question.faces) for skip in skipped):
            yield question


Handfuls = dict[PersonId, list[tuple[FaceId, float]]]


def _handfuls(
    evidence: Evidence, suggestions: Sequence[Suggestion], groups: Sequence[tuple[FaceId, ...]], open_faces: set[int]
) -> tuple[Handfuls, list[tuple[FaceId, ...]]]:
    """The faces to confirm of each person with their probabilities, and what is left of the groups."""
    handfuls: Handfuls = defaultdict(list)
    suggested = {each.face_id: each for each in suggestions if each.face_id in open_faces}
    for each in suggested.values():
        handfuls[each.person_id].append((each.face_id, each.probability))
    barred = _Barred(evidence, suggested.values())
    left = []
    for group in groups:
        rest = [face for face in group if face in open_faces and face not in suggested]
        known = [suggested[face] for face in group if face in suggested]
        people = {each.person_id for each in known}
        if len(people) == 1:
            person = people.pop()
            chance = _DRAWN_IN * sum(each.probability for each in known) / len(known)
            drawn = [face for face in rest if barred.admits(face, person)]
            handfuls[person].extend((face, chance) for face in drawn)
            rest = [face for face in rest if face not in set(drawn)]
        if len(rest) > 1:
            left.append(tuple(rest))
    return handfuls, left


class _Barred:
    """Who a face cannot be: a person denied for it, or one already confirmed or suggested in its photo."""

    def __init__(self, evidence: Evidence, suggested: Iterable[Suggestion]) -> None:
        self._photos = dict(zip(evidence.face_ids.tolist(), evidence.photo_ids.tolist(), strict=True))
        is_named = evidence.person_ids >= 0
        named = zip(evidence.photo_ids[is_named].tolist(), evidence.person_ids[is_named].tolist(), strict=True)
        self._taken = set(named) | {(self._photos[each.face_id], each.person_id) for each in suggested}
        self._denied = evidence.rejections

    def admits(self, face: FaceId, person: PersonId) -> bool:
        return (self._photos[face], person) not in self._taken and (face, person) not in self._denied


def _confirmations(handfuls: Handfuls) -> Iterator[Question]:
    for person, faces in handfuls.items():
        ranked = sorted(faces, key=lambda each: (-each[1], each[0]))
        certain = [each for each in ranked if each[1] >= ALMOST_CERTAIN]
        for part in (certain, ranked[len(certain) :]):
            for start in range(0, len(part), HANDFUL):
                chunk = part[start : start + HANDFUL]
                gain = sum(chance for _, chance in chunk)
                names = tuple(face for face, _ in chunk)
                yield Question(QuestionKind.CONFIRM, names, person, gain / len(chunk), gain)


def _naming(group: tuple[FaceId, ...]) -> Question:
    """A name settles no more faces than can be looked at; it brings the rest of a large group as suggestions."""
    shown = group[:_BULK]
    return Question(QuestionKind.NAME, shown, None, _GROUP_PURITY, _GROUP_PURITY * len(shown))


def _single(face: FaceId) -> Question:
    return Question(QuestionKind.NAME, (face,), None, _LOOSE_FACE, _LOOSE_FACE)


def _mergers(evidence: Evidence) -> Iterator[Question]:
    """Pairs of people whose faces are as near to one another as one person's, never met in a photo nor told apart."""
    rows = np.flatnonzero((evidence.person_ids >= 0) & evidence.trainable)
    rows = rows[np.argsort(evidence.person_ids[rows], kind="stable")]
    people, starts, counts = np.unique(evidence.person_ids[rows], return_index=True, return_counts=True)
    if len(people) < 2:
        return
    means = np.add.reduceat(evidence.embeddings[rows], starts, axis=0) / counts[:, None]
    near = np.triu(means @ means.T >= 1.0 - _SAME_PERSON**2 / 2.0, k=1)
    if not near.any():
        return
    apart = _told_apart(evidence)
    for one, other in np.argwhere(near).tolist():
        # The person with more faces keeps the name.
        keeper, joiner = (one, other) if counts[one] >= counts[other] else (other, one)
        pair = PersonId(int(people[keeper])), PersonId(int(people[joiner]))
        if frozenset(pair) in apart:
            continue
        likely = _chance_of_one_person(float(means[one] @ means[other]))
        shown = [
            FaceId(face)
            for each in (keeper, joiner)
            for face in evidence.face_ids[rows[starts[each] : starts[each] + counts[each]]][: HANDFUL // 2].tolist()
        ]
        gain = likely * int(counts[joiner])
        yield Question(QuestionKind.MERGE, tuple(shown), pair[0], likely, gain, pair[1])


def _chance_of_one_person(similarity: float) -> float:
    distance = float(np.sqrt(max(2.0 - 2.0 * similarity, 0.0)))
    return float(1.0 / (1.0 + np.exp((distance - _SAME_PERSON) / 0.02)))


def _told_apart(evidence: Evidence) -> set[frozenset[int]]:
    """Pairs of people seen in one photo, or one of whose faces was denied to be the other."""
    is_named = evidence.person_ids >= 0
    apart: set[frozenset[int]] = set()
    in_photo: dict[int, set[int]] = defaultdict(set)
    named = zip(evidence.photo_ids[is_named].tolist(), evidence.person_ids[is_named].tolist(), strict=True)
    for photo, person in named:
        apart.update(frozenset((person, other)) for other in in_photo[photo])
        in_photo[photo].add(person)
    person_of = dict(zip(evidence.face_ids[is_named].tolist(), evidence.person_ids[is_named].tolist(), strict=True))
    apart.update(frozenset((person_of[face], person)) for face, person in evidence.rejections if face in person_of)
    return apart


def _background(evidence: Evidence, areas: NDArray[np.floating] | None, loose: Sequence[int]) -> list[FaceId]:
    """The loose faces that are much smaller than the largest face of their photo, smallest first; none if few."""
    if areas is None or not loose:
        return []
    _, photo = np.unique(evidence.photo_ids, return_inverse=True)
    largest = np.zeros(int(photo.max()) + 1)
    np.maximum.at(largest, photo, areas)
    rows = evidence.rows_of(np.array(loose, dtype=np.int64))
    rows = rows[areas[rows] < _SMALL_SHARE * largest[photo[rows]]]
    rows = rows[np.lexsort((evidence.face_ids[rows], areas[rows]))]
    return [FaceId(face) for face in evidence.face_ids[rows].tolist()] if len(rows) >= _FEWEST_TO_IGNORE else []


def _bulk_ignores(small: Sequence[FaceId]) -> Iterator[Question]:
    parts = -(-len(small) // _BULK)
    for faces in np.array_split(np.array(small, dtype=np.int64), parts) if small else ():
        chosen = tuple(FaceId(face) for face in faces.tolist())
        yield Question(QuestionKind.IGNORE, chosen, None, 1.0 - _LOOSE_FACE, (1.0 - _LOOSE_FACE) * len(chosen))

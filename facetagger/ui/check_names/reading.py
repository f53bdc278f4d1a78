"""What the page shows of a measurement, read from the library on a worker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from facetagger.entities import FaceId, FaceState, PersonId
from facetagger.library import Library
from facetagger.ui.review.facts import FaceFacts, read_facts

if TYPE_CHECKING:
    from facetagger.operations.evaluating import LibraryEvaluation
    from facetagger.recognition.mistakes import LikelyMistake

MOST_MISTAKES: Final = 60
"""Those that are shown; when they are corrected, the rest looks different too."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """A face that may have a wrong name. ``other_portrait`` is of whom it looks like."""

    mistake: LikelyMistake
    facts: FaceFacts
    portrait: FaceId | None
    other_portrait: FaceId | None

    @property
    def face_id(self) -> FaceId:
        return self.mistake.face_id


@dataclass(frozen=True, slots=True)
class PersonFigures:
    """``found`` of a person's ``faces`` got their name back; of ``called`` faces that got this name, ``rightly``.
    ``taken_for`` is who they were taken for most often, ``decades`` (found, faces) by the first year of ten."""

    person_id: PersonId
    name: str
    faces: int
    found: int
    called: int
    taken_for: str
    decades: Mapping[int, tuple[int, int]]


@dataclass(frozen=True, slots=True, eq=False)
class CheckedNames:
    """``people`` the hardest first."""

    evaluation: LibraryEvaluation
    suspects: Sequence[Suspect]
    people: Sequence[PersonFigures]

    def name(self, person_id: PersonId) -> str:
        return self.evaluation.measured.names[person_id]


def read_checked_names(library: Library, evaluation: LibraryEvaluation) -> CheckedNames:
    mistakes = evaluation.mistakes[:MOST_MISTAKES]
    facts = read_facts(library, [each.face_id for each in mistakes])
    portraits = _typical_faces(evaluation)
    suspects = [
        Suspect(each, facts[each.face_id], portraits.get(each.person_id), _portrait(portraits, each.other))
        for each in mistakes
        if each.face_id in facts
    ]
    return CheckedNames(evaluation, suspects, person_figures(evaluation))


def still_suspected(library: Library, suspects: Iterable[Suspect]) -> set[FaceId]:
    """Those that still carry the name that is in doubt."""
    by_face = {each.face_id: each.mistake.person_id for each in suspects}
    return {
        face.id
        for face in library.faces.get_many(by_face)
        if face.state is FaceState.CONFIRMED and face.person_id == by_face[face.id]
    }


def person_figures(evaluation: LibraryEvaluation) -> list[PersonFigures]:
    report, names = evaluation.measured.report, evaluation.measured.names
    decades = _decades(evaluation)
    places = {person: place for place, person in enumerate(report.people.tolist())}
    figures = []
    for each in report.per_person:
        row = report.confusion[places[each.person_id]].copy()
        found = int(row[places[each.person_id]])
        row[places[each.person_id]] = 0
        other = int(np.argmax(row))
        figures.append(
            PersonFigures(
                PersonId(each.person_id),
                names[each.person_id],
                each.faces,
                found,
                int(report.confusion[:, places[each.person_id]].sum()),
                names[int(report.people[other])] if row[other] else "",
                decades.get(each.person_id, {}),
            )
        )
    return sorted(figures, key=lambda each: (each.found / each.faces, each.name))


def found_by_decade(people: Iterable[PersonFigures]) -> dict[int, tuple[int, int]]:
    """Of everybody together: (found, faces) by the first year of ten."""
    found: Counter[int] = Counter()
    faces: Counter[int] = Counter()
    for person in people:
        for decade, (right, all_of_them) in person.decades.items():
            found[decade] += right
            faces[decade] += all_of_them
    return {decade: (found[decade], faces[decade]) for decade in sorted(faces)}


def _decades(evaluation: LibraryEvaluation) -> dict[int, dict[int, tuple[int, int]]]:
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for each in evaluation.decades:
        found.setdefault(each.person_id, {})[each.decade] = (round(each.recall * each.faces), each.faces)
    return found


def _typical_faces(evaluation: LibraryEvaluation) -> dict[PersonId, FaceId]:
    """Of each person a face that surely is theirs, to compare with: never one whose own name is in doubt."""
    evidence, held = evaluation.measured.evidence, evaluation.measured.held
    suspects = np.array([each.face_id for each in evaluation.mistakes], dtype=np.int64)
    rows = np.flatnonzero((evidence.person_ids >= 0) & ~np.isin(evidence.face_ids, suspects))
    sure, clear = np.round(held.own[rows], 1), np.nan_to_num(evidence.quality[rows])
    rows = rows[np.lexsort((-clear, -sure, evidence.person_ids[rows]))]
    people, first = np.unique(evidence.person_ids[rows], return_index=True)
    faces = evidence.face_ids[rows[first]]
    return {PersonId(person): FaceId(face) for person, face in zip(people.tolist(), faces.tolist(), strict=True)}


def _portrait(portraits: Mapping[PersonId, FaceId], person_id: PersonId | None) -> FaceId | None:
    return None if person_id is None else portraits.get(person_id)

"""What held-back faces tell of the recogniser: accuracy, confusion, each person, each decade, what doubt costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.evaluation import RefusalReport, refusals
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.holding_out import HeldOut

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

WANTED: Final = 0.97
"""The share of right suggestions that a threshold is offered for."""
FEWEST_SUGGESTIONS: Final = 100
"""Fewer right and wrong ones together say too little about three in a hundred."""

_GRID: Final = np.round(np.arange(0.5, 0.9951, 0.01), 2)
_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class PersonReport:
    """``precision``: of the faces called by this name, the share that is right, None where none was; ``recall``: of
    their own ``faces``, the share that was found."""

    person_id: int
    faces: int
    precision: float | None
    recall: float


@dataclass(frozen=True, slots=True)
class DecadeReport:
    """Of a person's ``faces`` in the ten years from ``decade`` on, the share that was found."""

    person_id: int
    decade: int
    faces: int
    recall: float


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationReport:
    """``folds`` are the accuracies of each fold; ``confusion`` counts (person shown, person answered) by ``people``,
    int64 (p, p). ``right`` and ``wrong`` are the probabilities of right and wrong answers."""

    faces: int
    accuracy: float
    folds: tuple[float, ...]
    people: Int64s
    per_person: tuple[PersonReport, ...]
    confusion: Int64s
    thresholds: tuple[RefusalReport, ...]
    right: Float64s
    wrong: Float64s

    @property
    def spread(self) -> float:
        """Standard deviation of the accuracy over the folds."""
        return float(np.std(self.folds))


@dataclass(frozen=True, slots=True)
class SuggestionReport:
    """Were guesses from ``probability`` on shown as suggestions, and every second face somebody's without a name:
    how many of the ``suggestions`` are ``right``; the share of known faces that gets one (``reached``), and the share
    of unknown faces that gets a wrong one (``strangers``)."""

    probability: float
    suggestions: int
    right: int
    reached: float
    strangers: float

    @property
    def precision(self) -> float:
        return self.right / self.suggestions if self.suggestions else 1.0


def report_on(evidence: Evidence, held: HeldOut) -> EvaluationReport:
    """``held`` is of ``hold_out_faces``. ValueError where nothing was asked."""
    asked = np.flatnonzero(held.is_asked)
    if not len(asked):
        raise ValueError("nobody was asked about")
    shown, answered = evidence.person_ids[asked], held.answers[asked]
    is_right, likely = shown == answered, held.likely[asked]
    people = np.unique(evidence.labels()[evidence.labels() >= 0])
    confusion = np.zeros((len(people), len(people)), dtype=np.int64)
    has_answer = np.isin(answered, people)
    places = np.searchsorted(people, np.stack([shown[has_answer], answered[has_answer]]))
    np.add.at(confusion, tuple(places), 1)
    turns = held.turns[asked]
    return EvaluationReport(
        faces=len(asked),
        accuracy=float(is_right.mean()),
        folds=tuple(float(is_right[turns == turn].mean()) for turn in np.unique(turns)),
        people=people,
        per_person=tuple(_person_reports(people, confusion, shown)),
        confusion=confusion,
        thresholds=tuple(refusals(likely, is_right)),
        right=likely[is_right],
        wrong=likely[~is_right],
    )


def by_decade(evidence: Evidence, held: HeldOut) -> list[DecadeReport]:
    """By person, then decade; photos without a date are left out."""
    rows = np.flatnonzero(held.is_asked & np.isfinite(evidence.taken))
    decades = (evidence.taken[rows] // _YEARS * _YEARS).astype(np.int64)
    people = evidence.person_ids[rows]
    is_right = held.answers[rows] == people
    found = []
    for person, decade in sorted(set(zip(people.tolist(), decades.tolist(), strict=True))):
        mine = (people == person) & (decades == decade)
        found.append(DecadeReport(person, decade, int(mine.sum()), float(is_right[mine].mean())))
    return found


def suggestion_table(evidence: Evidence, held: HeldOut, is_unknown: Bools) -> list[SuggestionReport]:
    """For each probability from 0.5 to 0.99; ``held`` and ``is_unknown`` are of ``hold_out_people``."""
    truth = np.concatenate([evidence.person_ids, evidence.person_ids])
    is_right = (held.answers == truth) & ~is_unknown
    known, unknown = held.is_asked & ~is_unknown, held.is_asked & is_unknown
    table = []
    for least in _GRID.tolist():
        shown = held.likely >= least
        table.append(
            SuggestionReport(
                probability=least,
                suggestions=int(np.count_nonzero(shown & held.is_asked)),
                right=int(np.count_nonzero(shown & is_right)),
                reached=_share(shown, known),
                strangers=_share(shown, unknown),
            )
        )
    return table


def offered(table: list[SuggestionReport], wanted: float = WANTED) -> SuggestionReport | None:
    """The lowest threshold from which on at least ``wanted`` of the suggestions are right, whatever higher one is
    taken; None where there is none, or the suggestions are too few to say so."""
    best = None
    for each in reversed(table):
        if each.suggestions < FEWEST_SUGGESTIONS:
            continue
        if each.precision < wanted:
            break
        best = each
    return best


def _share(chosen: Bools, among: Bools) -> float:
    return float(np.mean(chosen[among])) if among.any() else 0.0


def _person_reports(people: Int64s, confusion: Int64s, shown: Int64s) -> Iterator[PersonReport]:
    for place, person in enumerate(people.tolist()):
        faces, answered = int(np.count_nonzero(shown == person)), int(confusion[:, place].sum())
        if faces:
            right = int(confusion[place, place])
            yield PersonReport(person, faces, right / answered if answered else None, right / faces)

"""What the recogniser says of faces whose names it is not told: the ground of every evaluation.

The recogniser is the program's own, asked as the window asks it. Faces are held back in turns, so that each is asked
about once by a recogniser that has never seen its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId
from facetagger.recognition.evaluation import stratified_folds, stratified_split
from facetagger.recognition.evidence import OPEN, Evidence
from facetagger.recognition.recogniser import Recogniser
from facetagger.recognition.shortlist import STRANGER

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

NO_ANSWER: Final = -1
"""In ``HeldOut.answers``: nobody is near. In ``HeldOut.turns``: never asked about."""

_MOST_FOLDS: Final = 10
_PEOPLE_TURNS: Final = 4
_CANDIDATES: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class HeldOut:
    """What was said of each row of an evidence, shape (n,) each, when its name was held back.

    ``turns`` says in which turn; ``answers`` is the likeliest person and ``likely`` its calibrated probability, 0
    where there is no answer; ``own`` the probability of the person that the face is named.
    """

    turns: Int64s
    answers: Int64s
    likely: Float64s
    own: Float64s

    @classmethod
    def of_nothing(cls, rows: int) -> HeldOut:
        nothing = np.full(rows, NO_ANSWER, dtype=np.int64)
        return cls(nothing, nothing.copy(), np.zeros(rows), np.zeros(rows))

    @property
    def is_asked(self) -> Bools:
        is_asked: Bools = self.turns != NO_ANSWER
        return is_asked


def folds_for(labels: Int64s) -> int:
    """How many folds: as many as half of the people have faces, from 2 to 10.

    ``labels`` (n,); those below 0 are nobody. People with fewer faces than folds are asked about in fewer of them.
    """
    counts = np.unique(labels[labels >= 0], return_counts=True)[1]
    counts = np.sort(counts[counts >= 2])
    return int(np.clip(counts[len(counts) // 2], 2, _MOST_FOLDS)) if len(counts) else 2


def hold_out_faces(evidence: Evidence, folds: int, seed: int, step: Callable[[int], None]) -> HeldOut:
    """Stratified cross-validation: every face of a person with two or more is held back once.

    All who are asked about are known: this is the closed set. ``evidence`` has no open faces; ``step`` is called with
    the number of faces that have been asked about since, and may raise to stop.
    """
    labels = evidence.labels()
    parts = np.full(len(labels), NO_ANSWER, dtype=np.int64)
    named = np.flatnonzero(labels >= 0)
    parts[named] = stratified_folds(labels[named], folds, seed)
    held = HeldOut.of_nothing(len(labels))
    for fold in np.unique(parts[parts >= 0]).tolist():
        _ask(evidence, np.flatnonzero(parts == fold), fold, held, step)
    return held


def hold_out_share(evidence: Evidence, share: float, seed: int, step: Callable[[int], None]) -> HeldOut:
    """One stratified split: that share of each person's faces is held back, nobody's last."""
    labels = evidence.labels()
    named = np.flatnonzero(labels >= 0)
    held = HeldOut.of_nothing(len(labels))
    _ask(evidence, named[stratified_split(labels[named], share, seed)], 0, held, step)
    return held


def hold_out_people(evidence: Evidence, seed: int, step: Callable[[int], None]) -> tuple[HeldOut, Bools]:
    """The open set: about every second face that is asked about is of somebody without a name.

    In each turn a quarter of the people and of the strangers is unknown altogether, and a part of the others' faces
    is held back. Returns the answers, of each face at most once as a known one, and of the same rows appended once
    more as unknown ones, shape (2 n,); and which of those rows were asked about as unknown.
    """
    labels = evidence.labels()
    rng = np.random.default_rng(seed)
    people = rng.permutation(np.unique(labels[labels >= 0]))
    turn_of = {int(person): place % _PEOPLE_TURNS for place, person in enumerate(people)}
    unknown_in = np.array([turn_of.get(label, NO_ANSWER) for label in labels.tolist()], dtype=np.int64)
    strangers = np.flatnonzero(labels == STRANGER)
    unknown_in[strangers] = rng.permutation(len(strangers)) % _PEOPLE_TURNS
    known_in = _turns_of_known(labels, unknown_in, rng)
    known, unknown = HeldOut.of_nothing(len(labels)), HeldOut.of_nothing(len(labels))
    for turn in range(_PEOPLE_TURNS):
        hidden, asked = np.flatnonzero(unknown_in == turn), np.flatnonzero(known_in == turn)
        recogniser = _taught_without(evidence, np.concatenate([hidden, asked]))
        _collect(recogniser, evidence, asked, turn, known, step)
        _collect(recogniser, evidence, hidden, turn, unknown, step)
    both = (np.concatenate(pair) for pair in zip(_arrays(known), _arrays(unknown), strict=True))
    is_unknown = np.concatenate([np.zeros(len(labels), dtype=np.bool_), unknown.is_asked])
    return HeldOut(*both), is_unknown


def _turns_of_known(labels: Int64s, unknown_in: Int64s, rng: np.random.Generator) -> Int64s:
    """In which turn a face is asked about as one of a known person: never the one in which the person is unknown.

    A third of each person's faces for each of the three other turns; nobody loses the last face.
    """
    turns = np.full(len(labels), NO_ANSWER, dtype=np.int64)
    for person in np.unique(labels[labels >= 0]):
        rows = rng.permutation(np.flatnonzero(labels == person))
        if len(rows) > 1:
            others = 1 + np.arange(len(rows)) % (_PEOPLE_TURNS - 1)
            turns[rows] = (unknown_in[rows] + others) % _PEOPLE_TURNS
    return turns


def _arrays(held: HeldOut) -> Iterable[NDArray[np.generic]]:
    return held.turns, held.answers, held.likely, held.own


def _ask(evidence: Evidence, rows: Int64s, turn: int, held: HeldOut, step: Callable[[int], None]) -> None:
    _collect(_taught_without(evidence, rows), evidence, rows, turn, held, step)


def _taught_without(evidence: Evidence, rows: Int64s) -> Recogniser:
    """Those rows are open faces to it, and what the user denied of them is not known."""
    person_ids = evidence.person_ids.copy()
    person_ids[rows] = OPEN
    recogniser = Recogniser()
    recogniser.learn(replace(evidence, person_ids=person_ids))
    return recogniser


def _collect(
    recogniser: Recogniser,
    evidence: Evidence,
    rows: Int64s,
    turn: int,
    held: HeldOut,
    step: Callable[[int], None],
) -> None:
    for row in rows.tolist():
        candidates = recogniser.candidates(FaceId(int(evidence.face_ids[row])), _CANDIDATES)
        held.turns[row] = turn
        if candidates:
            held.answers[row], held.likely[row] = candidates[0].person_id, candidates[0].probability
        named = evidence.person_ids[row]
        held.own[row] = next((each.probability for each in candidates if each.person_id == named), 0.0)
        step(1)

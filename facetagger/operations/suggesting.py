"""Keeps classifiers, suggestions and groups in agreement with what the user has said.

The recogniser lives in memory and learns the difference to what it knew; its classifiers are stored as plain arrays.
Only rows that differ are written, and nothing here ever touches a name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import numpy as np

from facetagger.entities import Change, FaceId, PersonId, Suggestion
from facetagger.faces.models import DLIB_RESNET
from facetagger.library import Act, Library, StoredClassifier
from facetagger.operations.lifetimes import lifetime
from facetagger.operations.suggestion_threshold import suggestion_threshold
from facetagger.recognition.evidence import OPEN, Evidence
from facetagger.recognition.grouping import Grouper
from facetagger.recognition.leads import Leads
from facetagger.recognition.recogniser import Candidate, Recogniser

_NOTEWORTHY = 0.005
"""A probability that moved by less is not written again."""


class Suggesting:
    """Its methods may be called from any thread; they run one at a time."""

    def __init__(self, library: Library, chosen_model: Callable[[], str] = lambda: DLIB_RESNET) -> None:
        """``chosen_model`` tells the id of the embeddings that count now; it may change at any time."""
        self._library = library
        self._chosen_model = chosen_model
        self._lock = threading.Lock()
        self._start_over(chosen_model())

    def _start_over(self, model_id: str) -> None:
        self._model_id = model_id
        self._recogniser = Recogniser()
        self._grouper = Grouper()
        self._is_restored = False

    @property
    def model_id(self) -> str:
        """Of the embeddings that count now."""
        return self._chosen_model()

    def refresh(self) -> Change:
        """Brings suggestions and groups up to date; the ``Change`` names the faces and people whose rows differ."""
        with self._lock:
            self._follow_the_choice()
            evidence, learnt = self._learn()
            suggestions = self._recogniser.suggest(suggestion_threshold(self._library))
            groups = self._group(evidence)
            with self._library.transaction() as act:
                self._write_suggestions(act, suggestions)
                if set(groups) != {group.faces for group in self._library.groups.all()}:
                    act.groups.replace(groups)
                self._write_classifiers(act, learnt)
            return act.change

    def candidates(self, face_id: FaceId, limit: int = 3) -> list[Candidate]:
        """The people a face may be, best first, those below the gate too; never one the user has ruled out.

        As of the last ``refresh``; empty for a face that has no embedding, or is newer than that.
        """
        with self._lock:
            self._follow_the_choice()
            if not self._is_restored:
                self._learn()
            try:
                return self._recogniser.candidates(face_id, limit)
            except KeyError:
                return []

    def leads(self) -> Leads:
        """Whom each open face may be, as of the last ``refresh``."""
        with self._lock:
            self._follow_the_choice()
            if not self._is_restored:
                self._learn()
            return self._recogniser.leads()

    def _follow_the_choice(self) -> None:
        if self._chosen_model() != self._model_id:
            self._start_over(self._chosen_model())

    def _learn(self) -> tuple[Evidence, frozenset[PersonId]]:
        if not self._is_restored:
            stored = self._library.classifiers.load(self._model_id)
            self._recogniser.restore({each.person_id: (each.coef, each.intercept) for each in stored})
            self._is_restored = True
        evidence = load_evidence(self._library, self._model_id)
        return evidence, self._recogniser.learn(evidence)

    def _group(self, evidence: Evidence) -> list[tuple[FaceId, ...]]:
        rows = np.flatnonzero(evidence.person_ids == OPEN)
        return self._grouper.group(
            evidence.face_ids[rows],
            evidence.embeddings[rows],
            evidence.photo_ids[rows],
            [group.faces for group in self._library.groups.all()],
        )

    def _write_suggestions(self, act: Act, suggestions: Sequence[Suggestion]) -> None:
        old = {each.face_id: each for each in self._library.suggestions.all()}
        new = {each.face_id: each for each in suggestions}
        differing = {face for face in old.keys() | new.keys() if _differ(old.get(face), new.get(face))}
        if differing:
            act.suggestions.replace([new[face] for face in differing if face in new], for_faces=sorted(differing))

    def _write_classifiers(self, act: Act, learnt: frozenset[PersonId]) -> None:
        state = self._recogniser.state()
        kept = [StoredClassifier(each, *state[each]) for each in sorted(learnt) if each in state]
        act.classifiers.put(self._model_id, kept)
        act.classifiers.remove(self._model_id, learnt - state.keys())


def load_evidence(library: Library, model_id: str = DLIB_RESNET) -> Evidence:
    """What the library knows, as recognition wants it."""
    with library.snapshot():
        rows = library.faces.all_for_recognition(model_id)
        rejections = library.rejections.all()
        dates = library.people.dates()
    return Evidence(
        rows.face_ids,
        rows.photo_ids,
        rows.person_ids,
        rows.trainable,
        rows.embeddings,
        rejections,
        rows.quality,
        rows.taken,
        {person_id: lifetime(born, died) for person_id, (born, died) in dates.items()},
    )


def _differ(one: Suggestion | None, other: Suggestion | None) -> bool:
    if one is None or other is None:
        return True
    return one.person_id != other.person_id or abs(one.probability - other.probability) > _NOTEWORTHY

"""What recognition keeps in the library, so that after a restart it goes on where it stopped.

The recogniser's memory is stored as a whole now and then; in between each refresh notes which faces teach something
else, together with the classifiers that this has changed. A fingerprint of what the classifiers were learnt from tells
whether memory, notes and classifiers belong together; where they do not, everything is made anew.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from numpy.typing import NDArray

from facetagger.entities import PersonId
from facetagger.library import Act, Library, StoredClassifier
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.memory import Memory
from facetagger.recognition.recogniser import Recogniser
from facetagger.recognition.svc import Classifier
from facetagger.recognition.taught import Taught

_MOST_NOTED: Final = 400
"""Faces that came, went or were decided on since the memory was stored, before it is stored anew."""


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    memory: Memory
    learnt: Taught


class KeptMemory:
    """Of one embedding model. Not thread-safe."""

    def __init__(self, library: Library, model_id: str) -> None:
        self._library = library
        self._model_id = model_id
        self._learnt: Taught | None = None
        """What the stored classifiers were learnt from; None where that is not known."""
        self._faces = 0
        """How many there were when the memory was stored."""
        self._noted = 0
        self._calibrated_on = -1
        self._next: tuple[Taught, int, int, int] | None = None

    def resume(self, recogniser: Recogniser, evidence: Evidence) -> frozenset[PersonId]:
        """Has a new recogniser learn the evidence, from what is kept as far as it fits; gives who changed."""
        stored = self._library.classifiers.load(self._model_id)
        classifiers = {
            int(each.person_id): Classifier(each.coef, each.intercept, each.highest_intercept, each.active)
            for each in stored
            if each.highest_intercept is not None and each.active is not None
        }
        kept = self._load() if len(classifiers) == len(stored) else None
        if kept is None:
            recogniser.restore(classifiers)
            return recogniser.learn(evidence)
        self._learnt, self._faces = kept.learnt, len(kept.memory.face_ids)
        self._calibrated_on = int(kept.memory.calibrated_on[0])
        return recogniser.resume(evidence, kept.memory, kept.learnt, classifiers)

    def write(self, act: Act, recogniser: Recogniser, evidence: Evidence, people: Collection[PersonId]) -> None:
        """Stores what differs: the classifiers of these people, and what all were learnt from."""
        solved = recogniser.classifiers
        changed = [
            StoredClassifier(person, each.coef, each.intercept, each.highest_intercept, each.active)
            for person in sorted(people)
            if (each := solved.get(person)) is not None
        ]
        act.classifiers.put(self._model_id, changed)
        act.classifiers.remove(self._model_id, set(people) - solved.keys())
        taught = evidence.taught()
        note = None if self._learnt is None else self._learnt.changes(taught)
        noted = self._noted + (0 if note is None else len(note.face_ids))
        is_whole = (
            note is None
            or noted > _MOST_NOTED
            or abs(len(taught.face_ids) - self._faces) > _MOST_NOTED
            or recogniser.calibrated_on != self._calibrated_on
        )
        self._next = (taught, self._faces, noted, self._calibrated_on)
        if is_whole:
            act.memory.replace(self._model_id, recogniser.memory().arrays())
            self._next = (taught, len(taught.face_ids), 0, recogniser.calibrated_on)
        elif note is not None and len(note.face_ids):
            act.memory.note(self._model_id, _arrays(note))
        if is_whole or (note is not None and len(note.face_ids)):
            act.classifiers.set_fingerprint(self._model_id, taught.fingerprint())

    def written(self) -> None:
        """To be called when what ``write`` stored is sure to stay."""
        if self._next is not None:
            self._learnt, self._faces, self._noted, self._calibrated_on = self._next
            self._next = None

    def _load(self) -> _Kept | None:
        try:
            memory = Memory.of(self._library.memory.load(self._model_id))
            notes = [Taught(**each) for each in self._library.memory.notes(self._model_id)]
        except (TypeError, ValueError):
            return None
        if memory is None:
            return None
        self._noted = sum(len(each.face_ids) for each in notes)
        learnt = memory.taught.after(notes)
        is_sound = learnt.fingerprint() == self._library.classifiers.fingerprint(self._model_id)
        return _Kept(memory, learnt) if is_sound else None


def _arrays(taught: Taught) -> Mapping[str, NDArray[Any]]:
    return {"face_ids": taught.face_ids, "labels": taught.labels, "marks": taught.marks}

"""One question while it is being answered, as data: what is kept, what is crossed out, who the others are."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.questions import Question, QuestionKind

Who = PersonId | str
"""Somebody in the library, or the name of somebody who is not there yet."""


@dataclass(frozen=True, slots=True)
class Handful:
    """The faces of a question in their order, and what the user has said about them so far.

    Nothing of it is in the library until the question is answered, and since it never changes, taking an answer
    back needs no more than showing the same handful again. ``given`` holds only crossed-out faces.
    """

    question: Question
    faces: tuple[FaceId, ...]
    who: Who | None
    crossed_out: frozenset[FaceId] = frozenset()
    given: Mapping[FaceId, Who] = field(default_factory=dict)

    @classmethod
    def of(cls, question: Question) -> Handful:
        return cls(question, question.faces, question.person_id)

    @property
    def kind(self) -> QuestionKind:
        return self.question.kind

    @property
    def kept(self) -> tuple[FaceId, ...]:
        return tuple(each for each in self.faces if each not in self.crossed_out)

    @property
    def doubtful(self) -> int:
        """How many faces, the last ones, deserve a second look."""
        number = self.question.doubtful
        return len(set(self.faces).intersection(self.question.faces[-number:])) if number else 0

    @property
    def excluded(self) -> tuple[FaceId, ...]:
        return tuple(each for each in self.faces if each in self.crossed_out)

    def toggled(self, face_id: FaceId) -> Handful:
        """Crosses a face out, or takes it back; whoever it was given to is forgotten then."""
        given = {each: who for each, who in self.given.items() if each != face_id}
        return replace(self, crossed_out=self.crossed_out ^ {face_id}, given=given)

    def reassigned(self, who: Who, focused: FaceId | None) -> Handful:
        """The answer to "someone else?": the faces in ``targets`` are given away, or else the question turns
        to ``who`` as a whole."""
        targets = self.targets(focused)
        if targets:
            return replace(self, given={**self.given, **dict.fromkeys(targets, who)})
        return replace(self, who=who)

    def targets(self, focused: FaceId | None) -> tuple[FaceId, ...]:
        """The crossed-out faces that "someone else" speaks of: the focused one, or all that have no name yet."""
        if focused in self.crossed_out:
            return tuple(each for each in self.faces if each == focused)
        return tuple(each for each in self.excluded if each not in self.given)

    def without(self, settled: Set[FaceId]) -> Handful:
        """What is left of it when some faces were settled elsewhere."""
        if settled.isdisjoint(self.faces):
            return self
        return replace(
            self,
            faces=tuple(each for each in self.faces if each not in settled),
            crossed_out=self.crossed_out - settled,
            given={each: who for each, who in self.given.items() if each not in settled},
        )

    def given_by_person(self) -> dict[Who, list[FaceId]]:
        """The crossed-out faces that got a name, by whom they were given to."""
        people: dict[Who, list[FaceId]] = {}
        for face_id in self.excluded:
            if face_id in self.given:
                people.setdefault(self.given[face_id], []).append(face_id)
        return people

"""Somebody who knows everybody on the photos and answers what the review asks, decision by decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from facetagger.entities import FaceId, FaceState, PersonId
from facetagger.operations.session import Session
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.review import answers
from facetagger.ui.review.answers import Step
from facetagger.ui.review.handful import Handful
from facetagger.ui.review.queue import Answer, ReviewQueue

STRANGER = ""
"""In ``Truth.names``: somebody the user does not know."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Who the central face of each photo shows; ``missed`` photos have no face that was found.

    Every other face is a bystander's: a stranger that the count leaves out.
    """

    names: Mapping[FaceId, str]
    missed: int

    @property
    def faces(self) -> int:
        return len(self.names) + self.missed

    def name(self, face_id: FaceId) -> str:
        return self.names.get(face_id, STRANGER)


@dataclass(frozen=True, slots=True)
class Effort:
    """``settled[i]`` of the central faces were named or set aside after ``decisions[i]`` decisions."""

    decisions: Sequence[int]
    settled: Sequence[int]
    wrong: int
    faces: int

    @property
    def per_100(self) -> float:
        return 100.0 * self.decisions[-1] / self.faces


class PerfectUser:
    """Answers the questions in the order in which the window shows them: the next one is on the page before the last
    answer has brought new suggestions.

    A decision is a typed name, a confirmation, an exclusion, a bulk ignore or another "no". What concerns bystanders
    alone is not counted; a bystander that has to be excluded from a question about others is.
    """

    def __init__(self, session: Session, truth: Truth) -> None:
        self._session = session
        self._truth = truth
        self._queue = ReviewQueue()
        self._decisions = 0
        self._people: dict[str, PersonId] = {}
        self.answered: Counter[str] = Counter()
        """Decisions by kind of question."""

    def work(self) -> Effort:
        """Answers until every face of a known person is confirmed; what was not found or not asked is named by hand."""
        decisions, settled = [0], [0]
        self._read()
        while self._unnamed():
            if self._queue.current is None:
                self._name_by_hand()
            else:
                self._answer(self._queue.current)
                self._read()
            decisions.append(self._decisions)
            settled.append(len(self._settled()))
        decisions.append(self._decisions + self._truth.missed)
        settled.append(settled[-1] + self._truth.missed)
        return Effort(decisions, settled, self._wrong(), self._truth.faces)

    def _read(self) -> None:
        self._session.suggesting.refresh()
        queue = self._queue
        asked = self._session.reviewing.questions(skipped=queue.skipped(), familiar=queue.familiar())
        queue.offer(asked, queue.settled_answers())

    def _answer(self, handful: Handful) -> None:
        match handful.kind:
            case QuestionKind.CONFIRM:
                cost = self._confirm(handful)
            case QuestionKind.NAME:
                cost = self._name(handful)
            case QuestionKind.IGNORE:
                cost = self._ignore(handful)
            case QuestionKind.MERGE:
                cost = self._give(handful, answers.no(self._session, handful))
        if any(face in self._truth.names for face in handful.faces):
            self._decisions += cost
            self.answered[handful.kind.value if len(handful.faces) > 1 else "one face"] += cost

    def _confirm(self, handful: Handful) -> int:
        assert isinstance(handful.who, int)
        name = self._session.library.people.get(handful.who).name
        others = [face for face in handful.faces if self._truth.name(face) != name]
        right = self._truth.name(handful.faces[0])
        if len(others) < len(handful.faces):
            handful = _crossing_out(handful, others)
            return self._give(handful, answers.yes(self._session, handful))
        if len(others) == 1 and right != STRANGER:
            handful = handful.reassigned(self._people.get(right, right), None)
            return self._give(handful, answers.yes(self._session, handful))
        return self._give(handful, answers.no(self._session, handful))

    def _name(self, handful: Handful) -> int:
        """Names whoever is on most faces; a known person before as many strangers."""
        counted = Counter(map(self._truth.name, handful.faces))
        name = max(sorted(counted), key=lambda each: (counted[each], each != STRANGER))
        handful = _crossing_out(handful, [face for face in handful.faces if self._truth.name(face) != name])
        if name == STRANGER:
            return self._give(handful, answers.no(self._session, handful))
        return self._give(handful, answers.name(self._session, handful, self._people.get(name, name)))

    def _ignore(self, handful: Handful) -> int:
        known = [face for face in handful.faces if self._truth.name(face) != STRANGER]
        if 2 * len(known) > len(handful.faces):
            self._queue.answered(Answer(handful, is_skip=True, is_familiar=True))
            return 1
        handful = _crossing_out(handful, known)
        return self._give(handful, answers.yes(self._session, handful))

    def _give(self, handful: Handful, steps: Sequence[Step]) -> int:
        answer = Answer(handful)
        self._queue.answered(answer)
        answers.carry_out(self._session, answer, steps)
        self._people = {each.person.name: each.person.id for each in self._session.library.people.all()}
        return 1 + (len(handful.excluded) if handful.kept else 0)

    def _name_by_hand(self) -> None:
        face = min(self._unnamed())
        self._session.naming.name([face], self._truth.names[face])
        self._decisions += 1
        self.answered["by hand"] += 1

    def _unnamed(self) -> set[FaceId]:
        is_open = set(self._session.library.faces.ids(state=FaceState.OPEN))
        return {face for face, name in self._truth.names.items() if name != STRANGER and face in is_open}

    def _settled(self) -> set[FaceId]:
        return self._truth.names.keys() - set(self._session.library.faces.ids(state=FaceState.OPEN))

    def _wrong(self) -> int:
        """Names that are not right, and known people set aside as strangers."""
        faces = self._session.library.faces
        names = {person: name for name, person in self._people.items()}
        named = faces.get_many(faces.ids(state=FaceState.CONFIRMED))
        ignored = faces.ids(state=FaceState.IGNORED)
        return sum(names.get(face.person_id) != self._truth.name(face.id) for face in named if face.person_id) + sum(
            self._truth.name(face) != STRANGER for face in ignored
        )


def _crossing_out(handful: Handful, faces: Sequence[FaceId]) -> Handful:
    for face in faces:
        handful = handful.toggled(face)
    return handful


def one_by_one(faces: int) -> Effort:
    counts = np.arange(faces + 1).tolist()
    return Effort(counts, counts, 0, faces)

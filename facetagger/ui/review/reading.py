"""What the review page reads in one go, on a worker, so that showing a question needs no further look-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from facetagger.entities import FaceId, FaceState, PersonId
from facetagger.library import PersonSummary
from facetagger.operations.session import Session
from facetagger.recognition.questions import Question, QuestionKind
from facetagger.ui.review.facts import FaceFacts, read_facts, spread
from facetagger.ui.review.handful import Handful
from facetagger.ui.review.portrait_choice import read_portraits
from facetagger.ui.review.queue import Answer

PREFETCHED = 4
"""Questions that are read with everything they show; the others wait as ids."""
_EXEMPLARS = 24


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody a question is about, with confirmed faces from the first year to the last."""

    summary: PersonSummary
    portrait: FaceId | None
    exemplars: tuple[FaceFacts, ...]


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything that is known about one question."""

    facts: Mapping[FaceId, FaceFacts]
    subjects: Mapping[PersonId, Subject]


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the whole library is: faces that need no question any more, of all that are faces."""

    settled: int
    faces: int
    photos: int
    people: int

    @property
    def is_settled(self) -> bool:
        return self.settled == self.faces


@dataclass(frozen=True, slots=True)
class Offer:
    """One reading: the questions in their order, the first ones with their briefings."""

    questions: Sequence[Question]
    briefings: Mapping[Question, Briefing]
    standing: Standing
    names: Mapping[PersonId, str]
    gone: frozenset[FaceId] = field(default=frozenset())
    """The current question's faces that were settled elsewhere."""
    is_last_undone: bool = False
    """The last answer was undone elsewhere, with the window's own Undo."""


def read_offer(
    session: Session,
    skipped: frozenset[frozenset[FaceId]],
    familiar: frozenset[FaceId],
    current: Handful | None,
    last: Answer | None,
) -> Offer:
    questions = session.reviewing.questions(skipped=skipped, familiar=familiar)
    people = {each.person.id: each for each in session.library.people.all()}
    wanted = [*questions[:PREFETCHED], *([current.question] if current is not None else [])]
    counts = session.library.counts()
    return Offer(
        questions,
        {question: read_briefing(session, question, people) for question in wanted},
        Standing(counts.confirmed + counts.ignored, counts.faces, counts.photos, counts.people),
        {person_id: each.person.name for person_id, each in people.items()},
        read_gone(session, current) if current is not None else frozenset(),
        last is not None and was_undone(session, last),
    )


def read_briefing(session: Session, question: Question, people: Mapping[PersonId, PersonSummary]) -> Briefing:
    subjects = {
        person_id: read_summary(session, people[person_id])
        for person_id in (question.person_id, question.other)
        if person_id is not None and person_id in people
    }
    return Briefing(read_facts(session.library, question.faces), subjects)


def read_subject(session: Session, person_id: PersonId) -> Subject | None:
    """None when the person is not in the library any more."""
    found = [each for each in session.library.people.all() if each.person.id == person_id]
    return read_summary(session, found[0]) if found else None


def read_summary(session: Session, summary: PersonSummary) -> Subject:
    faces = session.library.faces.ids(state=FaceState.CONFIRMED, person=summary.person.id)
    portrait = read_portraits(session.library, [summary.person]).get(summary.person.id)
    return Subject(summary, portrait, tuple(spread(read_facts(session.library, faces).values(), _EXEMPLARS)))


def read_gone(session: Session, current: Handful) -> frozenset[FaceId]:
    """Which faces of a question are not open any more, or not in the library. A merge asks about people instead."""
    if current.kind is QuestionKind.MERGE:
        return frozenset()
    still_open = {
        each.id for each in session.library.faces.get_many(list(current.faces)) if each.state is FaceState.OPEN
    }
    return frozenset(current.faces) - still_open


def was_undone(session: Session, answer: Answer) -> bool:
    redo = session.library.history.redo_entry()
    return answer.is_applied and redo is not None and redo.id in answer.entries

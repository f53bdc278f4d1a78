"""What each answer does in the library, as steps that are carried out together and taken back together."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from facetagger.entities import Change, FaceId, PersonId
from facetagger.errors import FaceTaggerError
from facetagger.operations.naming import NewPerson
from facetagger.operations.session import Session
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.review.handful import Handful, Who
from facetagger.ui.review.queue import Answer

Step = Callable[[], Change]


def yes(session: Session, handful: Handful) -> list[Step]:
    """Enter: what is kept is so, what is crossed out is not, and whoever got another name has it."""
    match handful.kind:
        case QuestionKind.CONFIRM if handful.who is not None:
            who, kept, excluded = _meant(handful.who), handful.kept, handful.excluded
            return [lambda: session.naming.settle(who, kept, excluded), *_named(session, handful)]
        case QuestionKind.IGNORE:
            return [lambda: session.naming.ignore(handful.kept)]
        case QuestionKind.MERGE if handful.question.person_id is not None and handful.question.other is not None:
            into, other = handful.question.person_id, handful.question.other
            return [lambda: session.people.merge(into, [other])]
    return []


def no(session: Session, handful: Handful) -> list[Step]:
    """N: none of them is; the faces of a group without a name are strangers; two people stay two."""
    match handful.kind:
        case QuestionKind.CONFIRM if handful.who is not None:
            refused = handful.who
            return [lambda: session.naming.reject(handful.faces, refused), *_named(session, handful)]
        case QuestionKind.NAME:
            return [lambda: session.naming.ignore(handful.kept)]
        case QuestionKind.MERGE if handful.question.person_id is not None and handful.question.other is not None:
            one, other = handful.question.person_id, handful.question.other
            return [lambda: _tell_apart(session, handful.faces, one, other)]
    return []


def _tell_apart(session: Session, faces: Sequence[FaceId], one: PersonId, other: PersonId) -> Change:
    """Two people who are not the same: the faces of the one are remembered not to be the other."""
    theirs = [face.id for face in session.library.faces.get_many(list(faces)) if face.person_id == other]
    return session.naming.reject(theirs, one)


def name(session: Session, handful: Handful, who: Who) -> list[Step]:
    """The kept faces of a group are ``who``, and the crossed-out ones are not."""
    return [lambda: session.naming.name(handful.kept, _meant(who), handful.excluded)]


def not_faces(session: Session, handful: Handful) -> list[Step]:
    return [lambda: session.naming.not_a_face(handful.kept)]


def carry_out(session: Session, answer: Answer, steps: Sequence[Step]) -> Change:
    """Runs the steps on the library's lane; when one fails, those before it are undone and the error goes on."""
    change = Change()
    try:
        for step in steps:
            part = step()
            change |= part
            if part.entry is not None:
                answer.entries.append(part.entry.id)
    except Exception:
        for _ in answer.entries:
            session.history.undo()
        answer.entries.clear()
        answer.has_failed = True
        raise
    answer.is_applied = True
    return change


def take_back(session: Session, answer: Answer) -> Change:
    """Undoes what ``carry_out`` did.

    Raises ``FaceTaggerError`` when the user did something else in between, which would have to be undone first.
    """
    change = Change()
    for entry_id in reversed(answer.entries):
        last = session.library.history.undo_entry()
        if last is None or last.id != entry_id:
            raise FaceTaggerError(
                "Something else was done since this question.",
                hint="Undo that first, with Undo at the top of the window.",
            )
        change |= session.history.undo()
    return change


def _named(session: Session, handful: Handful) -> list[Step]:
    return [
        lambda who=who, faces=tuple(faces): session.naming.name(faces, _meant(who))  # type: ignore[misc]
        for who, faces in handful.given_by_person().items()
    ]


def _meant(who: Who) -> PersonId | NewPerson:
    """A name that was typed is somebody new, also when somebody else has it: the field knew them and offered them."""
    return NewPerson(who) if isinstance(who, str) else who

"""The review without its looks: reads what is asked, carries answers out, brings them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from facetagger.entities import Change, FaceId, PersonId
from facetagger.errors import FaceTaggerError
from facetagger.jobs.lanes import Lane
from facetagger.recognition.questions import Question, QuestionKind
from facetagger.ui.bridge import Bridge
from facetagger.ui.review import answers
from facetagger.ui.review.answers import Step
from facetagger.ui.review.handful import Handful, Who
from facetagger.ui.review.queue import Answer, ReviewQueue
from facetagger.ui.review.reading import Briefing, Offer, Standing, Subject, read_offer, read_subject

_READ_SOON_MS: Final = 120
"""Changes come in bursts (an act, then its suggestions); one reading follows them."""
_OTHERS_READ: Final = 4
_NO_BRIEFING: Final = Briefing({}, {})


class Reviewer(QObject):
    """What is asked changes only by the user's hand, except that faces settled elsewhere leave the question."""

    asked = Signal()
    """Another question is there, or none is left."""
    updated = Signal()
    """The same question, with other marks, fewer faces or more known about it."""
    counted = Signal()
    """``standing`` was read anew."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._queue = ReviewQueue()
        self._briefings: dict[Question, Briefing] = {}
        self._is_taking_back = False
        self.names: dict[PersonId, str] = {}
        self.others: Sequence[PersonId] = ()
        """People the crossed-out face, or the first one, may be; best first."""
        self.standing = Standing(0, 0, 0, 0)
        self._soon = QTimer(self, singleShot=True, interval=_READ_SOON_MS)
        self._soon.timeout.connect(self._read)
        bridge.failed.connect(self._take_failure)

    @property
    def current(self) -> Handful | None:
        return self._queue.current

    @property
    def queue(self) -> ReviewQueue:
        return self._queue

    def briefing(self, handful: Handful) -> Briefing:
        return self._briefings.get(handful.question, _NO_BRIEFING)

    def upcoming_briefings(self) -> list[Briefing]:
        return [self.briefing(each) for each in self._queue.upcoming]

    def refresh(self, change: Change | None = None) -> None:
        """Something changed: the questions are read again soon. None means everything."""
        if change is None or change.faces or change.people or change.photos or change.albums:
            self._soon.start()

    def yes(self) -> None:
        if self.current is not None:
            self._answer(answers.yes(self._bridge.session, self.current))

    def no(self) -> None:
        """A "no" that leaves nothing to remember puts the question off.

        Faces that are no strangers are asked about one by one.
        """
        if self.current is None:
            return
        if self.current.kind is QuestionKind.IGNORE:
            self._leave(Answer(self.current, is_skip=True, is_familiar=True))
            return
        steps = answers.no(self._bridge.session, self.current)
        if steps:
            self._answer(steps)
        else:
            self.skip()

    def name(self, who: Who) -> None:
        """The kept faces of a group are ``who``; elsewhere the crossed-out faces or the whole question are."""
        if self.current is not None and self.current.kept:
            self._answer(answers.name(self._bridge.session, self.current, who))

    def not_faces(self) -> None:
        if self.current is not None and self.current.kept:
            self._answer(answers.not_faces(self._bridge.session, self.current))

    def skip(self) -> None:
        """ "I don't know": the question is put off for this sitting."""
        if self.current is not None:
            self._leave(Answer(self.current, is_skip=True))

    def ask_again(self) -> None:
        """The questions that were put off are asked after all."""
        self._queue.forget_skips()
        self.refresh()

    def take_back(self) -> None:
        """Brings the last question back as it was when it was answered."""
        answer = self._queue.last_answer
        if answer is None or self._is_taking_back:
            return
        if answer.is_skip:
            self._return_to(answer)
            return
        self._is_taking_back = True
        session = self._bridge.session
        self._bridge.act(lambda: answers.take_back(session, answer), lambda _: self._return_to(answer))

    def toggle(self, face_id: FaceId) -> None:
        """Crosses a crop out, or takes it back. The only face of a question is answered with yes or no instead."""
        if self.current is not None and self.current.kind is not QuestionKind.MERGE and len(self.current.faces) > 1:
            self._queue.current = self.current.toggled(face_id)
            self.updated.emit()

    def reassign(self, who: Who, focused: FaceId | None) -> None:
        """The crossed-out faces, or the whole question, are ``who`` instead."""
        if self.current is not None and self.current.kind is QuestionKind.CONFIRM:
            self._queue.current = self.current.reassigned(who, focused)
            self.updated.emit()
            self._read_subject(who)

    def ask_for_others(self, focused: FaceId | None) -> None:
        """Reads who else it may be: the crossed-out face, or the first one."""
        if self.current is None or self.current.kind is not QuestionKind.CONFIRM:
            return
        face_id = (self.current.targets(focused) or self.current.faces)[0]
        suggesting = self._bridge.session.suggesting
        self._bridge.fetch(
            Lane.RECOGNITION,
            lambda: [each.person_id for each in suggesting.candidates(face_id, _OTHERS_READ)],
            self._take_others,
            key=(id(self), "others"),
        )

    def _take_others(self, people: Sequence[PersonId]) -> None:
        self.others = people
        self.updated.emit()

    def _read(self) -> None:
        session, queue = self._bridge.session, self._queue
        as_of, current, last = queue.settled_answers(), queue.current, queue.last_answer
        skipped, familiar = queue.skipped(), queue.familiar()
        self._bridge.fetch(
            Lane.RECOGNITION,
            lambda: read_offer(session, skipped, familiar, current, last),
            lambda offer: self._take_offer(offer, as_of, last),
        )

    def _take_offer(self, offer: Offer, as_of: int, last: Answer | None) -> None:
        self._briefings = {
            question: briefing
            for question, briefing in {**self._briefings, **offer.briefings}.items()
            if question in offer.briefings or question in self._queue.remembered()
        }
        self.names.update(offer.names)
        self.standing = offer.standing
        self.counted.emit()
        before = self.current
        if offer.is_last_undone and last is not None and last is self._queue.last_answer:
            self._queue.take_back()
        self._queue.offer(offer.questions, as_of)
        # After the offer: what comes up in place of a question that is gone must be as fresh as it.
        self._queue.drop(offer.gone)
        self._tell(before)

    def _read_subject(self, who: Who) -> None:
        """Whoever the question turned to is shown like the one before."""
        current = self.current
        if current is None or isinstance(who, str) or who in self.briefing(current).subjects:
            return
        session = self._bridge.session

        def take(subject: Subject | None) -> None:
            if subject is not None:
                briefing = self.briefing(current)
                self._briefings[current.question] = replace(briefing, subjects={**briefing.subjects, who: subject})
                self.names[who] = subject.summary.person.name
                self.updated.emit()

        self._bridge.fetch(Lane.LIBRARY, lambda: read_subject(session, who), take, key=(id(self), "subject"))

    def _answer(self, steps: Sequence[Step]) -> None:
        if self.current is None or not steps:
            return
        answer, session = Answer(self.current), self._bridge.session
        self._move_on(answer)
        self._bridge.act(lambda: answers.carry_out(session, answer, steps))

    def _leave(self, answer: Answer) -> None:
        """Moves on with nothing to carry out."""
        self._move_on(answer)
        self.refresh()

    def _move_on(self, answer: Answer) -> None:
        self._queue.answered(answer)
        self.others = ()
        self.asked.emit()

    def _return_to(self, answer: Answer) -> None:
        self._is_taking_back = False
        if answer is self._queue.last_answer:
            self._queue.take_back()
            self.others = ()
            self.asked.emit()
        self.refresh()

    def _take_failure(self, error: FaceTaggerError) -> None:
        """An answer that could not be carried out is asked again; the window says why."""
        self._is_taking_back = False
        if self._queue.return_failed():
            self.asked.emit()

    def _tell(self, before: Handful | None) -> None:
        is_same = before is not None and self.current is not None and before.question == self.current.question
        (self.updated if is_same else self.asked).emit()

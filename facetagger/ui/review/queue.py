"""What is asked, in which order: the current question, the prefetched ones, the answers that can be taken back."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from typing import Final

from facetagger.entities import EntryId, FaceId
from facetagger.recognition.questions import Question, QuestionKind
from facetagger.ui.review.handful import Handful

_RECENT: Final = 30
"""Answers whose questions come back without being read again."""


@dataclass(slots=True)
class Answer:
    """A question as it was when the user answered it, and what became of the answer.

    The job that carries the answer out writes ``entries`` and then ``is_applied`` or ``has_failed``.
    An answer that is skipped has nothing to carry out. ``is_familiar`` says of proposed strangers that they are none.
    """

    handful: Handful
    is_skip: bool = False
    is_familiar: bool = False
    entries: list[EntryId] = field(default_factory=list)
    is_applied: bool = False
    has_failed: bool = False

    @property
    def is_settled(self) -> bool:
        return self.is_skip or self.is_applied


class ReviewQueue:
    """Holds no rule about which question is worth most: it asks in the order in which they are offered.

    Invariants: the current question is replaced only by an answer, by ``take_back``, or when none of its faces is
    left to ask about; no face is asked about again before the answer that touched it is in the library.
    """

    def __init__(self) -> None:
        self.current: Handful | None = None
        self._upcoming: list[Handful] = []
        self._answers: list[Answer] = []
        self._is_loaded = False

    @property
    def is_loaded(self) -> bool:
        """Whether questions were offered at all, so that "nothing to ask" can be told from "not known yet"."""
        return self._is_loaded

    @property
    def number(self) -> int:
        """Which question of this sitting the current one is, from 1."""
        return len(self._answers) + 1

    @property
    def upcoming(self) -> Sequence[Handful]:
        return self._upcoming

    @property
    def can_take_back(self) -> bool:
        return bool(self._answers)

    @property
    def last_answer(self) -> Answer | None:
        return self._answers[-1] if self._answers else None

    def remembered(self) -> frozenset[Question]:
        """The current question and those that may soon come back."""
        recent = [answer.handful for answer in self._answers[-_RECENT:]]
        return frozenset(each.question for each in (*recent, *self._upcoming, self.current) if each is not None)

    def skipped(self) -> frozenset[frozenset[FaceId]]:
        """The questions to which the answer was "I don't know", as ``Reviewing.questions`` wants them."""
        put_off = [each for each in self._answers if each.is_skip and not each.is_familiar]
        return frozenset(frozenset(each.handful.question.faces) for each in put_off)

    def familiar(self) -> frozenset[FaceId]:
        """The faces that were proposed as strangers and are none: they are asked about one by one."""
        return frozenset(
            face_id
            for each in self._answers
            if each.handful.kind is QuestionKind.IGNORE and (each.is_familiar or not each.is_skip)
            for face_id in (each.handful.faces if each.is_familiar else each.handful.excluded)
        )

    def settled_answers(self) -> int:
        """How many answers, from the first on, are surely seen by questions that are asked for now."""
        return next((index for index, answer in enumerate(self._answers) if not answer.is_settled), len(self._answers))

    def offer(self, questions: Sequence[Question], as_of: int) -> None:
        """Takes what the library asks; ``as_of`` is ``settled_answers()`` when it was asked to."""
        unseen = {face_id for answer in self._answers[as_of:] for face_id in answer.handful.faces}
        self._is_loaded = True
        handfuls = [Handful.of(question).without(unseen) for question in questions]
        if self.current is not None:
            current = frozenset(self.current.faces)
            handfuls = [each.without(current) for each in handfuls if _may_be_cut(each, current)]
        self._upcoming = [each for each in handfuls if is_askable(each)]
        self._advance_if_done()

    def answered(self, answer: Answer) -> None:
        """Remembers the answer to the current question and moves on."""
        self._answers.append(answer)
        self.current = None
        self.drop(frozenset(answer.handful.faces), from_current=False)

    def drop(self, settled: Set[FaceId], *, from_current: bool = True) -> None:
        """Faces that somebody settled elsewhere are not asked about."""
        if from_current and self.current is not None:
            self.current = self.current.without(settled)
        self._upcoming = [each for each in (each.without(settled) for each in self._upcoming) if is_askable(each)]
        self._advance_if_done()

    def take_back(self) -> Answer:
        """Shows the question that was answered last as it was then; the current one waits behind it."""
        return self._return_to(self._answers.pop())

    def return_failed(self) -> bool:
        """Asks again what could not be carried out; whether there was such an answer."""
        failed = [each for each in self._answers if each.has_failed]
        for answer in failed:
            self._answers.remove(answer)
            self._return_to(answer)
        return bool(failed)

    def forget_skips(self) -> None:
        self._answers = [each for each in self._answers if not each.is_skip]

    def _return_to(self, answer: Answer) -> Answer:
        if self.current is not None:
            self._upcoming.insert(0, self.current)
        self.current = answer.handful
        returned = frozenset(answer.handful.faces)
        self._upcoming = [each for each in (each.without(returned) for each in self._upcoming) if is_askable(each)]
        return answer

    def _advance_if_done(self) -> None:
        if self.current is not None and is_askable(self.current):
            return
        self.current = self._upcoming.pop(0) if self._upcoming else None


def _may_be_cut(handful: Handful, current: frozenset[FaceId]) -> bool:
    """What is left of a group beside the current question is no group to name; a handful to confirm stays one."""
    return handful.kind is QuestionKind.CONFIRM or current.isdisjoint(handful.faces)


def is_askable(handful: Handful) -> bool:
    return bool(handful.faces)

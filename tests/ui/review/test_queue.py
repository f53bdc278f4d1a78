from __future__ import annotations

from dataclasses import replace

from facetagger.entities import EntryId, FaceId, PersonId
from facetagger.recognition.questions import Question, QuestionKind
from facetagger.ui.review.queue import Answer, ReviewQueue


def ask(*faces: int) -> Question:
    return Question(QuestionKind.CONFIRM, tuple(FaceId(each) for each in faces), PersonId(1), 0.9, float(len(faces)))


def queue_with(*questions: Question) -> ReviewQueue:
    queue = ReviewQueue()
    queue.offer(questions, 0)
    return queue


def answer(queue: ReviewQueue, *, is_applied: bool = True) -> Answer:
    assert queue.current is not None
    given = Answer(queue.current, entries=[EntryId(1)], is_applied=is_applied)
    queue.answered(given)
    return given


def faces(queue: ReviewQueue) -> tuple[int, ...]:
    assert queue.current is not None
    return queue.current.faces


def test_faces_that_are_no_strangers_are_familiar_and_not_put_off() -> None:
    strangers = replace(ask(1, 2, 3), kind=QuestionKind.IGNORE, person_id=None)
    queue = queue_with(strangers, replace(strangers, faces=(FaceId(4), FaceId(5))), ask(6))
    assert queue.current is not None
    queue.current = queue.current.toggled(FaceId(2))
    answer(queue)
    assert queue.familiar() == {2}
    queue.answered(Answer(queue.current, is_skip=True, is_familiar=True))
    assert queue.familiar() == {2, 4, 5}
    assert queue.skipped() == frozenset()


def test_proposed_strangers_that_were_put_off_are_not_familiar() -> None:
    queue = queue_with(replace(ask(1, 2, 3), kind=QuestionKind.IGNORE, person_id=None))
    assert queue.current is not None
    queue.answered(Answer(queue.current, is_skip=True))
    assert queue.familiar() == frozenset()
    assert queue.skipped() == {frozenset({1, 2, 3})}


def test_the_current_question_stays_when_others_are_offered() -> None:
    queue = queue_with(ask(1, 2), ask(3))
    queue.offer([ask(9), ask(1, 2, 3)], queue.settled_answers())
    assert faces(queue) == (1, 2)


def test_the_next_question_is_there_without_waiting_for_the_answer_to_be_carried_out() -> None:
    queue = queue_with(ask(1, 2), ask(3))
    answer(queue, is_applied=False)
    assert faces(queue) == (3,)


def test_faces_of_an_answer_that_is_not_in_the_library_yet_are_not_asked_about_again() -> None:
    queue = queue_with(ask(1, 2))
    answer(queue, is_applied=False)
    queue.offer([ask(2, 4), ask(1)], queue.settled_answers())
    assert faces(queue) == (4,)
    assert not queue.upcoming


def test_an_offer_read_before_an_answer_was_carried_out_cannot_bring_its_faces_back() -> None:
    queue = queue_with(ask(1, 2))
    as_of = queue.settled_answers()
    answer(queue)
    queue.offer([ask(1, 2)], as_of)
    assert queue.current is None


def test_faces_settled_elsewhere_leave_the_current_question() -> None:
    queue = queue_with(ask(1, 2), ask(3))
    queue.drop({FaceId(1)})
    assert faces(queue) == (2,)
    queue.drop({FaceId(2)})
    assert faces(queue) == (3,)


def test_taking_back_shows_the_last_question_with_its_marks_and_the_current_one_after_it() -> None:
    queue = queue_with(ask(1, 2), ask(3))
    assert queue.current is not None
    queue.current = queue.current.toggled(FaceId(2))
    answer(queue)
    queue.take_back()
    assert queue.current.excluded == (2,)
    answer(queue)
    assert faces(queue) == (3,)


def test_a_question_that_was_put_off_is_named_to_the_library_until_it_is_forgotten() -> None:
    queue = queue_with(ask(1, 2))
    assert queue.current is not None
    queue.answered(Answer(queue.current, is_skip=True))
    assert queue.skipped() == {frozenset({FaceId(1), FaceId(2)})}
    queue.forget_skips()
    assert not queue.skipped()


def test_an_answer_that_failed_is_asked_again() -> None:
    queue = queue_with(ask(1, 2), ask(3))
    given = answer(queue, is_applied=False)
    given.has_failed = True
    assert queue.return_failed()
    assert faces(queue) == (1, 2)
    assert not queue.can_take_back


def test_questions_are_counted_from_one() -> None:
    queue = queue_with(ask(1), ask(2))
    assert queue.number == 1
    answer(queue)
    assert queue.number == 2

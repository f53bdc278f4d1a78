from __future__ import annotations

from dataclasses import replace

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.questions import Question, QuestionKind, Reason
from facetagger.ui.review import wording
from facetagger.ui.review.handful import Handful

PETER, EMIL = PersonId(1), PersonId(2)
FACES = tuple(FaceId(number) for number in range(1, 6))


def confirm(faces: tuple[FaceId, ...] = FACES) -> Handful:
    return Handful.of(Question(QuestionKind.CONFIRM, faces, PETER, 0.9, 4.5))


def test_a_crossed_out_face_is_not_kept_and_can_be_taken_back() -> None:
    crossed = confirm().toggled(FACES[1])
    assert crossed.kept == (1, 3, 4, 5)
    assert crossed.excluded == (2,)
    assert crossed.toggled(FACES[1]) == confirm()


def test_someone_else_speaks_of_all_faces_while_none_is_crossed_out() -> None:
    turned = confirm().reassigned(EMIL, FACES[0])
    assert turned.who == EMIL
    assert turned.kept == FACES


def test_someone_else_speaks_of_the_crossed_out_faces_that_have_no_name_yet() -> None:
    handful = confirm().toggled(FACES[0]).reassigned(EMIL, None).toggled(FACES[1])
    assert handful.targets(None) == (FACES[1],)
    assert handful.reassigned("Nils", None).given_by_person() == {EMIL: [FACES[0]], "Nils": [FACES[1]]}
    assert handful.who == PETER


def test_the_focused_crossed_out_face_is_meant_although_it_has_a_name() -> None:
    handful = confirm().toggled(FACES[0]).reassigned(EMIL, None)
    assert handful.reassigned("Nils", FACES[0]).given == {FACES[0]: "Nils"}


def test_taking_a_face_back_forgets_whom_it_was_given_to() -> None:
    handful = confirm().toggled(FACES[0]).reassigned(EMIL, None).toggled(FACES[0])
    assert handful == confirm()


def test_faces_settled_elsewhere_leave_the_question_with_their_marks() -> None:
    handful = confirm().toggled(FACES[0]).reassigned(EMIL, None).without({FACES[0], FACES[1]})
    assert handful == confirm(FACES).without({FACES[0], FACES[1]})
    assert handful.kept == FACES[2:]


def test_the_button_says_how_many_faces_enter_confirms() -> None:
    assert wording.labels(confirm(), "Peter").yes == "Yes, these 5 are Peter"
    assert wording.labels(confirm().toggled(FACES[0]), "Peter").yes == "Yes, these 4 are Peter"
    assert wording.labels(confirm(FACES[:1]), "Peter").yes == "Yes, this is Peter"


def test_one_face_of_several_is_spoken_of_as_one() -> None:
    handful = confirm(FACES[:2]).toggled(FACES[0])
    assert wording.labels(handful, "Peter").yes == "Yes, this one is Peter"


def test_enter_does_nothing_when_all_faces_are_crossed_out_and_nobody_was_named() -> None:
    handful = confirm(FACES[:2]).toggled(FACES[0]).toggled(FACES[1])
    assert not wording.labels(handful, "Peter").is_yes_possible
    assert wording.labels(handful.reassigned(EMIL, None), "Peter").is_yes_possible


def test_the_caption_of_a_crossed_out_face_says_who_it_is_not() -> None:
    assert wording.caption_crossed_out(confirm().toggled(FACES[0]), "Peter", "") == "not Peter"
    assert wording.caption_crossed_out(confirm().toggled(FACES[0]), "Peter", "Emil") == "Emil"


def test_the_gain_is_told_only_where_more_than_one_face_hangs_on_the_answer() -> None:
    assert wording.position(7, 30.2) == "question 7 · the next 30 faces hang on it"
    assert wording.position(8, 0.9) == "question 8"


def test_the_hint_says_how_many_of_the_last_faces_are_less_sure() -> None:
    handful = Handful.of(replace(confirm().question, doubtful=2))
    assert "The last 2 are less sure." in wording.labels(handful, "Peter").hint
    assert "The last one is less sure." in wording.labels(handful.without({FACES[-1]}), "Peter").hint
    assert "less sure" not in wording.labels(handful.without(set(FACES[-2:])), "Peter").hint
    assert "less sure" not in wording.labels(confirm(), "Peter").hint


def test_the_hint_says_why_faces_are_proposed_as_strangers() -> None:
    strangers = Question(QuestionKind.IGNORE, FACES, None, 0.5, 2.5, reason=Reason.BACKGROUND)
    assert wording.labels(Handful.of(strangers), "").hint.startswith("Small, in the background. ")
    seen_once = replace(strangers, reason=Reason.SEEN_ONCE)
    assert wording.labels(Handful.of(seen_once), "").hint.startswith("Seen once, ")

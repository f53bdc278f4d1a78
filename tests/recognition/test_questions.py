"""The queue asks what settles most, asks about a face once, and does not jump."""

from __future__ import annotations

from itertools import chain

import numpy as np

from facetagger.entities import FaceId, PersonId, Suggestion
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.questions import Question, QuestionKind, questions
from tests.recognition.faces_of_people import denied, in_one_photo, make_album, named


def open_album(faces: int = 100) -> Evidence:
    """Faces 100 and on, none like another."""
    return make_album(people=faces, faces=1).evidence()


def suggest(person: int, chances: dict[int, float]) -> list[Suggestion]:
    return [Suggestion(FaceId(face), PersonId(person), chance) for face, chance in chances.items()]


def ids(*faces: int) -> tuple[FaceId, ...]:
    return tuple(FaceId(face) for face in faces)


def of_kind(asked: list[Question], kind: QuestionKind) -> list[Question]:
    return [each for each in asked if each.kind is kind]


def test_the_largest_expected_gain_comes_first() -> None:
    suggestions = suggest(1, {100: 0.99, 101: 0.98}) + suggest(2, {110: 0.95, 111: 0.97, 112: 0.96, 113: 0.99})
    asked = questions(open_album(), suggestions, [ids(120, 121, 122)], limit=3)
    assert [(each.kind, each.person_id) for each in asked] == [
        (QuestionKind.CONFIRM, 2),
        (QuestionKind.NAME, None),
        (QuestionKind.CONFIRM, 1),
    ]
    assert [each.gain for each in asked] == sorted((each.gain for each in asked), reverse=True)


def test_a_handful_is_sorted_by_probability_and_has_thirty_faces_at_most() -> None:
    chances = {100 + each: 0.91 + each / 1000 for each in range(70)}
    asked = of_kind(questions(open_album(), suggest(1, chances), []), QuestionKind.CONFIRM)
    assert [len(each.faces) for each in asked] == [30, 30, 10]
    assert [chances[face] for each in asked for face in each.faces] == sorted(chances.values(), reverse=True)


def test_a_question_to_name_shows_sixty_faces_at_most() -> None:
    group = ids(*range(100, 190))
    asked, *_ = of_kind(questions(open_album(), [], [group]), QuestionKind.NAME)
    assert asked.faces == group[:60]
    assert asked.gain <= 60


def test_doubtful_faces_are_asked_about_apart_from_the_almost_certain() -> None:
    asked = questions(open_album(), suggest(1, {100: 0.99, 101: 0.7, 102: 0.95, 103: 0.8}), [], limit=2)
    assert [each.faces for each in asked] == [ids(100, 102), ids(103, 101)]


def test_single_doubtful_faces_come_last() -> None:
    asked = questions(open_album(6), suggest(1, {100: 0.99}), [ids(101, 102)], limit=10)
    assert [each.faces for each in asked] == [ids(101, 102), ids(100), ids(103), ids(104), ids(105)]


def test_a_suggestion_draws_its_group_along() -> None:
    """Except for 102, which was denied to be that person, and 103, which stands beside one of the suggested faces."""
    evidence = denied(in_one_photo(open_album(), [0, 3]), row=2, person=1)
    asked = questions(evidence, suggest(1, {100: 0.95, 101: 0.95}), [ids(100, 101, 102, 103, 104)], limit=2)
    assert [(each.kind, each.faces) for each in asked] == [
        (QuestionKind.CONFIRM, ids(100, 101, 104)),
        (QuestionKind.NAME, ids(102, 103)),
    ]


def test_no_face_is_asked_about_twice() -> None:
    suggestions = suggest(1, {100: 0.9, 101: 0.99}) + suggest(2, {102: 0.7})
    groups = [ids(100, 101, 103), ids(102, 104, 105), ids(106, 107)]
    asked = questions(open_album(), suggestions, groups, np.full(100, 0.1), limit=200)
    faces = list(chain.from_iterable(each.faces for each in asked))
    assert sorted(faces) == list(range(100, 200))


def test_what_was_skipped_is_left_out() -> None:
    suggestions, groups = suggest(1, {100: 0.95, 101: 0.99}), [ids(110, 111)]
    skipped = frozenset({frozenset(ids(100, 101)), frozenset(ids(110, 111, 112))})
    asked = questions(open_album(15), suggestions, groups, limit=100, skipped=skipped)
    assert {100, 101, 110, 111}.isdisjoint(chain.from_iterable(each.faces for each in asked))


def test_equal_gains_keep_their_order_whatever_order_they_arrive_in() -> None:
    groups = [ids(110, 111), ids(100, 101), ids(120, 121)]
    asked = questions(open_album(), [], groups, limit=3)
    assert [each.faces for each in asked] == sorted(groups)
    assert questions(open_album(), [], groups[::-1], limit=3) == asked


def test_faces_that_are_named_meanwhile_are_not_asked_about() -> None:
    evidence = named(open_album(6), {0: 1, 1: 1})
    asked = questions(evidence, suggest(1, {100: 0.9, 102: 0.9}), [ids(101, 103, 104)], limit=10)
    assert {100, 101}.isdisjoint(chain.from_iterable(each.faces for each in asked))


def test_small_faces_in_the_background_can_be_ignored_in_bulk() -> None:
    evidence = in_one_photo(open_album(20), list(range(10)))
    areas = np.full(20, 0.1)
    areas[1:9] = 0.001
    asked = of_kind(questions(evidence, [], [ids(101, 112)], areas, limit=50), QuestionKind.IGNORE)
    assert [set(each.faces) for each in asked] == [set(range(102, 109))]


def test_two_people_who_look_alike_are_offered_for_merging() -> None:
    album = make_album(people=3, faces=6, photo=0.03)
    names = {0: 1, 1: 1, 2: 1, 3: 2, 4: 2, 6: 3, 7: 3, 12: 4}
    evidence = named(album.evidence(), names)
    merges = of_kind(questions(evidence, [], [], limit=50), QuestionKind.MERGE)
    assert [(each.person_id, each.other) for each in merges] == [(1, 2)]
    assert merges[0].probability > 0.5


def test_people_seen_together_or_told_apart_are_not_offered_for_merging() -> None:
    album = make_album(people=1, faces=6, photo=0.03)
    evidence = named(album.evidence(), {0: 1, 1: 1, 2: 2, 3: 2})
    assert of_kind(questions(evidence, [], []), QuestionKind.MERGE)
    assert not of_kind(questions(in_one_photo(evidence, [0, 2]), [], []), QuestionKind.MERGE)
    assert not of_kind(questions(denied(evidence, row=0, person=2), [], []), QuestionKind.MERGE)


def test_an_empty_library_has_no_questions() -> None:
    assert questions(Evidence.empty(), [], []) == []

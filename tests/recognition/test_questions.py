"""The queue asks what settles most, asks about a face once, and does not jump."""

from __future__ import annotations

from itertools import chain

import numpy as np

from facetagger.entities import FaceId
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.leads import NOBODY_NEAR, Leads
from facetagger.recognition.questions import Question, QuestionKind, Reason, questions
from tests.recognition.faces_of_people import denied, in_one_photo, make_album, named


def open_album(faces: int = 100) -> Evidence:
    """Faces 100 and on, none like another."""
    return make_album(people=faces, faces=1).evidence()


def leads(chances: dict[int, dict[int, float]], distance: float = 0.3) -> Leads:
    """For each person the chances of faces."""
    rows = [(face, person, chance) for person, faces in chances.items() for face, chance in faces.items()]
    faces, people, likely = zip(*rows, strict=True)
    return Leads(np.array(faces), np.array(people), np.array(likely), np.full(len(rows), distance))


def far_away(faces: int, distance: float) -> Leads:
    """Faces 100 and on, like nobody."""
    return Leads(np.arange(100, 100 + faces), np.full(faces, NOBODY_NEAR), np.zeros(faces), np.full(faces, distance))


def ids(*faces: int) -> tuple[FaceId, ...]:
    return tuple(FaceId(face) for face in faces)


def of_kind(asked: list[Question], kind: QuestionKind) -> list[Question]:
    return [each for each in asked if each.kind is kind]


def test_the_largest_expected_gain_comes_first() -> None:
    likely = leads({1: {100: 0.99, 101: 0.98}, 2: {110: 0.95, 111: 0.97, 112: 0.96, 113: 0.99}})
    asked = questions(open_album(), likely, [ids(120, 121, 122)], limit=3)
    assert [(each.kind, each.person_id) for each in asked] == [
        (QuestionKind.CONFIRM, 2),
        (QuestionKind.NAME, None),
        (QuestionKind.CONFIRM, 1),
    ]
    assert [each.gain for each in asked] == sorted((each.gain for each in asked), reverse=True)


def test_a_handful_is_sorted_by_probability_and_has_sixty_faces_at_most() -> None:
    chances = {100 + each: 0.91 + each / 1000 for each in range(70)}
    asked = of_kind(questions(open_album(), leads({1: chances}), []), QuestionKind.CONFIRM)
    assert [len(each.faces) for each in asked] == [60, 10]
    assert [chances[face] for each in asked for face in each.faces] == sorted(chances.values(), reverse=True)


def test_a_question_to_name_shows_sixty_faces_at_most() -> None:
    group = ids(*range(100, 190))
    asked, *_ = of_kind(questions(open_album(), Leads.none(), [group]), QuestionKind.NAME)
    assert len(asked.faces) == 60
    assert set(asked.faces) <= set(group)
    assert asked.gain <= 60


def test_the_faces_of_a_group_that_fit_it_least_stand_last() -> None:
    album = make_album(people=2, faces=6, photo=0.03)
    group = ids(100, 106, 101, 102, 103, 104)
    (asked,) = questions(album.evidence(), Leads.none(), [group], limit=1)
    assert asked.faces.index(FaceId(106)) >= 5


def test_doubtful_faces_stand_last_in_the_handful_and_the_more_unlikely_ones_stay_out() -> None:
    asked = questions(open_album(), leads({1: {100: 0.99, 101: 0.6, 102: 0.95, 103: 0.4}}), [], limit=2)
    assert asked[0].faces == ids(100, 102, 101)
    assert asked[0].doubtful == 1
    assert (asked[1].kind, asked[1].faces) == (QuestionKind.NAME, ids(103))


def test_questions_come_by_faces_settled_per_decision() -> None:
    """Six doubtful faces are likely to cost two exclusions; three sure ones cost nothing but the confirmation."""
    doubtful = dict.fromkeys(range(100, 106), 0.6)
    asked = questions(open_album(), leads({1: doubtful, 2: {110: 0.99, 111: 0.99, 112: 0.99}}), [], limit=2)
    assert [each.person_id for each in asked] == [2, 1]


def test_single_doubtful_faces_come_last() -> None:
    asked = questions(open_album(6), leads({1: {100: 0.99}}), [ids(101, 102)], limit=10)
    assert [each.faces for each in asked] == [ids(101, 102), ids(100), ids(103), ids(104), ids(105)]


def test_a_suggestion_draws_its_group_along() -> None:
    """Except for 102, which was denied to be that person, and 103, which stands beside one of the suggested faces."""
    evidence = denied(in_one_photo(open_album(), [0, 3]), row=2, person=1)
    asked = questions(evidence, leads({1: {100: 0.95, 101: 0.95}}), [ids(100, 101, 102, 103, 104)], limit=2)
    assert [(each.kind, each.faces) for each in asked] == [
        (QuestionKind.CONFIRM, ids(100, 101, 104)),
        (QuestionKind.NAME, ids(102, 103)),
    ]


def test_one_lead_in_ten_faces_does_not_say_who_a_group_is() -> None:
    group = ids(*range(100, 110))
    (asked,) = questions(open_album(10), leads({1: {100: 0.9}}), [group])
    assert asked.kind is QuestionKind.NAME
    assert set(asked.faces) == set(group)


def test_a_loose_face_that_looks_like_a_group_is_shown_behind_it_and_nowhere_else() -> None:
    album = make_album(people=6, faces=8, photo=0.04)
    groups = [ids(*range(100 + 8 * each, 107 + 8 * each)) for each in range(6)]
    asked = questions(album.evidence(), Leads.none(), groups, limit=100)
    drawn = [each for each in asked[:3] if len(each.faces) == 8]
    assert drawn
    for each in drawn:
        assert each.doubtful == 1
        assert {album.people[face - 100] for face in each.faces} == {album.people[each.faces[0] - 100]}
        assert each.faces[-1] % 8 == 107 % 8
    faces = list(chain.from_iterable(each.faces for each in asked))
    assert sorted(faces) == list(range(100, 148))


def test_a_group_that_was_put_off_does_not_come_back_with_other_company() -> None:
    evidence = make_album(people=1, faces=9, photo=0.02).evidence()
    group = ids(*range(100, 107))
    skipped = frozenset({frozenset({*group, FaceId(107)})})
    asked = questions(evidence, Leads.none(), [group], skipped=skipped)
    assert [each.faces for each in asked] == [ids(108)]


def test_a_face_in_the_photo_of_a_group_is_not_drawn_into_it() -> None:
    evidence = make_album(people=1, faces=8, photo=0.02).evidence()
    group = ids(*range(100, 107))
    assert 107 in questions(evidence, Leads.none(), [group], limit=1)[0].faces
    assert 107 not in questions(in_one_photo(evidence, [0, 7]), Leads.none(), [group], limit=1)[0].faces


def test_no_face_is_asked_about_twice() -> None:
    likely = leads({1: {100: 0.9, 101: 0.99}, 2: {102: 0.7}})
    groups = [ids(100, 101, 103), ids(102, 104, 105), ids(106, 107)]
    asked = questions(open_album(), likely, groups, np.full(100, 0.1), limit=200)
    faces = list(chain.from_iterable(each.faces for each in asked))
    assert sorted(faces) == list(range(100, 200))


def test_what_was_skipped_is_left_out() -> None:
    likely, groups = leads({1: {100: 0.95, 101: 0.99}}), [ids(110, 111)]
    skipped = frozenset({frozenset(ids(100, 101)), frozenset(ids(110, 111, 112))})
    asked = questions(open_album(15), likely, groups, limit=100, skipped=skipped)
    assert {100, 101, 110, 111}.isdisjoint(chain.from_iterable(each.faces for each in asked))


def test_equal_gains_keep_their_order_whatever_order_they_arrive_in() -> None:
    groups = [ids(110, 111), ids(100, 101), ids(120, 121)]
    asked = questions(open_album(), Leads.none(), groups, limit=3)
    assert [each.faces for each in asked] == sorted(groups)
    assert questions(open_album(), Leads.none(), groups[::-1], limit=3) == asked


def test_faces_that_are_named_meanwhile_are_not_asked_about() -> None:
    evidence = named(open_album(6), {0: 1, 1: 1})
    asked = questions(evidence, leads({1: {100: 0.9, 102: 0.9}}), [ids(101, 103, 104)], limit=10)
    assert {100, 101}.isdisjoint(chain.from_iterable(each.faces for each in asked))


def test_small_faces_in_the_background_can_be_ignored_in_bulk() -> None:
    evidence = in_one_photo(open_album(20), list(range(10)))
    areas = np.full(20, 0.1)
    areas[1:9] = 0.001
    asked = of_kind(questions(evidence, Leads.none(), [ids(101, 112)], areas, limit=50), QuestionKind.IGNORE)
    assert [set(each.faces) for each in asked] == [set(range(102, 109))]


def test_faces_seen_once_and_like_nobody_can_be_ignored_in_bulk_the_strangest_first() -> None:
    evidence = named(open_album(200), {199: 1})
    asked = of_kind(questions(evidence, far_away(150, 0.45), [], limit=200), QuestionKind.IGNORE)
    assert [len(each.faces) for each in asked] == [50, 50, 50, 49]
    assert {each.reason for each in asked} == {Reason.SEEN_ONCE}
    assert set(asked[0].faces) <= {100, *range(250, 299)}


def test_faces_like_somebody_known_are_not_proposed_as_strangers() -> None:
    evidence = named(open_album(20), {19: 1})
    assert not of_kind(questions(evidence, far_away(19, 0.33), [], limit=50), QuestionKind.IGNORE)


def test_nobody_is_a_stranger_before_somebody_is_known() -> None:
    assert not of_kind(questions(open_album(20), far_away(20, 0.5), [], limit=50), QuestionKind.IGNORE)


def test_familiar_faces_are_asked_about_one_by_one_before_other_single_faces() -> None:
    evidence = named(open_album(20), {19: 1})
    known = frozenset(ids(105, 107))
    asked = questions(evidence, far_away(19, 0.45), [], limit=50, familiar=known)
    assert [each.kind for each in asked] == [QuestionKind.IGNORE, QuestionKind.NAME, QuestionKind.NAME]
    assert known.isdisjoint(asked[0].faces)
    assert [each.faces for each in asked[1:]] == [ids(105), ids(107)]


def test_two_people_who_look_alike_are_offered_for_merging() -> None:
    album = make_album(people=3, faces=6, photo=0.03)
    names = {0: 1, 1: 1, 2: 1, 3: 2, 4: 2, 6: 3, 7: 3, 12: 4}
    evidence = named(album.evidence(), names)
    merges = of_kind(questions(evidence, Leads.none(), [], limit=50), QuestionKind.MERGE)
    assert [(each.person_id, each.other) for each in merges] == [(1, 2)]
    assert merges[0].probability > 0.5


def test_people_seen_together_or_told_apart_are_not_offered_for_merging() -> None:
    album = make_album(people=1, faces=6, photo=0.03)
    evidence = named(album.evidence(), {0: 1, 1: 1, 2: 2, 3: 2})
    assert of_kind(questions(evidence, Leads.none(), []), QuestionKind.MERGE)
    assert not of_kind(questions(in_one_photo(evidence, [0, 2]), Leads.none(), []), QuestionKind.MERGE)
    assert not of_kind(questions(denied(evidence, row=0, person=2), Leads.none(), []), QuestionKind.MERGE)


def test_an_empty_library_has_no_questions() -> None:
    assert questions(Evidence.empty(), Leads.none(), []) == []

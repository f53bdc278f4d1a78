from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetagger.entities import Person, PersonId
from facetagger.ui.naming.choices import (
    Acquaintance,
    Choice,
    Surroundings,
    choices,
    matches,
    namesakes,
    preselected,
    words,
)


def _person(number: int, name: str, *aliases: str, born: str = "", photos: int = 0) -> Acquaintance:
    return Acquaintance(Person(PersonId(number), name, aliases, born), photos)


ANNA = _person(1, "Anna Lind", born="1967", photos=12)
PETER = _person(2, "Peter Lind", photos=9)
CLARA = _person(3, "Clara Öberg", "Lala", photos=4)
OTHER_ANNA = _person(4, "Anna Lind", born="1930", photos=2)
JEAN = _person(5, "Jean-Luc Müller")
EVERYBODY = (ANNA, PETER, CLARA, JEAN)


def _names(rows: tuple[Choice, ...]) -> list[str]:
    return [row.name for row in rows]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ann", "Anna Lind"),
        ("lind an", "Anna Lind"),
        ("oberg", "Clara Öberg"),
        ("ÖB", "Clara Öberg"),
        ("luc", "Jean-Luc Müller"),
        ("lukasz", "Łukasz"),
        ("soren", "Søren"),
        ("strasse", "Straße"),
    ],
)
def test_typing_matches_word_starts_with_accents_folded(typed: str, name: str) -> None:
    assert matches(words(typed), words(name))


@pytest.mark.parametrize(("typed", "name"), [("nna", "Anna"), ("lind lind", "Anna Lind"), ("annab", "Anna Lind")])
def test_typing_does_not_match_inside_a_word_or_one_word_twice(typed: str, name: str) -> None:
    assert not matches(words(typed), words(name))


@given(st.text())
def test_every_name_is_found_by_itself(name: str) -> None:
    assert matches(words(name), words(name))


def test_the_last_row_always_makes_a_new_person_of_what_was_typed() -> None:
    rows = choices(EVERYBODY, Surroundings(), "  Ann   Marie ")
    assert rows[-1].is_new_person
    assert rows[-1].name == "Ann Marie"


def test_candidates_come_first_then_the_album_then_recent_people_then_the_alphabet() -> None:
    people = [_person(number, name) for number, name in enumerate(["Ada", "Bea", "Cat", "Dan", "Eve"])]
    surroundings = Surroundings(candidates=((PersonId(4), 0.9),), nearby=(PersonId(3),), recent=(PersonId(2),))
    assert _names(choices(people, surroundings, ""))[:-1] == ["Eve", "Dan", "Cat"]
    named = [_person(number, f"{name} Lind") for number, name in enumerate(["Ada", "Bea", "Cat", "Dan", "Eve"])]
    in_order = ["Eve Lind", "Dan Lind", "Cat Lind", "Ada Lind", "Bea Lind"]
    assert _names(choices(named, surroundings, "lind"))[:-1] == in_order


def test_with_nothing_typed_nobody_is_offered_without_a_reason() -> None:
    assert _names(choices(EVERYBODY, Surroundings(), "")) == [""]


def test_somebody_named_in_the_same_photo_comes_after_the_others() -> None:
    surroundings = Surroundings(nearby=(PersonId(1), PersonId(2)), in_photo=frozenset({PersonId(1)}))
    rows = choices(EVERYBODY, surroundings, "lind")
    assert _names(rows)[:2] == ["Peter Lind", "Anna Lind"]
    assert "already here" in rows[1].detail


def test_a_candidate_is_described_by_certainty_and_age() -> None:
    surroundings = Surroundings(candidates=((PersonId(1), 0.98),), taken="1998-07-16T14:03:00")
    assert choices(EVERYBODY, surroundings, "")[0].detail == "almost certainly · age 31"


def test_two_people_of_one_name_are_told_apart() -> None:
    rows = choices((*EVERYBODY, OTHER_ANNA), Surroundings(), "anna lind")
    assert [row.detail for row in rows[:2]] == ["born 1967 · 12 photos", "born 1930 · 2 photos"]


def test_an_alias_finds_its_person_and_says_so() -> None:
    row = choices(EVERYBODY, Surroundings(), "lal")[0]
    assert row.name == "Clara Öberg"
    assert "also Lala" in row.detail


def test_the_name_exactly_as_typed_comes_before_a_likelier_face() -> None:
    ann = _person(9, "Ann")
    rows = choices((*EVERYBODY, ann), Surroundings(candidates=((PersonId(1), 0.99),)), "ann")
    assert _names(rows)[:2] == ["Ann", "Anna Lind"]


def test_nobody_the_face_is_known_not_to_be_is_offered() -> None:
    surroundings = Surroundings(candidates=((PersonId(2), 0.4),), excluded=frozenset({PersonId(1)}))
    assert "Anna Lind" not in _names(choices(EVERYBODY, surroundings, "lind"))


def test_enter_takes_a_likely_candidate_but_never_an_unlikely_one() -> None:
    likely = choices(EVERYBODY, Surroundings(candidates=((PersonId(1), 0.9),)), "")
    unlikely = choices(EVERYBODY, Surroundings(candidates=((PersonId(1), 0.02),)), "")
    assert preselected(likely, "") == 0
    assert preselected(unlikely, "") is None


def test_enter_takes_the_first_match_of_what_was_typed_or_makes_a_new_person() -> None:
    assert preselected(choices(EVERYBODY, Surroundings(), "pet"), "pet") == 0
    rows = choices(EVERYBODY, Surroundings(), "Zoe")
    assert rows[preselected(rows, "Zoe") or 0].is_new_person


def test_between_people_who_are_called_just_as_typed_nobody_is_marked() -> None:
    people = (ANNA, OTHER_ANNA, PETER)
    rows = choices(people, Surroundings(), "anna lind")
    assert preselected(rows, "anna lind") is None
    assert [each.person for each in namesakes(rows, "anna lind")] == [ANNA.person, OTHER_ANNA.person]


def test_a_beginning_that_two_people_of_one_name_share_marks_nobody() -> None:
    rows = choices((ANNA, OTHER_ANNA, PETER), Surroundings(), "ann")
    assert preselected(rows, "ann") is None


def test_an_exact_other_name_goes_before_a_beginning() -> None:
    people = (_person(6, "Lalande"), CLARA)
    rows = choices(people, Surroundings(), "lala")
    assert _names(rows) == ["Clara Öberg", "Lalande", "lala"]
    assert preselected(rows, "lala") == 0
    assert not namesakes(rows, "lala")


def test_another_name_that_two_people_share_marks_nobody() -> None:
    people = (_person(6, "Ruth Lind", "Mama"), _person(7, "Vera Lind", "Mama"))
    assert preselected(choices(people, Surroundings(), "mama"), "mama") is None


def test_a_new_name_of_one_letter_is_not_marked() -> None:
    assert preselected(choices((ANNA,), Surroundings(), "s"), "s") is None
    assert preselected(choices((ANNA,), Surroundings(), "so"), "so") == 0

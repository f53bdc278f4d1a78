from __future__ import annotations

import pytest

from facetagger.entities import PersonId, Suggestion
from facetagger.errors import AmbiguousNameError, UnknownNameError
from facetagger.library import Library
from tests.library.sample import Sample, name


def test_a_person_is_found_by_name_and_alias_however_spelt(library: Library) -> None:
    with library.transaction("Add Rosa") as act:
        rosa = act.people.add("  Rosa  Gönczy ")
        act.people.set_aliases(rosa, ["Aunt Rosa", "aunt  rosa", "Granny", " "])
    assert library.people.get(rosa).name == "Rosa Gönczy"
    assert library.people.get(rosa).aliases == ("Aunt Rosa", "Granny")
    for text in ("ROSA GO\u0308NCZY", "aunt rosa", f"#{rosa}", f" #{rosa} "):
        assert library.people.resolve(text).id == rosa
    assert library.people.names() == ["Aunt Rosa", "Granny", "Rosa Gönczy"]


def test_two_people_of_one_name_are_ambiguous(library: Library) -> None:
    with library.transaction("Add Annas") as act:
        first, second = act.people.add("Anna"), act.people.add("Maria")
        act.people.set_aliases(second, ["anna"])
    assert [person.id for person in library.people.find("ANNA")] == [first, second]
    with pytest.raises(AmbiguousNameError, match="More than one") as caught:
        library.people.resolve("Anna")
    assert f"#{first} (Anna), #{second} (Maria)" in caught.value.hint


@pytest.mark.parametrize("text", ["Nobody", "#999", "", "#"])
def test_a_name_nobody_carries_is_unknown(library: Library, text: str) -> None:
    with pytest.raises(UnknownNameError):
        library.people.resolve(text)


def test_everybody_is_listed_by_name_with_numbers(library: Library, sample: Sample) -> None:
    zoe = name(library, sample.faces[:3], "Zoe")
    anna = name(library, sample.faces[3:4], "anna")
    with library.transaction() as act:
        act.suggestions.replace([Suggestion(sample.faces[5], anna, 0.7)])
    rows = [(row.person.id, row.confirmed, row.suggested, row.photos) for row in library.people.all()]
    assert rows == [(anna, 1, 1, 1), (zoe, 3, 0, 2)]


def test_numbers_leave_out_removed_albums(library: Library, sample: Sample) -> None:
    name(library, sample.faces[:3], "Zoe")
    with library.transaction("Remove an album") as act:
        act.albums.set_removed(sample.album, True)
    assert [(row.confirmed, row.photos) for row in library.people.all()] == [(0, 0)]


def test_a_person_with_confirmed_faces_cannot_be_deleted(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with pytest.raises(ValueError, match="still has confirmed faces"), library.transaction("Delete Anna") as act:
        act.people.delete(anna)


def test_a_deleted_person_comes_back_with_everything_by_undo(library: Library, sample: Sample) -> None:
    with library.transaction("Add Anna") as act:
        anna = act.people.add("Anna")
        act.people.set_aliases(anna, ["Nan"])
        act.people.set_dates(anna, " 1931 ", "")
        act.people.set_portrait(anna, sample.faces[0])
        act.rejections.add(sample.faces[:2], anna)
    before = library.people.get(anna)
    with library.transaction("Delete Anna") as act:
        act.people.delete(anna)
    assert library.people.names() == []
    assert library.rejections.all() == frozenset()
    library.undo()
    assert library.people.get(anna) == before
    assert library.rejections.all() == {(face, anna) for face in sample.faces[:2]}


def test_ids_are_never_used_again(library: Library) -> None:
    with library.transaction("Add Anna") as act:
        anna = act.people.add("Anna")
    library.undo()
    with library.transaction("Add Bela") as act:
        assert act.people.add("Bela") != anna


def test_many_people_come_in_the_order_asked_for(library: Library) -> None:
    with library.transaction("Add people") as act:
        ids = [act.people.add(text) for text in ("A", "B", "C")]
    assert [each.name for each in library.people.get_many([ids[2], PersonId(99), ids[0]])] == ["C", "A"]

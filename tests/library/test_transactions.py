from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from facetagger.entities import FaceId, FaceOrigin, FaceState, PersonId
from facetagger.errors import LibraryError
from facetagger.library import Act, Library
from facetagger.library.recording import ProtectedRowError
from tests.library.sample import Sample, add_face, name


def fail_half_way(library: Library, sample: Sample) -> None:
    with library.transaction("Name a face") as act:
        act.faces.set_state(sample.faces, FaceState.CONFIRMED, act.people.add("Anna"))
        raise ZeroDivisionError


def test_an_exception_rolls_everything_back(library: Library, sample: Sample) -> None:
    before = library.counts()
    with pytest.raises(ZeroDivisionError):
        fail_half_way(library, sample)
    assert library.counts() == before
    assert library.history.undo_entry() is None


def test_reads_inside_a_transaction_see_its_writes_and_those_outside_do_not(library: Library, sample: Sample) -> None:
    with ThreadPoolExecutor(1) as other, library.transaction("Add Anna") as act:
        act.people.add("Anna")
        assert library.people.names() == ["Anna"]
        assert other.submit(library.people.names).result() == []
    assert library.people.names() == ["Anna"]


def test_a_transaction_inside_a_transaction_is_a_bug(library: Library) -> None:
    with library.transaction(), pytest.raises(RuntimeError, match="inside a transaction"), library.transaction():
        pass


def test_threads_write_one_after_the_other(library: Library, sample: Sample) -> None:
    gate = threading.Barrier(4)

    def add(number: int) -> None:
        gate.wait()
        with library.transaction(f"Add {number}") as act:
            act.people.add(f"Person {number}")

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add, range(4)))
    assert len(library.people.all()) == 4
    assert len(library.history.entries()) == 4


def test_a_change_names_everything_a_view_must_read_again(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with library.transaction("Name a face") as act:
        bela = act.people.add("Bela")
        act.faces.set_state(sample.faces[:1], FaceState.CONFIRMED, bela)
    assert act.change.faces == {sample.faces[0]}
    assert act.change.photos == {sample.photos[0]}
    assert act.change.people == {anna, bela}


def test_a_removed_album_changes_its_photos(library: Library, sample: Sample) -> None:
    with library.transaction("Remove an album") as act:
        act.albums.set_removed(sample.album, True)
    assert act.change.albums == {sample.album}
    assert act.change.photos == set(sample.photos)


def rename_person(act: Act, face: FaceId, person: PersonId) -> None:
    act.people.rename(person, "Somebody else")


def reopen(act: Act, face: FaceId, person: PersonId) -> None:
    act.faces.set_state([face], FaceState.OPEN)


def rename_face(act: Act, face: FaceId, person: PersonId) -> None:
    act.faces.set_state([face], FaceState.CONFIRMED, act.people.add("Somebody else"))


def delete_face(act: Act, face: FaceId, person: PersonId) -> None:
    act.faces.delete([face])


def reject(act: Act, face: FaceId, person: PersonId) -> None:
    act.rejections.add([face], act.people.add("Somebody else"))


def add_alias(act: Act, face: FaceId, person: PersonId) -> None:
    act.people.set_aliases(person, ["Granny"])


@pytest.mark.parametrize("job", [rename_person, reopen, rename_face, delete_face, reject, add_alias])
def test_a_job_cannot_change_what_the_user_said(
    library: Library, sample: Sample, job: Callable[[Act, FaceId, PersonId], Any]
) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    before = library.faces.get(sample.faces[0])
    with pytest.raises(ProtectedRowError), library.transaction() as act:
        job(act, sample.faces[0], anna)
    assert library.faces.get(sample.faces[0]) == before
    assert library.people.names() == ["Anna"]


def test_a_job_cannot_name_a_detected_face(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with pytest.raises(ProtectedRowError), library.transaction() as act:
        act.faces.set_state([sample.faces[1]], FaceState.CONFIRMED, anna)


def test_a_job_cannot_delete_a_drawn_face(library: Library, sample: Sample) -> None:
    with library.transaction("Draw a face") as act:
        face_id = add_face(act, sample.photos[0], FaceOrigin.DRAWN)
    with pytest.raises(ProtectedRowError), library.transaction() as act:
        act.faces.delete([face_id])


def test_a_job_may_give_a_metadata_face_its_name_and_choose_a_portrait(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        anna = act.people.add("Anna")
        act.people.set_aliases(anna, ["Granny"])
        region = add_face(act, sample.photos[0], FaceOrigin.METADATA)
        act.faces.set_state([region], FaceState.CONFIRMED, anna)
        act.people.set_portrait(anna, region)
    assert library.people.get(anna).portrait == region


def test_a_face_confirmed_and_rejected_as_the_same_person_is_a_bug(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with pytest.raises(ProtectedRowError), library.transaction("Reject a face") as act:
        act.rejections.add(sample.faces[:1], anna)


def test_a_library_opened_for_reading_cannot_be_written(folder: Path, library: Library) -> None:
    with (
        Library.open(folder, write=False) as reader,
        pytest.raises(RuntimeError, match="for reading only"),
        reader.transaction(),
    ):
        pass


def test_an_empty_name_is_refused_with_a_sentence(library: Library) -> None:
    with pytest.raises(LibraryError, match="cannot be empty"), library.transaction("Add nobody") as act:
        act.people.add("  ")


def test_a_snapshot_shows_one_moment_while_others_write(library: Library, sample: Sample) -> None:
    with ThreadPoolExecutor(1) as other:
        with library.snapshot():
            assert library.people.names() == []
            other.submit(name, library, sample.faces[:1], "Anna").result()
            assert library.people.names() == []
            assert library.counts().confirmed == 0
            with library.snapshot():
                assert library.people.names() == []
        assert library.people.names() == ["Anna"]

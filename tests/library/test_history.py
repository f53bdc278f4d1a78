from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facetagger.entities import Change, FaceId, FaceOrigin, FaceState, PersonId, Suggestion
from facetagger.errors import LibraryError
from facetagger.geometry import Box
from facetagger.library import Act, Library
from facetagger.library.database import FILE_NAME
from facetagger.library.recording import RECORDED, ProtectedRowError
from tests.library.sample import MODEL, SIZE, Sample, add_face, fill, name

Dump = dict[str, list[tuple[Any, ...]]]
Numbers = tuple[int, int, int]


def dump(folder: Path) -> Dump:
    database = sqlite3.connect(folder / FILE_NAME)
    try:
        return {table: sorted(database.execute(f"SELECT * FROM {table}"), key=repr) for table in RECORDED}
    finally:
        database.close()


def pick_faces(library: Library, numbers: Numbers) -> list[FaceId]:
    faces = library.faces.ids(hidden=True)
    return list({faces[number % len(faces)] for number in numbers}) if faces else []


def pick_person(library: Library, number: int) -> PersonId | None:
    people = library.people.all()
    return people[number % len(people)].person.id if people else None


def name_new(library: Library, act: Act, numbers: Numbers) -> None:
    act.faces.set_state(pick_faces(library, numbers), FaceState.CONFIRMED, act.people.add(f"Person {numbers[0]}"))


def name_known(library: Library, act: Act, numbers: Numbers) -> None:
    person_id = pick_person(library, numbers[2])
    if person_id is not None:
        act.faces.set_state(pick_faces(library, numbers), FaceState.CONFIRMED, person_id)


def set_aside(library: Library, act: Act, numbers: Numbers) -> None:
    state = (FaceState.OPEN, FaceState.IGNORED, FaceState.NOT_A_FACE)[numbers[2] % 3]
    act.faces.set_state(pick_faces(library, numbers), state)


def reject(library: Library, act: Act, numbers: Numbers) -> None:
    person_id = pick_person(library, numbers[2])
    if person_id is not None:
        faces = pick_faces(library, numbers)
        act.faces.set_state(faces, FaceState.OPEN)
        act.rejections.add(faces, person_id)


def merge(library: Library, act: Act, numbers: Numbers) -> None:
    into, other = pick_person(library, numbers[0]), pick_person(library, numbers[1])
    if into is not None and other is not None and into != other:
        act.faces.set_state(library.faces.ids(person=other, hidden=True), FaceState.CONFIRMED, into)
        act.people.delete(other)


def describe(library: Library, act: Act, numbers: Numbers) -> None:
    person_id = pick_person(library, numbers[0])
    if person_id is not None:
        act.people.rename(person_id, f"Renamed {numbers[1]}")
        act.people.set_aliases(person_id, [f"Alias {number}" for number in numbers])
        act.people.set_dates(person_id, str(1900 + numbers[1]), "")
        act.people.set_portrait(person_id, next(iter(pick_faces(library, numbers)), None))


def draw(library: Library, act: Act, numbers: Numbers) -> None:
    for photo_id in library.photos.ids()[:1]:
        face_id = act.faces.add(photo_id, Box(0.1 * (numbers[0] % 7), 0.2, 0.1, 0.1), None, 1.0, FaceOrigin.DRAWN, SIZE)
        act.embeddings.put([face_id], MODEL, np.full((1, 128), numbers[1], dtype=np.float32))


def delete_face(library: Library, act: Act, numbers: Numbers) -> None:
    act.faces.delete(pick_faces(library, numbers)[:1])


def change_album(library: Library, act: Act, numbers: Numbers) -> None:
    albums = [each.album for each in library.albums.all()] + library.albums.removed()
    album = albums[numbers[0] % len(albums)]
    act.albums.set_removed(album.id, bool(numbers[1] % 2))
    act.albums.rename(album.id, f"Album {numbers[2]}")
    act.albums.set_folder(album.id, Path(f"/elsewhere/{numbers[2]}"))


def select(library: Library, act: Act, numbers: Numbers) -> None:
    act.albums.add_photos(act.albums.add(f"Selection {numbers[0]}"), library.photos.ids()[numbers[1] % 3 : 5])


def move_files(library: Library, act: Act, numbers: Numbers) -> None:
    for photo in library.photos.get_many(library.photos.ids()[: numbers[0] % 3]):
        act.photos.mark_missing([photo.path])
        act.photos.put_file(Path(f"/moved/{numbers[1]}/{photo.path.name}"), photo.image_hash, 7, 8)
        act.photos.set_rotation(photo.id, numbers[2])


ACTS: tuple[Callable[[Library, Act, Numbers], None], ...] = (
    *(name_new, name_known, set_aside, reject, merge, describe, draw, delete_face, change_album, select, move_files),
)
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_undoing_and_redoing_everything_restores_every_recorded_row(
    steps: list[tuple[Callable[[Library, Act, Numbers], None], Numbers]],
) -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "library"
        with Library.open(folder) as library:
            fill(library)
            start = dump(folder)
            for act_of_user, numbers in steps:
                with library.transaction(act_of_user.__name__) as act:
                    act_of_user(library, act, numbers)
            end = dump(folder)
            while library.history.undo_entry() is not None:
                library.undo()
            assert dump(folder) == start
        with Library.open(folder) as library:
            while library.history.redo_entry() is not None:
                library.redo()
            assert dump(folder) == end
            assert library.integrity() == []


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS, turns=st.lists(st.booleans(), max_size=20))
def test_jobs_between_acts_never_break_undo_and_redo(
    steps: list[tuple[Callable[[Library, Act, Numbers], None], Numbers]], turns: list[bool]
) -> None:
    with tempfile.TemporaryDirectory() as temporary, Library.open(Path(temporary) / "library") as library:
        sample = fill(library)
        for act_of_user, numbers in steps:
            with library.transaction(act_of_user.__name__) as act:
                act_of_user(library, act, numbers)
            analyse_again(library, sample, numbers[0])
        for turn, back in enumerate(turns):
            if back and library.history.undo_entry() is not None:
                library.undo()
            elif not back and library.history.redo_entry() is not None:
                library.redo()
            analyse_again(library, sample, turn)
            assert library.integrity() == []


def analyse_again(library: Library, sample: Sample, number: int) -> None:
    with library.transaction() as act:
        photo_id = sample.photos[number % len(sample.photos)]
        act.faces.delete(library.faces.untouched(photo_id))
        face_id = add_face(act, photo_id)
        act.embeddings.put([face_id], MODEL, np.ones((1, 128), dtype=np.float32))
        person_id = pick_person(library, number)
        if person_id is not None:
            act.suggestions.replace([Suggestion(face, person_id, 0.7) for face in library.faces.ids()])
            named = add_face(act, photo_id, FaceOrigin.METADATA)
            act.faces.set_state([named], FaceState.CONFIRMED, person_id)


def test_an_act_can_be_undone_after_a_restart(folder: Path) -> None:
    with Library.open(folder) as library:
        sample = fill(library)
        name(library, sample.faces[:3], "Anna")
    with Library.open(folder) as library:
        change = library.undo()
        assert change.faces == frozenset(sample.faces[:3])
        assert library.counts().confirmed == 0
        assert library.people.all() == []


def test_the_entry_of_an_act_names_its_text_and_faces(library: Library, sample: Sample) -> None:
    with library.transaction("Ignore 2 faces") as act:
        act.faces.set_state(sample.faces[:2], FaceState.IGNORED)
    entry = library.history.undo_entry()
    assert entry is not None
    assert act.change.entry == entry
    assert (entry.text, entry.faces) == ("Ignore 2 faces", sample.faces[:2])
    assert library.history.entries() == [entry]


def test_a_new_act_clears_what_could_be_redone(library: Library, sample: Sample) -> None:
    name(library, sample.faces[:1], "Anna")
    library.undo()
    assert library.history.redo_entry() is not None
    name(library, sample.faces[:1], "Bela")
    assert library.history.redo_entry() is None
    with pytest.raises(LibraryError, match="Nothing to redo"):
        library.redo()


def test_an_act_that_changes_nothing_leaves_no_entry_and_keeps_redo(library: Library, sample: Sample) -> None:
    name(library, sample.faces[:1], "Anna")
    library.undo()
    with library.transaction("Reopen a face") as act:
        act.faces.set_state(sample.faces[:1], FaceState.OPEN)
    assert act.change == Change()
    assert library.history.redo_entry() is not None


def test_undo_of_an_empty_history_says_so(library: Library) -> None:
    with pytest.raises(LibraryError, match="Nothing to undo"):
        library.undo()


def test_a_job_leaves_no_history(library: Library, sample: Sample) -> None:
    assert library.history.entries() == []


def test_redo_brings_back_the_embedding_a_job_gave_to_a_drawn_face(library: Library, sample: Sample) -> None:
    with library.transaction("Draw a face") as act:
        face_id = add_face(act, sample.photos[0], FaceOrigin.DRAWN)
    with library.transaction() as job:
        job.embeddings.put([face_id], MODEL, np.full((1, 128), 0.5, dtype=np.float32))
    library.undo()
    assert library.embeddings.of_faces([face_id], MODEL) == {}
    library.redo()
    assert library.embeddings.of_faces([face_id], MODEL)[face_id].tolist() == [0.5] * 128


def test_an_undone_person_stays_while_a_job_has_named_a_metadata_face_after_them(
    library: Library, sample: Sample
) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with library.transaction() as job:
        region = add_face(job, sample.photos[1], FaceOrigin.METADATA)
        job.faces.set_state([region], FaceState.CONFIRMED, anna)
    library.undo()
    assert library.faces.ids(person=anna) == [region]
    library.redo()
    assert library.faces.ids(person=anna) == [sample.faces[0], region]


def test_ten_thousand_faces_are_renamed_within_seconds(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        faces = [add_face(act, sample.photos[number % 6]) for number in range(10_000)]
    started = time.process_time()
    anna = name(library, faces, "Anna")
    library.undo()
    library.redo()
    assert time.process_time() - started < 5
    assert len(library.faces.ids(person=anna)) == 10_000


def test_a_face_an_undone_act_chose_as_portrait_is_kept_for_redo(library: Library, sample: Sample) -> None:
    with library.transaction() as job:
        anna = job.people.add("Anna")
    with library.transaction("Choose a portrait") as act:
        act.people.set_portrait(anna, sample.faces[0])
    library.undo()
    with library.transaction() as job:
        job.faces.delete(library.faces.untouched(sample.photos[0]))
    library.redo()
    assert library.people.get(anna).portrait == sample.faces[0]


def test_an_act_on_new_rows_may_join_an_entry_and_is_undone_with_it(library: Library, sample: Sample) -> None:
    with library.transaction("Add Anna") as act:
        anna = act.people.add("Anna")
    assert act.change.entry is not None
    joined = act.change.entry.id
    name(library, sample.faces[:1], "Bela")
    with library.transaction("Add two people", joins=joined) as act:
        act.people.add("Carla")
    assert [entry.text for entry in library.history.entries()] == ["Name a face", "Add two people"]
    library.undo()
    library.undo()
    assert library.people.all() == []
    library.redo()
    assert library.people.names() == ["Anna", "Carla"]
    assert library.people.get(anna).name == "Anna"


def test_an_act_cannot_join_an_entry_that_was_undone(library: Library, sample: Sample) -> None:
    with library.transaction("Add Anna") as act:
        act.people.add("Anna")
    assert act.change.entry is not None
    library.undo()
    with library.transaction("Add Bela", joins=act.change.entry.id) as late:
        late.people.add("Bela")
    assert [entry.text for entry in library.history.entries()] == ["Add Bela"]
    assert library.people.names() == ["Bela"]


def test_an_act_may_begin_after_what_a_job_would_have_done(library: Library, sample: Sample) -> None:
    with library.transaction("Show an album") as act:
        act.albums.set_removed(sample.album, True)
        act.begin_here()
        act.albums.set_removed(sample.album, False)
    assert act.change.albums == {sample.album}
    library.undo()
    assert library.counts().photos == 0
    library.redo()
    assert library.counts().photos == 6


def rename_and_begin(library: Library, person_id: PersonId) -> None:
    with library.transaction("Rename") as act:
        act.people.rename(person_id, "Somebody else")
        act.begin_here()


def test_what_comes_before_the_beginning_is_bound_as_jobs_are(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with pytest.raises(ProtectedRowError):
        rename_and_begin(library, anna)
    assert library.people.names() == ["Anna"]

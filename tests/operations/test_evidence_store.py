"""What is followed act by act is what would be read as a whole."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from facetagger.entities import FaceId, FaceState
from facetagger.faces.models import DLIB_RESNET
from facetagger.operations.evidence_store import EvidenceStore, load_evidence
from facetagger.operations.session import Session
from facetagger.operations.written_suggestions import WrittenSuggestions
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.recogniser import Recogniser


@pytest.fixture
def store(session: Session) -> EvidenceStore:
    store = EvidenceStore(session.library, DLIB_RESNET)
    store.evidence()
    store.take_dropped()
    return store


def assert_same(found: Evidence, expected: Evidence) -> None:
    for each in fields(Evidence):
        one, other = getattr(found, each.name), getattr(expected, each.name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, err_msg=each.name)
        else:
            assert one == other, each.name


def assert_follows(store: EvidenceStore, session: Session) -> None:
    assert_same(store.evidence(), load_evidence(session.library, DLIB_RESNET))


def test_the_first_faces_that_a_newly_chosen_model_reads_are_followed(session: Session) -> None:
    store = EvidenceStore(session.library, "another")
    assert not len(store.evidence().face_ids)
    for face_id in session.library.faces.ids()[:3]:
        with session.library.transaction() as act:
            act.embeddings.put([face_id], "another", np.eye(1, 49, dtype=np.float32))
        assert_same(store.evidence(), load_evidence(session.library, "another"))


def test_every_kind_of_act_and_its_undo_are_followed(session: Session, store: EvidenceStore) -> None:
    faces = session.library.faces.ids()
    session.naming.name(faces[:3], "Anna")
    assert_follows(store, session)
    session.naming.name(faces[2:4], "Bela")
    session.naming.reject([faces[5]], "Anna")
    assert_follows(store, session)
    session.naming.ignore([faces[6]])
    session.naming.not_a_face([faces[7], faces[0]])
    assert_follows(store, session)
    anna = session.library.people.resolve("Anna")
    session.people.set_dates(anna.id, "1931", "")
    assert_follows(store, session)
    while session.library.history.undo_entry() is not None:
        session.history.undo()
        assert_follows(store, session)
    session.history.redo()
    assert_follows(store, session)


def test_an_act_leaves_the_arrays_that_it_does_not_concern(session: Session, store: EvidenceStore) -> None:
    before = store.evidence()
    face = session.library.faces.ids()[4]
    session.naming.name([face], "Anna")
    after = store.evidence()
    assert after.embeddings is before.embeddings
    assert after.face_ids is before.face_ids
    assert after.person_ids is not before.person_ids
    assert store.take_dropped().faces == frozenset({face})
    assert store.take_dropped().faces == frozenset()


def test_an_album_that_is_removed_takes_its_open_faces_along(session: Session, store: EvidenceStore) -> None:
    album = session.library.albums.all()[0].album
    count = len(store.evidence().face_ids)
    session.albums.remove(album.id)
    assert len(store.evidence().face_ids) < count
    assert_follows(store, session)
    assert store.take_dropped().faces is None
    session.history.undo()
    assert_follows(store, session)


def test_photos_that_are_added_are_followed(session: Session, store: EvidenceStore, tmp_path: Path) -> None:
    known = session.library.photos.get_many(session.library.photos.ids())
    (tmp_path / "more").mkdir()
    from PIL import Image

    with Image.open(known[0].path) as image:
        image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(tmp_path / "more" / "mirrored.png")
    report = session.importing.run([tmp_path / "more"])
    assert report.faces > 0
    assert_follows(store, session)


def test_who_only_reads_sees_what_another_process_wrote(session: Session, library_folder: Path) -> None:
    with Session.open(library_folder, write=False) as reader:
        store = EvidenceStore(reader.library, DLIB_RESNET)
        store.evidence()
        session.naming.name([FaceId(1)], "Anna")
        assert_same(store.evidence(), load_evidence(session.library, DLIB_RESNET))


def test_suggestions_are_the_same_as_after_a_restart(session: Session, library_folder: Path) -> None:
    faces = session.library.faces.ids()
    session.suggesting.refresh()
    for number in (0, 1, 2):
        session.naming.name([faces[number]], "Anna" if number % 2 else "Bela")
        session.suggesting.refresh()
    session.naming.name([faces[3]], "Anna")
    session.history.undo()  # no refresh between an act and its undo
    session.suggesting.refresh()
    session.people.merge(session.library.people.resolve("Anna").id, [session.library.people.resolve("Bela").id])
    session.history.undo()
    session.suggesting.refresh()
    kept = session.library.suggestions.all()
    groups = {group.faces for group in session.library.groups.all()}
    assert kept
    session.close()
    with Session.open(library_folder) as again:
        with again.library.transaction() as act:
            act.suggestions.clear()
            act.groups.clear()
        again.suggesting.refresh()
        found = again.library.suggestions.all()
        assert [(each.face_id, each.person_id) for each in found] == [(each.face_id, each.person_id) for each in kept]
        # A probability that moved by half a hundredth is not written again.
        chances = [each.probability for each in kept]
        assert [each.probability for each in found] == pytest.approx(chances, abs=0.011)
        assert {group.faces for group in again.library.groups.all()} == groups
        assert not set(again.library.faces.ids(FaceState.CONFIRMED)) & {each.face_id for each in found}


def test_a_library_that_did_not_change_learns_nothing_anew_after_a_restart(
    session: Session, library_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faces = session.library.faces.ids()
    session.naming.name(faces[:2], "Anna")
    session.naming.name(faces[2:4], "Bela")
    session.suggesting.refresh()
    kept = session.library.suggestions.all()
    session.close()

    def solve_nothing(*arguments: object) -> None:
        raise AssertionError("a classifier was learnt anew")

    with monkeypatch.context() as patch, Session.open(library_folder) as again:
        patch.setattr("facetagger.recognition.hinge._solve", solve_nothing)
        again.suggesting.refresh()
        assert again.library.suggestions.all() == kept
        again.naming.name([faces[4]], "Anna")
        with pytest.raises(AssertionError, match="anew"):
            again.suggesting.refresh()
    with Session.open(library_folder) as later:
        later.suggesting.refresh()
        assert later.library.classifiers.fingerprint(DLIB_RESNET) == later.suggesting.evidence().fingerprint()


def assert_takes_up_what_it_would_learn(folder: Path) -> None:
    with Session.open(folder) as session:
        session.suggesting.refresh()
        stored = session.library.classifiers.load(DLIB_RESNET)
        recogniser = Recogniser()
        recogniser.learn(load_evidence(session.library, DLIB_RESNET))
    assert [each.person_id for each in stored] == sorted(recogniser.classifiers)
    for each in stored:
        np.testing.assert_allclose(each.coef, recogniser.classifiers[each.person_id].coef, rtol=0, atol=1e-4)


def name_two_people(session: Session) -> list[FaceId]:
    faces = session.library.faces.ids()
    session.naming.name(faces[:2], "Anna")
    session.naming.name(faces[2:4], "Bela")
    return faces


def test_what_was_learnt_before_the_first_refresh_is_kept(session: Session, library_folder: Path) -> None:
    faces = name_two_people(session)
    session.suggesting.candidates(faces[6])
    session.suggesting.refresh()
    session.close()
    assert_takes_up_what_it_would_learn(library_folder)


def test_names_that_no_refresh_followed_are_learnt_after_a_restart(session: Session, library_folder: Path) -> None:
    faces = name_two_people(session)
    session.suggesting.refresh()
    session.naming.name([faces[4]], "Anna")
    session.close()
    with Session.open(library_folder) as again:
        again.suggesting.leads()
        again.suggesting.refresh()
    assert_takes_up_what_it_would_learn(library_folder)


def test_what_a_refresh_could_not_write_is_written_by_the_next(
    session: Session, library_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faces = name_two_people(session)
    session.suggesting.refresh()
    session.naming.name([faces[4]], "Anna")

    def refuse(*arguments: object, **options: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(WrittenSuggestions, "write", refuse)
        with pytest.raises(OSError, match="full"):
            session.suggesting.refresh()
    session.suggesting.refresh()
    session.close()
    assert_takes_up_what_it_would_learn(library_folder)


def test_somebody_who_went_and_came_back_is_learnt_again(session: Session, library_folder: Path) -> None:
    name_two_people(session)
    session.suggesting.refresh()
    people = session.library.people
    session.people.merge(people.resolve("Anna").id, [people.resolve("Bela").id])
    session.history.undo()
    session.close()
    assert_takes_up_what_it_would_learn(library_folder)


def memory_after_a_day(session: Session) -> list[FaceId]:
    faces = name_two_people(session)
    session.suggesting.refresh()
    session.naming.name([faces[4]], "Anna")
    session.suggesting.refresh()
    return faces


def test_memory_is_stored_once_and_then_noted(session: Session) -> None:
    name_two_people(session)
    session.suggesting.refresh()
    stored = session.library.memory.load(DLIB_RESNET)
    before = session.library.memory.notes(DLIB_RESNET)
    face = session.library.faces.ids()[4]
    session.naming.name([face], "Anna")
    session.suggesting.refresh()
    session.suggesting.refresh()
    notes = session.library.memory.notes(DLIB_RESNET)
    assert len(notes) == len(before) + 1
    assert notes[-1]["face_ids"].tolist() == [face]
    again = session.library.memory.load(DLIB_RESNET)
    for name in stored:
        np.testing.assert_array_equal(stored[name], again[name])


def test_a_classifier_is_stored_with_the_faces_it_rests_on(session: Session) -> None:
    faces = memory_after_a_day(session)
    for each in session.library.classifiers.load(DLIB_RESNET):
        assert each.active is not None
        assert set(each.active.tolist()) <= set(faces[:5])
        assert len(each.active) >= 2


def test_a_face_that_went_while_nobody_looked_takes_its_word_back(session: Session, library_folder: Path) -> None:
    faces = memory_after_a_day(session)
    session.close()
    with Session.open(library_folder) as meanwhile:
        meanwhile.naming.not_a_face([faces[0]])
    assert_takes_up_what_it_would_learn(library_folder)


@pytest.mark.parametrize("spoilt", ["shape", "missing", "label"])
def test_a_memory_that_does_not_fit_is_made_anew(session: Session, library_folder: Path, spoilt: str) -> None:
    memory_after_a_day(session)
    kept = session.library.suggestions.all()
    arrays = session.library.memory.load(DLIB_RESNET)
    if spoilt == "shape":
        arrays["reach"] = arrays["reach"][1:]
    elif spoilt == "missing":
        del arrays["known"]
    else:
        arrays["labels"] = np.where(arrays["labels"] >= 0, arrays["labels"] + 1, arrays["labels"])
    with session.library.transaction() as act:
        act.memory.replace(DLIB_RESNET, arrays)
    session.close()
    with Session.open(library_folder) as again:
        again.suggesting.refresh()
        assert again.library.suggestions.all() == kept
    assert_takes_up_what_it_would_learn(library_folder)

from __future__ import annotations

import numpy as np
import pytest

from facetagger.entities import FaceId, FaceOrigin, FaceQuality, FaceState
from facetagger.errors import LibraryError
from facetagger.geometry import Box
from facetagger.library import Library
from tests.library.sample import MODEL, SIZE, Sample, add_face, landmarks, name


def test_a_face_comes_back_as_it_was_added(library: Library, sample: Sample) -> None:
    box = Box(0.1, 0.2, 0.3, 0.4)
    with library.transaction() as act:
        face_id = act.faces.add(sample.photos[0], box, landmarks(), 0.75, FaceOrigin.DETECTED, SIZE)
    face = library.faces.get(face_id)
    assert (face.photo_id, face.box, face.score, face.origin) == (sample.photos[0], box, 0.75, FaceOrigin.DETECTED)
    assert (face.state, face.person_id) == (FaceState.OPEN, None)
    assert face.landmarks is not None
    assert face.landmarks.dtype == np.float32
    np.testing.assert_array_equal(face.landmarks, landmarks())
    assert library.faces.measured_on(face_id) == SIZE


def test_the_quality_of_a_face_is_kept_and_reaches_recognition(library: Library, sample: Sample) -> None:
    quality = FaceQuality(size=55, sharpness=450, yaw=-60, pitch=0, roll=170)
    with library.transaction() as act:
        act.faces.set_region(sample.faces[3], Box(0.1, 0.2, 0.3, 0.4), landmarks(), 0.75, quality)
    assert library.faces.get(sample.faces[3]).quality == quality
    rows = library.faces.all_for_recognition(MODEL)
    assert rows.quality.dtype == np.float32
    assert rows.quality[3] == pytest.approx(0.25)
    assert np.isnan(np.delete(rows.quality, 3)).all()


def test_the_face_that_stands_for_a_person_shows_most_of_them_and_stays_the_same(
    library: Library, sample: Sample
) -> None:
    anna = name(library, sample.faces[:4], "Anna")
    bela = name(library, sample.faces[4:6], "Bela")
    assert library.faces.best_of_people([anna, bela]) == {anna: sample.faces[0], bela: sample.faces[4]}
    with library.transaction() as act:
        for face_id, sharpness, yaw in zip(sample.faces[:4], (20, 450, 430, 450), (0, 70, 0, 0), strict=True):
            quality = FaceQuality(120, sharpness, yaw, pitch=0, roll=0)
            act.faces.set_region(face_id, Box(0.1, 0.2, 0.3, 0.4), landmarks(), 0.95, quality)
    assert library.faces.best_of_people([anna]) == {anna: sample.faces[2]}
    with library.transaction() as act:
        act.faces.set_region(sample.faces[2], Box(0.1, 0.2, 0.3, 0.4), None, 1.0, None)
    assert library.faces.best_of_people([anna]) == {anna: sample.faces[3]}
    with library.transaction("Remove an album") as act:
        act.albums.set_removed(sample.album, True)
    assert library.faces.best_of_people([anna, bela]) == {}


def test_recognition_is_told_when_each_photo_was_taken(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        act.photos.set_header(sample.photos[0], 1, "1950-01-01T00:00:00")
        act.photos.set_header(sample.photos[1], 1, "1964-07-02T12:30:00")
        act.photos.set_header(sample.photos[2], 1, "1964-99-99T12:30:00")
    taken = library.faces.all_for_recognition(MODEL).taken
    np.testing.assert_allclose(taken[:4], [1950, 1950, 1964.5, 1964.5], atol=1e-9)
    assert np.isnan(taken[4:]).all()


def test_a_face_is_confirmed_with_a_person_and_only_then(library: Library, sample: Sample) -> None:
    with pytest.raises(ValueError, match="confirmed with person None"), library.transaction("Name nobody") as act:
        act.faces.set_state(sample.faces[:1], FaceState.CONFIRMED, None)


def test_a_name_ends_the_rejection_of_that_person(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with library.transaction("Not Anna") as act:
        act.rejections.add(sample.faces[1:3], anna)
    name(library, sample.faces[1:2], anna)
    assert library.rejections.all() == {(sample.faces[2], anna)}
    assert library.rejections.of_person(anna) == {sample.faces[2]}


def test_a_face_is_untouched_until_an_act_of_the_user_is_about_it(library: Library, sample: Sample) -> None:
    photo = sample.photos[0]
    with library.transaction("Draw faces") as act:
        drawn = add_face(act, photo, FaceOrigin.DRAWN)
        anna = act.people.add("Anna")
    with library.transaction() as act:
        named, rejected, reopened, untouched = (add_face(act, photo) for _ in range(4))
        region = add_face(act, photo, FaceOrigin.METADATA)
    with library.transaction("Decide") as act:
        act.faces.set_state([named, reopened], FaceState.CONFIRMED, anna)
        act.rejections.add([rejected], anna)
    with library.transaction("Reopen a face") as act:
        act.faces.set_state([reopened], FaceState.OPEN)
    assert library.faces.untouched(photo) == {*sample.faces[:2], untouched}
    library.undo()
    assert library.faces.untouched(photo) == {*sample.faces[:2], untouched}
    assert {drawn, region}.isdisjoint(library.faces.untouched(photo))


def test_faces_are_found_by_state_person_and_photo(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:3], "Anna")
    assert library.faces.ids(FaceState.CONFIRMED) == list(sample.faces[:3])
    assert library.faces.ids(person=anna, photo=sample.photos[1]) == [sample.faces[2]]
    assert [face.id for face in library.faces.of_photos(sample.photos[:2])] == list(sample.faces[:4])


def test_faces_of_a_removed_album_are_hidden_but_never_forgotten(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:2], "Anna")
    with library.transaction("Remove an album") as act:
        act.albums.set_removed(sample.album, True)
    assert library.faces.ids() == []
    assert library.faces.ids(person=anna, hidden=True) == list(sample.faces[:2])
    rows = library.faces.all_for_recognition(MODEL)
    assert rows.face_ids.tolist() == list(sample.faces[:2])


def test_a_face_without_landmarks_is_named_but_never_teaches(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        region = add_face(act, sample.photos[0], FaceOrigin.METADATA)
        act.embeddings.put([region], MODEL, np.ones((1, 128), dtype=np.float32))
    name(library, [region, sample.faces[0]], "Anna")
    assert library.faces.trainable() == [sample.faces[0]]
    rows = library.faces.all_for_recognition(MODEL)
    assert rows.trainable[rows.face_ids == region].tolist() == [False]


def test_recognition_reads_every_face_but_what_is_none(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with library.transaction("Set aside") as act:
        act.faces.set_state(sample.faces[1:2], FaceState.IGNORED)
        act.faces.set_state(sample.faces[2:3], FaceState.NOT_A_FACE)
    rows = library.faces.all_for_recognition(MODEL)
    assert rows.face_ids.tolist() == [*sample.faces[:2], *sample.faces[3:]]
    assert rows.person_ids.tolist() == [anna, -2] + [-1] * 9
    assert rows.photo_ids[:2].tolist() == [sample.photos[0]] * 2
    assert rows.trainable.tolist() == [True] + [False] * 10
    assert rows.embeddings.dtype == np.float32
    np.testing.assert_array_equal(rows.embeddings, np.delete(np.eye(12, 128, dtype=np.float32), 2, axis=0))


def test_recognition_of_an_unknown_model_is_empty(library: Library, sample: Sample) -> None:
    rows = library.faces.all_for_recognition("model-b")
    assert (len(rows.face_ids), len(rows.embeddings)) == (0, 0)
    assert library.faces.without_embedding("model-b") == list(sample.faces)


def test_an_unknown_face_is_named_in_the_error(library: Library) -> None:
    with pytest.raises(LibraryError, match="no face 7"):
        library.faces.get(FaceId(7))


def test_areas_come_in_the_order_they_were_asked_for(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        large = act.faces.add(sample.photos[0], Box(0, 0, 0.5, 0.5), None, 0.9, FaceOrigin.DRAWN, SIZE)
    assert library.faces.areas([sample.faces[3], large, sample.faces[0]]).tolist() == [0.05, 0.25, 0.05]
    with pytest.raises(KeyError):
        library.faces.areas([FaceId(999)])

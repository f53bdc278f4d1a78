from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facetagger.entities import FaceOrigin, FaceState, PersonId, PhotoId, Suggestion
from facetagger.errors import LibraryError
from facetagger.geometry import Box, Size
from facetagger.library import Library, PhotoQuery
from facetagger.library.sorting import natural_key
from tests.library.sample import MODEL, SIZE, Sample, add_face, add_photo, image_hash, name


def names(library: Library, query: PhotoQuery) -> list[str]:
    return [photo.path.name for photo in library.photos.get_many(library.photos.ids(query))]


def scans(library: Library, *files: tuple[str, str | None]) -> list[PhotoId]:
    with library.transaction() as act:
        album = act.albums.add("Album", Path("/album"))
        photos = [
            add_photo(act, number, Path("/album", file), taken) for number, (file, taken) in enumerate(files, start=100)
        ]
        act.albums.add_photos(album, photos)
    return photos


def test_a_photo_comes_back_as_it_was_added(library: Library) -> None:
    with library.transaction() as act:
        crop = Box(0.25, 0.0, 0.5, 0.3)
        photo_id = act.photos.add(image_hash(1), 2, Size(30, 20), 6, "1958-07-01T10:00:00", crop)
        act.photos.put_file(Path("/a/scan.tif"), image_hash(1), 10, 20)
        act.photos.set_rotation(photo_id, 5)
    photo = library.photos.get(photo_id)
    assert (photo.image_hash, photo.page, photo.crop, photo.stored_size) == (image_hash(1), 2, crop, Size(30, 20))
    assert (photo.orientation, photo.rotation, photo.taken) == (6, 1, "1958-07-01T10:00:00")
    assert (photo.path, photo.is_missing) == (Path("/a/scan.tif"), False)


def test_sizes_are_those_of_the_photos_as_they_are_seen(library: Library) -> None:
    with library.transaction() as act:
        views = [(orientation, turns) for orientation in range(1, 9) for turns in range(4)]
        for number, (orientation, turns) in enumerate(views):
            photo_id = act.photos.add(image_hash(number), 0, Size(30, 20), orientation, None)
            act.photos.set_rotation(photo_id, turns)
    photos = library.photos.get_many(map(PhotoId, range(1, 33)))
    assert len(photos) == 32
    sizes = library.photos.upright_sizes([*(photo.id for photo in photos), PhotoId(99)])
    assert sizes == {photo.id: photo.upright_size for photo in photos}


def test_pages_and_prints_of_one_image_are_photos_of_their_own(library: Library) -> None:
    with library.transaction() as act:
        ids = [
            act.photos.add(image_hash(1), page, SIZE, 1, None, crop)
            for page, crop in [(0, None), (1, None), (0, Box(0, 0, 0.5, 1)), (0, Box(0.5, 0, 0.5, 1))]
        ]
        again = act.photos.add(image_hash(1), 0, SIZE, 1, None, Box(0.5, 0, 0.5, 1))
        act.photos.put_file(Path("/a/scan.tif"), image_hash(1), 10, 20)
    assert again == ids[3]
    assert {photo.id for photo in library.photos.by_path(Path("/a/scan.tif"))} == set(ids)
    assert {photo.id for photo in library.photos.find(image_hash(1))} == set(ids)


def test_a_path_that_is_no_unicode_comes_back_byte_for_byte(library: Library) -> None:
    path = Path(os.fsdecode(b"/a/f\xfcr\xff.jpg"))
    with library.transaction() as act:
        photo_id = add_photo(act, 1, path)
    assert os.fsencode(library.photos.get(photo_id).path) == b"/a/f\xfcr\xff.jpg"
    assert library.photos.file_stamps() == {path: (1001, 5001)}


def test_a_photo_is_missing_when_all_its_files_are(library: Library) -> None:
    with library.transaction() as act:
        photo_id = add_photo(act, 1, Path("/a/one.jpg"))
        act.photos.put_file(Path("/b/two.jpg"), image_hash(1), 10, 20)
        act.photos.mark_missing([Path("/a/one.jpg")])
    assert library.photos.get(photo_id).path == Path("/b/two.jpg")
    assert not library.photos.get(photo_id).is_missing
    with library.transaction() as act:
        act.photos.mark_missing([Path("/b/two.jpg")])
    assert library.photos.get(photo_id).is_missing
    assert library.photos.get(photo_id).path == Path("/b/two.jpg")
    assert library.photos.missing_files() == [Path("/a/one.jpg"), Path("/b/two.jpg")]
    assert library.photos.file_stamps() == {}


def test_a_moved_file_is_the_same_photo(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with library.transaction() as act:
        act.photos.mark_missing([Path("/photos/box/scan1.jpg")])
        assert add_photo(act, 1, Path("/new/scan one.jpg")) == sample.photos[0]
    photo = library.photos.get(sample.photos[0])
    assert (photo.path, photo.is_missing) == (Path("/new/scan one.jpg"), False)
    assert library.photos.paths(photo.id) == [Path("/new/scan one.jpg")]
    assert library.faces.get(sample.faces[0]).person_id == anna
    assert library.photos.ids(PhotoQuery(text="SCAN ONE")) == [photo.id]


def test_a_path_with_other_pixels_leaves_the_old_photo_missing(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        new = add_photo(act, 50, Path("/photos/box/scan1.jpg"))
    assert [photo.id for photo in library.photos.by_path(Path("/photos/box/scan1.jpg"))] == [new]
    assert library.photos.get(sample.photos[0]).is_missing
    assert library.integrity() == []


def test_photos_sort_by_date_then_name_and_undated_ones_come_last(library: Library) -> None:
    scans(library, ("scan10.jpg", None), ("b.jpg", "1950-01-01T00:00:00"), ("scan2.jpg", None), ("a.jpg", "1951"))
    assert names(library, PhotoQuery(sort="date")) == ["b.jpg", "a.jpg", "scan2.jpg", "scan10.jpg"]
    assert names(library, PhotoQuery(sort="name")) == ["a.jpg", "b.jpg", "scan2.jpg", "scan10.jpg"]
    assert names(library, PhotoQuery(sort="added")) == ["a.jpg", "scan2.jpg", "b.jpg", "scan10.jpg"]


@given(number=st.integers(0, 10**30), other=st.integers(0, 10**30))
def test_numbers_in_names_sort_by_value(number: int, other: int) -> None:
    assert (natural_key(f"Scan {number}.jpg") < natural_key(f"scan {other}.JPG")) == (number < other)


def test_a_query_finds_photos_by_people(library: Library, sample: Sample) -> None:
    anna = name(library, [sample.faces[0], sample.faces[2], sample.faces[4]], "Anna")
    bela = name(library, [sample.faces[1], sample.faces[5]], "Bela")
    one, two, three = sample.photos[:3]
    assert library.photos.ids(PhotoQuery(people=(anna,))) == [one, two, three]
    assert library.photos.ids(PhotoQuery(people=(anna, bela))) == [one, three]
    assert library.photos.ids(PhotoQuery(people=(anna,), without=(bela,))) == [two]
    assert library.photos.ids(PhotoQuery(people=(anna, bela), only=True)) == [one, three]
    assert library.photos.ids(PhotoQuery(people=(anna,), only=True)) == []
    with library.transaction("Ignore a face") as act:
        act.faces.set_state([sample.faces[3]], FaceState.IGNORED)
    assert library.photos.ids(PhotoQuery(people=(anna,), only=True)) == [two]


def test_a_query_finds_photos_by_what_is_unsettled(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:2], "Anna")
    with library.transaction() as act:
        act.suggestions.replace([Suggestion(sample.faces[2], anna, 0.9), Suggestion(sample.faces[4], anna, 0.6)])
        act.photos.mark_missing([Path("/photos/box/scan6.jpg")])
    assert library.photos.ids(PhotoQuery(unnamed=True)) == list(sample.photos[1:])
    assert library.photos.ids(PhotoQuery(suggested_below=0.8)) == [sample.photos[2]]
    assert library.photos.ids(PhotoQuery(missing=True)) == [sample.photos[5]]
    assert library.photos.ids(PhotoQuery(missing=False)) == list(sample.photos[:5])


def test_a_query_finds_photos_by_year_and_file_name(library: Library) -> None:
    scans(library, ("Beach 1.jpg", "1950-12-31T23:59:59"), ("beach 2.jpg", "1951-01-01T00:00:00"), ("dog.jpg", None))
    assert names(library, PhotoQuery(years=(1950, 1950))) == ["Beach 1.jpg"]
    assert names(library, PhotoQuery(years=(1949, 9999))) == ["Beach 1.jpg", "beach 2.jpg"]
    assert names(library, PhotoQuery(text="BEACH")) == ["Beach 1.jpg", "beach 2.jpg"]
    assert names(library, PhotoQuery(text="100%")) == []


def test_sections_have_one_heading_for_each_album_in_natural_order(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        tenth = act.albums.add("Shoe box 10")
        act.albums.add_photos(tenth, [sample.photos[3], sample.photos[1]])
    assert library.photos.sections() == [
        (sample.album, list(sample.photos)),
        (tenth, [sample.photos[1], sample.photos[3]]),
    ]
    assert library.photos.sections(PhotoQuery(album=tenth)) == [(tenth, [sample.photos[1], sample.photos[3]])]
    assert library.photos.ids() == list(sample.photos)


def test_a_summary_counts_the_faces_of_a_photo(library: Library, sample: Sample) -> None:
    photo = sample.photos[0]
    with library.transaction("Draw faces") as act:
        stranger, wrong = (add_face(act, photo, FaceOrigin.DRAWN, left) for left in (0.3, 0.4))
        act.faces.set_state([stranger], FaceState.IGNORED)
        act.faces.set_state([wrong], FaceState.NOT_A_FACE)
    anna = name(library, [sample.faces[2]], "Anna")
    with library.transaction() as act:
        act.suggestions.replace([Suggestion(sample.faces[0], anna, 0.7)])
    summary, other = library.photos.summaries([photo, sample.photos[1]])
    assert summary.photo == library.photos.get(photo)
    assert (summary.unnamed, summary.suggested, summary.strangers, summary.faces) == (2, 1, 1, 3)
    assert (other.unnamed, other.suggested, other.strangers, other.faces) == (1, 0, 0, 2)


def test_a_photo_without_faces_has_a_summary(library: Library) -> None:
    (photo,) = scans(library, ("dog.jpg", None))
    assert [(each.photo.id, each.faces) for each in library.photos.summaries([photo])] == [(photo, 0)]


def test_a_photo_is_unanalysed_until_this_model_has_seen_it(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        act.photos.set_analysed(sample.photos[0], MODEL)
    assert library.photos.unanalysed(MODEL) == list(sample.photos[1:])
    assert library.photos.unanalysed("model-b") == list(sample.photos)


def test_many_photos_come_in_the_order_asked_for(library: Library, sample: Sample) -> None:
    wanted = [sample.photos[4], sample.photos[0], PhotoId(999), sample.photos[4]]
    found = [photo.id for photo in library.photos.get_many(wanted)]
    assert found == [sample.photos[4], sample.photos[0], sample.photos[4]]


def test_an_unknown_photo_is_named_in_the_error(library: Library) -> None:
    with pytest.raises(LibraryError, match="no photo 7"):
        library.photos.get(PhotoId(7))


def test_nobody_is_found_where_nobody_is_named(library: Library, sample: Sample) -> None:
    assert library.photos.ids(PhotoQuery(people=(PersonId(1),))) == []

from __future__ import annotations

from pathlib import Path

import pytest

from facetagger.entities import AlbumId
from facetagger.errors import LibraryError
from facetagger.library import AlbumDetails, Library
from tests.library.sample import Sample, add_photo, name


def test_albums_are_listed_in_natural_order_with_numbers(library: Library, sample: Sample) -> None:
    name(library, sample.faces[:3], "Anna")
    with library.transaction() as act:
        tenth = act.albums.add("Shoe box 10")
        act.albums.add_photos(tenth, sample.photos[:2])
    rows = [(row.album.id, row.photos, row.unnamed) for row in library.albums.all()]
    assert rows == [(sample.album, 6, 9), (tenth, 2, 1)]


def test_a_removed_album_hides_its_photos_and_undo_shows_them(library: Library, sample: Sample) -> None:
    before = library.counts()
    with library.transaction("Remove an album") as act:
        act.albums.set_removed(sample.album, True)
    assert library.photos.ids() == []
    assert library.albums.all() == []
    assert [album.id for album in library.albums.removed()] == [sample.album]
    counts = library.counts()
    assert (counts.photos, counts.faces, counts.open, counts.unnamed) == (0, 0, 0, 0)
    library.undo()
    assert library.counts() == before


def test_a_photo_of_two_albums_stays_visible_when_one_is_removed(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        other = act.albums.add("Favourites")
        act.albums.add_photos(other, sample.photos[:1])
        act.albums.set_removed(sample.album, True)
    assert library.photos.ids() == [sample.photos[0]]
    assert [album.id for album in library.albums.of_photo(sample.photos[0])] == [other]
    with library.transaction() as act:
        act.albums.take_photos(other, sample.photos[:1])
    assert library.photos.ids() == []


def test_a_photo_in_no_album_is_hidden(library: Library) -> None:
    with library.transaction() as act:
        photo_id = add_photo(act, 1, Path("/a.jpg"))
    assert library.photos.ids() == []
    assert library.photos.get(photo_id).path == Path("/a.jpg")


def test_an_album_is_found_by_its_folder_also_when_removed(library: Library, sample: Sample) -> None:
    with library.transaction("Remove an album") as act:
        act.albums.set_removed(sample.album, True)
        act.albums.set_folder(sample.album, Path("/moved"))
    found = library.albums.by_folder(Path("/moved"))
    assert found is not None
    assert found.id == sample.album
    assert library.albums.is_removed(sample.album)
    assert library.albums.by_folder(Path("/photos/box")) is None


def test_details_count_people_and_span_the_years(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        act.photos.set_header(sample.photos[0], 1, "1958-01-01T00:00:00")
        act.photos.set_header(sample.photos[1], 1, "1964-01-01T00:00:00")
    name(library, sample.faces[:2], "Anna")
    name(library, sample.faces[2:3], "Bela")
    with library.transaction() as act:
        act.albums.add("Empty", None)
        undated = act.albums.add("Undated", None)
        act.albums.add_photos(undated, sample.photos[4:])
    assert library.albums.details() == {
        sample.album: AlbumDetails(2, (1958, 1964)),
        undated: AlbumDetails(0, None),
    }


def test_an_unknown_album_is_named_in_the_error(library: Library) -> None:
    with pytest.raises(LibraryError, match="no album 7"):
        library.albums.get(AlbumId(7))

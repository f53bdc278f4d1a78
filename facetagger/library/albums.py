"""Albums: folders that were imported, selections the user made. Removing one hides its photos, never deletes them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from facetagger.entities import Album, AlbumId, PhotoId
from facetagger.errors import LibraryError
from facetagger.library.database import Connection, Row
from facetagger.library.people import clean_name
from facetagger.library.records import AlbumDetails, AlbumSummary
from facetagger.library.sorting import natural_key


class AlbumReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def all(self) -> list[AlbumSummary]:
        """The albums that are not removed, in natural order of their names."""
        database = self._connection()
        photos: dict[int, int] = dict(database.rows("SELECT album_id, count(*) FROM album_photo GROUP BY album_id"))
        unnamed: dict[int, int] = dict(
            database.rows(
                "SELECT album_id, count(*) FROM face CROSS JOIN album_photo ON album_photo.photo_id = face.photo_id "
                "WHERE state = 'open' GROUP BY album_id"
            )
        )
        albums = [_album(row) for row in database.rows("SELECT id, name, folder FROM album WHERE is_removed = 0")]
        albums.sort(key=lambda album: (natural_key(album.name), album.id))
        return [AlbumSummary(each, photos.get(each.id, 0), unnamed.get(each.id, 0)) for each in albums]

    def removed(self) -> list[Album]:
        rows = self._connection().rows("SELECT id, name, folder FROM album WHERE is_removed = 1 ORDER BY id")
        return [_album(row) for row in rows]

    def get(self, album_id: AlbumId) -> Album:
        """The album, also a removed one. Raises ``LibraryError`` where there is none."""
        row = self._connection().row("SELECT id, name, folder FROM album WHERE id = ?", (album_id,))
        if row is None:
            raise LibraryError(f"There is no album {album_id} in the library.")
        return _album(row)

    def by_folder(self, folder: Path) -> Album | None:
        """The album of this folder, also a removed one; of several the one that is not removed, then the newest."""
        row = self._connection().row(
            "SELECT id, name, folder FROM album WHERE folder = ? ORDER BY is_removed, id DESC", (os.fsencode(folder),)
        )
        return None if row is None else _album(row)

    def is_removed(self, album_id: AlbumId) -> bool:
        return bool(self._connection().value("SELECT is_removed FROM album WHERE id = ?", (album_id,)))

    def photos(self, album_id: AlbumId) -> list[PhotoId]:
        """The album's photos by id, whether or not the album is removed."""
        return self._connection().column(
            "SELECT photo_id FROM album_photo WHERE album_id = ? ORDER BY photo_id", (album_id,)
        )

    def of_photo(self, photo_id: PhotoId) -> list[Album]:
        """The albums that hold the photo and are not removed."""
        rows = self._connection().rows(
            "SELECT id, name, folder FROM album JOIN album_photo ON album_id = album.id "
            "WHERE photo_id = ? AND is_removed = 0 ORDER BY id",
            (photo_id,),
        )
        return [_album(row) for row in rows]

    def details(self) -> dict[AlbumId, AlbumDetails]:
        """Of every album that has photos."""
        database = self._connection()
        people: dict[AlbumId, int] = dict(
            database.rows(
                "SELECT album_id, count(DISTINCT person_id) FROM face CROSS JOIN album_photo "
                "ON album_photo.photo_id = face.photo_id WHERE person_id IS NOT NULL GROUP BY album_id"
            )
        )
        years = database.rows(
            "SELECT album_id, min(substr(taken, 1, 4)), max(substr(taken, 1, 4)) FROM album_photo "
            "JOIN photo ON photo.id = photo_id GROUP BY album_id"
        )
        return {
            album_id: AlbumDetails(people.get(album_id, 0), None if first is None else (int(first), int(last)))
            for album_id, first, last in years
        }


class AlbumWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def add(self, name: str, folder: Path | None = None) -> AlbumId:
        """Adds an empty album; raises ``LibraryError`` for an empty name."""
        key = None if folder is None else os.fsencode(folder)
        return AlbumId(self._database.insert("INSERT INTO album (name, folder) VALUES (?, ?)", (clean_name(name), key)))

    def add_photos(self, album_id: AlbumId, photos: Iterable[PhotoId]) -> None:
        """Adds photos; those the album has already stay as they are."""
        self._database.run_many(
            "INSERT INTO album_photo (album_id, photo_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            [(album_id, photo_id) for photo_id in photos],
        )

    def take_photos(self, album_id: AlbumId, photos: Iterable[PhotoId]) -> None:
        """Takes photos out of the album; a photo in no album is hidden."""
        self._database.run_many(
            "DELETE FROM album_photo WHERE album_id = ? AND photo_id = ?",
            [(album_id, photo_id) for photo_id in photos],
        )

    def set_removed(self, album_id: AlbumId, removed: bool) -> None:
        self._database.run("UPDATE album SET is_removed = ? WHERE id = ?", (int(removed), album_id))

    def rename(self, album_id: AlbumId, name: str) -> None:
        """Raises ``LibraryError`` for an empty name."""
        self._database.run("UPDATE album SET name = ? WHERE id = ?", (clean_name(name), album_id))

    def set_folder(self, album_id: AlbumId, folder: Path | None) -> None:
        key = None if folder is None else os.fsencode(folder)
        self._database.run("UPDATE album SET folder = ? WHERE id = ?", (key, album_id))


def _album(row: Row) -> Album:
    return Album(row[0], row[1], None if row[2] is None else Path(os.fsdecode(row[2])))

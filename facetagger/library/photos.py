"""Reading photos and the files that hold them."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from facetagger.entities import AlbumId, Photo, PhotoId
from facetagger.errors import LibraryError
from facetagger.geometry import Box, Size, rotated_orientation, upright_size
from facetagger.library.database import Connection, Row, ids_parameter
from facetagger.library.photo_query import conditions, order
from facetagger.library.records import FileRecord, PhotoQuery, PhotoSummary
from facetagger.library.sorting import natural_key

_PHOTO = (
    "photo.id, image_hash, page, crop_left, crop_top, crop_width, crop_height, width, height, orientation, rotation, "
    "taken, path, is_missing, is_rotation_chosen"
)
_CHOSEN = "IN (SELECT value FROM json_each(?))"


class PhotoReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def get(self, photo_id: PhotoId) -> Photo:
        """Raises ``LibraryError`` where there is no such photo."""
        found = self.get_many([photo_id])
        if not found:
            raise LibraryError(f"There is no photo {photo_id} in the library.")
        return found[0]

    def get_many(self, ids: Iterable[PhotoId]) -> list[Photo]:
        """The photos in the order of ``ids``; those that do not exist are left out."""
        wanted = list(ids)
        rows = self._connection().rows(f"SELECT {_PHOTO} FROM photo WHERE id {_CHOSEN}", (ids_parameter(wanted),))
        photos = {row[0]: _photo(row) for row in rows}
        return [photos[each] for each in wanted if each in photos]

    def upright_sizes(self, ids: Iterable[PhotoId]) -> dict[PhotoId, Size]:
        """How large each photo is as the user sees it; much quicker than the photos themselves."""
        rows = self._connection().rows(
            f"SELECT id, width, height, orientation, rotation FROM photo WHERE id {_CHOSEN}", (ids_parameter(ids),)
        )
        return {
            photo_id: upright_size(Size(width, height), rotated_orientation(orientation, rotation))
            for photo_id, width, height, orientation, rotation in rows
        }

    def ids(self, query: PhotoQuery | None = None) -> list[PhotoId]:
        """The visible photos that the query asks for, each once, in its order over all albums."""
        asked = query or PhotoQuery()
        where, parameters = conditions(asked)
        sql = f"SELECT photo.id FROM photo WHERE {where} ORDER BY {order(asked.sort)}"
        return self._connection().column(sql, parameters)

    def sections(self, query: PhotoQuery | None = None) -> list[tuple[AlbumId, list[PhotoId]]]:
        """What ``ids`` gives, by album: albums by name, a photo of two albums in both, no empty albums."""
        asked = query or PhotoQuery()
        database = self._connection()
        where, parameters = conditions(asked)
        # Two long values are read in a third of the time of many short rows.
        albums_and_photos = database.rows(
            "SELECT json_group_array(album_id), json_group_array(photo_id) FROM (SELECT album_id, photo_id "
            f"FROM photo CROSS JOIN album_photo ON photo_id = photo.id WHERE {where} ORDER BY {order(asked.sort)})",
            parameters,
        )
        found: defaultdict[AlbumId, list[PhotoId]] = defaultdict(list)
        for album_id, photo_id in zip(*map(json.loads, albums_and_photos[0]), strict=True):
            found[album_id].append(photo_id)
        albums = database.rows("SELECT id, name FROM album WHERE is_removed = 0 AND ifnull(? = id, 1)", (asked.album,))
        albums.sort(key=lambda row: (natural_key(row[1]), row[0]))
        return [(album_id, found[album_id]) for album_id, _ in albums if album_id in found]

    def by_path(self, path: Path) -> list[Photo]:
        """The photos a file holds, or last held: one, or one for each page and print."""
        return self._photos(
            "image_hash = (SELECT image_hash FROM file WHERE file.path = ?) ORDER BY page, id", os.fsencode(path)
        )

    def find(self, image_hash: bytes) -> list[Photo]:
        """All pages and prints of one image."""
        return self._photos("image_hash = ? ORDER BY page, id", image_hash)

    def paths(self, photo_id: PhotoId) -> list[Path]:
        """The files that hold the photo now."""
        sql = "SELECT path FROM file WHERE is_missing = 0 AND image_hash = (SELECT image_hash FROM photo WHERE id = ?)"
        return [Path(os.fsdecode(path)) for path in self._connection().column(f"{sql} ORDER BY path", (photo_id,))]

    def places(self, photo_id: PhotoId) -> list[Path]:
        """The files that hold the photo now, and those that did and are missing."""
        sql = "SELECT path FROM file WHERE image_hash = (SELECT image_hash FROM photo WHERE id = ?) ORDER BY path"
        return [Path(os.fsdecode(path)) for path in self._connection().column(sql, (photo_id,))]

    def file_stamps(self) -> dict[Path, tuple[int, int]]:
        """Byte size and modification time (ns) of every file that was there when last looked for."""
        rows = self._connection().rows("SELECT path, byte_size, mtime_ns FROM file WHERE is_missing = 0")
        return {Path(os.fsdecode(path)): (byte_size, mtime_ns) for path, byte_size, mtime_ns in rows}

    def file(self, path: Path) -> FileRecord | None:
        row = self._connection().row(
            "SELECT image_hash, byte_size, mtime_ns, byte_hash, is_missing FROM file WHERE path = ?",
            (os.fsencode(path),),
        )
        return None if row is None else FileRecord(row[0], row[1], row[2], row[3] or b"", bool(row[4]))

    def missing_files(self) -> list[Path]:
        rows = self._connection().column("SELECT path FROM file WHERE is_missing = 1 ORDER BY path")
        return [Path(os.fsdecode(path)) for path in rows]

    def summaries(self, ids: Iterable[PhotoId]) -> list[PhotoSummary]:
        """The photos in the order of ``ids`` with the numbers of their faces."""
        photos = self.get_many(ids)
        rows = self._connection().rows(
            "SELECT photo_id, sum(state = 'open'), sum(suggestion.face_id IS NOT NULL), sum(state = 'ignored'), "
            "sum(state <> 'not_a_face') FROM face LEFT JOIN suggestion ON suggestion.face_id = face.id "
            f"WHERE photo_id {_CHOSEN} GROUP BY photo_id",
            (ids_parameter(photo.id for photo in photos),),
        )
        numbers = {row[0]: row[1:] for row in rows}
        return [PhotoSummary(photo, *numbers.get(photo.id, (0, 0, 0, 0))) for photo in photos]

    def unanalysed(self, model_id: str) -> list[PhotoId]:
        """Visible photos with a file whose faces were never looked for with this model."""
        return self._connection().column(
            "SELECT id FROM photo WHERE is_visible = 1 AND is_missing = 0 AND NOT EXISTS "
            "(SELECT 1 FROM analysis WHERE photo_id = photo.id AND model_id = ?) ORDER BY id",
            (model_id,),
        )

    def settings(self, photo_ids: Iterable[PhotoId], model_id: str) -> dict[PhotoId, str]:
        """How hard each of the photos was searched with this model, ``normal`` or ``thorough``: of those that were."""
        sql = f"SELECT photo_id, setting FROM analysis WHERE model_id = ? AND photo_id {_CHOSEN}"
        return dict(self._connection().rows(sql, (model_id, ids_parameter(photo_ids))))

    def _photos(self, condition: str, parameter: bytes) -> list[Photo]:
        rows = self._connection().rows(f"SELECT {_PHOTO} FROM photo WHERE {condition}", (parameter,))
        return [_photo(row) for row in rows]


def _photo(row: Row) -> Photo:
    return Photo(
        id=row[0],
        image_hash=row[1],
        page=row[2],
        crop=None if row[3] is None else Box(*_floats(row[3:7])),
        stored_size=Size(row[7], row[8]),
        orientation=row[9],
        rotation=row[10],
        taken=row[11],
        path=Path(os.fsdecode(row[12])),
        is_missing=bool(row[13]),
        is_rotation_chosen=bool(row[14]),
    )


def _floats(values: Sequence[float]) -> tuple[float, float, float, float]:
    left, top, width, height = values
    return left, top, width, height

"""Names that other programs left beside faces, until the user takes them over; and which files were read for them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from facetagger.entities import FaceId, FoundIn, FoundName, name_key
from facetagger.library.database import VISIBLE, Connection, Row, ids_parameter
from facetagger.library.sorting import storable

_FOUND = "SELECT face_id, name, found_in, is_declined FROM found_name"
_REJECTED = (
    "SELECT 1 FROM rejection JOIN person ON person.id = rejection.person_id "
    "WHERE rejection.face_id = found_name.face_id AND (person.name_key = found_name.name_key OR EXISTS "
    "(SELECT 1 FROM alias WHERE alias.person_id = person.id AND alias.name_key = found_name.name_key))"
)


class FoundNameReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def of_faces(self, face_ids: Iterable[FaceId]) -> dict[FaceId, FoundName]:
        """Every name that was found for these faces, the declined ones too."""
        rows = self._connection().rows(
            f"{_FOUND} WHERE face_id IN (SELECT value FROM json_each(?))", (ids_parameter(face_ids),)
        )
        return {row[0]: _found_name(row) for row in rows}

    def offered(self, face_ids: Iterable[FaceId] | None = None) -> list[FoundName]:
        """What the user may take over, by face id: the names of open faces of visible photos that were neither
        declined nor rejected. Of all faces, or of the given ones."""
        chosen = "" if face_ids is None else "face_id IN (SELECT value FROM json_each(?)) AND "
        rows = self._connection().rows(
            f"{_FOUND} JOIN face ON face.id = face_id "
            f"WHERE {chosen}is_declined = 0 AND state = 'open' AND {VISIBLE} AND NOT EXISTS ({_REJECTED}) "
            "ORDER BY face_id",
            () if face_ids is None else (ids_parameter(face_ids),),
        )
        return [_found_name(row) for row in rows]

    def stamps(self) -> dict[Path, str]:
        """The state in which each file's metadata were last read."""
        rows = self._connection().rows("SELECT path, stamp FROM metadata_file")
        return {Path(os.fsdecode(path)): stamp for path, stamp in rows}


class FoundNameWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def put(self, face_id: FaceId, name: str, found_in: FoundIn) -> None:
        """Keeps a name beside the face. One that was declined stays declined until another name is found."""
        clean = storable(" ".join(name.split()))
        self._database.run(
            "INSERT INTO found_name (face_id, name, name_key, found_in) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (face_id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, "
            "found_in = excluded.found_in, is_declined = 0 WHERE name_key <> excluded.name_key",
            (face_id, clean, name_key(clean), found_in.value),
        )

    def decline(self, face_ids: Iterable[FaceId]) -> None:
        """The user says that these names are wrong."""
        self._database.run_many(
            "UPDATE found_name SET is_declined = 1 WHERE face_id = ?", [(face_id,) for face_id in face_ids]
        )

    def set_read(self, stamps: dict[Path, str]) -> None:
        self._database.run_many(
            "INSERT INTO metadata_file (path, stamp) VALUES (?, ?) "
            "ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp",
            [(os.fsencode(path), stamp) for path, stamp in stamps.items()],
        )


def _found_name(row: Row) -> FoundName:
    return FoundName(row[0], row[1], FoundIn(row[2]), bool(row[3]))

"""What the user said a face is not. Remembered for ever; only the user takes it back."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from facetagger.entities import FaceId, PersonId
from facetagger.library.database import Connection, ids_parameter


class RejectionReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def all(self) -> frozenset[tuple[FaceId, PersonId]]:
        return frozenset(
            (row[0], row[1]) for row in self._connection().rows("SELECT face_id, person_id FROM rejection")
        )

    def of_faces(self, face_ids: Iterable[FaceId]) -> frozenset[tuple[FaceId, PersonId]]:
        rows = self._connection().rows(
            "SELECT face_id, person_id FROM rejection WHERE face_id IN (SELECT value FROM json_each(?))",
            (ids_parameter(face_ids),),
        )
        return frozenset((row[0], row[1]) for row in rows)

    def of_person(self, person_id: PersonId) -> frozenset[FaceId]:
        """The faces that are not this person."""
        return frozenset(self._connection().column("SELECT face_id FROM rejection WHERE person_id = ?", (person_id,)))


class RejectionWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def add(self, face_ids: Iterable[FaceId], person_id: PersonId) -> None:
        """Remembers that the faces are not the person. A transaction that ends with a face confirmed as the person it
        is rejected as is a bug and raises."""
        self._database.run_many(
            "INSERT INTO rejection (face_id, person_id) VALUES (?2, ?1) ON CONFLICT DO NOTHING",
            [(person_id, face_id) for face_id in face_ids],
        )

    def remove(self, face_ids: Iterable[FaceId], person_id: PersonId) -> None:
        self._database.run_many(
            "DELETE FROM rejection WHERE face_id = ? AND person_id = ?", [(face_id, person_id) for face_id in face_ids]
        )

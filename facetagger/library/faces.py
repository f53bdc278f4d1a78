"""Faces: what was found or drawn in photos, and whom the user says they show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import (
    Face,
    FaceId,
    FaceOrigin,
    FaceQuality,
    FaceState,
    Landmarks,
    PersonId,
    PhotoId,
    quality_scores,
)
from facetagger.errors import LibraryError
from facetagger.geometry import Box, Size
from facetagger.library.database import VISIBLE, Connection, Row, Value, ids_parameter
from facetagger.library.records import RecognitionRows

_QUALITY = "quality_size, quality_sharpness, quality_yaw, quality_pitch, quality_roll"
_FACE = (
    "face.id, face.photo_id, box_left, box_top, box_width, box_height, landmarks, score, origin, face.state, "
    f"face.person_id, {_QUALITY}"
)
_UNKNOWN_QUALITY = 0.5
_CHOSEN = "IN (SELECT value FROM json_each(?))"


class FaceReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def get(self, face_id: FaceId) -> Face:
        """Raises ``LibraryError`` where there is no such face."""
        found = self.get_many([face_id])
        if not found:
            raise LibraryError(f"There is no face {face_id} in the library.")
        return found[0]

    def get_many(self, ids: Iterable[FaceId]) -> list[Face]:
        """The faces in the order of ``ids``; those that do not exist are left out."""
        wanted = list(ids)
        rows = self._connection().rows(f"SELECT {_FACE} FROM face WHERE id {_CHOSEN}", (ids_parameter(wanted),))
        faces = {row[0]: _face(row) for row in rows}
        return [faces[each] for each in wanted if each in faces]

    def areas(self, ids: Sequence[FaceId]) -> NDArray[np.float64]:
        """The part of its photo that each face takes, shape (n,), in the order of ``ids``; much quicker than the faces.

        Raises ``KeyError`` where one does not exist.
        """
        sql = f"SELECT id, box_width * box_height FROM face WHERE id {_CHOSEN}"
        areas: dict[FaceId, float] = dict(self._connection().rows(sql, (ids_parameter(ids),)))
        return np.array([areas[each] for each in ids], dtype=np.float64)

    def of_photo(self, photo_id: PhotoId) -> list[Face]:
        """All faces of the photo, also those that are not a face, by id."""
        rows = self._connection().rows(f"SELECT {_FACE} FROM face WHERE photo_id = ? ORDER BY id", (photo_id,))
        return [_face(row) for row in rows]

    def of_photos(self, photo_ids: Iterable[PhotoId]) -> list[Face]:
        """All faces of the photos, by photo id, then face id."""
        rows = self._connection().rows(
            f"SELECT {_FACE} FROM face WHERE photo_id {_CHOSEN} ORDER BY photo_id, id", (ids_parameter(photo_ids),)
        )
        return [_face(row) for row in rows]

    def ids(
        self,
        state: FaceState | None = None,
        person: PersonId | None = None,
        photo: PhotoId | None = None,
        suggested: bool | None = None,
        *,
        hidden: bool = False,
    ) -> list[FaceId]:
        """The faces that fulfil every condition, by id: those of visible photos, or with ``hidden`` of all photos.

        ``person`` is the confirmed one; ``suggested`` asks whether an open face has a suggestion. What is to happen to
        all faces of a person (a merge) asks for the hidden ones too.
        """
        found: list[tuple[str, tuple[Value, ...]]] = [("TRUE" if hidden else VISIBLE, ())]
        if photo is not None:
            found.append(("photo_id = ?", (photo,)))
        if state is not None:
            found.append(("state = ?", (state.value,)))
        if person is not None:
            found.append(("person_id = ?", (person,)))
        if suggested is not None:
            has = "" if suggested else "NOT "
            found.append((f"state = 'open' AND id {has}IN (SELECT face_id FROM suggestion)", ()))
        where = " AND ".join(sql for sql, _ in found)
        parameters = [value for _, values in found for value in values]
        return self._connection().column(f"SELECT id FROM face WHERE {where} ORDER BY id", parameters)

    def measured_on(self, face_id: FaceId) -> Size:
        """The size in pixels of the photo when the box was measured."""
        row = self._connection().row("SELECT measured_width, measured_height FROM face WHERE id = ?", (face_id,))
        if row is None:
            raise LibraryError(f"There is no face {face_id} in the library.")
        return Size(row[0], row[1])

    def best_of_people(self, people: Iterable[PersonId]) -> dict[PersonId, FaceId]:
        """The visible confirmed face that shows each of the people best; people without one are left out.

        One that was surely seen, then the best ``FaceQuality.score`` to a tenth; of equals the first, so that the
        answer does not change with every face that is named. Where quality was never measured it counts as middling.
        """
        rows = self._connection().rows(
            "SELECT person_id, id, landmarks IS NOT NULL, score >= 0.9, quality_size, quality_sharpness, quality_yaw, "
            f"quality_pitch FROM face WHERE person_id {_CHOSEN} AND {VISIBLE}",
            (ids_parameter(people),),
        )
        measures = np.array([row[4:] for row in rows], dtype=np.float64).reshape(len(rows), 4)
        quality = np.round(np.nan_to_num(quality_scores(measures), nan=_UNKNOWN_QUALITY), 1)
        columns = np.array([row[:4] for row in rows], dtype=np.int64).reshape(len(rows), 4)
        _, face, has_landmarks, is_sure = columns.T
        order = np.lexsort((-face, quality, is_sure, has_landmarks))
        return {PersonId(each): FaceId(best) for each, best in columns[order, :2].tolist()}

    def untouched(self, photo_id: PhotoId) -> set[FaceId]:
        """The photo's detected faces that no act of the user, standing or undone, has touched."""
        found = self._connection().column(
            "SELECT id FROM face WHERE photo_id = ? AND state = 'open' AND origin = 'detected' "
            "AND NOT EXISTS (SELECT 1 FROM rejection WHERE face_id = face.id) "
            "AND NOT EXISTS (SELECT 1 FROM history_face WHERE face_id = face.id) "
            "AND NOT EXISTS (SELECT 1 FROM person WHERE portrait = face.id)",
            (photo_id,),
        )
        return set(found)

    def trainable(self) -> list[FaceId]:
        """Confirmed faces with landmarks, by id."""
        return self._connection().column(
            "SELECT id FROM face WHERE state = 'confirmed' AND landmarks IS NOT NULL ORDER BY id"
        )

    def without_embedding(self, model_id: str) -> list[FaceId]:
        """Faces of visible photos, all but those that are not a face, that this model has not seen."""
        return self._connection().column(
            f"SELECT id FROM face WHERE {VISIBLE} AND state <> 'not_a_face' AND NOT EXISTS "
            "(SELECT 1 FROM embedding WHERE model_id = ? AND face_id = face.id) ORDER BY id",
            (model_id,),
        )

    def not_looked_into(self) -> list[FaceId]:
        """Faces that were drawn or read from metadata, in photos that are there to be seen, in whose box nobody has
        looked for a face yet: those that were drawn first, then photo by photo."""
        return self._connection().column(
            "SELECT face.id FROM face JOIN photo ON photo.id = photo_id "
            "WHERE landmarks IS NULL AND origin IN ('drawn', 'metadata') AND is_visible = 1 AND is_missing = 0 "
            "AND NOT EXISTS (SELECT 1 FROM region_look WHERE face_id = face.id) "
            "ORDER BY origin <> 'drawn', photo_id, face.id"
        )

    def all_for_recognition(self, model_id: str) -> RecognitionRows:
        """Every face that has an embedding of this model."""
        return self._recognition_rows(
            "FROM embedding CROSS JOIN face ON face.id = embedding.face_id WHERE model_id = ?", (model_id,)
        )

    def for_recognition(
        self, model_id: str, face_ids: Iterable[FaceId], photo_ids: Iterable[PhotoId]
    ) -> RecognitionRows:
        """The same of some faces, and of all faces of some photos."""
        return self._recognition_rows(
            "FROM (SELECT value AS id FROM json_each(?) UNION "
            "SELECT face.id FROM json_each(?) CROSS JOIN face ON face.photo_id = value) AS chosen "
            "CROSS JOIN face ON face.id = chosen.id CROSS JOIN embedding ON embedding.face_id = face.id "
            "WHERE model_id = ?",
            (ids_parameter(face_ids), ids_parameter(photo_ids), model_id),
        )

    def _recognition_rows(self, source: str, parameters: Sequence[Value]) -> RecognitionRows:
        rows = self._connection().rows(
            "SELECT face.id, photo_id, CASE state WHEN 'open' THEN -1 WHEN 'ignored' THEN -2 ELSE person_id END, "
            "state = 'confirmed' AND landmarks IS NOT NULL, vector, "
            "quality_size, quality_sharpness, quality_yaw, quality_pitch "
            f"{source} AND state <> 'not_a_face' AND (state <> 'open' OR {VISIBLE}) ORDER BY embedding.face_id",
            parameters,
        )
        width = len(rows[0][4]) // 4 if rows else 0
        vectors = np.frombuffer(b"".join(row[4] for row in rows), dtype="<f4").reshape(len(rows), width)
        measures = np.array([row[5:] for row in rows], dtype=np.float32).reshape(len(rows), 4)
        photo_ids = np.array([row[1] for row in rows], dtype=np.int64)
        return RecognitionRows(
            face_ids=np.array([row[0] for row in rows], dtype=np.int64),
            photo_ids=photo_ids,
            person_ids=np.array([row[2] for row in rows], dtype=np.int64),
            trainable=np.array([row[3] for row in rows], dtype=np.bool_),
            embeddings=vectors.astype(np.float32),
            quality=quality_scores(measures).astype(np.float32),
            taken=self._taken(photo_ids),
        )

    def _taken(self, photo_ids: NDArray[np.int64]) -> NDArray[np.float64]:
        """When each photo was taken, in years and parts of one; NaN where that is not known."""
        dates = self._connection().rows(
            "SELECT id, strftime('%Y', taken) + (strftime('%j', taken) - 1) / 366.0 FROM photo "
            f"WHERE taken IS NOT NULL AND id {_CHOSEN} ORDER BY id",
            (ids_parameter(np.unique(photo_ids).tolist()),),
        )
        years = np.full(len(photo_ids), np.nan)
        if dates:
            known = np.array([row[0] for row in dates], dtype=np.int64)
            place = np.minimum(np.searchsorted(known, photo_ids), len(known) - 1)
            is_known = known[place] == photo_ids
            years[is_known] = np.array([row[1] for row in dates], dtype=np.float64)[place[is_known]]
        return years


class FaceWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def add(
        self,
        photo_id: PhotoId,
        box: Box,
        landmarks: Landmarks | None,
        score: float,
        origin: FaceOrigin,
        measured_on: Size,
        quality: FaceQuality | None = None,
    ) -> FaceId:
        """Adds an open face; ``box`` and ``landmarks`` (5, 2) normalised in the stored frame."""
        points = None if landmarks is None else np.asarray(landmarks, dtype="<f4").reshape(5, 2).tobytes()
        return FaceId(
            self._database.insert(
                "INSERT INTO face (photo_id, box_left, box_top, box_width, box_height, landmarks, score, origin, "
                f"measured_width, measured_height, {_QUALITY}) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *(photo_id, float(box.left), float(box.top), float(box.width), float(box.height)),
                    *(points, float(score), origin.value, measured_on.width, measured_on.height),
                    *_quality_row(quality),
                ),
            )
        )

    def set_state(self, face_ids: Iterable[FaceId], state: FaceState, person_id: PersonId | None = None) -> None:
        """Names, sets aside or reopens faces. A name ends what was said against it: the rejection of that person.
        A face that is not a person's any more is not their portrait either."""
        if (state is FaceState.CONFIRMED) != (person_id is not None):
            raise ValueError(f"a face is {state} with person {person_id}")
        faces = list(face_ids)
        self._database.run_many(
            "UPDATE face SET state = ?1, person_id = ?2 WHERE id = ?3 AND (state, person_id) IS NOT (?1, ?2)",
            [(state.value, person_id, face_id) for face_id in faces],
        )
        self._database.run_many(
            "UPDATE person SET portrait = NULL WHERE portrait = ? AND id IS NOT ?",
            [(face_id, person_id) for face_id in faces],
        )
        if person_id is not None:
            self._database.run_many(
                "DELETE FROM rejection WHERE face_id = ? AND person_id = ?",
                [(face_id, person_id) for face_id in faces],
            )

    def delete(self, face_ids: Iterable[FaceId]) -> None:
        """Deletes faces and what hangs on them: an act of the user."""
        self._database.run_many("DELETE FROM face WHERE id = ?", [(face_id,) for face_id in face_ids])

    def set_region(
        self, face_id: FaceId, box: Box, landmarks: Landmarks | None, score: float, quality: FaceQuality | None
    ) -> None:
        """Measures a face anew (a better detection of the same face); its state stays."""
        points = None if landmarks is None else np.asarray(landmarks, dtype="<f4").reshape(5, 2).tobytes()
        self._database.run(
            "UPDATE face SET box_left = ?, box_top = ?, box_width = ?, box_height = ?, landmarks = ?, score = ?, "
            f"({_QUALITY}) = (?, ?, ?, ?, ?) WHERE id = ?",
            (
                *(float(box.left), float(box.top), float(box.width), float(box.height), points, float(score)),
                *_quality_row(quality),
                face_id,
            ),
        )

    def set_looked_into(self, face_ids: Iterable[FaceId]) -> None:
        """Remembers the boxes that were looked into, whether or not a face was made out; faces that are gone are
        left out."""
        self._database.run_many(
            "INSERT INTO region_look (face_id) SELECT id FROM face WHERE id = ? ON CONFLICT DO NOTHING",
            [(face_id,) for face_id in face_ids],
        )


def _face(row: Row) -> Face:
    landmarks = None if row[6] is None else np.frombuffer(row[6], dtype="<f4").reshape(5, 2).astype(np.float32)
    return Face(
        id=row[0],
        photo_id=row[1],
        box=Box(row[2], row[3], row[4], row[5]),
        landmarks=landmarks,
        score=row[7],
        origin=FaceOrigin(row[8]),
        state=FaceState(row[9]),
        person_id=row[10],
        quality=None if row[11] is None else FaceQuality(*row[11:16]),
    )


def _quality_row(quality: FaceQuality | None) -> tuple[float | None, ...]:
    if quality is None:
        return (None,) * 5
    return tuple(float(each) for each in (quality.size, quality.sharpness, quality.yaw, quality.pitch, quality.roll))

"""What the machine made from faces and names and can make again: suggestions, groups, classifiers, embeddings.

Writers take what was computed from a state that may be gone: they drop what no longer fits (a face that was named
meanwhile, a person who was merged away) and note the faces and people whose rows really changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, GroupId, PersonId, Suggestion
from facetagger.library.database import VISIBLE, Connection, Row, Value, ids_parameter
from facetagger.library.records import Group, StoredClassifier

_CHOSEN = "IN (SELECT value FROM json_each(?))"
# CROSS JOIN keeps the derived table outside: it is the smaller one, and SQLite cannot know.
_SUGGESTION = "SELECT face_id, suggestion.person_id, probability FROM suggestion CROSS JOIN face ON face.id = face_id"


class SuggestionReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def all(self, *, hidden: bool = False) -> list[Suggestion]:
        """Every suggestion in visible photos, or with ``hidden`` in all, by face id."""
        return self._load(f"{_SUGGESTION} WHERE {'TRUE' if hidden else VISIBLE} ORDER BY face_id", ())

    def of_faces(self, face_ids: Iterable[FaceId]) -> dict[FaceId, Suggestion]:
        found = self._load(f"{_SUGGESTION} WHERE face_id {_CHOSEN}", (ids_parameter(face_ids),))
        return {each.face_id: each for each in found}

    def of_person(self, person_id: PersonId) -> list[Suggestion]:
        """The person's suggestions in visible photos, most probable first."""
        return self._load(
            f"{_SUGGESTION} WHERE suggestion.person_id = ? AND {VISIBLE} ORDER BY probability DESC, face_id",
            (person_id,),
        )

    def _load(self, sql: str, parameters: Sequence[Value]) -> list[Suggestion]:
        return [Suggestion(*row) for row in self._connection().rows(sql, parameters)]


class SuggestionWriter:
    def __init__(self, database: Connection, faces: set[FaceId], people: set[PersonId]) -> None:
        self._database = database
        self._faces = faces
        self._people = people

    def replace(self, suggestions: Iterable[Suggestion], for_faces: Iterable[FaceId] | None = None) -> None:
        """Makes these the suggestions of ``for_faces`` (None: of all faces); theirs that are not given go."""
        given = {each.face_id: (each.person_id, float(each.probability)) for each in suggestions}
        sql = "SELECT face_id, person_id, probability FROM suggestion"
        if for_faces is None:
            rows = self._database.rows(sql)
        else:
            rows = self._database.rows(f"{sql} WHERE face_id {_CHOSEN}", (ids_parameter({*for_faces, *given}),))
        known = {face_id: (person_id, probability) for face_id, person_id, probability in rows}
        gone = known.keys() - given.keys()
        changed = {face_id: given[face_id] for face_id in given if known.get(face_id) != given[face_id]}
        touched = gone | changed.keys()
        self._database.run_many("DELETE FROM suggestion WHERE face_id = ?", [(face_id,) for face_id in touched])
        self._database.run_many(
            "INSERT INTO suggestion (face_id, person_id, probability) SELECT ?1, ?2, ?3 "
            "WHERE EXISTS (SELECT 1 FROM face WHERE id = ?1 AND state = 'open') "
            "AND EXISTS (SELECT 1 FROM person WHERE id = ?2) "
            "AND NOT EXISTS (SELECT 1 FROM rejection WHERE face_id = ?1 AND person_id = ?2)",
            [(face_id, *chosen) for face_id, chosen in changed.items()],
        )
        self._faces |= touched
        self._people |= {source[face_id][0] for source in (known, given) for face_id in touched if face_id in source}

    def clear(self) -> None:
        self.replace([])


class GroupReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def all(self) -> list[Group]:
        """The groups of two visible faces or more, largest first."""
        members: defaultdict[int, list[FaceId]] = defaultdict(list)
        for group_id, face_id in self._connection().rows(
            "SELECT group_id, face_id FROM face_group CROSS JOIN face ON face.id = face_id "
            f"WHERE {VISIBLE} ORDER BY face_id"
        ):
            members[group_id].append(face_id)
        groups = [Group(GroupId(group_id), tuple(faces)) for group_id, faces in members.items() if len(faces) > 1]
        return sorted(groups, key=lambda group: (-len(group.faces), group.id))

    def homes(self) -> dict[FaceId, GroupId]:
        """The group of every face that has one, in hidden photos too."""
        return dict(self._connection().rows("SELECT face_id, group_id FROM face_group"))

    def unknown(self) -> list[Group]:
        """The groups that no suggestion reaches, largest first: nobody knows yet who they are."""
        suggested = set(self._connection().column("SELECT face_id FROM suggestion"))
        return [group for group in self.all() if suggested.isdisjoint(group.faces)]

    def of_faces(self, face_ids: Iterable[FaceId]) -> dict[FaceId, GroupId]:
        return dict(
            self._connection().rows(
                f"SELECT face_id, group_id FROM face_group WHERE face_id {_CHOSEN}", (ids_parameter(face_ids),)
            )
        )


class GroupWriter:
    def __init__(self, database: Connection, faces: set[FaceId]) -> None:
        self._database = database
        self._faces = faces

    def replace(self, groups: Iterable[tuple[FaceId, ...]], for_faces: Iterable[FaceId] | None = None) -> None:
        """Makes these the groups, or those of ``for_faces``, which hold all the faces of every group concerned.

        A group keeps the id of the old one with which it shares most faces.
        """
        groups = list(groups)
        chosen = None if for_faces is None else {*for_faces, *chain.from_iterable(groups)}
        known: dict[FaceId, int] = dict(self._rows("SELECT face_id, group_id FROM face_group", "face_id", chosen))
        open_faces = {row[0] for row in self._rows("SELECT id FROM face WHERE state = 'open'", "id", chosen)}
        given = [tuple(face_id for face_id in group if face_id in open_faces) for group in groups]
        highest = self._database.value("SELECT max(group_id) FROM face_group") or 0
        wanted = {
            face_id: group_id
            for group, group_id in zip(given, _stable_ids(given, known, highest), strict=True)
            for face_id in group
        }
        gone = known.keys() - wanted.keys()
        changed = {face_id for face_id, group_id in wanted.items() if known.get(face_id) != group_id}
        self._database.run_many("DELETE FROM face_group WHERE face_id = ?", [(face_id,) for face_id in gone])
        self._database.run_many(
            "INSERT INTO face_group (face_id, group_id) VALUES (?, ?) "
            "ON CONFLICT (face_id) DO UPDATE SET group_id = excluded.group_id",
            [(face_id, wanted[face_id]) for face_id in changed],
        )
        self._faces |= gone | changed

    def clear(self) -> None:
        self.replace([])

    def _rows(self, sql: str, column: str, chosen: Iterable[FaceId] | None) -> list[Row]:
        if chosen is None:
            return self._database.rows(sql)
        word = "AND" if "WHERE" in sql else "WHERE"
        return self._database.rows(f"{sql} {word} {column} {_CHOSEN}", (ids_parameter(chosen),))


def _stable_ids(groups: Sequence[tuple[FaceId, ...]], known: dict[FaceId, int], highest: int) -> list[int]:
    """The id of each group; new ones come after the ``highest`` that is in use."""
    shared = [Counter(known[face_id] for face_id in group if face_id in known) for group in groups]
    overlaps = sorted(
        ((size, -place, group_id) for place, counter in enumerate(shared) for group_id, size in counter.items()),
        reverse=True,
    )
    chosen: dict[int, int] = {}
    taken: set[int] = set()
    for _, place, group_id in overlaps:
        if -place not in chosen and group_id not in taken:
            chosen[-place] = group_id
            taken.add(group_id)
    fresh = count(highest + 1)
    return [chosen[place] if place in chosen else next(fresh) for place in range(len(groups))]


class ClassifierReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def load(self, model_id: str) -> list[StoredClassifier]:
        """The classifiers of this embedding model, by person id."""
        rows = self._connection().rows(
            "SELECT person_id, coef, intercept, highest_intercept, active FROM classifier WHERE model_id = ? "
            "ORDER BY person_id",
            (model_id,),
        )
        return [
            StoredClassifier(
                PersonId(person_id),
                np.frombuffer(coef, dtype="<f8").astype(np.float64),
                intercept,
                highest,
                None if active is None else np.frombuffer(active, dtype="<i8").astype(np.int64),
            )
            for person_id, coef, intercept, highest, active in rows
        ]

    def fingerprint(self, model_id: str) -> bytes | None:
        """Of what the classifiers of this model were learnt from; None where it was not stored."""
        found = self._connection().column("SELECT fingerprint FROM learnt_from WHERE model_id = ?", (model_id,))
        return found[0] if found else None


class ClassifierWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def put(self, model_id: str, classifiers: Iterable[StoredClassifier]) -> None:
        """Stores classifiers of people who exist, replacing theirs of this model."""
        self._database.run_many(
            "INSERT INTO classifier (person_id, model_id, coef, intercept, highest_intercept, active) "
            "SELECT id, ?, ?, ?, ?, ? FROM person WHERE id = ? ON CONFLICT (person_id, model_id) DO UPDATE SET "
            "coef = excluded.coef, intercept = excluded.intercept, highest_intercept = excluded.highest_intercept, "
            "active = excluded.active",
            [
                (
                    *(model_id, np.asarray(each.coef, dtype="<f8").tobytes()),
                    *(float(each.intercept), each.highest_intercept),
                    *(None if each.active is None else np.asarray(each.active, dtype="<i8").tobytes(), each.person_id),
                )
                for each in classifiers
            ],
        )

    def set_fingerprint(self, model_id: str, fingerprint: bytes) -> None:
        """Of what the stored classifiers of this model were learnt from."""
        self._database.run(
            "INSERT INTO learnt_from (model_id, fingerprint) VALUES (?, ?) "
            "ON CONFLICT (model_id) DO UPDATE SET fingerprint = excluded.fingerprint",
            (model_id, fingerprint),
        )

    def remove(self, model_id: str, people: Iterable[PersonId]) -> None:
        self._database.run_many(
            "DELETE FROM classifier WHERE model_id = ? AND person_id = ?", [(model_id, each) for each in people]
        )

    def clear(self) -> None:
        self._database.run("DELETE FROM classifier")
        self._database.run("DELETE FROM learnt_from")


class EmbeddingReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def of_faces(self, face_ids: Iterable[FaceId], model_id: str) -> dict[FaceId, NDArray[np.float32]]:
        """The vectors, float32 (d,), of those faces that have one."""
        rows = self._connection().rows(
            f"SELECT face_id, vector FROM embedding WHERE model_id = ? AND face_id {_CHOSEN}",
            (model_id, ids_parameter(face_ids)),
        )
        return {face_id: np.frombuffer(vector, dtype="<f4").astype(np.float32) for face_id, vector in rows}

    def models(self) -> list[str]:
        return self._connection().column("SELECT DISTINCT model_id FROM embedding ORDER BY model_id")


class EmbeddingWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def put(self, face_ids: Sequence[FaceId], model_id: str, matrix: NDArray[np.float32]) -> None:
        """Stores one row of ``matrix``, float32 (n, d), per face; faces that are gone are left out."""
        rows: list[Row] = [
            (model_id, np.asarray(vector, dtype="<f4").tobytes(), face_id)
            for face_id, vector in zip(face_ids, matrix, strict=True)
        ]
        self._database.run_many(
            "INSERT INTO embedding (model_id, vector, face_id) SELECT ?, ?, id FROM face WHERE id = ? "
            "ON CONFLICT (model_id, face_id) DO UPDATE SET vector = excluded.vector",
            rows,
        )

    def remove(self, face_ids: Iterable[FaceId]) -> None:
        """Drops the faces' vectors of every model (their boxes moved, say)."""
        self._database.run_many("DELETE FROM embedding WHERE face_id = ?", [(face_id,) for face_id in face_ids])

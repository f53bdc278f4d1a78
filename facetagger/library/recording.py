"""Watching a transaction: every row of the recorded tables that changes, whatever statement or cascade changes it.

Temporary triggers on the writing connection hand the rows before and after to a ``Recorder``. It nets them per row, so
that what is kept is the difference between the start and the end of the transaction, and the order of statements does
not matter to its inverse.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from facetagger.library.database import Connection, Row, Value, ids_parameter

RECORDED: Final[dict[str, int]] = {
    "album": 1,
    "photo": 1,
    "file": 1,
    "person": 1,
    "face": 1,
    "album_photo": 2,
    "alias": 2,
    "rejection": 2,
    "embedding": 2,
    "analysis": 2,
    "choice": 1,
    "found_name": 1,
}
"""Recorded tables, parents before children, with the number of leading columns that are the key."""

_DERIVED_COLUMNS: Final = {"photo": frozenset({"is_visible"})}

Key = tuple[Any, ...]
Image = dict[str, Value]


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row's difference: inserted where ``before`` is None, deleted where ``after`` is None, with the full row then;
    otherwise both hold just the columns that changed."""

    table: str
    key: Key
    before: Image | None
    after: Image | None

    def inverse(self) -> RowChange:
        return RowChange(self.table, self.key, self.after, self.before)


class ProtectedRowError(Exception):
    """A bug: a job tried to change what only the user may change."""


class Recorder:
    """Collects the changes of one transaction at a time. Lives with the writing connection."""

    def __init__(self, database: Connection) -> None:
        self.columns = {table: _recorded_columns(database, table) for table in RECORDED}
        self._rows: dict[str, dict[Key, tuple[Row | None, Row | None]]] = {}
        self.start()
        database.define("note_change", self._note)
        for table, columns in self.columns.items():
            for trigger in _triggers(table, columns):
                database.run(trigger)

    def start(self) -> None:
        self._rows = {table: {} for table in RECORDED}

    def _note(self, table: str, event: str, *values: Value) -> None:
        width = len(self.columns[table])
        old = values[:width] if event != "insert" else None
        new = values[-width:] if event != "delete" else None
        present = old if old is not None else new
        assert present is not None
        rows = self._rows[table]
        key = present[: RECORDED[table]]
        noted = rows.get(key)
        rows[key] = (old, new) if noted is None else (noted[0], new)

    def touched(self, table: str) -> Iterable[tuple[Key, Row | None, Row | None]]:
        """Key, row before and row after of every row that was written, also where nothing differs in the end."""
        for key, (before, after) in self._rows[table].items():
            yield key, before, after

    def changes(self) -> list[RowChange]:
        """The net changes, parents before children."""
        found = []
        for table, columns in self.columns.items():
            for key, (before, after) in self._rows[table].items():
                if before == after:
                    continue
                if before is None or after is None:
                    found.append(RowChange(table, key, _image(columns, before), _image(columns, after)))
                    continue
                differing = [i for i, column in enumerate(before) if column != after[i]]
                names = [columns[i] for i in differing]
                old, new = [before[i] for i in differing], [after[i] for i in differing]
                found.append(RowChange(table, key, _image(names, old), _image(names, new)))
        return found


def _image(columns: Sequence[str], row: Sequence[Value] | None) -> Image | None:
    return None if row is None else dict(zip(columns, row, strict=True))


def _recorded_columns(database: Connection, table: str) -> tuple[str, ...]:
    derived = _DERIVED_COLUMNS.get(table, frozenset())
    names = database.column("SELECT name FROM pragma_table_info(?) ORDER BY cid", (table,))
    return tuple(name for name in names if name not in derived)


def _triggers(table: str, columns: Sequence[str]) -> Iterable[str]:
    old = ", ".join(f"OLD.{column}" for column in columns)
    new = ", ".join(f"NEW.{column}" for column in columns)
    for event, values in (("insert", new), ("delete", old), ("update", f"{old}, {new}")):
        yield (
            f"CREATE TEMP TRIGGER note_{table}_{event} AFTER {event} ON main.{table} "
            f"BEGIN SELECT note_change('{table}', '{event}', {values}); END"
        )


def check_rejections(database: Connection, recorder: Recorder) -> None:
    """Raises ``ProtectedRowError`` where a face ends up confirmed as somebody it is rejected as."""
    new = [key[0] for key, _, after in recorder.touched("rejection") if after is not None]
    contradictory = database.column(
        "SELECT face_id FROM rejection JOIN face ON face.id = face_id AND face.person_id = rejection.person_id "
        "WHERE face_id IN (SELECT value FROM json_each(?))",
        (ids_parameter(new),),
    )
    if contradictory:
        raise ProtectedRowError(f"faces {contradictory} are confirmed as a person they are rejected as")


def check_job(recorder: Recorder) -> None:
    """Raises ``ProtectedRowError`` where a job went beyond what jobs may do.

    A job names nobody, except that a face read from a file's metadata may take the name it came with. It neither
    changes nor removes a face the user has touched, a rejection, a person, an alias or a choice; it may choose a
    portrait.
    """
    face = {column: i for i, column in enumerate(recorder.columns["face"])}
    for key, before, after in recorder.touched("face"):
        _check_face(face, key, before, after)
    for key, before, after in recorder.touched("rejection"):
        if before != after:
            raise ProtectedRowError(f"a job changed rejection {key}")
    for key, before, after in recorder.touched("choice"):
        if before != after:
            raise ProtectedRowError(f"a job changed the choice of {key}")
    portrait = recorder.columns["person"].index("portrait")
    added = set()
    for key, before, after in recorder.touched("person"):
        if before is None:
            added.add(key[0])
        elif after is None or any(old != after[i] for i, old in enumerate(before) if i != portrait):
            raise ProtectedRowError(f"a job changed person {key}")
    for key, before, after in recorder.touched("alias"):
        if before != after and key[0] not in added:
            raise ProtectedRowError(f"a job changed alias {key}")


def _check_face(face: dict[str, int], key: Key, before: Row | None, after: Row | None) -> None:
    state, person, origin = face["state"], face["person_id"], face["origin"]
    if before is None:
        if after is not None and after[state] != "open" and after[origin] != "metadata":
            raise ProtectedRowError(f"a job named or set aside the new face {key}")
        return
    if after is None:
        if before[state] != "open" or before[origin] == "drawn":
            raise ProtectedRowError(f"a job deleted face {key}, which the user has touched")
        return
    if (before[state], before[person]) == (after[state], after[person]):
        return
    if before[state] != "open" or before[origin] != "metadata":
        raise ProtectedRowError(f"a job changed the state or the person of face {key}")


def encode(changes: Iterable[RowChange]) -> str:
    """Row changes as JSON text; a BLOB becomes ``{"base64": …}``."""
    rows = [[change.table, list(change.key), change.before, change.after] for change in changes]
    return json.dumps(rows, default=_encode_blob, ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> list[RowChange]:
    """The inverse of ``encode``."""
    rows = json.loads(text, object_hook=_decode_blob)
    return [RowChange(table, tuple(key), before, after) for table, key, before, after in rows]


def _encode_blob(value: Any) -> dict[str, str]:
    if isinstance(value, bytes):
        return {"base64": base64.b64encode(value).decode("ascii")}
    raise TypeError(f"{type(value)} in a recorded row")


def _decode_blob(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["base64"]) if found.keys() == {"base64"} else found

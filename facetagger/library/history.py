"""The acts of the user, last first out, as far back as the library goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

from facetagger.entities import EntryId, FaceId, HistoryEntry
from facetagger.library.database import Connection, Value, ids_parameter
from facetagger.library.photo_writer import refresh_paths
from facetagger.library.recording import RECORDED, Recorder, RowChange, decode, encode

_LAST_DONE = "SELECT max(id) FROM history WHERE is_undone = 0"
_FIRST_UNDONE = "SELECT min(id) FROM history WHERE is_undone = 1"


class HistoryReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def undo_entry(self) -> HistoryEntry | None:
        """The act that ``Library.undo`` would take back."""
        return self._entry(_LAST_DONE)

    def redo_entry(self) -> HistoryEntry | None:
        """The act that ``Library.redo`` would do again."""
        return self._entry(_FIRST_UNDONE)

    def entries(self, limit: int = 100) -> list[HistoryEntry]:
        """The acts that stand, newest first."""
        database = self._connection()
        ids = database.column("SELECT id FROM history WHERE is_undone = 0 ORDER BY id DESC LIMIT ?", (limit,))
        return load_entries(database, ids)

    def _entry(self, sql: str) -> HistoryEntry | None:
        database = self._connection()
        found = load_entries(database, database.column(sql))
        return found[0] if found else None


def load_entries(database: Connection, ids: Iterable[int | None]) -> list[HistoryEntry]:
    wanted = ids_parameter(each for each in ids if each is not None)
    faces: defaultdict[int, list[FaceId]] = defaultdict(list)
    for entry_id, face_id in database.rows(
        "SELECT entry_id, face_id FROM history_face WHERE entry_id IN (SELECT value FROM json_each(?)) "
        "ORDER BY face_id",
        (wanted,),
    ):
        faces[entry_id].append(face_id)
    return [
        HistoryEntry(EntryId(entry_id), text, at, tuple(faces[entry_id]))
        for entry_id, text, at in database.rows(
            "SELECT id, text, at FROM history WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC", (wanted,)
        )
    ]


def record(database: Connection, text: str, changes: list[RowChange], joins: EntryId | None = None) -> HistoryEntry:
    """Records an act in the entry ``joins`` where that stands, else as a new one."""
    row = database.row("SELECT changes, at FROM history WHERE id = ? AND is_undone = 0", (joins,))
    if joins is None or row is None:
        return _write_entry(database, text, changes)
    together = [*decode(row[0]), *changes]
    database.run("UPDATE history SET text = ?, changes = ? WHERE id = ?", (text, encode(together), joins))
    return HistoryEntry(joins, text, row[1], _keep_faces(database, joins, together))


def _write_entry(database: Connection, text: str, changes: list[RowChange]) -> HistoryEntry:
    """What was undone before a new act can no longer be done again."""
    database.run("DELETE FROM history WHERE is_undone = 1")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entry_id = EntryId(
        database.insert("INSERT INTO history (text, at, changes) VALUES (?, ?, ?)", (text, at, encode(changes)))
    )
    return HistoryEntry(entry_id, text, at, _keep_faces(database, entry_id, changes))


def _keep_faces(database: Connection, entry_id: EntryId, changes: Iterable[RowChange]) -> tuple[FaceId, ...]:
    ordered = tuple(sorted(_faces(changes)))
    database.run_many(
        "INSERT INTO history_face (entry_id, face_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(entry_id, face_id) for face_id in ordered],
    )
    return ordered


def _faces(changes: Iterable[RowChange]) -> set[FaceId]:
    """The faces an act is about. They are kept for as long as it can be undone or redone."""
    found: set[FaceId] = set()
    for change in changes:
        if change.table in ("face", "rejection", "found_name"):
            found.add(change.key[0])
        elif change.table == "embedding":
            found.add(change.key[1])
        elif change.table == "person":
            portraits = {image.get("portrait") for image in (change.before, change.after) if image is not None}
            found |= {FaceId(face_id) for face_id in portraits if isinstance(face_id, int)}
    return found


def step_back(database: Connection, recorder: Recorder) -> HistoryEntry | None:
    """Undoes the last act inside the running transaction."""
    return _turn(database, recorder, _LAST_DONE, is_undone=True)


def step_forward(database: Connection, recorder: Recorder) -> HistoryEntry | None:
    """Redoes the act that was undone last inside the running transaction."""
    return _turn(database, recorder, _FIRST_UNDONE, is_undone=False)


def _turn(database: Connection, recorder: Recorder, which: str, *, is_undone: bool) -> HistoryEntry | None:
    found = load_entries(database, database.column(which))
    if not found:
        return None
    entry = found[0]
    stored = decode(database.value("SELECT changes FROM history WHERE id = ?", (entry.id,)))
    _apply(database, [change.inverse() for change in stored] if is_undone else stored)
    column = recorder.columns["file"].index("image_hash")
    refresh_paths(database, {row[column] for _, *rows in recorder.touched("file") for row in rows if row is not None})
    # What really happened is kept, not what was asked for: a cascade takes rows that jobs added since (an embedding of
    # a drawn face, say), and the way back must bring them again.
    happened = recorder.changes()
    kept = [change.inverse() for change in happened] if is_undone else happened
    database.run("UPDATE history SET is_undone = ?, changes = ? WHERE id = ?", (int(is_undone), encode(kept), entry.id))
    return entry


def _apply(database: Connection, changes: Iterable[RowChange]) -> None:
    """Writes the ``after`` images. Foreign keys are checked at commit, so only parents-first order matters here."""
    updates: defaultdict[tuple[str, tuple[str, ...]], list[tuple[Value, ...]]] = defaultdict(list)
    inserts: defaultdict[tuple[str, tuple[str, ...]], list[tuple[Value, ...]]] = defaultdict(list)
    deletes: defaultdict[str, list[tuple[Value, ...]]] = defaultdict(list)
    for change in changes:
        if change.after is None:
            deletes[change.table].append(change.key)
        elif change.before is None:
            inserts[change.table, tuple(change.after)].append(tuple(change.after.values()))
        else:
            updates[change.table, tuple(change.after)].append((*change.after.values(), *change.key))
    keys = _key_conditions(database)
    for (table, columns), rows in updates.items():
        assignments = ", ".join(f"{column} = ?" for column in columns)
        database.run_many(f"UPDATE {table} SET {assignments} WHERE {keys[table]}", rows)
    for table, key_rows in reversed(deletes.items()):
        # A job may have named a metadata face after a person whose making is undone: the name stays, and the person.
        still_named = " AND NOT EXISTS (SELECT 1 FROM face WHERE face.person_id = person.id)"
        guard = still_named if table == "person" else ""
        database.run_many(f"DELETE FROM {table} WHERE {keys[table]}{guard}", key_rows)
    for (table, columns), rows in inserts.items():
        marks = ", ".join("?" for _ in columns)
        database.run_many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) ON CONFLICT DO NOTHING", rows)


def _key_conditions(database: Connection) -> dict[str, str]:
    conditions = {}
    for table, width in RECORDED.items():
        names = database.column("SELECT name FROM pragma_table_info(?) ORDER BY cid LIMIT ?", (table, width))
        conditions[table] = " AND ".join(f"{name} = ?" for name in names)
    return conditions

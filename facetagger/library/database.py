"""One SQLite connection that speaks in rows, and turns what a user can act on into ``LibraryError``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from facetagger.errors import LibraryError

Value = None | int | float | str | bytes
Row = tuple[Any, ...]

FILE_NAME: Final = "library.sqlite3"
BUSY_TIMEOUT_SECONDS: Final = 15.0
VISIBLE: Final = "photo_id NOT IN (SELECT id FROM photo WHERE is_visible = 0)"
"""Of rows with a photo: those of visible photos. Hidden ones are few, so SQLite keeps a short list to look in."""

_SENTENCES: Final[dict[int, tuple[str, str]]] = {
    sqlite3.SQLITE_FULL: (
        "The disk is full, so the library could not be written.",
        "Nothing was changed. Make room on the disk that holds the library and try again.",
    ),
    sqlite3.SQLITE_READONLY: (
        "The library cannot be written, because its folder or file is read-only.",
        "Allow writing to the folder, or choose another library.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The library file is damaged.",
        "Copy the folder, then replace library.sqlite3 by the newest file in its backups folder.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "The library file is damaged or is no facetagger library.",
        "Copy the folder, then replace library.sqlite3 by the newest file in its backups folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The library file cannot be opened.",
        "See whether the folder exists and may be read and written.",
    ),
    sqlite3.SQLITE_PERM: (
        "The library file cannot be opened.",
        "See whether the folder may be read and written.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk that holds the library reports an error.",
        "See whether the disk is still connected and has room, then try again.",
    ),
    sqlite3.SQLITE_BUSY: (
        "The library is busy.",
        "Another program holds it. Wait a moment and try again.",
    ),
    sqlite3.SQLITE_LOCKED: ("The library is busy.", "Wait a moment and try again."),
}


@contextmanager
def translating(path: Path) -> Iterator[None]:
    """Turns the errors of sqlite3 that the user can act on into ``LibraryError``; bugs pass through."""
    try:
        yield
    except sqlite3.Error as error:
        primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if primary not in _SENTENCES:
            raise
        title, hint = _SENTENCES[primary]
        raise LibraryError(title, f"{path}: {error}.", hint) from error


def ids_parameter(ids: Iterable[int]) -> str:
    """The parameter for ``IN (SELECT value FROM json_each(?))``: any number of ids in one statement."""
    return json.dumps([int(each) for each in ids])


class Connection:
    """Results are read to the end at once, so that no statement outlives its call and no error escapes untranslated."""

    def __init__(self, raw: sqlite3.Connection, path: Path) -> None:
        self._raw = raw
        self._path = path

    def rows(self, sql: str, parameters: Sequence[Value] = ()) -> list[Row]:
        with translating(self._path):
            return self._raw.execute(sql, parameters).fetchall()

    def row(self, sql: str, parameters: Sequence[Value] = ()) -> Row | None:
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Sequence[Value] = ()) -> Any:
        """The first column of the first row; None where there is none."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    def column(self, sql: str, parameters: Sequence[Value] = ()) -> list[Any]:
        return [row[0] for row in self.rows(sql, parameters)]

    def run(self, sql: str, parameters: Sequence[Value] = ()) -> int:
        """Runs one statement; gives the number of rows it changed."""
        with translating(self._path):
            return self._raw.execute(sql, parameters).rowcount

    def run_many(self, sql: str, rows: Iterable[Sequence[Value]]) -> None:
        with translating(self._path):
            self._raw.executemany(sql, rows)

    def insert(self, sql: str, parameters: Sequence[Value]) -> int:
        """Inserts one row; gives its id."""
        with translating(self._path):
            row_id = self._raw.execute(sql, parameters).lastrowid
        assert row_id is not None
        return row_id

    def define(self, name: str, function: Callable[..., None]) -> None:
        """Makes ``function`` callable from SQL (and so from triggers)."""
        self._raw.create_function(name, -1, function)

    def backup_to(self, path: Path) -> None:
        """Copies the whole database through SQLite's backup API: consistent, whoever else reads or writes."""
        with translating(path):
            copy = sqlite3.connect(path)
            try:
                self._raw.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()

    @property
    def in_transaction(self) -> bool:
        return self._raw.in_transaction

    def close(self) -> None:
        self._raw.close()


def connect(path: Path, *, write: bool, immutable: bool = False) -> Connection:
    """Opens an existing file. ``immutable`` reads a file that nobody can write, where WAL's index cannot be made."""
    options = "mode=rw" if write else "immutable=1" if immutable else "mode=rw"
    with translating(path):
        raw = sqlite3.connect(
            f"{path.resolve().as_uri()}?{options}",
            uri=True,
            timeout=BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            raw.execute("PRAGMA foreign_keys = ON")
            raw.execute("PRAGMA temp_store = MEMORY")
            raw.execute("PRAGMA cache_size = -32000")
            raw.execute("PRAGMA synchronous = FULL")
            if not write:
                raw.execute("PRAGMA query_only = ON")
        except sqlite3.Error:
            raw.close()
            raise
    return Connection(raw, path)

"""The folder of a library: making it, locking it, and connecting in the mode its disk allows."""

from __future__ import annotations

import os
from pathlib import Path

from facetagger.errors import LibraryError
from facetagger.library import database, migration, schema
from facetagger.library.database import Connection
from facetagger.library.network import is_on_network
from facetagger.library.writer_lock import WriterLock


def prepare(folder: Path, *, write: bool) -> WriterLock | None:
    """Leaves a library of the present version in ``folder``; gives the writer's lock where ``write``."""
    path = folder / database.FILE_NAME
    if not write:
        if not path.is_file():
            raise LibraryError("There is no library here.", f"{folder} holds none.", "Import photos first.")
        if _is_current(folder):
            return None
    _make_folder(folder)
    lock = WriterLock(folder)
    try:
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        _bring_up_to_date(folder)
    except BaseException:
        lock.release()
        raise
    if write:
        return lock
    lock.release()
    return None


def connect_writer(folder: Path) -> Connection:
    return database.connect(folder / database.FILE_NAME, write=True)


def connect_reader(folder: Path) -> Connection:
    """A folder that nobody can write has no room for WAL's files: without them its database is read as unchanging."""
    path = folder / database.FILE_NAME
    is_fixed = not os.access(folder, os.W_OK) and not path.with_name(f"{path.name}-wal").exists()
    return database.connect(path, write=False, immutable=is_fixed)


def _make_folder(folder: Path) -> None:
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        if not any(folder.iterdir()):
            folder.chmod(0o700)
    except OSError as error:
        raise LibraryError(
            "The folder of the library cannot be made.",
            f"{folder}: {error.strerror}.",
            "Choose a folder you may write to.",
        ) from error


def _is_current(folder: Path) -> bool:
    reader = connect_reader(folder)
    try:
        migration.refuse_foreign(reader, folder)
        return migration.version(reader) == schema.VERSION
    finally:
        reader.close()


def _bring_up_to_date(folder: Path) -> None:
    writer = connect_writer(folder)
    try:
        migration.refuse_foreign(writer, folder)
        # Where WAL cannot be had SQLite answers with the mode that stays; both are safe with synchronous=FULL.
        writer.run(f"PRAGMA journal_mode = {'DELETE' if is_on_network(folder) else 'WAL'}")
        migration.migrate(writer, folder)
    finally:
        writer.close()

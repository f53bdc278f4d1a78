"""Making a library, and bringing an older one up to date after a backup."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from facetagger.errors import LibraryError
from facetagger.library import schema
from facetagger.library.database import Connection

BACKUPS: Final = "backups"


def version(database: Connection) -> int:
    return int(database.value("PRAGMA user_version"))


def refuse_foreign(database: Connection, folder: Path) -> None:
    """Raises ``LibraryError`` where a newer facetagger or another program made the database."""
    found = version(database)
    if found == 0 and database.value("SELECT EXISTS (SELECT 1 FROM sqlite_master)"):
        raise LibraryError(
            "The folder holds a database of another program.",
            f"{folder} has a library.sqlite3 that facetagger did not make.",
            "Choose another folder for the library.",
        )
    if found > schema.VERSION:
        raise LibraryError(
            "The library was made by a newer facetagger.",
            f"{folder} has version {found}; this program knows up to {schema.VERSION}.",
            "Update facetagger and open the library again.",
        )


def migrate(database: Connection, folder: Path, steps: Sequence[str] = schema.STEPS) -> None:
    """Runs the missing steps, all or none, after a backup where the library had content."""
    found = version(database)
    if found >= len(steps):
        return
    if found > 0:
        backup(database, folder)
    database.run("PRAGMA foreign_keys = OFF")
    database.run("BEGIN IMMEDIATE")
    try:
        for step in steps[found:]:
            for statement in _statements(step):
                database.run(statement)
        database.run(f"PRAGMA user_version = {len(steps)}")
        database.run("COMMIT")
    finally:
        if database.in_transaction:
            database.run("ROLLBACK")
        database.run("PRAGMA foreign_keys = ON")


def backup(database: Connection, folder: Path) -> Path:
    """Copies the library to ``backups/`` inside its folder; raises ``LibraryError`` where that cannot be written."""
    moment = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    path = folder / BACKUPS / f"library-v{version(database)}-{moment}.sqlite3"
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            database.backup_to(partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise LibraryError(
            "The library could not be backed up, so it was left as it is.",
            f"{path}: {error.strerror}.",
            "Make room on the disk and allow writing to the folder, then try again.",
        ) from error
    return path


def _statements(script: str) -> list[str]:
    """The statements of a step, whole triggers included."""
    found, current = [], ""
    for line in script.splitlines():
        current += line + "\n"
        if sqlite3.complete_statement(current):
            found.append(current)
            current = ""
    return found

"""What the user chose for this library as a whole, a text by name; undone and redone like any act."""

from __future__ import annotations

from collections.abc import Callable

from facetagger.library.database import Connection


class ChoiceReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def get(self, name: str) -> str | None:
        """None where nothing was chosen."""
        row = self._connection().row("SELECT value FROM choice WHERE name = ?", (name,))
        return None if row is None else str(row[0])


class ChoiceWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def set(self, name: str, value: str | None) -> None:
        """Chooses; None goes back to what holds where nothing was chosen."""
        if value is None:
            self._database.run("DELETE FROM choice WHERE name = ?", (name,))
        else:
            self._database.run(
                "INSERT INTO choice (name, value) VALUES (?, ?) "
                "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

"""Undo and redo, across restarts and at any depth."""

from __future__ import annotations

from facetagger.entities import Change, HistoryEntry
from facetagger.library import Library


class History:
    def __init__(self, library: Library) -> None:
        self._library = library

    def undo(self) -> Change:
        """Takes the last act back. Raises ``LibraryError`` when there is none."""
        return self._library.undo()

    def redo(self) -> Change:
        """Does the act again that was undone last. Raises ``LibraryError`` when there is none."""
        return self._library.redo()

    def undo_entry(self) -> HistoryEntry | None:
        return self._library.history.undo_entry()

    def redo_entry(self) -> HistoryEntry | None:
        return self._library.history.redo_entry()

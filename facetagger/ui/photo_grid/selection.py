"""Which photos are selected and where the keyboard is, as file managers do it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt

from facetagger.entities import PhotoId


class Selection:
    """``current`` is a position in the grid, ``ids`` the selected photos; Shift extends from the last plain click."""

    def __init__(self) -> None:
        self.ids: set[PhotoId] = set()
        self.current: int | None = None
        self._current_id: PhotoId | None = None
        self._start = 0

    def take(self, ids: Sequence[PhotoId]) -> None:
        """The grid shows other photos now: what is still there stays selected."""
        self.ids.intersection_update(ids)
        is_there = self._current_id is not None and self._current_id in ids
        self.current = ids.index(self._current_id) if is_there and self._current_id is not None else None
        self._start = self.current or 0

    def clear(self) -> None:
        self.ids.clear()
        self.current = self._current_id = None

    def all(self, ids: Sequence[PhotoId]) -> None:
        self.ids = set(ids)

    def toggle(self, photo_id: PhotoId) -> None:
        self.ids ^= {photo_id}

    def press(self, index: int, ids: Sequence[PhotoId], modifiers: Any) -> None:
        """A click: alone it selects one, with Ctrl it adds or takes away, with Shift it selects a range."""
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            self.toggle(ids[index])
            self._place(index, ids)
            self._start = index
        else:
            self.move(index, ids, modifiers)

    def move(self, index: int, ids: Sequence[PhotoId], modifiers: Any) -> None:
        """A key: alone it selects where it goes, with Ctrl it only goes there, with Shift it selects a range."""
        self._place(index, ids)
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            low, high = sorted((self._start, index))
            self.ids = set(ids[low : high + 1])
            return
        self.ids = {ids[index]}
        self._start = index

    def _place(self, index: int, ids: Sequence[PhotoId]) -> None:
        self.current, self._current_id = index, ids[index]

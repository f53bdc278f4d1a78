"""What recognition remembers, as plain arrays, and what was noted since: derived, and never needed to be right."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.library.database import Connection

Arrays = Mapping[str, NDArray[Any]]

_KINDS: Final = frozenset("fiub")
"""Of numbers; nothing else is stored."""


class MemoryReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def load(self, model_id: str) -> dict[str, NDArray[Any]]:
        """The arrays by name; empty where nothing is stored."""
        rows = self._connection().rows("SELECT name, dtype, shape, data FROM memory WHERE model_id = ?", (model_id,))
        return {name: _array(*row) for name, *row in rows}

    def notes(self, model_id: str) -> list[dict[str, NDArray[Any]]]:
        """What was noted since the arrays were stored, in order."""
        notes: dict[int, dict[str, NDArray[Any]]] = {}
        for number, name, *row in self._connection().rows(
            "SELECT number, name, dtype, shape, data FROM memory_note WHERE model_id = ? ORDER BY number", (model_id,)
        ):
            notes.setdefault(number, {})[name] = _array(*row)
        return list(notes.values())


class MemoryWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def replace(self, model_id: str, arrays: Arrays) -> None:
        """Stores these arrays of numbers in the place of all arrays and notes of this model."""
        self._database.run("DELETE FROM memory WHERE model_id = ?", (model_id,))
        self._database.run("DELETE FROM memory_note WHERE model_id = ?", (model_id,))
        self._database.run_many(
            "INSERT INTO memory (model_id, name, dtype, shape, data) VALUES (?, ?, ?, ?, ?)",
            [(model_id, name, *_row(array)) for name, array in arrays.items()],
        )

    def note(self, model_id: str, arrays: Arrays) -> None:
        """Adds a note behind those that are there."""
        last = self._database.value("SELECT max(number) FROM memory_note WHERE model_id = ?", (model_id,))
        self._database.run_many(
            "INSERT INTO memory_note (model_id, number, name, dtype, shape, data) VALUES (?, ?, ?, ?, ?, ?)",
            [(model_id, (last or 0) + 1, name, *_row(array)) for name, array in arrays.items()],
        )

    def clear(self) -> None:
        self._database.run("DELETE FROM memory")
        self._database.run("DELETE FROM memory_note")


def _row(array: NDArray[Any]) -> tuple[str, str, bytes]:
    little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    if little.dtype.kind not in _KINDS:
        raise TypeError(f"{array.dtype} is not stored")
    return little.dtype.str, json.dumps(array.shape), little.tobytes()


def _array(dtype: str, shape: str, data: bytes) -> NDArray[Any]:
    kind = np.dtype(dtype)
    if kind.kind not in _KINDS:
        raise TypeError(f"{dtype} is not stored")
    return np.frombuffer(data, dtype=kind).astype(kind.newbyteorder("=")).reshape(json.loads(shape))

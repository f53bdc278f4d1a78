"""Which faces teach what: enough to tell what has changed since classifiers were learnt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.shortlist import NOBODY

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """``face_ids`` ascending, their ``labels`` and ``marks``, shape (n,) each.

    A mark is the first number of the face's embedding, which tells it from another: all of them would take as long as
    a decision may.
    """

    face_ids: Int64s
    labels: Int64s
    marks: Float32s

    @classmethod
    def nothing(cls) -> Self:
        ids = np.empty(0, dtype=np.int64)
        return cls(ids, ids, ids.astype(np.float32))

    def keep(self, chosen: Bools | NDArray[np.intp]) -> Self:
        return type(self)(self.face_ids[chosen], self.labels[chosen], self.marks[chosen])

    def teaching(self) -> Self:
        """Without the faces that teach nothing."""
        return self.keep(self.labels != NOBODY)

    def fingerprint(self) -> bytes:
        """Of those that teach something."""
        chosen = self.teaching()
        parts = (chosen.face_ids, chosen.labels, chosen.marks)
        return hashlib.sha256(b"".join(part.tobytes() for part in parts)).digest()

    def after(self, notes: Iterable[Taught]) -> Self:
        """With what was noted since, the latest last."""
        all_of: list[Taught] = [self, *notes]
        face_ids = np.concatenate([each.face_ids for each in all_of])
        order = np.argsort(face_ids, kind="stable")
        is_last = np.append(face_ids[order][1:] != face_ids[order][:-1], True) if len(order) else order == order
        chosen = order[is_last]
        labels = np.concatenate([each.labels for each in all_of])
        marks = np.concatenate([each.marks for each in all_of])
        return type(self)(face_ids[chosen], labels[chosen], marks[chosen])

    def changes(self, new: Taught) -> Taught:
        """What to note, so that ``after`` it this is ``new``."""
        if self.face_ids is new.face_ids or np.array_equal(self.face_ids, new.face_ids):
            return new.keep((self.labels != new.labels) | (self.marks != new.marks))
        is_gone = ~np.isin(self.face_ids, new.face_ids, assume_unique=True)
        gone = self.keep(is_gone & (self.labels != NOBODY))
        place = np.minimum(np.searchsorted(self.face_ids, new.face_ids), max(len(self.face_ids) - 1, 0))
        is_same = new.labels == NOBODY
        if len(self.face_ids):
            is_known = self.face_ids[place] == new.face_ids
            is_like = (self.labels[place] == new.labels) & (self.marks[place] == new.marks)
            is_same = np.where(is_known & (self.labels[place] != NOBODY), is_like, is_same)
        came = new.keep(~is_same)
        return type(self)(
            np.concatenate([gone.face_ids, came.face_ids]),
            np.concatenate([np.full(len(gone.labels), NOBODY, dtype=np.int64), came.labels]),
            np.concatenate([gone.marks, came.marks]),
        )

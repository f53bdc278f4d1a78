"""What the library knows about faces, as arrays, and the step from one state of it to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.shortlist import NOBODY, STRANGER, Exemplars
from facetagger.recognition.taught import Taught

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Float64s = NDArray[np.float64]
Bools = NDArray[np.bool_]

OPEN: Final = -1
"""In ``Evidence.person_ids``: an open face."""
IGNORED: Final = -2
"""In ``Evidence.person_ids``: a stranger."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """When somebody lived, in years (1931.0 is the start of 1931): no earlier than ``born``, no later than ``died``.
    NaN where that is not known."""

    born: float
    died: float


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """All faces with an embedding, as the library has them; row i of each array is one face.

    ``face_ids``, ``photo_ids``, ``person_ids`` are int64, shape (n,); ``person_ids`` is ``OPEN``, ``IGNORED`` or the
    confirmed person. Confirmed faces that are not ``trainable`` (n,) teach nothing. ``embeddings`` are float32,
    L2-normalised, shape (n, d). ``rejections`` are the pairs that the user denied.

    What may be unknown: ``quality`` float32 (n,), 0 to 1 (``FaceQuality.score``), and ``taken`` float64 (n,), the date
    of the photo in years and parts of one, are NaN where nobody knows; ``lifetimes`` has the people of whom a date is
    known.
    """

    face_ids: Int64s
    photo_ids: Int64s
    person_ids: Int64s
    trainable: Bools
    embeddings: Float32s
    rejections: frozenset[tuple[FaceId, PersonId]] = frozenset()
    quality: Float32s = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    taken: Float64s = field(default_factory=lambda: np.empty(0, dtype=np.float64))
    lifetimes: Mapping[PersonId, Lifetime] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Where quality or dates are left out, nothing is known of any face."""
        for name, values in (("quality", self.quality), ("taken", self.taken)):
            if len(values) != len(self.face_ids):
                object.__setattr__(self, name, np.full(len(self.face_ids), np.nan, dtype=values.dtype))

    @classmethod
    def empty(cls) -> Evidence:
        ids = np.empty(0, dtype=np.int64)
        return cls(ids, ids, ids, np.empty(0, dtype=np.bool_), np.empty((0, 0), dtype=np.float32))

    def labels(self) -> Int64s:
        """What each row teaches: a person, ``STRANGER`` or ``NOBODY``."""
        is_named = (self.person_ids >= 0) & self.trainable
        return np.where(is_named, self.person_ids, np.where(self.person_ids == IGNORED, STRANGER, NOBODY))

    def taught(self) -> Taught:
        """Which faces teach what, and with which embedding; the rows are to be in the order of their faces."""
        marks = self.embeddings[:, 0].copy() if self.embeddings.size else np.empty(0, dtype=np.float32)
        return Taught(self.face_ids, self.labels(), marks)

    def fingerprint(self) -> bytes:
        """Of what the classifiers are learnt from."""
        return self.taught().fingerprint()

    def rows_of(self, face_ids: Int64s) -> Int64s:
        """The row of each face, -1 where it is not among these."""
        if np.array_equal(face_ids, self.face_ids):
            return np.arange(len(face_ids), dtype=np.int64)
        if not len(self.face_ids):
            return np.full(len(face_ids), -1, dtype=np.int64)
        order = np.argsort(self.face_ids, kind="stable")
        place = np.minimum(np.searchsorted(self.face_ids, face_ids, sorter=order), len(order) - 1)
        rows = order[place]
        return np.where(self.face_ids[rows] == face_ids, rows, -1).astype(np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """How the labels changed. ``before`` and ``after``, shape (n,), are the labels of the rows that are there now.

    ``old_rows`` (n,) is where each row was, -1 for a new face or a new embedding. ``removed`` are the exemplars that
    ceased to stand for their label; ``crossing`` the embeddings of the faces that began or ceased to teach at all.
    """

    old_rows: Int64s
    before: Int64s
    after: Int64s
    removed: Exemplars
    crossing: Float32s
    is_in_place: bool
    """The same faces with the same embeddings in the same rows."""
    lost_faces: Int64s = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    lost_labels: Int64s = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    """Faces that ceased to stand for their labels (m,) each, and of which no embedding is known any more."""

    @classmethod
    def between(cls, old: Evidence, new: Evidence) -> Step:
        old_labels, after = old.labels(), new.labels()
        if old.face_ids is new.face_ids and old.embeddings is new.embeddings:
            return cls._in_place(new.embeddings, old_labels, after)
        old_rows = _kept_rows(old, new)
        is_kept = old_rows >= 0
        before = np.full(len(after), NOBODY, dtype=np.int64)
        before[is_kept] = old_labels[old_rows[is_kept]]
        is_gone = np.ones(len(old_labels), dtype=np.bool_)
        is_gone[old_rows[is_kept]] = False
        has_left = is_gone.copy()
        has_left[old_rows[is_kept & (before != after)]] = True
        crossing = (before == NOBODY) != (after == NOBODY)
        gone = old.embeddings[is_gone & (old_labels != NOBODY)]
        if gone.shape[1:] != new.embeddings.shape[1:]:
            gone = new.embeddings[:0]
        return cls(
            old_rows=old_rows,
            before=before,
            after=after,
            removed=Exemplars.of(old.embeddings, np.where(has_left, old_labels, NOBODY)),
            crossing=np.concatenate([new.embeddings[crossing], gone]),
            is_in_place=len(old_rows) == len(old_labels) and np.array_equal(old_rows, np.arange(len(old_rows))),
        )

    @classmethod
    def _in_place(cls, embeddings: Float32s, before: Int64s, after: Int64s) -> Step:
        changed = np.flatnonzero(before != after)
        left = Exemplars.of(embeddings[changed], before[changed])
        crossing = changed[(before[changed] == NOBODY) != (after[changed] == NOBODY)]
        return cls(np.arange(len(after)), before, after, left, embeddings[crossing], is_in_place=True)

    @classmethod
    def since(cls, old: Taught, new: Evidence) -> Step:
        """From what was taught in an earlier session, whose embeddings are gone."""
        after, marks = new.labels(), new.taught().marks
        old_rows = np.full(len(after), -1, dtype=np.int64)
        if len(old.face_ids):
            place = np.minimum(np.searchsorted(old.face_ids, new.face_ids), len(old.face_ids) - 1)
            is_kept = (old.face_ids[place] == new.face_ids) & (old.marks[place] == marks)
            old_rows[is_kept] = place[is_kept]
        is_kept = old_rows >= 0
        before = np.full(len(after), NOBODY, dtype=np.int64)
        before[is_kept] = old.labels[old_rows[is_kept]]
        is_gone = old.labels != NOBODY
        is_gone[old_rows[is_kept]] = False
        step = cls._in_place(new.embeddings, before, after)
        return replace(
            step,
            old_rows=old_rows,
            is_in_place=False,
            lost_faces=old.face_ids[is_gone],
            lost_labels=old.labels[is_gone],
        )

    def keeps(self, old: Float32s | Float64s, new: Float32s | Float64s) -> bool:
        """Whether the faces that were there before have the same values, NaN included, as they had."""
        if self.is_in_place and old is new:
            return True
        is_old = self.old_rows >= 0
        return np.array_equal(old[self.old_rows[is_old]], new[is_old], equal_nan=True)

    def touched(self) -> Int64s:
        """The labels that gained or lost a face."""
        changed = self.before != self.after
        return np.unique(np.concatenate([self.after[changed], self.removed.labels, self.lost_labels]))


def _kept_rows(old: Evidence, new: Evidence) -> Int64s:
    rows = old.rows_of(new.face_ids)
    if old.embeddings.shape[1:] != new.embeddings.shape[1:]:
        return np.full_like(rows, -1)
    if old.embeddings is not new.embeddings:
        kept = np.flatnonzero(rows >= 0)
        is_same = (old.embeddings[rows[kept]] == new.embeddings[kept]).all(axis=1)
        rows[kept[~is_same]] = -1
    return rows

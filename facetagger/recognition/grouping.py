"""Groups of open faces that are one person, made so that a group can be named with one word.

Agglomeration over the pairs of near faces, nearest first: two clusters join when a pair of their faces is near and the
mean squared distance between all their faces is small too. A person in two groups costs one more question, two people
in one group cost trust: the thresholds split rather than mix. Nothing quadratic is ever held: pairs are found block by
block, and the mean distance of two clusters follows from their sums (for unit vectors it is 2 - 2 ū·v̄).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]

NEAR_PAIR: Final = 0.31
"""Euclidean distance of two unit vectors under which two faces can draw their clusters together."""
NEAR_CLUSTERS: Final = 0.36
"""Root mean square distance of two clusters under which they may join."""

_NEIGHBOURS: Final = 64
_BLOCK: Final = 1 << 24
"""Similarities computed at a time."""


def group_faces(
    face_ids: Int64s, embeddings: Float32s, photo_ids: Int64s, existing: Sequence[tuple[FaceId, ...]] = ()
) -> list[tuple[FaceId, ...]]:
    """The groups of two faces or more, each in the order of its face ids.

    ``face_ids`` and ``photo_ids`` are int64, shape (n,); ``embeddings`` float32, L2-normalised, shape (n, d). Two faces
    of one photo never share a group. ``existing`` groups keep together: they lose the faces that are no longer given,
    grow and join, and are listed first; only faces outside them look for company. The order of the rows has no effect.
    """
    return Grouper().group(face_ids, embeddings, photo_ids, existing)


class Grouper:
    """``group_faces`` for a library at work: it remembers which faces it has compared, and compares each once.

    What it returns does not depend on what it remembers (but for faces with more neighbours than are looked at). Not
    thread-safe.
    """

    def __init__(self) -> None:
        self._face_ids: Int64s = np.empty(0, dtype=np.int64)
        self._embeddings: Float32s = np.empty((0, 0), dtype=np.float32)
        self._pairs: Int64s = np.empty((2, 0), dtype=np.int64)
        self._similarities: Float32s = np.empty(0, dtype=np.float32)

    def group(
        self, face_ids: Int64s, embeddings: Float32s, photo_ids: Int64s, existing: Sequence[tuple[FaceId, ...]] = ()
    ) -> list[tuple[FaceId, ...]]:
        """See ``group_faces``."""
        order = np.argsort(face_ids, kind="stable")
        face_ids, embeddings, photo_ids = face_ids[order], embeddings[order], photo_ids[order]
        self._compare(face_ids, embeddings)
        clusters = _Clusters(embeddings, photo_ids)
        homes = [_rows_of(face_ids, group) for group in existing]
        for rows in homes:
            clusters.unite(rows)
        is_loose = np.ones(len(face_ids), dtype=np.bool_)
        is_loose[[row for rows in homes for row in rows]] = False
        for one, other in self._pairs[:, is_loose[self._pairs].any(axis=0)].T.tolist():
            clusters.join(one, other)
        listed = dict.fromkeys(clusters.root(rows[0]) for rows in homes if rows)
        return [
            tuple(FaceId(int(face_ids[row])) for row in sorted(rows))
            for rows in clusters.members(listed)
            if len(rows) > 1
        ]

    def _compare(self, face_ids: Int64s, embeddings: Float32s) -> None:
        """Makes the pairs those of the given faces, as rows, nearest pair first; ``face_ids`` are sorted."""
        is_new = self._keep(face_ids, embeddings)
        self._face_ids, self._embeddings = face_ids, embeddings
        if is_new.any():
            pairs, similarities = _near_pairs(embeddings, np.flatnonzero(is_new))
            pairs = np.concatenate([self._pairs, pairs], axis=1)
            similarities = np.concatenate([self._similarities, similarities])
            order = np.lexsort((pairs[1], pairs[0], -similarities))
            self._pairs, self._similarities = pairs[:, order], similarities[order]

    def _keep(self, face_ids: Int64s, embeddings: Float32s) -> NDArray[np.bool_]:
        """Moves the remembered pairs to the rows that their faces have now; which rows have never been compared."""
        if self._embeddings.shape[1:] != embeddings.shape[1:]:
            self._pairs, self._similarities = np.empty((2, 0), dtype=np.int64), np.empty(0, dtype=np.float32)
            return np.ones(len(face_ids), dtype=np.bool_)
        place = np.searchsorted(self._face_ids, face_ids)
        place[place == len(self._face_ids)] = 0
        is_known = self._face_ids[place] == face_ids if len(self._face_ids) else np.zeros(len(face_ids), np.bool_)
        rows = np.flatnonzero(is_known)
        is_same = (self._embeddings[place[rows]] == embeddings[rows]).all(axis=1)
        is_known[rows[~is_same]] = False
        rows = rows[is_same]
        moved = np.full(len(self._face_ids), -1, dtype=np.int64)
        moved[place[rows]] = rows
        pairs = moved[self._pairs]
        is_kept = (pairs >= 0).all(axis=0)
        self._pairs, self._similarities = pairs[:, is_kept], self._similarities[is_kept]
        is_new: NDArray[np.bool_] = ~is_known
        return is_new


class _Clusters:
    """A union-find forest over the rows, with the sum of the embeddings and the photos of each cluster at its root."""

    def __init__(self, embeddings: Float32s, photo_ids: Int64s) -> None:
        self._parents = list(range(len(embeddings)))
        self._sums = embeddings.copy()
        self._sizes = [1] * len(embeddings)
        self._photos = [{photo} for photo in photo_ids.tolist()]
        self._least_similarity = 1.0 - NEAR_CLUSTERS**2 / 2.0

    def root(self, row: int) -> int:
        parents = self._parents
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    def unite(self, rows: Sequence[int]) -> None:
        for row in rows[1:]:
            self._merge(self.root(rows[0]), self.root(row))

    def join(self, row: int, other: int) -> None:
        """Makes one cluster of two where they are near as a whole and share no photo."""
        one, two = self.root(row), self.root(other)
        if one == two or not self._photos[one].isdisjoint(self._photos[two]):
            return
        similarity = float(self._sums[one] @ self._sums[two]) / (self._sizes[one] * self._sizes[two])
        if similarity >= self._least_similarity:
            self._merge(one, two)

    def members(self, first: Iterable[int]) -> list[list[int]]:
        """The rows of every cluster: those with the given roots first, the others by their lowest row."""
        found: dict[int, list[int]] = {root: [] for root in first}
        for row in range(len(self._parents)):
            found.setdefault(self.root(row), []).append(row)
        return list(found.values())

    def _merge(self, one: int, two: int) -> None:
        if one == two:
            return
        if self._sizes[one] < self._sizes[two]:
            one, two = two, one
        self._parents[two] = one
        self._sums[one] += self._sums[two]
        self._sizes[one] += self._sizes[two]
        self._photos[one] |= self._photos[two]
        self._photos[two] = set()


def _rows_of(sorted_ids: Int64s, faces: Sequence[FaceId]) -> list[int]:
    wanted = np.array(faces, dtype=np.int64)
    if not len(sorted_ids):
        return []
    rows = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
    found: list[int] = rows[sorted_ids[rows] == wanted].tolist()
    return found


def _near_pairs(embeddings: Float32s, rows: NDArray[np.intp]) -> tuple[Int64s, Float32s]:
    """The nearest neighbours within ``NEAR_PAIR`` of the given rows: pairs of rows (2, m), lower first, and their
    similarities (m,).
    """
    found, similarity = [np.empty((2, 0), dtype=np.int64)], [np.empty(0, dtype=np.float32)]
    step = max(1, _BLOCK // max(1, len(embeddings)))
    for start in range(0, len(rows), step):
        block = rows[start : start + step]
        near = embeddings[block] @ embeddings.T
        near[np.arange(len(block)), block] = -1.0
        query, other = np.nonzero(near >= 1.0 - NEAR_PAIR**2 / 2.0)
        values = near[query, other]
        kept = _strongest(query, values)
        found.append(np.sort(np.stack([block[query[kept]], other[kept]]), axis=0).astype(np.int64))
        similarity.append(values[kept])
    lower, upper = np.concatenate(found, axis=1)
    _, index = np.unique(lower * len(embeddings) + upper, return_index=True)
    return np.stack([lower[index], upper[index]]), np.concatenate(similarity)[index]


def _strongest(query: NDArray[np.intp], values: Float32s) -> NDArray[np.intp]:
    """The indices of the ``_NEIGHBOURS`` highest values of each query; ``query`` is sorted."""
    order = np.lexsort((-values, query))
    rank = np.arange(len(query)) - np.searchsorted(query, query, side="left")
    return order[rank < _NEIGHBOURS]

"""Groups of open faces that are one person, made so that a group can be named with one word.

Agglomeration over the pairs of near faces, nearest first: two clusters join when a pair of their faces is near and the
mean squared distance between all their faces is small too. A person in two groups costs one more question, two people
in one group cost trust: the thresholds split rather than mix. Nothing quadratic is ever held: ``near_pairs`` finds the
pairs, and the mean distance of two clusters follows from their sums (for unit vectors it is 2 - 2 ū·v̄).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId
from facetagger.recognition.near_pairs import near_pairs

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

NEAR_PAIR: Final = 0.31
"""Euclidean distance of two unit vectors under which two faces can draw their clusters together."""
NEAR_CLUSTERS: Final = 0.36
"""Root mean square distance of two clusters under which they may join."""

_AT_A_TIME: Final = 1 << 14
"""Pairs looked at between two looks at which clusters have become one."""
_ROUNDING: Final = 1e-4


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
    """``group_faces`` for a library at work: it remembers the loose faces that it has compared, and compares each once.

    Nothing joins while nothing is new: when faces only leave, groups only lose them. Else what it returns does not
    depend on what it remembers (but for faces with more neighbours than are looked at). Not thread-safe.
    """

    def __init__(self) -> None:
        self._memory = _Memory(0)
        self._loose_ids: Int64s = np.empty(0, dtype=np.int64)

    def group(
        self, face_ids: Int64s, embeddings: Float32s, photo_ids: Int64s, existing: Sequence[tuple[FaceId, ...]] = ()
    ) -> list[tuple[FaceId, ...]]:
        """See ``group_faces``."""
        if (face_ids[1:] < face_ids[:-1]).any():
            order = np.argsort(face_ids, kind="stable")
            face_ids, embeddings, photo_ids = face_ids[order], embeddings[order], photo_ids[order]
        if self._memory.embeddings.shape[1:] != embeddings.shape[1:]:
            self._memory = _Memory(embeddings.shape[1])
        homes = _homes(face_ids, existing)
        is_loose = homes < 0
        has_news = self._memory.follow(face_ids, embeddings)
        if has_news or not np.isin(face_ids[is_loose], self._loose_ids, assume_unique=True).all():
            self._memory.compare(is_loose)
            homes = self._join(homes, photo_ids)
            is_loose = homes < 0
            self._memory.forget(~is_loose)
        self._loose_ids = face_ids[is_loose]
        return _listed(face_ids, homes)

    def _join(self, homes: Int64s, photo_ids: Int64s) -> Int64s:
        """Lets the loose faces look for company, nearest pairs first; the homes after it."""
        clusters = _Clusters(self._memory.embeddings, photo_ids, homes)
        pairs = self._memory.pairs_of(homes < 0)
        for start in range(0, pairs.shape[1], _AT_A_TIME):
            part = pairs[:, start : start + _AT_A_TIME]
            roots = clusters.roots()[part]
            clusters.join_all(part[:, roots[0] != roots[1]])
        return clusters.homes(homes)


class _Memory:
    """The faces of the last call by their ids, and the near pairs of those that were compared."""

    def __init__(self, dimensions: int) -> None:
        self.face_ids: Int64s = np.empty(0, dtype=np.int64)
        self.embeddings: Float32s = np.empty((0, dimensions), dtype=np.float32)
        self.pairs: Int64s = np.empty((2, 0), dtype=np.int64)
        self._similarities: Float32s = np.empty(0, dtype=np.float32)
        self._is_compared: Bools = np.empty(0, dtype=np.bool_)
        self._is_new: Bools = np.empty(0, dtype=np.bool_)

    def follow(self, face_ids: Int64s, embeddings: Float32s) -> bool:
        """Goes on with these faces, in the order of their ids; whether some are new or have another embedding."""
        rows = self._rows_kept(face_ids, embeddings)
        moved = np.full(len(self.face_ids), -1, dtype=np.int64)
        is_kept = rows >= 0
        moved[rows[is_kept]] = np.flatnonzero(is_kept)
        pairs = moved[self.pairs]
        is_there = (pairs >= 0).all(axis=0)
        self.pairs, self._similarities = pairs[:, is_there], self._similarities[is_there]
        self._is_compared = is_kept & self._is_compared[rows] if len(self.face_ids) else is_kept
        self._is_new = ~is_kept
        self.face_ids, self.embeddings = face_ids, embeddings
        return bool(self._is_new.any())

    def compare(self, is_loose: Bools) -> None:
        """Finds the pairs of the loose faces that were never compared, and of new faces with those that were."""
        is_asked = is_loose & ~self._is_compared
        if self._is_compared.any():
            is_asked |= self._is_new
        found, similarities = near_pairs(self.embeddings, np.flatnonzero(is_asked), 1.0 - NEAR_PAIR**2 / 2.0)
        # A pair of two faces that were compared at different times is there twice, which does no harm.
        self.pairs = np.concatenate([self.pairs, found], axis=1)
        self._similarities = np.concatenate([self._similarities, similarities])
        self._is_compared |= is_asked

    def forget(self, faces: Bools) -> None:
        """These need no company any more; should they come apart, they are compared again."""
        self._is_compared &= ~faces
        is_wanted = ~faces[self.pairs].all(axis=0)
        self.pairs, self._similarities = self.pairs[:, is_wanted], self._similarities[is_wanted]

    def pairs_of(self, is_wanted: Bools) -> Int64s:
        """The pairs with a wanted face, nearest first, shape (2, m)."""
        chosen = np.flatnonzero(is_wanted[self.pairs].any(axis=0))
        lower, upper = self.pairs[:, chosen]
        return self.pairs[:, chosen[np.lexsort((upper, lower, -self._similarities[chosen]))]]

    def _rows_kept(self, face_ids: Int64s, embeddings: Float32s) -> Int64s:
        """Where each face was before with the same embedding, -1 where it was not."""
        if not len(self.face_ids):
            return np.full(len(face_ids), -1, dtype=np.int64)
        rows = np.minimum(np.searchsorted(self.face_ids, face_ids), len(self.face_ids) - 1)
        is_known = self.face_ids[rows] == face_ids
        is_same = (self.embeddings[rows] == embeddings).all(axis=1)
        return np.where(is_known & is_same, rows, -1)


class _Clusters:
    """A union-find forest over the rows, with the sum of the embeddings and the photos of each cluster at its root."""

    def __init__(self, embeddings: Float32s, photo_ids: Int64s, homes: Int64s) -> None:
        """``homes`` (n,) is the index of the group that each row is in from the start, -1 for none."""
        order = np.argsort(homes, kind="stable")
        order = order[homes[order] >= 0]
        _, starts, counts = np.unique(homes[order], return_index=True, return_counts=True)
        roots = np.arange(len(homes))
        roots[order] = np.repeat(order[starts], counts)
        self._parents: list[int] = roots.tolist()
        self._sums = embeddings.copy()
        self._sizes = np.ones(len(homes), dtype=np.int64)
        self._photo_ids = photo_ids
        self._photos: dict[int, set[int]] = {}
        """Of those clusters that are more than a face."""
        self._least_similarity = 1.0 - NEAR_CLUSTERS**2 / 2.0
        if len(order):
            self._sizes[order[starts]] = counts
        self._members = {
            int(order[start]): order[start : start + count]
            for start, count in zip(starts.tolist(), counts.tolist(), strict=True)
        }
        """The rows of the clusters whose photos nobody has asked for yet."""
        for root, rows in self._members.items():
            self._sums[root] = embeddings[rows].sum(axis=0)

    def root(self, row: int) -> int:
        parents = self._parents
        while parents[row] != row:
            parents[row] = parents[parents[row]]
            row = parents[row]
        return row

    def roots(self) -> Int64s:
        """The root of every row, shape (n,)."""
        parents = np.array(self._parents, dtype=np.int64)
        while (parents[parents] != parents).any():
            parents = parents[parents]
        return parents

    def join_all(self, pairs: Int64s) -> None:
        """Joins one pair of rows (2, m) after the other, where they are near enough."""
        roots = self.roots()[pairs]
        similarities = np.einsum("ij,ij->i", self._sums[roots[0]], self._sums[roots[1]])
        similarities /= self._sizes[roots[0]] * self._sizes[roots[1]]
        is_hopeful = similarities >= self._least_similarity - _ROUNDING
        first = int(is_hopeful.argmax()) if is_hopeful.any() else len(is_hopeful)
        grown: set[int] = set()
        columns = (*pairs[:, first:].tolist(), *roots[:, first:].tolist(), is_hopeful[first:].tolist())
        for row, other, one, two, is_near in zip(*columns, strict=True):
            # What has not grown since is as far apart as it was.
            if (is_near or one in grown or two in grown) and self.join(row, other):
                grown |= {one, two}

    def join(self, row: int, other: int) -> bool:
        """Makes one cluster of two where they are near as a whole and share no photo; whether it did."""
        one, two = self.root(row), self.root(other)
        if one == two or not self._photos_of(one).isdisjoint(self._photos_of(two)):
            return False
        similarity = float(self._sums[one] @ self._sums[two]) / float(self._sizes[one] * self._sizes[two])
        if similarity < self._least_similarity:
            return False
        self._merge(one, two)
        return True

    def homes(self, before: Int64s) -> Int64s:
        """The group of every row, -1 for a face alone: first the old groups in their order, then by lowest row."""
        roots = self.roots()
        count = int(before.max(initial=-1)) + 1
        # A cluster stands where its first old group stood; where it has none, behind them, at its lowest row.
        place = np.where(before >= 0, before, count + np.arange(len(before)))
        first = np.full(len(before), 2 * len(before) + count, dtype=np.int64)
        np.minimum.at(first, roots, place)
        sizes = np.bincount(roots, minlength=len(before))
        return np.where(sizes[roots] > 1, first[roots], -1)

    def _merge(self, one: int, two: int) -> None:
        if self._sizes[one] < self._sizes[two]:
            one, two = two, one
        self._parents[two] = one
        self._sums[one] += self._sums[two]
        self._sizes[one] += self._sizes[two]
        photos = self._photos_of(one)
        photos |= self._photos_of(two)
        self._photos[one] = photos
        self._photos.pop(two, None)

    def _photos_of(self, root: int) -> set[int]:
        found = self._photos.get(root)
        if found is None:
            rows = self._members.pop(root, None)
            if rows is None:
                return {int(self._photo_ids[root])}
            found = self._photos[root] = set(self._photo_ids[rows].tolist())
        return found


def _homes(sorted_ids: Int64s, groups: Sequence[tuple[FaceId, ...]]) -> Int64s:
    """The index of the group of each face, -1 for none."""
    homes = np.full(len(sorted_ids), -1, dtype=np.int64)
    wanted = np.fromiter(chain.from_iterable(groups), dtype=np.int64)
    if len(sorted_ids):
        index = np.repeat(np.arange(len(groups)), [len(each) for each in groups])
        rows = np.minimum(np.searchsorted(sorted_ids, wanted), len(sorted_ids) - 1)
        is_there = sorted_ids[rows] == wanted
        homes[rows[is_there]] = index[is_there]
    return homes


def _listed(face_ids: Int64s, homes: Int64s) -> list[tuple[FaceId, ...]]:
    """The faces of each home that has more than one, by home."""
    rows = np.flatnonzero(homes >= 0)
    rows = rows[np.argsort(homes[rows], kind="stable")]
    parts = np.split(face_ids[rows], np.flatnonzero(np.diff(homes[rows])) + 1)
    return [tuple(map(FaceId, part.tolist())) for part in parts if len(part) > 1]

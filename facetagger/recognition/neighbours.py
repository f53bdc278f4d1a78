"""For each open face the few faces it looks most like, whoever they are: those whose word counts for it.

Which faces are near does not depend on names, so a decision leaves the lists as they are; new faces are compared once.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

COUNT: Final = 6
"""Neighbours kept per face."""

_BLOCK: Final = 1 << 23
"""Similarities computed at a time."""
_SAMPLE: Final = 4096
"""Faces among which a limit is sought that leaves few candidates."""

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Neighbours:
    """``rows`` and ``similarities``, shape (n, COUNT), most alike first; only wanted rows are filled.

    Where a row has fewer neighbours: -1 and -inf. Faces of one photo are two people: they are no neighbours.
    """

    def __init__(self) -> None:
        self._clear(0)
        self._is_filled: Bools = np.empty(0, dtype=np.bool_)

    def update(self, embeddings: Float32s, photo_ids: Int64s, old_rows: Int64s, wanted: Bools) -> Int64s:
        """Follows the faces to new rows and fills the ``wanted`` ones, bool (n,); gives the rows that were filled anew.

        ``embeddings`` (n, d) are L2-normalised; ``old_rows`` (n,) says where each was before, -1 nowhere.
        """
        if len(old_rows) != len(self.rows) or (old_rows != np.arange(len(self.rows))).any():
            self._realign(old_rows)
            self._admit(embeddings, photo_ids, np.flatnonzero(old_rows < 0))
        missing = np.flatnonzero(wanted & ~self._is_filled)
        self.rows[missing], self.similarities[missing] = nearest(embeddings, photo_ids, missing)
        self._is_filled[missing] = True
        return missing

    def recall(self, count: int, rows: Int64s, lists: Int64s, similarities: Float32s) -> None:
        """Goes on from lists that were kept of some of ``count`` rows."""
        self._clear(count)
        self.rows[rows], self.similarities[rows] = lists, similarities
        self._is_filled = np.zeros(count, dtype=np.bool_)
        self._is_filled[rows] = True

    def _clear(self, count: int) -> None:
        self.rows: Int64s = np.full((count, COUNT), -1, dtype=np.int64)
        self.similarities: Float32s = np.full((count, COUNT), -np.inf, dtype=np.float32)

    def _realign(self, old_rows: Int64s) -> None:
        """Moves the lists to the new rows; those that lost a neighbour are to be filled anew."""
        if not len(self.rows):
            self._clear(len(old_rows))
            self._is_filled = np.zeros(len(old_rows), dtype=np.bool_)
            return
        is_old = old_rows >= 0
        moved = np.full(len(self.rows) + 1, -1, dtype=np.int64)
        moved[old_rows[is_old]] = np.flatnonzero(is_old)
        rows, similarities, filled = self.rows[old_rows], self.similarities[old_rows], self._is_filled[old_rows]
        lists = moved[rows]
        self._is_filled = filled & is_old & ~((rows >= 0) & (lists < 0)).any(axis=1)
        self._clear(len(old_rows))
        self.rows[self._is_filled] = lists[self._is_filled]
        self.similarities[self._is_filled] = similarities[self._is_filled]

    def _admit(self, embeddings: Float32s, photo_ids: Int64s, new: Int64s) -> None:
        """Lets new faces into the lists of the filled rows."""
        filled = np.flatnonzero(self._is_filled)
        if len(new) > len(filled):
            # To find all anew in one go is less work.
            self._is_filled[:] = False
            return
        step = max(1, _BLOCK // max(1, len(filled)))
        for start in range(0, len(new), step):
            block = new[start : start + step]
            similarities = embeddings[filled] @ embeddings[block].T
            is_near = similarities > self.similarities[filled, -1:]
            is_near &= photo_ids[filled, np.newaxis] != photo_ids[block]
            row, column = np.nonzero(is_near)
            touched = filled[np.unique(row)]
            self.rows[touched], self.similarities[touched] = _best(
                touched,
                np.concatenate([np.repeat(touched, COUNT), filled[row]]),
                np.concatenate([self.rows[touched].ravel(), block[column]]),
                np.concatenate([self.similarities[touched].ravel(), similarities[row, column]]),
            )


def nearest(embeddings: Float32s, photo_ids: Int64s, asked: Int64s) -> tuple[Int64s, Float32s]:
    """The neighbours of the rows ``asked`` among all rows, and their similarities; shapes (len(asked), COUNT)."""
    found = np.full((len(asked), COUNT), -1, dtype=np.int64)
    alike = np.full((len(asked), COUNT), -np.inf, dtype=np.float32)
    stride = max(1, len(embeddings) // _SAMPLE)
    step = max(1, _BLOCK // max(1, len(embeddings)))
    for start in range(0, len(asked), step):
        block = asked[start : start + step]
        similarities = embeddings[block] @ embeddings.T
        is_apart = photo_ids[block, np.newaxis] != photo_ids[::stride]
        sample = np.where(is_apart, similarities[:, ::stride], -np.inf)
        place = max(0, sample.shape[1] - COUNT)
        # So many of a part are at least as near as this, so no fewer of all.
        limits = np.partition(sample, place, axis=1)[:, place, np.newaxis]
        row, column = np.divmod(np.flatnonzero(similarities >= limits), len(embeddings))
        is_apart = photo_ids[block[row]] != photo_ids[column]
        row, column = row[is_apart], column[is_apart]
        found[start : start + step], alike[start : start + step] = _best(
            np.arange(len(block)), row, column, similarities[row, column]
        )
    return found, alike


def _best(lists: NDArray[np.intp] | Int64s, owners: Int64s, rows: Int64s, values: Float32s) -> tuple[Int64s, Float32s]:
    """Of pairs (owner, row) with a value, shape (m,) each, the best ``COUNT`` of each of the sorted ``lists``."""
    order = np.lexsort((rows, -values, owners))
    owners, rows, values = owners[order], rows[order], values[order]
    starts = np.searchsorted(owners, lists)
    rank = np.arange(len(owners)) - np.repeat(starts, np.diff(np.append(starts, len(owners))))
    is_best = rank < COUNT
    place = np.searchsorted(lists, owners[is_best]), rank[is_best]
    found = np.full((len(lists), COUNT), -1, dtype=np.int64)
    best = np.full((len(lists), COUNT), -np.inf, dtype=np.float32)
    found[place], best[place] = rows[is_best], values[is_best]
    return found, best

"""The pairs of faces that lie near one another, among a hundred thousand, without the table of all distances."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Rows = NDArray[np.intp]

_BLOCK: Final = 1 << 24
"""Similarities computed at a time."""
_COLUMNS: Final = 4096
_STRONGEST: Final = 32
"""Pairs kept of one face with those that come after it."""
_STRONGEST_BACK: Final = 8
"""Pairs kept of one face with those that come before it, besides what those keep: one in a block of them at most."""


def near_pairs(embeddings: Float32s, rows: Rows, least_similarity: float) -> tuple[Int64s, Float32s]:
    """The pairs with at least one of ``rows`` whose inner product is at least so much.

    ``embeddings`` are float32, L2-normalised, shape (n, d). Pairs of rows (2, m), lower first, each once, and their
    inner products (m,). A face with very many neighbours keeps its nearest.
    """
    is_other = np.ones(len(embeddings), dtype=np.bool_)
    is_other[rows] = False
    order = np.concatenate([rows, np.flatnonzero(is_other)])
    ordered = embeddings[order]
    pairs, similarities = [np.empty((2, 0), dtype=np.int64)], [np.empty(0, dtype=np.float32)]
    still_kept = np.full(len(order), _STRONGEST_BACK)
    step = max(1, _BLOCK // max(1, len(order)))
    for start in range(0, len(rows), step):
        stop = min(start + step, len(rows))
        # Each pair is met once: a block looks at itself and at what comes after it.
        query, other, values = _alike(ordered[start:stop], ordered[start:], least_similarity)
        is_kept = _is_strong(query, other, values, still_kept[start:])
        found = np.stack([query[is_kept], other[is_kept]]) + start
        pairs.append(np.sort(order[found], axis=0).astype(np.int64))
        similarities.append(values[is_kept])
    return np.concatenate(pairs, axis=1), np.concatenate(similarities)


def _alike(block: Float32s, following: Float32s, least: float) -> tuple[Rows, Rows, Float32s]:
    """The pairs of a row of the block and one of those that follow it, and their similarity; the block comes first."""
    queries, others, values = [], [], []
    for start in range(0, len(following), _COLUMNS):
        # So small a part of the table that it is looked through while the processor has it at hand.
        similarity = block @ following[start : start + _COLUMNS].T
        flat = np.flatnonzero(similarity >= least)
        query, other = np.divmod(flat, similarity.shape[1])
        is_later = other + start > query
        queries.append(query[is_later])
        others.append(other[is_later] + start)
        values.append(similarity.ravel()[flat[is_later]])
    return np.concatenate(queries), np.concatenate(others), np.concatenate(values)


def _is_strong(query: Rows, other: Rows, values: Float32s, still_kept: Int64s) -> NDArray[np.bool_]:
    """Which pairs are among the highest of their query, or the highest of the other.

    The latter as long as ``still_kept`` of the other is not used up.
    """
    is_kept = np.ones(len(query), dtype=np.bool_)
    crowded = np.flatnonzero(np.bincount(query)[query] > _STRONGEST) if len(query) else query
    if len(crowded):
        is_kept[crowded] = _rank(query[crowded], values[crowded]) < _STRONGEST
    best = np.full(len(still_kept), -np.inf, dtype=np.float32)
    np.maximum.at(best, other, values)
    is_best_back = ~is_kept & (still_kept[other] > 0) & (values == best[other])
    still_kept[other[is_best_back]] -= 1
    result: NDArray[np.bool_] = is_kept | is_best_back
    return result


def _rank(groups: Rows, values: Float32s) -> Rows:
    """The place of each value among those of its group, from 0, highest first."""
    order = np.lexsort((-values, groups))
    ordered = groups[order]
    rank = np.empty(len(groups), dtype=np.intp)
    rank[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered, side="left")
    return rank

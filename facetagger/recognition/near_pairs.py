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
        similarity = ordered[start:stop] @ ordered[start:].T
        similarity[:, : stop - start][np.tri(stop - start, dtype=np.bool_)] = -np.inf
        query, other = _strongest_pairs(similarity, least_similarity, still_kept[start:])
        pairs.append(np.sort(order[np.stack([query, other]) + start], axis=0).astype(np.int64))
        similarities.append(similarity[query, other])
    return np.concatenate(pairs, axis=1), np.concatenate(similarities)


def _strongest_pairs(similarity: Float32s, least: float, still_kept: Int64s) -> tuple[Rows, Rows]:
    """Where the similarity is at least so much and among the highest of its row, or the highest of its column.

    The latter as long as ``still_kept`` of the column is not used up.
    """
    # Over the flat table: many times faster than the two-dimensional search where little is found.
    query, other = np.divmod(np.flatnonzero(similarity >= least), similarity.shape[1])
    values = similarity[query, other]
    is_strong = _rank(query, values) < _STRONGEST
    best = np.full(similarity.shape[1], -np.inf, dtype=np.float32)
    np.maximum.at(best, other, values)
    is_best_back = ~is_strong & (still_kept[other] > 0) & (values == best[other])
    still_kept[other[is_best_back]] -= 1
    is_kept = is_strong | is_best_back
    return query[is_kept], other[is_kept]


def _rank(groups: Rows, values: Float32s) -> Rows:
    """The place of each value among those of its group, from 0, highest first."""
    order = np.lexsort((-values, groups))
    ordered = groups[order]
    rank = np.empty(len(groups), dtype=np.intp)
    rank[order] = np.arange(len(groups)) - np.searchsorted(ordered, ordered, side="left")
    return rank

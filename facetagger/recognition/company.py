"""Loose faces that may belong to a group: shown behind its sure faces, they cost a glance instead of a question.

A face is drawn in when it is likelier to belong than not. It is judged by two distances: that of its nearest faces in
the group, and how much farther the nearest face of anybody else is. The weights of the two were fitted by logistic
regression on the faces that ``grouping`` left over in two albums, one of strangers and one of relatives.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Rows = NDArray[np.intp]

LEAST_CHANCE: Final = 0.45
"""Below this a face costs more exclusions than it saves questions."""

_BIAS: Final = -2.1
_NEARNESS: Final = 50.0
_GAP: Final = 45.0
_USUAL_DISTANCE: Final = 0.35
_WIDEST_GAP: Final = 0.1
_NEAREST: Final = 3
_CENTRAL_FACES: Final = 12
"""Members of a group that loose faces are compared with."""
_FARTHEST: Final = 0.40


def near_faces(
    embeddings: Float32s, members: Rows, loose: NDArray[np.bool_], others: NDArray[np.bool_], most: int
) -> tuple[Rows, Float64s]:
    """The rows that probably belong to a group, likeliest first, and how likely each does.

    ``members`` are the rows of the group, most central first; ``loose`` (n,) says which rows may be drawn in, and
    ``others`` (n,) which belong to other groups and people. At most ``most`` rows.
    """
    central = embeddings @ embeddings[members[:_CENTRAL_FACES]].T
    kept = min(_NEAREST, central.shape[1])
    similarity = np.partition(central, -kept, axis=1)[:, -kept:].mean(axis=1)
    rows = np.flatnonzero(loose & (similarity >= 1.0 - _FARTHEST**2 / 2.0))
    rows = rows[np.argsort(-similarity[rows], kind="stable")][:most]
    if not len(rows):
        return rows, np.empty(0)
    away = _distances(similarity[rows])
    chances = _chances(away, _nearest_other(embeddings, rows, others) - away)
    order = np.argsort(-chances, kind="stable")[:most]
    order = order[chances[order] >= LEAST_CHANCE]
    return rows[order], chances[order]


def _nearest_other(embeddings: Float32s, rows: Rows, others: NDArray[np.bool_]) -> Float64s:
    """The distance of each row to the nearest of the others; infinite where there are none."""
    if not others.any():
        return np.full(len(rows), np.inf)
    similarity = embeddings[rows] @ embeddings.T
    similarity -= np.where(others, np.float32(0.0), np.float32(4.0))
    return _distances(similarity.max(axis=1))


def _chances(away: Float64s, gap: Float64s) -> Float64s:
    logits = _BIAS - _NEARNESS * (away - _USUAL_DISTANCE) + _GAP * np.clip(gap, -_WIDEST_GAP, _WIDEST_GAP)
    chances: Float64s = 1.0 / (1.0 + np.exp(-logits))
    return chances


def _distances(similarity: Float32s) -> Float64s:
    result: Float64s = np.sqrt(np.maximum(2.0 - 2.0 * similarity.astype(np.float64), 0.0))
    return result

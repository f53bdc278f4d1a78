"""How well people are told apart on faces whose names are known, in closed and open sets, and what refusing spares."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

_REFUSALS: Final = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class RefusalReport:
    """Were answers below ``probability`` refused: the share ``refused``, and the share of ``errors`` in the rest."""

    probability: float
    refused: float
    errors: float


@dataclass(frozen=True, slots=True)
class ReliabilityReport:
    """Of the ``faces`` with a probability from ``low`` to ``high``: what was ``expected`` and what was ``right``."""

    low: float
    high: float
    faces: int
    expected: float
    right: float


def stratified_split(people: Int64s, share: float, seed: int) -> Bools:
    """Which faces to hold out: of each person the given share, rounded, but never all of them; shape (n,)."""
    rng = np.random.default_rng(seed)
    held_out = np.zeros(len(people), dtype=np.bool_)
    for rows in _rows_by_person(people):
        count = min(max(1, round(share * len(rows))), len(rows) - 1)
        held_out[rng.permutation(rows)[:count]] = True
    return held_out


def stratified_folds(people: Int64s, folds: int, seed: int) -> Int64s:
    """The fold of each face, shape (n,); -1, always trained on, for people with a single face."""
    rng = np.random.default_rng(seed)
    parts = np.full(len(people), -1, dtype=np.int64)
    dealt = 0
    for rows in _rows_by_person(people):
        if len(rows) > 1:
            parts[rng.permutation(rows)] = (dealt + np.arange(len(rows))) % folds
            dealt += len(rows)
    return parts


def refusals(probabilities: Float64s, is_right: Bools) -> Iterator[RefusalReport]:
    """What refusing the less probable answers would cost and spare."""
    for threshold in _REFUSALS:
        kept = probabilities >= threshold
        errors = float(np.mean(~is_right[kept])) if kept.any() else 0.0
        yield RefusalReport(threshold, float(np.mean(~kept)), errors)


def reliability(probabilities: Float64s, is_right: Bools, bins: int = 10) -> list[ReliabilityReport]:
    """Expected and true share of right answers, by probability; bins without faces are left out."""
    places = np.minimum((probabilities * bins).astype(np.int64), bins - 1)
    return [
        ReliabilityReport(
            place / bins,
            (place + 1) / bins,
            int(np.count_nonzero(places == place)),
            float(probabilities[places == place].mean()),
            float(is_right[places == place].mean()),
        )
        for place in np.unique(places).tolist()
    ]


def identification_rate(scores: Float64s, is_right: Bools, unknown_scores: Float64s, false_alarms: float) -> float:
    """Open-set DIR at FAR: the share of known faces answered rightly above the score that only ``false_alarms`` of the
    unknown faces exceed (Phillips, Grother & Micheals 2011).
    """
    ordered = np.sort(unknown_scores)[::-1]
    limit = ordered[min(int(false_alarms * len(ordered)), len(ordered) - 1)] if len(ordered) else -np.inf
    return float(np.mean(is_right & (scores > limit)))


def bcubed(clusters: Int64s, people: Int64s) -> tuple[float, float, float]:
    """BCubed precision, recall and F of a clustering, shape (n,) each (Amigó et al. 2009)."""
    _, cluster = np.unique(clusters, return_inverse=True)
    _, person = np.unique(people, return_inverse=True)
    pair, counts = np.unique(np.stack([cluster, person]), axis=1, return_counts=True)
    squares = counts.astype(np.float64) ** 2
    precision = float(np.sum(squares / np.bincount(cluster)[pair[0]]) / len(cluster))
    recall = float(np.sum(squares / np.bincount(person)[pair[1]]) / len(person))
    return precision, recall, 2 * precision * recall / (precision + recall)


def _rows_by_person(people: Int64s) -> Iterator[Int64s]:
    for person in np.unique(people):
        yield np.flatnonzero(people == person).astype(np.int64)

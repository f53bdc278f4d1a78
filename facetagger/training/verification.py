"""How well distances tell whether two faces are of one person, in the figures that the field uses.

The protocol is that of Labeled Faces in the Wild: the threshold is chosen on all folds but one and judged on that one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

FALSE_ACCEPT_RATES: Final = (1e-1, 1e-2, 1e-3)
_ENOUGH: Final = 10
"""False accepts that a rate must stand for: with fewer it is a matter of luck."""

_FOLDS: Final = 10


@dataclass(frozen=True, slots=True)
class Verification:
    """``accuracy`` with its standard deviation over the folds; ``tar``: the share of matches that are accepted where
    so large a share of the mismatches would be, for those of the rates for which there are mismatches enough."""

    accuracy: float
    std: float
    threshold: float
    auc: float
    tar: dict[float, float]


def verification(distances: Floats, is_same: Flags, folds: NDArray[np.int_]) -> Verification:
    """Of pairs (n,), some of which are of one person and some of two, in every fold."""
    accuracies, thresholds = [], []
    for fold in np.unique(folds):
        held_out = folds == fold
        threshold = best_threshold(distances[~held_out], is_same[~held_out])
        thresholds.append(threshold)
        accuracies.append(np.mean((distances[held_out] < threshold) == is_same[held_out]))
    mismatches = int((~is_same).sum())
    return Verification(
        float(np.mean(accuracies)),
        float(np.std(accuracies, ddof=1)),
        float(np.mean(thresholds)),
        area_under_curve(distances, is_same),
        {
            rate: true_accept_rate(distances, is_same, rate)
            for rate in FALSE_ACCEPT_RATES
            if rate * mismatches >= _ENOUGH
        },
    )


def best_threshold(distances: Floats, is_same: Flags) -> float:
    """The middle between two neighbouring distances at which most pairs are judged rightly."""
    order = np.argsort(distances, kind="stable")
    ordered, same = distances[order], is_same[order]
    right = np.concatenate([[0], np.cumsum(same)]) + np.concatenate([np.cumsum(~same[::-1])[::-1], [0]])
    edges = np.concatenate([[ordered[0]], (ordered[1:] + ordered[:-1]) / 2, [ordered[-1] + 1e-9]])
    best = np.flatnonzero(right == right.max())
    return float(edges[best[len(best) // 2]])


def area_under_curve(distances: Floats, is_same: Flags) -> float:
    """The share of (match, mismatch) combinations in which the match is the nearer one; a tie counts half."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(is_same, -distances))


def true_accept_rate(distances: Floats, is_same: Flags, false_accept_rate: float) -> float:
    """The share of matches nearer than the mismatch at which the given share of mismatches would be accepted."""
    mismatches = np.sort(distances[~is_same])
    limit = mismatches[int(false_accept_rate * len(mismatches))]
    return float(np.mean(distances[is_same] < limit))


@dataclass(frozen=True, slots=True, eq=False)
class FacePairs:
    """Rows of faces, (n,) each: as many pairs of one person as of two, dealt out to folds."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    is_same: Flags
    folds: NDArray[np.int_]

    def verified(self, embeddings: NDArray[np.float32]) -> Verification:
        """By the Euclidean distances of unit vectors (faces, d)."""
        apart = embeddings[self.first].astype(np.float64) - embeddings[self.second]
        return verification(np.linalg.norm(apart, axis=1), self.is_same, self.folds)


def draw_pairs(people: NDArray[np.int64], most: int, rng: np.random.Generator) -> FacePairs:
    """Up to ``most`` pairs of each kind from faces of ``people`` (n,), of whom two at least have two faces.

    The matches are drawn person by person in turn, so that those with many faces do not decide alone.
    """
    order = rng.permutation(len(people))
    matches: list[tuple[int, int]] = []
    queues = [_couples(order[people[order] == person], rng) for person in np.unique(people)]
    for turn in range(max(map(len, queues))):
        matches += [queue[turn] for queue in queues if turn < len(queue)]
        if len(matches) >= most:
            break
    matches = matches[:most]
    first = rng.integers(0, len(people), 8 * len(matches))
    second = rng.integers(0, len(people), 8 * len(matches))
    apart = np.flatnonzero(people[first] != people[second])[: len(matches)]
    rows = np.array(matches, dtype=np.intp).reshape(-1, 2)
    count = min(len(rows), len(apart))
    folds = np.arange(count) % min(_FOLDS, max(count, 2))
    return FacePairs(
        np.concatenate([rows[:count, 0], first[apart[:count]]]),
        np.concatenate([rows[:count, 1], second[apart[:count]]]),
        np.repeat([True, False], count),
        np.concatenate([folds, folds]),
    )


def _couples(rows: NDArray[np.intp], rng: np.random.Generator) -> list[tuple[int, int]]:
    one, other = np.triu_indices(len(rows), 1)
    order = rng.permutation(len(one))
    return list(zip(rows[one[order]].tolist(), rows[other[order]].tolist(), strict=True))

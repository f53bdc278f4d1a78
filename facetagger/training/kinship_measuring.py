"""How well kin are told from strangers: cross-validated by family, with an interval that knows of families."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.training.families import Families, Pair, family_of, folds_of, strangers_for
from facetagger.training.kinship_head import KinshipHead, fit, mean_faces

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]

FOLDS: Final = 5
_RESAMPLES: Final = 1000
_INTERVAL: Final = (2.5, 97.5)


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Pairs judged by heads that knew nobody of their families: log odds and raw nearness, shape (n,) each."""

    pairs: tuple[Pair, ...]
    is_kin: NDArray[np.bool_]
    log_odds: Float64s
    nearness: Float64s
    folds: NDArray[np.int64]

    @property
    def auc(self) -> float:
        """The mean over folds: log odds of different heads are not quite alike."""
        return self._mean_over_folds(self.log_odds)

    @property
    def raw_auc(self) -> float:
        """What the distance of the embeddings alone achieves."""
        return self._mean_over_folds(self.nearness)

    def _mean_over_folds(self, scores: Float64s) -> float:
        parts = [self.folds == fold for fold in np.unique(self.folds)]
        return float(np.mean([area_under_curve(scores[part], self.is_kin[part]) for part in parts]))

    def interval(self, seed: int = 0) -> tuple[float, float]:
        """95 % of the area, by resampling whole families (a pair belongs to that of its first person)."""
        rng = np.random.default_rng(seed)
        families = np.array([family_of(one) for one, _ in self.pairs])
        rows_of = [np.flatnonzero(families == each) for each in np.unique(families)]
        # Percentiles within the fold make the heads' log odds comparable, so that one area can be taken over all.
        ranks = np.empty(len(self.pairs))
        for fold in np.unique(self.folds):
            part = np.flatnonzero(self.folds == fold)
            odds, in_order = self.log_odds[part], np.sort(self.log_odds[part])
            ranks[part] = (np.searchsorted(in_order, odds) + np.searchsorted(in_order, odds, "right")) / (2 * len(part))
        areas = []
        for _ in range(_RESAMPLES):
            rows = np.concatenate([rows_of[each] for each in rng.integers(len(rows_of), size=len(rows_of))])
            if 0 < self.is_kin[rows].sum() < len(rows):
                areas.append(area_under_curve(ranks[rows], self.is_kin[rows]))
        low, high = np.percentile(areas, _INTERVAL)
        return float(low), float(high)


def cross_validate(
    model_id: str,
    families: Families,
    embeddings: Mapping[str, Float32s],
    *,
    folds: int = FOLDS,
    seed: int = 0,
    on_fold: Callable[[int], None] = lambda done: None,
) -> Outcome:
    """Judges every kin pair, and as many pairs of strangers of the same fold, by a head trained on the other folds."""
    rng = np.random.default_rng(seed)
    fold_of = folds_of(families.families, folds, rng)
    related = {frozenset(pair) for pair in families.kin}
    means = mean_faces(embeddings)
    kin = [pair for pair in families.kin if embeddings.keys() >= set(pair)]
    parts = []
    for fold in range(folds):
        held_out = [pair for pair in kin if {fold_of[family_of(each)] for each in pair} == {fold}]
        taught = [pair for pair in kin if fold not in {fold_of[family_of(each)] for each in pair}]
        if len({family_of(one) for one, _ in held_out}) < 2 or len({family_of(one) for one, _ in taught}) < 2:
            continue
        head = fit(model_id, embeddings, taught, seed)
        strangers = strangers_for(held_out, related, rng)
        parts.append(_judged(head, held_out, strangers, means, fold))
        on_fold(fold + 1)
    return _joined(parts)


def calibrated(head: KinshipHead, outcome: Outcome) -> KinshipHead:
    """The head with the logistic curve that fits the held-out log odds."""
    slope, offset = platt_curve(outcome.log_odds, outcome.is_kin)
    return replace(head, slope=slope, offset=offset)


def platt_curve(log_odds: Float64s, is_kin: NDArray[np.bool_]) -> tuple[float, float]:
    """Slope and offset of the logistic curve that fits log odds (n,) of pairs not learnt from (Platt 1999)."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1e6).fit(log_odds[:, np.newaxis], is_kin)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def area_under_curve(scores: Float64s, is_positive: NDArray[np.bool_]) -> float:
    """The share of (positive, negative) combinations in which the positive has more; a tie counts half."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(is_positive, scores))


def _judged(
    head: KinshipHead, kin: Sequence[Pair], strangers: Sequence[Pair], means: Mapping[str, Float32s], fold: int
) -> Outcome:
    pairs = (*kin, *strangers)
    first, second = (np.stack([means[pair[side]] for pair in pairs]) for side in (0, 1))
    is_kin = np.arange(len(pairs)) < len(kin)
    nearness = np.sum(first * second, axis=1).astype(np.float64)
    return Outcome(pairs, is_kin, head.log_odds(first, second), nearness, np.full(len(pairs), fold, np.int64))


def _joined(parts: Sequence[Outcome]) -> Outcome:
    return Outcome(
        tuple(pair for part in parts for pair in part.pairs),
        np.concatenate([part.is_kin for part in parts]),
        np.concatenate([part.log_odds for part in parts]),
        np.concatenate([part.nearness for part in parts]),
        np.concatenate([part.folds for part in parts]),
    )

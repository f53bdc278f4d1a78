"""One linear support vector classifier per person, solved exactly on the few rows that decide it.

The problem is the hinge loss with C = 10 (Cortes & Vapnik 1995): minimise ``|w|²/2 + C Σ max(0, 1 - y (w·x + b))``.
Its ``w`` is unique and depends only on the rows on or inside the margin, so a row outside may come and go without a
trace: ``reached`` tells whose optimum a row bears on. Its ``b`` is unique only where a support vector is free;
otherwise it is an interval, and the midpoint is taken.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

PENALTY: Final = 10.0
"""C of the hinge loss."""

_SOLVER_TOLERANCE: Final = 1e-6
_MARGIN_TOLERANCE: Final = 1e-6
_FIRST_ROWS: Final = 200
_MORE_ROWS: Final = 400
_REFINED_MARGIN: Final = 1e-3
_BLOCK_ROWS: Final = 4096

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Classifier:
    """The decision value of an embedding is ``embedding @ coef + intercept``; ``coef`` is float64, shape (d,).

    ``highest_intercept`` is the upper end of the interval of optimal intercepts; ``intercept`` is its middle.
    """

    coef: Float64s
    intercept: float
    highest_intercept: float

    def decide(self, embeddings: Float32s) -> Float32s:
        """Decision values, float32, shape (n,)."""
        values: Float32s = embeddings @ self.coef.astype(np.float32) + np.float32(self.intercept)
        return values

    def agrees(self, other: Classifier) -> bool:
        """Whether both decide alike on unit vectors, within 1e-5."""
        if self.coef.shape != other.coef.shape:
            return False
        return bool(np.linalg.norm(self.coef - other.coef) + abs(self.intercept - other.intercept) < 1e-5)


def reached(classifiers: Sequence[Classifier], embeddings: Float32s) -> NDArray[np.bool_]:
    """Which optima any of these negatives bears on: shape (number of classifiers,).

    Where this is False, adding or removing them changes neither ``coef`` nor the interval of the intercept.
    """
    coefs = np.stack([each.coef for each in classifiers]).T
    highest = np.array([each.highest_intercept for each in classifiers])
    result = np.zeros(len(classifiers), dtype=np.bool_)
    for start in range(0, len(embeddings), _BLOCK_ROWS):
        values = embeddings[start : start + _BLOCK_ROWS].astype(np.float64) @ coefs
        result |= (values + highest >= -1.0 - _MARGIN_TOLERANCE).any(axis=0)
    return result


def fit(embeddings: Float32s, sides: NDArray[np.int8], hint: Classifier | None = None) -> Classifier:
    """Solves one person's problem over all rows.

    ``embeddings`` has shape (n, d), ``sides`` shape (n,): 1 the person, -1 somebody else, 0 not a training row. Both
    sides must occur. ``hint``, an earlier solution, only chooses the rows to begin with; the result is the same
    without it.
    """
    if hint is not None and hint.coef.shape != embeddings.shape[1:]:
        hint = None
    margins = sides * (_first_guess(embeddings, sides) if hint is None else hint.decide(embeddings))
    active = _lowest(margins, sides > 0, _FIRST_ROWS) | _lowest(margins, sides < 0, _FIRST_ROWS)
    if hint is not None:
        active |= (sides != 0) & (margins <= 1.0 + _REFINED_MARGIN)
    while True:
        solution = _settle(embeddings, sides, *_solve(embeddings, sides, np.flatnonzero(active)))
        violators = (sides != 0) & ~active & (solution.margins < 1.0 - _MARGIN_TOLERANCE)
        if not violators.any():
            return solution.classifier
        active |= _lowest(solution.margins, violators, _MORE_ROWS)


@dataclass(frozen=True, slots=True, eq=False)
class _Solution:
    classifier: Classifier
    margins: Float64s


def _first_guess(embeddings: Float32s, sides: NDArray[np.int8]) -> Float32s:
    values: Float32s = embeddings @ embeddings[sides > 0].mean(axis=0)
    return values


def _lowest(values: NDArray[np.floating], among: NDArray[np.bool_], limit: int) -> NDArray[np.bool_]:
    rows = np.flatnonzero(among)
    if len(rows) > limit:
        rows = rows[np.argpartition(values[rows], limit)[:limit]]
    chosen = np.zeros(len(values), dtype=np.bool_)
    chosen[rows] = True
    return chosen


def _solve(embeddings: Float32s, sides: NDArray[np.int8], rows: NDArray[np.intp]) -> tuple[Float64s, float]:
    from sklearn.svm import SVC

    model = SVC(kernel="linear", C=PENALTY, tol=_SOLVER_TOLERANCE, cache_size=200)
    with warnings.catch_warnings():
        # scikit-learn deprecates its own default of `probability` in some releases.
        warnings.simplefilter("ignore", FutureWarning)
        model.fit(embeddings[rows].astype(np.float64), sides[rows])
    return np.asarray(model.coef_, dtype=np.float64)[0], float(model.intercept_[0])


def _settle(embeddings: Float32s, sides: NDArray[np.int8], coef: Float64s, intercept: float) -> _Solution:
    """Places the intercept by all rows and measures every row's margin, ``y (w·x + b)``."""
    scores = (embeddings @ coef.astype(np.float32)).astype(np.float64)
    near = np.flatnonzero(sides * (scores + intercept) <= 1.0 + _REFINED_MARGIN)
    scores[near] = embeddings[near].astype(np.float64) @ coef
    low, high = _intercept_interval(scores, sides)
    middle = (low + high) / 2.0
    return _Solution(Classifier(coef, middle, high), sides * (scores + middle))


def _intercept_interval(scores: Float64s, sides: NDArray[np.int8]) -> tuple[float, float]:
    """All optimal intercepts for a given ``coef``.

    The loss as a function of b is piecewise linear: its slope begins at minus the number of positives and rises by one
    at each row's ``y - w·x``. It is flat between the P-th and the next of those, P being the number of positives.
    """
    rows = sides != 0
    turning_points = sides[rows] - scores[rows]
    positives = int(np.count_nonzero(sides > 0))
    ordered = np.partition(turning_points, (positives - 1, positives))
    return float(ordered[positives - 1]), float(ordered[positives])

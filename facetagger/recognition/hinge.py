"""Solves one class against the rest exactly, on the few rows that decide it.

scikit-learn's ``SVC`` solves an active set in float64. Which rows outside it could violate the margin follows from the
scores of an earlier solution: no decision value can have moved farther than the weights did, times the longest row. So
a class of a large album costs one pass over the rows and a few small problems.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

PENALTY: Final = 10.0
"""C of the hinge loss."""

_SOLVER_TOLERANCE: Final = 1e-6
_MARGIN_TOLERANCE: Final = 1e-6
_FIRST_ROWS: Final = 200
_FEWER_ROWS: Final = 40
"""Of each side, where an earlier solution tells which they are."""
_MORE_ROWS: Final = 400
_REFINED_MARGIN: Final = 1e-3
_ROUNDING: Final = 1e-5
"""Of float32 inner products, relative to the lengths of both vectors."""
_SLACK: Final = 0.05
_MANY: Final = 0.05
_BLOCK_ROWS: Final = 4096
_BLOCK_CLASSES: Final = 32
_FEW: Final = 0.3
"""Share of training rows under which they are copied out before they are worked on."""

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Sides = NDArray[np.int8]


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


def fit(embeddings: Float32s, sides: Sides, hint: Classifier | None = None, penalty: float = PENALTY) -> Classifier:
    """Solves one class's problem over all rows.

    ``embeddings`` has shape (n, d); ``sides`` shape (n,): 1 the class, -1 another one, 0 not a training
    row. Both sides must occur. ``hint``, an earlier solution, only chooses the rows to begin with; the result is the
    same without it.
    """
    guess = _guess(embeddings, sides, hint)
    scores = np.asarray(embeddings @ guess.coef.astype(np.float32), dtype=np.float32)
    return _Problem(embeddings, sides, scores, guess, penalty, longest(embeddings)).solve()


def longest(embeddings: Float32s) -> float:
    """The length of the longest row."""
    return float(np.sqrt(np.einsum("ij,ij->i", embeddings, embeddings).max(initial=0.0)))


def fit_many(
    embeddings: Float32s,
    labels: Int64s,
    classes: Sequence[int],
    hints: Sequence[Classifier | None],
    penalty: float,
    reach: float,
) -> Iterator[Classifier]:
    """The same for several classes of ``labels`` (n,), in their order; -1 is not a training row.

    ``reach`` is the length of the longest row.
    """
    is_taught = labels != -1
    if len(classes) and np.count_nonzero(is_taught) < _FEW * len(labels):
        embeddings, labels, is_taught = embeddings[is_taught], labels[is_taught], is_taught[is_taught]
    for start in range(0, len(classes), _BLOCK_CLASSES):
        part = classes[start : start + _BLOCK_CLASSES]
        sides = [np.where(labels == label, 1, -is_taught.astype(np.int8)).astype(np.int8) for label in part]
        guesses = [
            _guess(embeddings, each, hint)
            for each, hint in zip(sides, hints[start : start + _BLOCK_CLASSES], strict=True)
        ]
        scores = embeddings @ np.stack([each.coef for each in guesses]).astype(np.float32).T
        for column, (side, guess) in enumerate(zip(sides, guesses, strict=True)):
            yield _Problem(embeddings, side, np.ascontiguousarray(scores[:, column]), guess, penalty, reach).solve()


@dataclass(frozen=True, slots=True, eq=False)
class _Guess:
    """Weights to begin with; ``intercept`` is None where they are no earlier solution."""

    coef: Float64s
    intercept: float | None


def _guess(embeddings: Float32s, sides: Sides, hint: Classifier | None) -> _Guess:
    if hint is not None and hint.coef.shape == embeddings.shape[1:]:
        return _Guess(hint.coef, hint.intercept)
    return _Guess(embeddings[sides > 0].mean(axis=0, dtype=np.float64), None)


class _Problem:
    """One class against the rest. ``scores`` (n,) are ``embeddings @ guess.coef``, in float32."""

    def __init__(
        self, embeddings: Float32s, sides: Sides, scores: Float32s, guess: _Guess, penalty: float, reach: float
    ) -> None:
        self._embeddings = embeddings
        self._sides = sides
        self._scores = scores
        self._guess = guess
        self._penalty = penalty
        self._reach = reach
        self._positives = int(np.count_nonzero(sides > 0))

    def solve(self) -> Classifier:
        active = self._first_rows()
        while True:
            coef, intercept = _solve(self._embeddings, self._sides, np.flatnonzero(active), self._penalty)
            solved, rows, margins = self._settle(coef, intercept)
            is_new = ~active[rows]
            if not (margins[is_new] < 1.0 - _MARGIN_TOLERANCE).any():
                return solved
            # Those that are near come along: some of them would be the next to violate.
            worst, margins = rows[is_new], margins[is_new]
            if len(worst) > _MORE_ROWS:
                worst = worst[np.argpartition(margins, _MORE_ROWS)[:_MORE_ROWS]]
            active[worst] = True

    def _first_rows(self) -> NDArray[np.bool_]:
        count = _FIRST_ROWS if self._guess.intercept is None else _FEWER_ROWS
        margins = self._sides * self._scores
        active = _lowest(margins, self._sides > 0, count) | _lowest(margins, self._sides < 0, count)
        if self._guess.intercept is not None:
            active |= (self._sides != 0) & (margins + self._sides * self._guess.intercept <= 1.0 + _REFINED_MARGIN)
        return active

    def _settle(self, coef: Float64s, intercept: float) -> tuple[Classifier, Int64s, Float64s]:
        """Places the intercept by all rows; the rows near the margin or inside it, and their margins."""
        lowest = self._lowest_margins(coef, intercept)
        if np.count_nonzero(lowest <= 1.0 + _SLACK) > _MANY * len(lowest):
            # The scores at hand say too little about these weights.
            self._guess = _Guess(coef, intercept)
            self._scores = np.asarray(self._embeddings @ coef.astype(np.float32), dtype=np.float32)
            lowest = self._lowest_margins(coef, intercept)
        slack = _SLACK
        while True:
            rows = np.flatnonzero(lowest <= 1.0 + slack if np.isfinite(slack) else self._sides != 0)
            exact = self._embeddings[rows].astype(np.float64) @ coef
            low, high = self._interval(rows, exact)
            if max(high - intercept, intercept - low) <= slack or not np.isfinite(slack):
                break
            # An end of the interval may be a row that was left out: look at more of them, at last at all.
            slack = slack * 16 if slack < 100 else np.inf
        middle = (low + high) / 2.0
        return Classifier(coef, middle, high), rows, self._sides[rows] * (exact + middle)

    def _lowest_margins(self, coef: Float64s, intercept: float) -> Float32s:
        """What the margin of no row is less than, float32 (n,)."""
        base = self._guess.coef
        share = float(coef @ base / max(float(base @ base), 1e-300))
        moved = float(np.linalg.norm(coef - share * base))
        blur = self._reach * (moved + _ROUNDING * (1.0 + float(np.linalg.norm(coef))))
        likely = np.float32(share) * self._scores + np.float32(intercept)
        lowest: Float32s = self._sides * likely - np.float32(blur)
        lowest[self._sides == 0] = np.inf
        return lowest

    def _interval(self, rows: Int64s, scores: Float64s) -> tuple[float, float]:
        """All optimal intercepts for given weights, by rows whose exact scores these are.

        The loss as a function of b is piecewise linear: its slope begins at minus the number of positives and rises by
        one at each row's ``y - w·x``. It is flat between the P-th and the next of those, P being the number of
        positives. Of the rows left out, positives come before these two places and negatives after them.
        """
        sides = self._sides[rows]
        turning_points = sides - scores
        left_out = self._positives - int(np.count_nonzero(sides > 0))
        place = self._positives - left_out
        padded = np.concatenate([turning_points, [-np.inf, np.inf]])
        ordered = np.partition(padded, (place, place + 1))
        return float(ordered[place]), float(ordered[place + 1])


def _lowest(values: NDArray[np.floating], among: NDArray[np.bool_], limit: int) -> NDArray[np.bool_]:
    rows = np.flatnonzero(among)
    if len(rows) > limit:
        rows = rows[np.argpartition(values[rows], limit)[:limit]]
    chosen = np.zeros(len(values), dtype=np.bool_)
    chosen[rows] = True
    return chosen


def _solve(embeddings: Float32s, sides: Sides, rows: Iterable[int], penalty: float) -> tuple[Float64s, float]:
    from sklearn import config_context
    from sklearn.svm import SVC

    chosen = np.asarray(rows)
    model = SVC(kernel="linear", C=penalty, tol=_SOLVER_TOLERANCE, cache_size=200)
    # The checks take longer than the problem.
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        # scikit-learn deprecates its own default of `probability` in some releases.
        warnings.simplefilter("ignore", FutureWarning)
        model.fit(embeddings[chosen].astype(np.float64), sides[chosen])
    return np.asarray(model.coef_, dtype=np.float64)[0], float(model.intercept_[0])

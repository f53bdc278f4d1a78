"""Solves one class against the rest exactly, on the few rows that decide it.

scikit-learn's ``SVC`` solves an active set in float64. Which rows outside it could violate the margin follows from the
scores of an earlier solution: no decision value can have moved farther than the weights did, times the longest row. So
a class of a large album costs one pass over the rows and a few small problems.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

PENALTY: Final = 10.0
"""C of the hinge loss."""

_SOLVER_TOLERANCE: Final = 1e-6
_MARGIN_TOLERANCE: Final = 1e-6
_ALIKE: Final = 1e-5
"""Rows of one side that are no farther apart are one row for the solver, with their weight. It computes in float32 and
would go round in circles over them for ever: the faces of one print that was scanned into two files are such rows."""
_LEAST_STEPS: Final = 200_000
_STEPS_PER_ROW: Final = 1000
"""Of the solver. Labels at random take most, up to 500 a row; people up to 10."""
_FIRST_ROWS: Final = 200
_FEWER_ROWS: Final = 40
"""Of each side, where an earlier solution tells which they are."""
_MORE_ROWS: Final = 200
_REFINED_MARGIN: Final = 1e-3
_ROUNDING: Final = 1e-5
"""Of float32 inner products, relative to the lengths of both vectors."""
_SLACK: Final = 0.05
"""How far from the exact scores those of an earlier solution may be and still serve."""
_NEAR: Final = 0.1
_WINDOW: Final = 0.3
"""How far from an expected intercept it is looked for."""
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
    ``active`` are the rows, or the faces, on which it rests: those on or inside the margin, wherever in the interval
    the intercept lies.
    """

    coef: Float64s
    intercept: float
    highest_intercept: float
    active: Int64s = field(default_factory=lambda: np.empty(0, dtype=np.int64))

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


def most_steps(rows: int) -> int:
    """After so many the solver ends where it stands, close to the optimum: it could go round in circles for ever."""
    return max(_LEAST_STEPS, _STEPS_PER_ROW * rows)


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
    origins = np.arange(len(labels))
    if len(classes) and np.count_nonzero(is_taught) < _FEW * len(labels):
        embeddings, labels, origins = embeddings[is_taught], labels[is_taught], origins[is_taught]
        is_taught = is_taught[is_taught]
    for start in range(0, len(classes), _BLOCK_CLASSES):
        part = classes[start : start + _BLOCK_CLASSES]
        sides = [np.where(labels == label, 1, -is_taught.astype(np.int8)).astype(np.int8) for label in part]
        guesses = [
            _guess(embeddings, each, hint)
            for each, hint in zip(sides, hints[start : start + _BLOCK_CLASSES], strict=True)
        ]
        scores = embeddings @ np.stack([each.coef for each in guesses]).astype(np.float32).T
        for column, (side, guess) in enumerate(zip(sides, guesses, strict=True)):
            problem = _Problem(embeddings, side, np.ascontiguousarray(scores[:, column]), guess, penalty, reach)
            solved = problem.solve()
            yield replace(solved, active=origins[solved.active])


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
        self._expected = guess.intercept

    def solve(self) -> Classifier:
        active = self._first_rows()
        while True:
            coef = _solve(self._embeddings, self._sides, np.flatnonzero(active), self._penalty)
            solved, likely, blur = self._settle(coef)
            margins = self._sides * (likely + np.float32(solved.intercept))
            margins[active | (self._sides == 0)] = np.inf
            rows = np.flatnonzero(margins <= 1.0 + blur)
            exact = self._sides[rows] * (self._embeddings[rows].astype(np.float64) @ coef + solved.intercept)
            if not (exact < 1.0 - _MARGIN_TOLERANCE).any():
                return replace(solved, active=self._active_rows(solved, likely, blur))
            # Those that are near come along: some of them would be the next to violate.
            active |= _lowest(margins, margins <= 1.0 + blur + _NEAR, _MORE_ROWS)

    def _active_rows(self, solved: Classifier, likely: Float32s, blur: float) -> Int64s:
        """Those that bear on the solution: see ``reached``."""
        margin = 1.0 + _MARGIN_TOLERANCE + solved.highest_intercept - solved.intercept
        is_near = self._sides * (likely + np.float32(solved.intercept)) <= margin + blur
        rows = np.flatnonzero(is_near & (self._sides != 0))
        scores = self._embeddings[rows].astype(np.float64) @ solved.coef + solved.intercept
        active: Int64s = rows[self._sides[rows] * scores <= margin]
        return active

    def _first_rows(self) -> NDArray[np.bool_]:
        count = _FIRST_ROWS if self._guess.intercept is None else _FEWER_ROWS
        margins = self._sides * self._scores
        active = _lowest(margins, self._sides > 0, count) | _lowest(margins, self._sides < 0, count)
        if self._guess.intercept is not None:
            active |= (self._sides != 0) & (margins + self._sides * self._guess.intercept <= 1.0 + _REFINED_MARGIN)
        return active

    def _settle(self, coef: Float64s) -> tuple[Classifier, Float32s, float]:
        """Places the intercept by all rows; also their likely scores (n,), and how far from the exact those may be."""
        likely, blur = self._likely_scores(coef)
        low, high = self._interval(coef, likely, blur)
        return Classifier(coef, (low + high) / 2.0, high), likely, blur

    def _likely_scores(self, coef: Float64s) -> tuple[Float32s, float]:
        """Float32 scores (n,) for these weights, and how far from the exact ones they may be."""
        base = self._guess.coef
        share = float(coef @ base / max(float(base @ base), 1e-300))
        moved = float(np.linalg.norm(coef - share * base))
        rounding = self._reach * _ROUNDING * (1.0 + float(np.linalg.norm(coef)))
        if self._reach * moved <= _SLACK:
            return np.float32(share) * self._scores, self._reach * moved + rounding
        # The scores at hand say too little about these weights.
        self._guess = _Guess(coef, self._guess.intercept)
        self._scores = np.asarray(self._embeddings @ coef.astype(np.float32), dtype=np.float32)
        return self._scores, rounding

    def _interval(self, coef: Float64s, likely: Float32s, blur: float) -> tuple[float, float]:
        """All optimal intercepts for given weights.

        The loss as a function of b is piecewise linear: its slope begins at minus the number of positives and rises by
        one at each row's ``y - w·x``. It is flat between the P-th and the next of those, P being the number of
        positives. No place in the order of the exact values is farther than ``blur`` from that of the likely ones, so
        only rows near the two places are looked at exactly.
        """
        turning_points = np.where(self._sides == 0, np.float32(np.inf), self._sides - likely)
        before, rows = self._around(turning_points, blur)
        exact = np.sort(self._sides[rows] - self._embeddings[rows].astype(np.float64) @ coef)
        place = self._positives - 1 - before
        low, high = float(exact[place]), float(exact[place + 1])
        self._expected = (low + high) / 2.0
        return low, high

    def _around(self, turning_points: Float32s, blur: float) -> tuple[int, Int64s]:
        """The rows that may be at the two places, and how many come before them all.

        The order is looked at only around where the intercept is expected; as a whole where it is not there.
        """
        ends = (-np.inf, np.inf) if self._expected is None else (self._expected - _WINDOW, self._expected + _WINDOW)
        lowest, highest = np.float32(ends[0]), np.float32(ends[1])
        rows = np.flatnonzero((turning_points >= lowest) & (turning_points <= highest))
        before = int(np.count_nonzero(turning_points < lowest))
        place = self._positives - 1 - before
        if 0 <= place < len(rows) - 1:
            points = turning_points[rows]
            two = np.partition(points, (place, place + 1))[place : place + 2]
            first, last = two[0] - 2.0 * blur, two[1] + 2.0 * blur
            if lowest <= first and last <= highest:
                return before + int(np.count_nonzero(points < first)), rows[(points >= first) & (points <= last)]
        self._expected = None
        return self._around(turning_points, blur)


def _lowest(values: NDArray[np.floating], among: NDArray[np.bool_], limit: int) -> NDArray[np.bool_]:
    rows = np.flatnonzero(among)
    if len(rows) > limit:
        rows = rows[np.argpartition(values[rows], limit)[:limit]]
    chosen = np.zeros(len(values), dtype=np.bool_)
    chosen[rows] = True
    return chosen


def _solve(embeddings: Float32s, sides: Sides, rows: Int64s, penalty: float) -> Float64s:
    from sklearn import config_context
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import SVC

    points, signs, weights = _without_copies(embeddings[rows].astype(np.float64), sides[rows])
    steps = most_steps(len(points))
    model = SVC(kernel="linear", C=penalty, tol=_SOLVER_TOLERANCE, cache_size=200, max_iter=steps)
    # The checks take longer than the problem.
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        # scikit-learn deprecates its own default of `probability` in some releases.
        warnings.simplefilter("ignore", FutureWarning)
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points, signs, weights)
    coef: Float64s = np.asarray(model.coef_, dtype=np.float64)[0]
    return coef


def _without_copies(points: Float64s, sides: Sides) -> tuple[Float64s, Sides, Float64s | None]:
    """The rows with the mean in the place of those that are alike; their sides, and how many each stands for: None
    where no two are."""
    # What is alike is together in the order along any line.
    line = np.linspace(1.0, 2.0, points.shape[1])
    along = points @ (line / np.linalg.norm(line))
    order = np.lexsort((along, sides))
    is_new = (np.diff(along[order]) > _ALIKE) | (np.diff(sides[order]) != 0)
    near = np.flatnonzero(~is_new)
    is_new[near] = np.linalg.norm(points[order[near + 1]] - points[order[near]], axis=1) > _ALIKE
    if is_new.all():
        return points, sides, None
    points, sides = points[order], sides[order]
    firsts = np.flatnonzero(np.concatenate([[True], is_new]))
    weights = np.diff(firsts, append=len(points)).astype(np.float64)
    return np.add.reduceat(points, firsts) / weights[:, np.newaxis], sides[firsts], weights

"""How likely it is that a face is one of the people it looks like, or nobody known.

A conditional logit (McFadden 1974): each person whom the face resembles is an option with odds exp(weights . features)
against nobody known, whose odds are 1. It is asked twice. The ``first`` weights know the face alone; from what they
say of all faces the neighbours vote (``votes``), and the ``final`` weights know the vote as well.

The prior was fitted on albums of other people. ``fit`` moves it as far as the outcomes of a rehearsal on the album at
hand warrant: maximum a posteriori under independent Gaussians.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

NOBODY_ODDS: Final = 0.0
"""Log odds of nobody known."""

_FEWEST_OUTCOMES: Final = 10
_NEWTON_STEPS: Final = 50
_SHARE_STEPS: Final = 30
_SHARE_FACES: Final = 20
_SAME_SHARE: Final = 1e-5
_SHIFTS: Final = (-2.0, 1.0)
"""The least and the largest shift: many known faces may not make somebody of the few who are nobody."""
_LARGEST_LOGIT: Final = 40.0


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """``first`` weighs the features of ``resemblance``, ``final`` those and the two of ``votes``.

    ``known`` is the share of faces that were of somebody known where the weights were found.
    """

    first: Float64s
    final: Float64s
    known: float


PRIOR: Final = Calibration(
    first=np.array([-94.04, 12.87, 107.38, 2.23, -2.51, -1.02]),
    final=np.array([-68.70, 2.63, 76.05, 0.78, -1.44, -2.34, 1.21, -0.46]),
    known=0.3,
)
_PRIOR_SPREAD: Final = np.array([0.6, 1.6, 1.6, 0.1, 0.06, 1.0, 0.02, 0.06])
"""Standard deviations of the weights from one album to another."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Faces whose truth is known.

    ``features`` (m, k, f) of the people each may be; ``is_option`` (m, k); ``answers`` (m,) is the place of the right
    one, k where it is nobody known.
    """

    features: Float64s
    is_option: Bools
    answers: Int64s

    def keep(self, chosen: Bools) -> Outcomes:
        return Outcomes(self.features[chosen], self.is_option[chosen], self.answers[chosen])


def fit(outcomes: Outcomes, prior: Float64s) -> Float64s:
    """The most probable weights given their prior and the outcomes; the prior itself where there are too few."""
    is_known = outcomes.answers < outcomes.features.shape[1]
    if min(np.count_nonzero(is_known), np.count_nonzero(~is_known)) < _FEWEST_OUTCOMES:
        return prior
    return maximum_a_posteriori(outcomes, prior, _PRIOR_SPREAD[: len(prior)])


def maximum_a_posteriori(outcomes: Outcomes, mean: Float64s, spread: Float64s) -> Float64s:
    """The mode of the weights by Newton's method, under independent Gaussians (``mean``, ``spread``) on them."""
    precision = np.diag(1.0 / spread**2)
    weights = mean.copy()
    options = outcomes.features
    chosen = np.zeros(options.shape[:2])
    known = np.flatnonzero(outcomes.answers < options.shape[1])
    chosen[known, outcomes.answers[known]] = 1.0
    for _ in range(_NEWTON_STEPS):
        expected = probabilities(options @ weights, outcomes.is_option)
        mixed = np.einsum("mk,mkf->mf", expected, options)
        gradient = np.einsum("mk,mkf->f", chosen - expected, options) - precision @ (weights - mean)
        spreading = (options * expected[:, :, np.newaxis]).reshape(-1, len(mean)).T @ options.reshape(-1, len(mean))
        step = np.linalg.solve(spreading - mixed.T @ mixed + precision, gradient)
        weights = weights + step / max(1.0, float(np.abs(step / spread).max()))
        if np.abs(step / spread).max() < 1e-6:
            break
    return weights


def probabilities(logits: Float64s, is_option: Bools) -> Float64s:
    """The share of each option, shape (m, k); those of a row and of nobody known add up to one."""
    highest = np.where(is_option, logits, -np.inf).max(axis=1, initial=NOBODY_ODDS)[:, np.newaxis]
    odds = np.where(is_option, np.exp(np.minimum(logits - highest, 0.0)), 0.0)
    shares: Float64s = odds / (odds.sum(axis=1, keepdims=True) + np.exp(NOBODY_ODDS - highest))
    return shares


def shift(logits: Float64s, others: int, known: float) -> float:
    """What to add to all log odds, because more or fewer of the open faces are of known people than usual.

    ``logits`` (m,) are the log odds of open faces to be of anybody known; the ``others`` are like nobody. Expectation
    maximisation of the share of known faces (Saerens, Latinne & Decaestecker 2002), which starts from ``known`` and is
    held near it while faces are few.
    """
    usual = np.log(known / (1.0 - known))
    share = known
    for _ in range(_SHARE_STEPS):
        moved = np.log(share / (1.0 - share)) - usual
        expected = 1.0 / (1.0 + np.exp(-np.clip(logits + moved, -_LARGEST_LOGIT, _LARGEST_LOGIT)))
        before, share = share, (float(expected.sum()) + _SHARE_FACES * known) / (len(logits) + others + _SHARE_FACES)
        if abs(share - before) < _SAME_SHARE:
            break
    return float(np.clip(np.log(share / (1.0 - share)) - usual, *_SHIFTS))

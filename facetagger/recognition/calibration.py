"""How likely it is that a face is the person it looks most like.

A logistic function of four things: how near the face is to the person's confirmed faces, how much farther the next
person or stranger is, the decision value, and how many faces the person has. Its prior was fitted on albums of other
people; ``rehearse`` plays the album at hand with held-out faces and unknown people, and ``fit`` moves the prior as far
as those outcomes warrant (Platt 1999, with a Gaussian prior).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition import svc
from facetagger.recognition.shortlist import NOBODY, STRANGER, Exemplars

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

_WIDEST_GAP: Final = 0.25
"""Beyond this, how far away the others are says no more; also the gap where there are no others."""
_HIGHEST_DECISION: Final = 2.0
_MOST_FACES: Final = 30

_REHEARSED_PEOPLE: Final = 24
_REHEARSED_FACES: Final = 30
_FEWEST_OUTCOMES: Final = 60
_NEWTON_STEPS: Final = 50
_SHARE_STEPS: Final = 30
_SHARE_FACES: Final = 20
_LARGEST_SHIFT: Final = 2.0


def features(distance: Float32s, gap: Float32s, decision: Float32s, faces: Int64s) -> Float64s:
    """The row (1, -distance, gap, decision, log of faces) of each pair, shape (n, 5).

    ``decision`` is NaN where there is no classifier; it then says nothing.
    """
    columns = (
        np.ones(len(distance)),
        -distance,
        np.minimum(gap, _WIDEST_GAP),
        np.clip(np.nan_to_num(decision, nan=0.0), -_HIGHEST_DECISION, _HIGHEST_DECISION),
        np.log(np.clip(faces, 1, _MOST_FACES)),
    )
    return np.stack(columns, axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """``weights`` of the features, shape (5,), with a classifier and ``alone``, without one.

    ``known`` is the share of guesses that were right where the weights were found.
    """

    weights: Float64s
    alone: Float64s
    known: float

    def logits(self, rows: Float64s, has_classifier: Bools) -> Float64s:
        """Log odds, shape (n,), of the rows that ``features`` makes."""
        return np.where(has_classifier, rows @ self.weights, rows @ self.alone)


PRIOR: Final = Calibration(
    weights=np.array([24.0, 62.0, 2.0, 2.5, -2.1]),
    alone=np.array([29.0, 72.0, 0.0, 0.0, -1.1]),
    known=0.4,
)
_PRIOR_SPREAD: Final = np.array([2.0, 12.0, 3.0, 0.6, 0.5])
"""Standard deviations of the weights from one album to another."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Guesses whose truth is known: ``rows`` of features (n, 5), and whether each guess was right (n,)."""

    rows: Float64s
    is_right: Bools


def rehearse(embeddings: Float32s, labels: Int64s) -> Outcomes:
    """Guesses faces of known people and of unknown ones, as if half of the people had never been named.

    ``labels`` (n,): a person, ``STRANGER`` or ``NOBODY``. People take turns in being unknown; of the others a third of
    the faces is held out. The same rows and labels give the same outcomes.
    """
    rng = np.random.default_rng(0)
    rows = _sampled(labels, rng)
    embeddings, labels = embeddings[rows], labels[rows]
    people = rng.permutation(np.unique(labels[labels >= 0]))
    parts = [_guess(embeddings, labels, people[half::2], rng) for half in range(2)]
    return Outcomes(np.concatenate([part.rows for part in parts]), np.concatenate([part.is_right for part in parts]))


def fit(outcomes: Outcomes, prior: Calibration = PRIOR) -> Calibration:
    """The most probable weights given the prior and the outcomes; the prior itself where there are too few."""
    if min(np.count_nonzero(outcomes.is_right), np.count_nonzero(~outcomes.is_right)) < _FEWEST_OUTCOMES:
        return prior
    weights = maximum_a_posteriori(outcomes, prior.weights, _PRIOR_SPREAD)
    return Calibration(weights, prior.alone, float(np.mean(outcomes.is_right)))


def shift(logits: Float64s, hopeless: int, known: float) -> float:
    """What to add to all log odds, because more or fewer of the open faces are of known people than usual.

    ``logits`` (n,) are of the best guesses, one per face; ``hopeless`` more faces are of nobody known. Expectation
    maximisation of the share of right guesses (Saerens, Latinne & Decaestecker 2002), which starts from ``known`` and
    is held near it while faces are few.
    """
    usual = np.log(known / (1.0 - known))
    share = known
    for _ in range(_SHARE_STEPS):
        expected = probability(logits + np.log(share / (1.0 - share)) - usual)
        share = (float(expected.sum()) + _SHARE_FACES * known) / (len(logits) + hopeless + _SHARE_FACES)
    moved = float(np.log(share / (1.0 - share)) - usual)
    return float(np.clip(moved, -_LARGEST_SHIFT, _LARGEST_SHIFT))


def maximum_a_posteriori(outcomes: Outcomes, mean: Float64s, spread: Float64s) -> Float64s:
    """Logistic regression by Newton's method under independent Gaussians (``mean``, ``spread``) on the weights."""
    precision = np.diag(1.0 / spread**2)
    weights = mean.copy()
    for _ in range(_NEWTON_STEPS):
        expected = probability(outcomes.rows @ weights)
        gradient = outcomes.rows.T @ (outcomes.is_right - expected) - precision @ (weights - mean)
        curvature = (outcomes.rows * (expected * (1.0 - expected))[:, None]).T @ outcomes.rows + precision
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step / max(1.0, float(np.abs(step / spread).max()))
        if np.abs(step).max() < 1e-9:
            break
    return weights


def probability(logits: Float64s) -> Float64s:
    result: Float64s = 1.0 / (1.0 + np.exp(-np.clip(logits, -40.0, 40.0)))
    return result


def _sampled(labels: Int64s, rng: np.random.Generator) -> Int64s:
    people = rng.permutation(np.unique(labels[labels >= 0]))[:_REHEARSED_PEOPLE]
    chosen = [rng.permutation(np.flatnonzero(labels == person))[:_REHEARSED_FACES] for person in people]
    strangers = rng.permutation(np.flatnonzero(labels == STRANGER))[: 10 * _REHEARSED_FACES]
    return np.concatenate([*chosen, strangers]).astype(np.int64)


def _guess(embeddings: Float32s, labels: Int64s, known: Int64s, rng: np.random.Generator) -> Outcomes:
    teaching = np.where(np.isin(labels, known), labels, NOBODY)
    for person in known:
        rows = rng.permutation(np.flatnonzero(labels == person))
        # Some people with one face, some with most of theirs: the number of faces is a feature.
        teaching[rows[rng.integers(1, max(2, 1 + 2 * len(rows) // 3)) :]] = NOBODY
    strangers = rng.permutation(np.flatnonzero(labels == STRANGER))
    teaching[strangers[: len(strangers) // 2]] = STRANGER
    asked = np.flatnonzero(teaching == NOBODY)
    labels_found, away = Exemplars.of(embeddings, teaching).nearest(embeddings[asked])
    is_guess = labels_found[:, 0] >= 0
    asked, guessed, away = asked[is_guess], labels_found[is_guess, 0], away[is_guess]
    decisions = np.full(len(asked), np.nan, dtype=np.float32)
    for person in np.unique(guessed):
        sides = np.where(teaching == person, 1, np.where(teaching == NOBODY, 0, -1)).astype(np.int8)
        if (sides < 0).any():
            mine = np.flatnonzero(guessed == person)
            decisions[mine] = svc.fit(embeddings, sides).decide(embeddings[asked[mine]])
    faces = np.array([np.count_nonzero(teaching == person) for person in guessed], dtype=np.int64)
    rows = features(away[:, 0], away[:, 1] - away[:, 0], decisions, faces)
    return Outcomes(rows, guessed == labels[asked])

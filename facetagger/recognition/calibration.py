"""How likely it is that a face is the person it looks most like.

A logistic function of five things: how near the face is to the person's confirmed faces, how much farther the next
person or stranger is, the decision value, how many faces the person has and how many people there are, for the more
there are, the nearer the nearest is by chance. Its prior was fitted on albums of other
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
_MOST_PEOPLE: Final = 200

_REHEARSED_PEOPLE: Final = 24
_REHEARSED_FACES: Final = 30
_FEWEST_OUTCOMES: Final = 60
_NEWTON_STEPS: Final = 50

FEATURES: Final = 6


def features(distance: Float32s, gap: Float32s, decision: Float32s, faces: Int64s, people: int) -> Float64s:
    """The row (1, -distance, gap, decision, log of faces, log of people) of each pair, shape (n, 6).

    ``decision`` is NaN where there is no classifier; it then says nothing.
    """
    columns = (
        np.ones(len(distance)),
        -distance,
        np.minimum(gap, _WIDEST_GAP),
        np.clip(np.nan_to_num(decision, nan=0.0), -_HIGHEST_DECISION, _HIGHEST_DECISION),
        np.log(np.clip(faces, 1, _MOST_FACES)),
        np.full(len(distance), np.log(min(max(people, 1), _MOST_PEOPLE))),
    )
    return np.stack(columns, axis=1).astype(np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """``weights`` of the features, shape (6,), as they are with and without a classifier."""

    weights: Float64s
    alone: Float64s

    def logits(self, rows: Float64s, has_classifier: Bools) -> Float64s:
        """Log odds, shape (n,), of the rows that ``features`` makes."""
        return np.where(has_classifier, rows @ self.weights, rows @ self.alone)


PRIOR: Final = Calibration(
    weights=np.array([21.5, 52.5, 2.5, 2.2, -1.6, -0.6]),
    alone=np.array([21.0, 52.5, 0.0, 0.0, -0.8, 0.0]),
)
_PRIOR_SPREAD: Final = np.array([1.0, 6.0, 4.0, 0.8, 0.3, 0.1])
"""Standard deviations of the weights from one album to another."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Guesses whose truth is known: ``rows`` of features (n, 6), and whether each guess was right (n,)."""

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
    return Calibration(maximum_a_posteriori(outcomes, prior.weights, _PRIOR_SPREAD), prior.alone)


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
    rows = features(away[:, 0], away[:, 1] - away[:, 0], decisions, faces, len(known))
    return Outcomes(rows, guessed == labels[asked])

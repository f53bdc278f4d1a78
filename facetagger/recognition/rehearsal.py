"""The album at hand played with held-out faces and people taken for unknown, to learn what its scores are worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition import hinge, neighbours, resemblance, votes
from facetagger.recognition.calibration import PRIOR, Calibration, Outcomes, fit, probabilities
from facetagger.recognition.shortlist import NOBODY, STRANGER, Exemplars

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

_PEOPLE: Final = 24
_FACES: Final = 30
_STRANGERS: Final = 300


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """Faces and what is known of them: ``embeddings`` (n, d), ``photo_ids``, ``quality`` and ``labels`` (n,)."""

    embeddings: Float32s
    photo_ids: Int64s
    quality: Float32s
    labels: Int64s

    def keep(self, rows: Int64s) -> Known:
        return Known(self.embeddings[rows], self.photo_ids[rows], self.quality[rows], self.labels[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsal:
    """One play: of the rows ``asked`` the ``first`` outcomes, and all that it takes to hold a vote on them."""

    known: Known
    asked: Int64s
    people: Int64s
    first: Outcomes

    def with_votes(self, weights: Float64s) -> Outcomes:
        """The outcomes with the vote added, where the neighbours go by these first ``weights``."""
        features, is_option = self.first.features, self.first.is_option
        shares = probabilities(features @ weights, is_option)
        beliefs = votes.Beliefs.of(self.known.labels, self.asked, self.people, shares)
        near, alike = neighbours.nearest(self.known.embeddings, self.known.photo_ids, self.asked)
        voted = votes.count(beliefs, near, alike, self.people)
        return Outcomes(np.concatenate([features, voted], axis=2), is_option, self.first.answers)


def calibrate(known: Known) -> Calibration:
    """The calibration of an album; the same faces and labels give the same one."""
    rng = np.random.default_rng(0)
    known = known.keep(_sampled(known.labels, rng))
    people = rng.permutation(np.unique(known.labels[known.labels >= 0]))
    plays = [_play_without(known, people[half::2], rng) for half in range(2)]
    first = fit(_joined([play.first for play in plays]), PRIOR.first)
    last = _joined([play.with_votes(first) for play in plays])
    share = float(np.mean(last.answers < last.features.shape[1])) if len(last.answers) else PRIOR.known
    return Calibration(first, fit(last, PRIOR.final), share)


def play(known: Known, truth: Int64s) -> Rehearsal:
    """Asks about every row whose label is ``NOBODY``; ``truth`` (n,) holds who each face is.

    Faces whose person is not among the people that are nearest to them tell nothing and are left out.
    """
    asked = np.flatnonzero(known.labels == NOBODY)
    people, away = Exemplars.of(known.embeddings, known.labels).nearest(known.embeddings[asked])
    is_person = people >= 0
    taught = np.unique(known.labels[known.labels >= 0])
    is_right = is_person & (people == truth[asked, np.newaxis])
    is_told = is_right.any(axis=1) | ~np.isin(truth[asked], taught)
    likeness, decisions, faces = _scores(known, taught, asked, people)
    strangers = np.where(people == STRANGER, away, np.inf).min(axis=1, keepdims=True)
    gaps = np.where(is_person, strangers, np.inf) - np.where(is_person, away, 0.0)
    found = resemblance.features(np.where(is_person, away, 0.0), likeness, decisions, faces, gaps.astype(np.float32))
    answers = np.where(is_right.any(axis=1), is_right.argmax(axis=1), people.shape[1])
    return Rehearsal(known, asked[is_told], people[is_told], Outcomes(found, is_person, answers).keep(is_told))


def _scores(known: Known, taught: Int64s, asked: Int64s, people: Int64s) -> tuple[Float32s, Float32s, Int64s]:
    """Likeness, decision value and number of confirmed faces of each pair (asked row, listed person)."""
    likeness = np.zeros(people.shape, dtype=np.float32)
    decisions = np.full(people.shape, np.nan, dtype=np.float32)
    faces = np.ones(people.shape, dtype=np.int64)
    for person in taught:
        pairs = np.nonzero(people == person)
        rows = known.labels == person
        queries = known.embeddings[asked[pairs[0]]]
        likeness[pairs] = queries @ resemblance.mean_face(known.embeddings[rows], known.quality[rows])
        faces[pairs] = np.count_nonzero(rows)
        sides = np.where(rows, 1, np.where(known.labels == NOBODY, 0, -1)).astype(np.int8)
        if (sides < 0).any():
            decisions[pairs] = hinge.fit(known.embeddings, sides).decide(queries)
    return likeness, decisions, faces


def _sampled(labels: Int64s, rng: np.random.Generator) -> Int64s:
    people = rng.permutation(np.unique(labels[labels >= 0]))[:_PEOPLE]
    chosen = [rng.permutation(np.flatnonzero(labels == person))[:_FACES] for person in people]
    strangers = rng.permutation(np.flatnonzero(labels == STRANGER))[:_STRANGERS]
    return np.concatenate([*chosen, strangers]).astype(np.int64)


def _play_without(known: Known, unknown: Int64s, rng: np.random.Generator) -> Rehearsal:
    """A play in which some people have never been named, and some faces of the others have not."""
    truth = known.labels
    labels = np.where((truth >= 0) & ~np.isin(truth, unknown), truth, NOBODY)
    for person in np.unique(labels[labels >= 0]):
        rows = rng.permutation(np.flatnonzero(labels == person))
        # Some people with one face, some with most of theirs: the number of faces is a feature.
        labels[rows[rng.integers(1, max(2, 1 + 2 * len(rows) // 3)) :]] = NOBODY
    strangers = rng.permutation(np.flatnonzero(truth == STRANGER))
    labels[strangers[: len(strangers) // 2]] = STRANGER
    return play(Known(known.embeddings, known.photo_ids, known.quality, labels), truth)


def _joined(parts: list[Outcomes]) -> Outcomes:
    return Outcomes(
        np.concatenate([part.features for part in parts]),
        np.concatenate([part.is_option for part in parts]),
        np.concatenate([part.answers for part in parts]),
    )

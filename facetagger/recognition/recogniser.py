"""What is known, and what it makes likely: classifiers and shortlists kept in agreement with the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId, Suggestion
from facetagger.recognition import calibration, plausibility, rehearsal, resemblance, votes
from facetagger.recognition.evidence import IGNORED, OPEN, Evidence, Step
from facetagger.recognition.leads import NOBODY_NEAR, Guesses, Leads
from facetagger.recognition.neighbours import Neighbours, nearest
from facetagger.recognition.shortlist import NOBODY, STRANGER, Exemplars, Shortlist, distances
from facetagger.recognition.svc import Classifier, IncrementalSVC

__all__ = ["IGNORED", "OPEN", "Candidate", "Evidence", "Recogniser"]

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

FARTHEST: Final = 0.44
"""No suggestion beyond the distance at which two faces are as likely of two people (raw dlib distance 0.6)."""
LEAST_PROBABILITY: Final = 0.75
LEAST_GAP: Final = 0.02
"""How much farther than the suggested person an ignored face has to be, or one that was denied to be that person."""

_LARGEST_LOGIT: Final = 40.0
_RECALIBRATION: Final = 1.25
_FEWEST_CONFIRMED: Final = 40


@dataclass(frozen=True, slots=True)
class Candidate:
    person_id: PersonId
    probability: float


class Recogniser:
    """Learns from confirmed and ignored faces, and says who the open ones may be.

    Not thread-safe: one thread learns and asks.
    """

    def __init__(self) -> None:
        self._evidence = Evidence.empty()
        self._labels = self._evidence.labels()
        self._svc = IncrementalSVC()
        self._present = self._denied = np.empty(0, dtype=np.int64)
        self._unlike: dict[int, Int64s] = {}
        self._shortlist = Shortlist()
        self._neighbours = Neighbours()
        self._ballot = votes.Ballot()
        self._mean_faces: dict[int, Float32s] = {}
        self._calibration = calibration.PRIOR
        self._calibrated_on = 0
        self._open_faces: _OpenFaces | None = None

    def learn(self, evidence: Evidence, learnt: Mapping[int, Classifier] | None = None) -> frozenset[PersonId]:
        """Brings everything into agreement with the evidence; the people whose classifiers changed, came or went.

        ``learnt`` are classifiers that are known to be those of this very evidence; a person may be missing.

        The result depends on the evidence alone, not on the way that led to it; only the calibration is refreshed now
        and then, when the album has grown or shrunk by a quarter.
        """
        step = Step.between(self._evidence, evidence)
        if not step.keeps(self._evidence.quality, evidence.quality):
            self._mean_faces.clear()
        self._take(evidence, step.after)
        if learnt is None:
            changed = self._svc.follow(evidence.embeddings, step.after, step.touched().tolist(), step.crossing)
        else:
            changed = self._svc.resume(learnt, evidence.embeddings, step.after)
        self._shortlist.realign(step.old_rows)
        is_open = evidence.person_ids == OPEN
        self._shortlist.update(evidence.embeddings, step.before, step.after, is_open, step.removed)
        touched = changed | set(step.touched().tolist())
        for person in touched:
            self._mean_faces.pop(person, None)
        self._shortlist.forget_scores(np.array(sorted(touched), dtype=np.int64))
        self._neighbours.update(evidence.embeddings, evidence.photo_ids, step.old_rows, is_open)
        self._recalibrate()
        self._open_faces = None
        return frozenset(PersonId(person) for person in changed)

    @property
    def classifiers(self) -> Mapping[int, Classifier]:
        """By person."""
        return self._svc.classifiers

    def restore(self, classifiers: Mapping[int, Classifier]) -> None:
        """Takes classifiers of an earlier session as the first guesses of the next ``learn``."""
        self._svc.restore(classifiers)

    def suggest(self, least: float = LEAST_PROBABILITY) -> list[Suggestion]:
        """``guesses`` one by one."""
        return self.guesses(least).suggestions()

    def guesses(self, least: float = LEAST_PROBABILITY) -> Guesses:
        """At most one person for each open face, where everything speaks for it; in the order of the evidence.

        A person is suggested once per photo at most, for the face that fits best, and with a probability of ``least``
        or more.
        """
        near = self._measure_open().pairs
        likely = self._probabilities(near, self._measure_open().logits)
        likely[near.gaps < LEAST_GAP] = 0.0
        best = np.flatnonzero(likely >= least)
        best = best[np.lexsort((near.rows[best], -likely[best]))]
        best = best[_is_first(near.rows[best])]
        best = best[_is_first(_joined(self._evidence.photo_ids[near.rows[best]], near.labels[best]))]
        best = best[np.argsort(near.rows[best])]
        return Guesses(self._evidence.face_ids[near.rows[best]], near.labels[best], likely[best])

    def leads(self) -> Leads:
        """The likeliest person for every open face, however unlikely; in the order of the evidence."""
        rows = np.flatnonzero(self._evidence.person_ids == OPEN)
        near = self._measure_open().pairs
        likely = self._probabilities(near, self._measure_open().logits)
        best = np.lexsort((-likely, near.rows))
        best = best[_is_first(near.rows[best])]
        places = np.searchsorted(rows, near.rows)
        people = np.full(len(rows), NOBODY_NEAR, dtype=np.int64)
        chances, away = np.zeros(len(rows)), np.full(len(rows), np.inf)
        people[places[best]], chances[places[best]] = near.labels[best], likely[best]
        np.minimum.at(away, places, near.distances)
        return Leads(self._evidence.face_ids[rows], people, chances, away)

    def candidates(self, face_id: FaceId, limit: int) -> list[Candidate]:
        """Who a face may be, best first, also below the gate; nobody it was denied to be. KeyError if unknown."""
        rows = self._evidence.rows_of(np.array([face_id], dtype=np.int64))
        if rows[0] < 0:
            raise KeyError(face_id)
        if self._evidence.person_ids[rows[0]] == OPEN:
            labels, away = self._shortlist.labels[rows], self._shortlist.distances[rows]
        else:
            others = self._labels.copy()
            others[rows] = NOBODY
            labels, away = Exemplars.of(self._evidence.embeddings, others).nearest(self._evidence.embeddings[rows])
        pairs = self._hold_against(self._pairs(rows, labels, away))
        features = self._features(pairs, self._scores(pairs.rows, pairs.labels))
        near, alike = nearest(self._evidence.embeddings, self._evidence.photo_ids, rows)
        self._measure_open()
        voted = votes.count(self._ballot.beliefs, near, alike, labels)[0, pairs.slots]
        logits = np.hstack([features, voted]) @ self._calibration.final - self._against(pairs)
        likely = self._probabilities(pairs, logits)
        order = np.lexsort((pairs.distances, -likely))[:limit]
        return [Candidate(PersonId(int(pairs.labels[each])), float(likely[each])) for each in order]

    def _take(self, evidence: Evidence, labels: Int64s) -> None:
        self._evidence, self._labels = evidence, labels
        is_named = evidence.person_ids >= 0
        self._present = np.sort(_joined(evidence.photo_ids[is_named], evidence.person_ids[is_named]))
        denied = np.array(sorted(evidence.rejections), dtype=np.int64).reshape(-1, 2)
        rows = evidence.rows_of(denied[:, 0])
        self._denied = np.sort(_joined(rows, denied[:, 1])[rows >= 0])
        is_against = (rows >= 0) & (labels[rows] != denied[:, 1])
        self._unlike = {
            int(person): rows[is_against & (denied[:, 1] == person)] for person in np.unique(denied[is_against, 1])
        }

    def _recalibrate(self) -> None:
        confirmed = sum(self._svc.counts.values())
        if confirmed < _FEWEST_CONFIRMED:
            self._calibration, self._calibrated_on = calibration.PRIOR, 0
            return
        if self._calibrated_on / _RECALIBRATION < confirmed < self._calibrated_on * _RECALIBRATION:
            return
        evidence = self._evidence
        known = rehearsal.Known(evidence.embeddings, evidence.photo_ids, evidence.quality, self._labels)
        self._calibration = rehearsal.calibrate(known)
        self._calibrated_on = confirmed

    def _pairs(self, rows: Int64s, labels: Int64s, away: Float32s) -> _Pairs:
        """The possible (row, person) pairs of the shortlists ``labels`` and ``away``, shape (number of rows, k)."""
        if len(self._denied):
            away = np.where(_is_among(_joined(rows[:, None], labels), self._denied), np.float32(np.inf), away)
        row, slot = np.nonzero((labels >= 0) & np.isfinite(away))
        strangers = np.where(labels == STRANGER, away, np.float32(np.inf)).min(axis=1)
        own = away[row, slot]
        return _Pairs(rows[row], slot, labels[row, slot], own, strangers[row] - own)

    def _hold_against(self, pairs: _Pairs) -> _Pairs:
        """Counts the faces that were denied to be a person like ignored ones, for that person."""
        gaps = pairs.gaps.copy()
        embeddings = self._evidence.embeddings
        for person in self._unlike.keys() & set(pairs.labels.tolist()):
            mine = np.flatnonzero(pairs.labels == person)
            similarity = embeddings[pairs.rows[mine]] @ embeddings[self._unlike[person]].T
            gaps[mine] = np.minimum(gaps[mine], distances(similarity.max(axis=1)) - pairs.distances[mine])
        return replace(pairs, gaps=gaps)

    def _remembered_scores(self, pairs: _Pairs) -> Float32s:
        """``_scores`` of pairs of the shortlist; what had to be computed is kept there."""
        known = self._shortlist.scores[pairs.rows, pairs.slots]
        missing = np.flatnonzero(np.isnan(known[:, 1]))
        known[missing] = self._scores(pairs.rows[missing], pairs.labels[missing])
        self._shortlist.scores[pairs.rows, pairs.slots] = known
        return known

    def _scores(self, rows: Int64s, labels: Int64s) -> Float32s:
        """Decision values, NaN where the person has no classifier, and likenesses: float32, shape (n, 2)."""
        values = np.full((len(rows), 2), np.nan, dtype=np.float32)
        order = np.argsort(labels, kind="stable")
        people, starts = np.unique(labels[order], return_index=True)
        for person, chosen in zip(people.tolist(), np.split(order, starts)[1:], strict=True):
            embeddings = self._evidence.embeddings[rows[chosen]]
            if person in self._svc.classifiers:
                values[chosen, 0] = self._svc.classifiers[person].decide(embeddings)
            values[chosen, 1] = embeddings @ self._mean_face(person)
        return values

    def _mean_face(self, person: int) -> Float32s:
        if person not in self._mean_faces:
            rows = np.flatnonzero(self._labels == person)
            mean = resemblance.mean_face(self._evidence.embeddings[rows], self._evidence.quality[rows])
            self._mean_faces[person] = mean
        return self._mean_faces[person]

    def _features(self, pairs: _Pairs, scores: Float32s) -> Float64s:
        people = self._svc.classes_
        counts = np.array([self._svc.counts[person] for person in people.tolist()], dtype=np.int64)
        faces = counts[np.searchsorted(people, pairs.labels)] if len(pairs.labels) else pairs.labels
        return resemblance.features(pairs.distances, scores[:, 1], scores[:, 0], faces, pairs.gaps)

    def _against(self, pairs: _Pairs) -> Float64s:
        """Log odds that each pair loses by what is known of its photo, shape (n,)."""
        is_there = _is_among(_joined(self._evidence.photo_ids[pairs.rows], pairs.labels), self._present)
        taken = self._evidence.taken[pairs.rows]
        against = plausibility.against(taken, pairs.labels, self._evidence.lifetimes)
        total: Float64s = against + plausibility.ALREADY_IN_PHOTO * is_there
        return total

    def _measure_open(self) -> _OpenFaces:
        """The pairs of the open faces that are near enough to be suggested, weighed; kept until the next ``learn``."""
        if self._open_faces is None:
            rows = np.flatnonzero(self._evidence.person_ids == OPEN)
            pairs = self._pairs(rows, self._shortlist.labels[rows], self._shortlist.distances[rows])
            near = self._hold_against(pairs.keep(pairs.distances <= FARTHEST))
            features = self._features(near, self._remembered_scores(near))
            against = self._against(near)
            # Log odds before anything is known of the open faces as a whole.
            voted = self._vote(rows, near, features @ self._calibration.first - against)
            logits = np.hstack([features, voted]) @ self._calibration.final - against
            shift = calibration.shift(_log_odds_of_anybody(rows, near.rows, logits), self._calibration.known)
            self._open_faces = _OpenFaces(near, logits, shift)
        return self._open_faces

    def _vote(self, rows: Int64s, pairs: _Pairs, logits: Float64s) -> Float64s:
        """What the neighbours say of each pair, shape (n, 2), where each open row is taken for what ``logits`` say."""
        shares = np.zeros((len(rows), self._shortlist.labels.shape[1]))
        shares[np.searchsorted(rows, pairs.rows), pairs.slots] = _shares(pairs.rows, logits)
        beliefs = votes.Beliefs.of(self._labels, rows, self._shortlist.labels[rows], shares)
        voted = self._ballot.hold(beliefs, self._neighbours.rows, self._neighbours.similarities, rows)
        return voted[pairs.rows, pairs.slots]

    def _probabilities(self, pairs: _Pairs, logits: Float64s) -> Float64s:
        """The calibrated probability of each pair, shape (n,); those of one face add up to less than one."""
        return _shares(pairs.rows, logits + self._measure_open().shift)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Rows and people, shape (n,) each: how far apart, and how much farther the next label is (``gaps``)."""

    rows: Int64s
    slots: NDArray[np.intp]
    labels: Int64s
    distances: Float32s
    gaps: Float32s

    def keep(self, chosen: Bools) -> _Pairs:
        return _Pairs(
            self.rows[chosen], self.slots[chosen], self.labels[chosen], self.distances[chosen], self.gaps[chosen]
        )


@dataclass(frozen=True, slots=True, eq=False)
class _OpenFaces:
    """The near pairs of all open faces with their log odds, and what to add to those of this album."""

    pairs: _Pairs
    logits: Float64s
    shift: float


def _shares(rows: Int64s, logits: Float64s) -> Float64s:
    """Probabilities of pairs, shape (n,): a row is one of its people, or nobody known, whose odds are 1.

    The pairs of a row follow each other.
    """
    odds = np.exp(np.minimum(logits, _LARGEST_LOGIT))
    if not len(odds):
        return odds
    face = np.concatenate([[0], np.cumsum(rows[1:] != rows[:-1])])
    likely: Float64s = odds / (1.0 + np.bincount(face, weights=odds))[face]
    return likely


def _log_odds_of_anybody(rows: Int64s, pair_rows: Int64s, logits: Float64s) -> Float64s:
    """Log odds that each of ``rows`` is of anybody known, -inf where no pair is its."""
    odds = np.zeros(len(rows))
    np.add.at(odds, np.searchsorted(rows, pair_rows), np.exp(np.minimum(logits, _LARGEST_LOGIT)))
    with np.errstate(divide="ignore"):
        return np.log(odds)


def _joined(first: Int64s, second: Int64s) -> Int64s:
    """One key for a pair of ids or rows (each below 2^31)."""
    keys: Int64s = (first << 32) ^ (second & 0xFFFFFFFF)
    return keys


def _is_among(keys: Int64s, ordered: Int64s) -> Bools:
    """Which of the keys, of any shape, occur in an ascending array."""
    if not len(ordered):
        return np.zeros(keys.shape, dtype=np.bool_)
    place = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    return np.asarray(ordered[place] == keys, dtype=np.bool_)


def _is_first(values: Int64s) -> Bools:
    """Where a value occurs for the first time."""
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    result = np.ones(len(values), dtype=np.bool_)
    result[order[1:]] = ordered[1:] != ordered[:-1]
    return result

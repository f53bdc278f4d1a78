"""What is known, and what it makes likely: classifiers and shortlists kept in agreement with the evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId, Suggestion
from facetagger.recognition import calibration, rehearsal, votes
from facetagger.recognition.evidence import IGNORED, OPEN, Evidence, Step
from facetagger.recognition.leads import NOBODY_NEAR, Guesses, Leads
from facetagger.recognition.memory import Memory
from facetagger.recognition.neighbours import Neighbours, nearest
from facetagger.recognition.pairs import Pairs, is_best, is_first, joined, odds, places, shares
from facetagger.recognition.shortlist import NOBODY, Exemplars, Shortlist
from facetagger.recognition.standings import Standings
from facetagger.recognition.svc import Classifier, IncrementalSVC
from facetagger.recognition.taught import Taught
from facetagger.recognition.weighing import Weighing

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
        self._weighing = Weighing(self._svc)
        self._shortlist = Shortlist()
        self._neighbours = Neighbours()
        self._standings = Standings()
        self._is_stale: Bools = np.empty(0, dtype=np.bool_)
        """The rows that have to be weighed again."""
        self._calibration = calibration.PRIOR
        self._calibrated_on = 0
        self._open_faces: _OpenFaces | None = None

    def learn(self, evidence: Evidence) -> frozenset[PersonId]:
        """Brings everything into agreement with the evidence; the people whose classifiers changed, came or went.

        The result depends on the evidence alone, not on the way that led to it; only the calibration is refreshed now
        and then, when the album has grown or shrunk by a quarter.
        """
        step = Step.between(self._evidence, evidence)
        touched = step.touched().tolist()
        changed = self._svc.follow(evidence.embeddings, step.after, evidence.face_ids, touched, step.crossing)
        return self._follow(evidence, step, changed)

    def resume(
        self, evidence: Evidence, memory: Memory, learnt: Taught, classifiers: Mapping[int, Classifier]
    ) -> frozenset[PersonId]:
        """``learn`` for a new recogniser that goes on where another one stopped; gives who has changed since.

        ``memory`` is of any earlier time, the classifiers are those of what was ``learnt`` last. Only what does not
        fit the evidence any more is made anew.
        """
        step = Step.since(learnt, evidence)
        stale = self._svc.resume(classifiers, step.lost_faces) | set(step.touched().tolist())
        changed = self._svc.follow(evidence.embeddings, step.after, evidence.face_ids, stale, step.crossing)
        lists = memory.listed_labels, memory.listed_distances, memory.reach
        self._shortlist.recall(len(memory.face_ids), memory.listed, lists)
        self._neighbours.recall(len(memory.face_ids), memory.listed, memory.neighbours, memory.similarities)
        self._calibration, self._calibrated_on = memory.calibration, int(memory.calibrated_on[0])
        return self._follow(evidence, Step.since(memory.taught, evidence), changed)

    def memory(self) -> Memory:
        """What ``resume`` goes on from; the evidence is to be in the order of its faces."""
        taught = self._evidence.taught()
        listed = np.flatnonzero(self._evidence.person_ids == OPEN)
        labels, away, reach = self._shortlist.lists(listed)
        return Memory(
            face_ids=taught.face_ids,
            labels=taught.labels,
            marks=taught.marks,
            listed=listed,
            listed_labels=labels,
            listed_distances=away,
            reach=reach,
            neighbours=self._neighbours.rows[listed],
            similarities=self._neighbours.similarities[listed],
            first=self._calibration.first,
            final=self._calibration.final,
            known=np.array([self._calibration.known]),
            calibrated_on=np.array([self._calibrated_on]),
        )

    def _follow(self, evidence: Evidence, step: Step, changed: frozenset[int]) -> frozenset[PersonId]:
        weighed = self._weighing.take(evidence, step)
        self._evidence, self._labels = evidence, step.after
        is_open = evidence.person_ids == OPEN
        if not step.is_in_place:
            self._shortlist.realign(step.old_rows)
            self._standings = Standings(len(is_open))
            self._is_stale = np.ones(len(is_open), dtype=np.bool_)
        self._shortlist.update(evidence.embeddings, step.before, step.after, is_open, step.removed, step.lost_labels)
        touched = changed | set(step.touched().tolist())
        self._weighing.forget_mean_faces(touched)
        self._shortlist.forget_scores(touched | weighed.people)
        listed_anew = self._neighbours.update(evidence.embeddings, evidence.photo_ids, step.old_rows, is_open)
        self._standings.ballot.count_anew(listed_anew)
        self._is_stale[weighed.rows] = True
        if self._recalibrate():
            self._is_stale[:] = True
        self._open_faces = None
        return frozenset(PersonId(person) for person in changed)

    @property
    def calibrated_on(self) -> int:
        """How many confirmed faces there were when the calibration was found; 0 while it is the prior."""
        return self._calibrated_on

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
        best = np.flatnonzero((likely >= least) & (near.gaps >= LEAST_GAP))
        best = best[is_best(near.rows[best], likely[best])]
        best = best[is_best(joined(self._evidence.photo_ids[near.rows[best]], near.labels[best]), likely[best])]
        return Guesses(self._evidence.face_ids[near.rows[best]], near.labels[best], likely[best])

    def leads(self) -> Leads:
        """The likeliest person for every open face, however unlikely; in the order of the evidence."""
        rows = np.flatnonzero(self._evidence.person_ids == OPEN)
        near = self._measure_open().pairs
        likely = self._probabilities(near, self._measure_open().logits)
        best = np.lexsort((-likely, near.rows))
        best = best[is_first(near.rows[best])]
        place = np.searchsorted(rows, near.rows)
        people = np.full(len(rows), NOBODY_NEAR, dtype=np.int64)
        chances, away = np.zeros(len(rows)), np.full(len(rows), np.inf)
        people[place[best]], chances[place[best]] = near.labels[best], likely[best]
        np.minimum.at(away, place, near.distances)
        return Leads(self._evidence.face_ids[rows], people, chances, away)

    def candidates(self, face_id: FaceId, limit: int) -> list[Candidate]:
        """Who a face may be, best first, also below the gate; nobody it was denied to be. KeyError if unknown."""
        rows = self._evidence.rows_of(np.array([face_id], dtype=np.int64))
        if rows[0] < 0:
            raise KeyError(face_id)
        if self._evidence.person_ids[rows[0]] == OPEN:
            labels, away = self._shortlist.listed(rows)
        else:
            others = self._labels.copy()
            others[rows] = NOBODY
            labels, away = Exemplars.of(self._evidence.embeddings, others).nearest(self._evidence.embeddings[rows])
        pairs = self._weighing.hold_against(self._weighing.pairs(rows, labels, away))
        features = self._weighing.features(pairs, self._weighing.scores(pairs.rows, pairs.labels))
        near, alike = nearest(self._evidence.embeddings, self._evidence.photo_ids, rows)
        self._measure_open()
        voted = votes.count(self._standings.ballot.beliefs, near, alike, labels)[0, pairs.slots]
        logits = np.hstack([features, voted]) @ self._calibration.final - self._weighing.against(pairs)
        likely = self._probabilities(pairs, logits)
        order = np.lexsort((pairs.distances, -likely))[:limit]
        return [Candidate(PersonId(int(pairs.labels[each])), float(likely[each])) for each in order]

    def _recalibrate(self) -> bool:
        """Whether the calibration is another one now."""
        confirmed = sum(self._svc.counts.values())
        if confirmed < _FEWEST_CONFIRMED:
            is_other = self._calibrated_on > 0
            self._calibration, self._calibrated_on = calibration.PRIOR, 0
            return is_other
        if self._calibrated_on / _RECALIBRATION < confirmed < self._calibrated_on * _RECALIBRATION:
            return False
        evidence = self._evidence
        known = rehearsal.Known(evidence.embeddings, evidence.photo_ids, evidence.quality, self._labels)
        self._calibration = rehearsal.calibrate(known)
        self._calibrated_on = confirmed
        return True

    def _measure_open(self) -> _OpenFaces:
        """The pairs of the open faces that are near enough to be suggested, weighed; kept until the next ``learn``."""
        if self._open_faces is None:
            self._weigh_stale()
            rows = np.flatnonzero(self._evidence.person_ids == OPEN)
            near, weights = self._standings.pairs(), self._calibration
            lists = self._neighbours.rows, self._neighbours.similarities
            logits = self._standings.logits(near, *lists, rows, weights)
            with np.errstate(divide="ignore"):
                anybody = np.log(np.bincount(places(near.rows), weights=odds(logits)))
            shift = calibration.shift(anybody, len(rows) - len(anybody), weights.known)
            self._open_faces = _OpenFaces(near, logits, shift)
        return self._open_faces

    def _weigh_stale(self) -> None:
        self._is_stale[self._shortlist.take_changed()] = True
        rows = np.flatnonzero(self._is_stale)
        self._is_stale[:] = False
        asked = rows[self._evidence.person_ids[rows] == OPEN]
        near = self._weighing.pairs(asked, *self._shortlist.listed(asked))
        near = self._weighing.hold_against(near.keep(near.distances <= FARTHEST))
        features = self._weighing.features(near, self._remembered_scores(near))
        against = self._weighing.against(near)
        self._standings.put(rows, self._labels[rows], asked, near, features, against, self._calibration)

    def _remembered_scores(self, pairs: Pairs) -> Float32s:
        """Decision values and likenesses of pairs of the shortlist; what had to be computed is kept there."""
        known = self._shortlist.scores[pairs.rows, pairs.slots]
        missing = np.flatnonzero(np.isnan(known[:, 1]))
        known[missing] = self._weighing.scores(pairs.rows[missing], pairs.labels[missing])
        self._shortlist.scores[pairs.rows, pairs.slots] = known
        return known

    def _probabilities(self, pairs: Pairs, logits: Float64s) -> Float64s:
        """The calibrated probability of each pair, shape (n,); those of one face add up to less than one."""
        return shares(pairs.rows, logits + self._measure_open().shift)


@dataclass(frozen=True, slots=True, eq=False)
class _OpenFaces:
    """The near pairs of all open faces with their log odds, and what to add to those of this album."""

    pairs: Pairs
    logits: Float64s
    shift: float

"""What speaks for and against a face being a person, and whom a step of the evidence touches in this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition import plausibility, resemblance
from facetagger.recognition.evidence import Evidence, Step
from facetagger.recognition.pairs import Pairs, is_among, joined
from facetagger.recognition.shortlist import STRANGER, distances
from facetagger.recognition.svc import IncrementalSVC

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Touched:
    """What is to be weighed anew: these rows, and whoever may be one of these people."""

    rows: Int64s
    people: frozenset[int]


class Weighing:
    """Of one evidence after another; what it tells is of the one that it took last."""

    def __init__(self, svc: IncrementalSVC) -> None:
        self._svc = svc
        self._evidence = Evidence.empty()
        self._labels = self._evidence.labels()
        self._denied = np.empty(0, dtype=np.int64)
        self._unlike: dict[int, Int64s] = {}
        self._mean_faces: dict[int, Float32s] = {}
        self._by_photo: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._photos = np.empty(0, dtype=np.int64)

    def take(self, evidence: Evidence, step: Step) -> Touched:
        old, self._evidence, self._labels = self._evidence, evidence, step.after
        if not step.is_in_place or old.photo_ids is not evidence.photo_ids:
            self._by_photo = np.argsort(evidence.photo_ids, kind="stable")
            self._photos = evidence.photo_ids[self._by_photo]
        has_other_quality = len(old.face_ids) > 0 and not step.keeps(old.quality, evidence.quality)
        people = self._deny(evidence, step.after)
        if has_other_quality:
            self._mean_faces.clear()
            people |= set(np.unique(step.after).tolist())
        if not step.is_in_place or old.lifetimes != evidence.lifetimes or not step.keeps(old.taken, evidence.taken):
            return Touched(np.arange(len(evidence.face_ids)), people)
        decided = np.flatnonzero(old.person_ids != evidence.person_ids)
        rows = [decided, self._rows_of_photos(evidence.photo_ids[decided])]
        if old.rejections is not evidence.rejections:
            faces = [face for face, _ in old.rejections ^ evidence.rejections]
            found = evidence.rows_of(np.array(faces, dtype=np.int64))
            rows.append(found[found >= 0])
        return Touched(np.unique(np.concatenate(rows)), people)

    def forget_mean_faces(self, people: Iterable[int]) -> None:
        """To be called when these people have gained or lost faces."""
        for person in people:
            self._mean_faces.pop(person, None)

    def pairs(self, rows: Int64s, labels: Int64s, away: Float32s) -> Pairs:
        """The possible (row, person) pairs of the shortlists ``labels`` and ``away``, shape (number of rows, k)."""
        if len(self._denied):
            away = np.where(is_among(joined(rows[:, None], labels), self._denied), np.float32(np.inf), away)
        row, slot = np.nonzero((labels >= 0) & np.isfinite(away))
        strangers = np.where(labels == STRANGER, away, np.float32(np.inf)).min(axis=1, initial=np.inf)
        own = away[row, slot]
        return Pairs(rows[row], slot, labels[row, slot], own, (strangers[row] - own).astype(np.float32))

    def hold_against(self, pairs: Pairs) -> Pairs:
        """Counts the faces that were denied to be a person like ignored ones, for that person."""
        gaps = pairs.gaps.copy()
        embeddings = self._evidence.embeddings
        for person in self._unlike.keys() & set(pairs.labels.tolist()):
            mine = np.flatnonzero(pairs.labels == person)
            similarity = embeddings[pairs.rows[mine]] @ embeddings[self._unlike[person]].T
            gaps[mine] = np.minimum(gaps[mine], distances(similarity.max(axis=1)) - pairs.distances[mine])
        return replace(pairs, gaps=gaps)

    def scores(self, rows: Int64s, labels: Int64s) -> Float32s:
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

    def features(self, pairs: Pairs, scores: Float32s) -> Float64s:
        people = self._svc.classes_
        counts = np.array([self._svc.counts[person] for person in people.tolist()], dtype=np.int64)
        faces = counts[np.searchsorted(people, pairs.labels)] if len(pairs.labels) else pairs.labels
        return resemblance.features(pairs.distances, scores[:, 1], scores[:, 0], faces, pairs.gaps)

    def against(self, pairs: Pairs) -> Float64s:
        """Log odds that each pair loses by what is known of its photo, shape (n,)."""
        evidence = self._evidence
        beside = self._rows_of_photos(evidence.photo_ids[pairs.rows])
        beside = beside[evidence.person_ids[beside] >= 0]
        present = np.sort(joined(evidence.photo_ids[beside], evidence.person_ids[beside]))
        is_there = is_among(joined(evidence.photo_ids[pairs.rows], pairs.labels), present)
        against = plausibility.against(evidence.taken[pairs.rows], pairs.labels, evidence.lifetimes)
        total: Float64s = against + plausibility.ALREADY_IN_PHOTO * is_there
        return total

    def _deny(self, evidence: Evidence, labels: Int64s) -> frozenset[int]:
        """Takes the rejections; the people whom other faces than before were denied to be."""
        denied = np.array(sorted(evidence.rejections), dtype=np.int64).reshape(-1, 2)
        rows = evidence.rows_of(denied[:, 0])
        self._denied = np.sort(joined(rows, denied[:, 1])[rows >= 0])
        is_against = (rows >= 0) & (labels[rows] != denied[:, 1])
        old = self._unlike
        self._unlike = {
            int(person): rows[is_against & (denied[:, 1] == person)] for person in np.unique(denied[is_against, 1])
        }
        nothing = np.empty(0, dtype=np.int64)
        return frozenset(
            person
            for person in old.keys() | self._unlike.keys()
            if not np.array_equal(old.get(person, nothing), self._unlike.get(person, nothing))
        )

    def _rows_of_photos(self, photo_ids: Int64s) -> NDArray[np.intp]:
        photos = np.unique(photo_ids)
        starts = np.searchsorted(self._photos, photos)
        counts = np.searchsorted(self._photos, photos, side="right") - starts
        ends = np.cumsum(counts)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - ends + counts, counts)
        rows: NDArray[np.intp] = self._by_photo[places]
        return rows

    def _mean_face(self, person: int) -> Float32s:
        if person not in self._mean_faces:
            rows = np.flatnonzero(self._labels == person)
            mean = resemblance.mean_face(self._evidence.embeddings[rows], self._evidence.quality[rows])
            self._mean_faces[person] = mean
        return self._mean_faces[person]

"""What to ask next: the questions whose answers settle the most faces per decision, most useful first.

A decision is a name, a confirmation, or one exclusion from what is shown; so a handful may hold doubtful faces, last in
it, as long as each is likelier right than wrong. A face is asked about once: a lead draws its whole group into one
handful to confirm, what no lead reaches is a group to name, together with loose faces that may belong to it, and only
then come faces on their own. Bulk ignoring waits behind the handfuls and groups, because a face that looks like nobody
today may be somebody's after the next name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.company import near_faces
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.faces_to_ask import LEAST_CHANCE, FacesToAsk
from facetagger.recognition.leads import Leads
from facetagger.recognition.mergers import Lookalikes, lookalikes

HANDFUL: Final = 60
"""Faces in one question."""

_ALMOST_CERTAIN: Final = 0.9
_GROUP_PURITY: Final = 0.98
_SHOWN_OF_TWO: Final = 30
"""Faces of two people shown in one question."""
_WITH_COMPANY: Final = 3
"""Groups, from the first question on, that loose faces are looked for; the others wait until they come up."""
_FEWEST_TO_IGNORE: Final = 4
_SMALL_SHARE: Final = 0.25
"""Area, relative to the largest face of the photo, under which a face seen once is in the background."""
_LIKE_NOBODY: Final = 0.345
"""Distance from every known person beyond which a face seen once is more likely a stranger's."""
_STRANGER_SPREAD: Final = 0.02
_LOOSE_FACE: Final = 0.5

Rows = NDArray[np.intp]


class QuestionKind(StrEnum):
    CONFIRM = "confirm"
    NAME = "name"
    MERGE = "merge"
    IGNORE = "ignore"


class Reason(StrEnum):
    """Why faces are proposed for ignoring."""

    SEEN_ONCE = "seen once"
    BACKGROUND = "small in the background"


@dataclass(frozen=True, slots=True)
class Question:
    """``faces`` best first; ``probability`` that the natural answer is right for a face; ``gain`` faces settled by it.

    ``person_id`` is whom to confirm, or the person that ``other`` would become part of. The last ``doubtful`` faces
    deserve a second look.
    """

    kind: QuestionKind
    faces: tuple[FaceId, ...]
    person_id: PersonId | None
    probability: float
    gain: float
    other: PersonId | None = None
    reason: Reason | None = None
    doubtful: int = 0


def questions(
    evidence: Evidence,
    leads: Leads,
    groups: Sequence[tuple[FaceId, ...]],
    areas: NDArray[np.floating] | None = None,
    *,
    limit: int = 20,
    skipped: frozenset[frozenset[FaceId]] = frozenset(),
    familiar: frozenset[FaceId] = frozenset(),
    least_chance: float = LEAST_CHANCE,
) -> list[Question]:
    """At most ``limit`` questions about the open faces and about people who look alike.

    ``areas``, shape (n,) like the rows of the evidence, are the areas of the normalised boxes; without them nobody is
    proposed for ignoring as small. Questions all of whose faces lie in one of the ``skipped`` sets are left out, and
    the ``familiar`` faces are not proposed as strangers. Nobody is asked to confirm a face whose chance is below
    ``least_chance``. Equal evidence gives equal questions in equal order.
    """
    asking = _Asking(evidence, FacesToAsk(evidence, leads, groups, least_chance), areas, skipped, familiar)
    return list(islice((each for each in asking.in_order() if not asking.is_skipped(each.faces)), limit))


@dataclass(frozen=True, slots=True)
class _Draft:
    """A question before its faces are listed: ``per_decision`` of them are likely to be settled by each decision."""

    kind: QuestionKind
    per_decision: float
    lowest: int
    """The lowest id of its faces."""
    is_single: bool
    make: Callable[[], Question]

    def usefulness(self) -> tuple[float, str, int]:
        return -round(self.per_decision, 6), self.kind.value, self.lowest


class _Asking:
    def __init__(
        self,
        evidence: Evidence,
        asked: FacesToAsk,
        areas: NDArray[np.floating] | None,
        skipped: frozenset[frozenset[FaceId]],
        familiar: frozenset[FaceId],
    ) -> None:
        self._evidence = evidence
        self._asked = asked
        self._areas = areas
        self._skipped = skipped
        self._is_familiar = np.isin(evidence.face_ids, np.array(sorted(familiar), dtype=np.int64))
        self._is_loose = asked.is_loose
        self._groups_with_company = 0

    def is_skipped(self, faces: Sequence[FaceId]) -> bool:
        return any(skip.issuperset(faces) for skip in self._skipped)

    def in_order(self) -> Iterator[Question]:
        drafts = sorted((*self._confirmations(), *self._namings(), *self._mergers()), key=_Draft.usefulness)
        yield from (each.make() for each in drafts if not each.is_single)
        yield from self._bulk_ignores()
        yield from (each.make() for each in drafts if each.is_single)
        yield from self._singles()

    def _confirmations(self) -> Iterator[_Draft]:
        people = self._asked.person_ids
        rows = np.flatnonzero(people >= 0)
        rows = rows[np.lexsort((self._evidence.face_ids[rows], -self._asked.chances[rows], people[rows]))]
        for handful in _runs(people[rows]):
            for start in range(handful.start, handful.stop, HANDFUL):
                yield self._confirmation(rows[start : min(start + HANDFUL, handful.stop)])

    def _confirmation(self, rows: Rows) -> _Draft:
        gain = float(self._asked.chances[rows].sum())
        person = PersonId(int(self._asked.person_ids[rows[0]]))

        def make() -> Question:
            doubtful = int(np.count_nonzero(self._asked.chances[rows] < _ALMOST_CERTAIN))
            return Question(QuestionKind.CONFIRM, self._faces(rows), person, gain / len(rows), gain, doubtful=doubtful)

        return self._draft(QuestionKind.CONFIRM, rows, gain, make)

    def _namings(self) -> Iterator[_Draft]:
        """A name settles no more faces than can be looked at; it brings the rest of a large group as leads."""
        groups = self._asked.groups
        rows = np.flatnonzero(groups >= 0)
        rows = rows[np.argsort(groups[rows], kind="stable")]
        for run in _runs(groups[rows]):
            yield self._naming(rows[run])

    def _naming(self, rows: Rows) -> _Draft:
        gain = _GROUP_PURITY * min(len(rows), HANDFUL)
        return self._draft(QuestionKind.NAME, rows[:HANDFUL], gain, lambda: self._with_company(rows))

    def _with_company(self, rows: Rows) -> Question:
        """The faces nearest the middle of the group first, loose faces that may belong to it behind them."""
        embeddings = self._evidence.embeddings
        centrality = embeddings[rows] @ embeddings[rows].mean(axis=0)
        rows = rows[np.lexsort((self._evidence.face_ids[rows], -np.round(centrality, 6)))][:HANDFUL]
        gain, doubtful = _GROUP_PURITY * len(rows), 0
        # A group that was put off stays put off, whoever might keep it company by now.
        is_asked = len(rows) < HANDFUL and not self.is_skipped(self._faces(rows))
        if is_asked and self._groups_with_company < _WITH_COMPANY:
            self._groups_with_company += 1
            near, chances = self._company(rows)
            rows, gain, doubtful = np.concatenate([rows, near]), gain + float(chances.sum()), len(near)
        return Question(QuestionKind.NAME, self._faces(rows), None, gain / len(rows), gain, doubtful=doubtful)

    def _company(self, rows: Rows) -> tuple[Rows, NDArray[np.float64]]:
        """The loose faces that probably belong to a group, one a photo; they are asked about nowhere else."""
        photos = self._evidence.photo_ids
        others = (self._evidence.person_ids >= 0) | (self._asked.groups >= 0)
        others[rows] = False
        near, chances = near_faces(self._evidence.embeddings, rows, self._is_loose, others, HANDFUL - len(rows))
        _, first = np.unique(photos[near], return_index=True)
        first = np.sort(first)
        first = first[~np.isin(photos[near[first]], photos[rows])]
        self._is_loose[near[first]] = False
        return near[first], chances[first]

    def _mergers(self) -> Iterator[_Draft]:
        for pair in lookalikes(self._evidence):
            gain = pair.chance * len(pair.joiner_rows)
            lowest = int(self._evidence.face_ids[pair.joiner_rows].min())
            yield _Draft(QuestionKind.MERGE, gain, lowest, False, self._merger(pair, gain))

    def _merger(self, pair: Lookalikes, gain: float) -> Callable[[], Question]:
        rows = np.concatenate([pair.keeper_rows[:_SHOWN_OF_TWO], pair.joiner_rows[:_SHOWN_OF_TWO]])
        keeper, joiner = PersonId(pair.keeper), PersonId(pair.joiner)
        return lambda: Question(QuestionKind.MERGE, self._faces(rows), keeper, pair.chance, gain, joiner)

    def _draft(self, kind: QuestionKind, rows: Rows, gain: float, make: Callable[[], Question]) -> _Draft:
        """Every face that is not settled is an exclusion, one decision more."""
        decisions = 1.0 + len(rows) - gain
        return _Draft(kind, gain / decisions, int(self._evidence.face_ids[rows].min()), len(rows) == 1, make)

    def _bulk_ignores(self) -> Iterator[Question]:
        strange = self._is_loose & ~self._is_familiar & (self._asked.distances >= _LIKE_NOBODY)
        small = self._small(np.flatnonzero(strange))
        yield from self._ignores(small, _LOOSE_FACE, Reason.BACKGROUND)
        if (self._evidence.person_ids >= 0).any():
            strange[small] = False
            rows = np.flatnonzero(strange)
            away = self._asked.distances[rows]
            rows = rows[np.lexsort((self._evidence.face_ids[rows], -away))]
            likely = 1.0 / (1.0 + np.exp(-(np.minimum(away, 0.4) - _LIKE_NOBODY) / _STRANGER_SPREAD))
            yield from self._ignores(rows, float(likely.mean()) if len(rows) else 0.0, Reason.SEEN_ONCE)

    def _small(self, rows: Rows) -> Rows:
        """Those that are much smaller than the largest face of their photo, smallest first."""
        if self._areas is None:
            return rows[:0]
        _, photo = np.unique(self._evidence.photo_ids, return_inverse=True)
        largest = np.zeros(len(photo))
        np.maximum.at(largest, photo, self._areas)
        rows = rows[self._areas[rows] < _SMALL_SHARE * largest[photo[rows]]]
        return rows[np.lexsort((self._evidence.face_ids[rows], self._areas[rows]))]

    def _ignores(self, rows: Rows, chance: float, reason: Reason) -> Iterator[Question]:
        if len(rows) < _FEWEST_TO_IGNORE:
            return
        for part in np.array_split(rows, -(-len(rows) // HANDFUL)):
            self._is_loose[part] = False
            yield Question(QuestionKind.IGNORE, self._faces(part), None, chance, chance * len(part), reason=reason)

    def _singles(self) -> Iterator[Question]:
        """Faces on their own: those the user knows first, then those most like somebody known."""
        rows = np.flatnonzero(self._is_loose)
        order = np.lexsort((self._evidence.face_ids[rows], self._asked.distances[rows], ~self._is_familiar[rows]))
        for face in self._evidence.face_ids[rows[order]].tolist():
            yield Question(QuestionKind.NAME, (FaceId(face),), None, _LOOSE_FACE, _LOOSE_FACE)

    def _faces(self, rows: Rows) -> tuple[FaceId, ...]:
        return tuple(FaceId(face) for face in self._evidence.face_ids[rows].tolist())


def _runs(values: NDArray[np.int64]) -> Iterator[slice]:
    """The stretches of equal values."""
    edges = np.flatnonzero(np.diff(values)) + 1
    bounds = [0, *edges.tolist(), len(values)] if len(values) else []
    yield from (slice(start, stop) for start, stop in pairwise(bounds))

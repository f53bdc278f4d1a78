"""One model's faces, held back in turns: what every evaluation measures, whether of a dataset or of a library."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetagger.recognition.evaluation_report import (
    EvaluationReport,
    SuggestionReport,
    offered,
    report_on,
    suggestion_table,
)
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.holding_out import HeldOut, folds_for, hold_out_faces, hold_out_people

SEED: Final = 0
"""The same faces give the same figures."""

_PASSES: Final = 3
"""Each face is asked about at most once in the closed set and twice, as known and as unknown, in the open set."""


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """``names`` are of the people by id; ``sources`` say of each row of the evidence where it comes from."""

    model_id: str
    names: Mapping[int, str]
    sources: Sequence[str]
    evidence: Evidence
    held: HeldOut
    report: EvaluationReport
    suggestions: Sequence[SuggestionReport]
    offer: SuggestionReport | None

    @property
    def single_faces(self) -> int:
        """How many people have one face only: they are never asked about."""
        return len(self.report.people) - len(self.report.per_person)


def measure(
    model_id: str,
    evidence: Evidence,
    names: Mapping[int, str],
    sources: Sequence[str],
    step: Callable[[int], None],
) -> Measured:
    """``evidence`` has no open faces and two people with two named faces each. ``step`` may raise to stop."""
    folds = folds_for(evidence.labels())
    held = hold_out_faces(evidence, folds, SEED, step)
    table = suggestion_table(evidence, *hold_out_people(evidence, SEED, step))
    return Measured(model_id, names, sources, evidence, held, report_on(evidence, held), table, offered(table))


def measuring_steps(evidence: Evidence) -> int:
    """About how often ``measure`` calls ``step``."""
    return _PASSES * len(evidence.face_ids)


def has_enough(evidence: Evidence) -> bool:
    """Whether two people have two named faces each."""
    labels = evidence.labels()
    counts = np.unique(labels[labels >= 0], return_counts=True)[1]
    return bool(np.count_nonzero(counts >= 2) >= 2)

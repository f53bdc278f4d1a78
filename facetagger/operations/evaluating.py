"""How often recognition is right about the user's own confirmed faces, which of them carry a wrong name, and how
probable a suggestion should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from facetagger.entities import Change, name_key
from facetagger.errors import FaceTaggerError
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library
from facetagger.operations.evidence_store import load_evidence
from facetagger.operations.measuring import Measured, has_enough, measure, measuring_steps
from facetagger.operations.suggestion_threshold import choose_suggestion_threshold, suggestion_threshold
from facetagger.recognition.evaluation_report import DecadeReport, by_decade
from facetagger.recognition.evidence import IGNORED, Evidence
from facetagger.recognition.mistakes import LikelyMistake, likely_mistakes


@dataclass(frozen=True, slots=True, eq=False)
class LibraryEvaluation:
    """``threshold`` is the one that holds in the library now."""

    measured: Measured
    decades: tuple[DecadeReport, ...]
    mistakes: tuple[LikelyMistake, ...]
    threshold: float


class Evaluating:
    """Of the names the user has confirmed. It reads; the one thing that it writes is the threshold, an act."""

    def __init__(self, library: Library, model_id: Callable[[], str]) -> None:
        self._library = library
        self._model_id = model_id

    @property
    def threshold(self) -> float:
        """How probable a suggestion must be in this library now."""
        return suggestion_threshold(self._library)

    def can_measure(self) -> bool:
        """Whether two people have two confirmed faces each that can teach."""
        return has_enough(self._evidence())

    def measure(
        self, progress: Callable[[Progress], None] = lambda progress: None, cancel: CancelToken | None = None
    ) -> LibraryEvaluation:
        """Holds every confirmed face back once. Long in a large library.

        Raises:
            FaceTaggerError: There are not two people with two faces each.
            Cancelled: It was stopped.
        """
        token = cancel or CancelToken()
        evidence = self._evidence()
        if not has_enough(evidence):
            raise FaceTaggerError(
                "There is too little to measure.",
                "It takes two people with two named faces each.",
                "Name a few more faces.",
            )
        meter = ProgressMeter(measuring_steps(evidence), progress)

        def step(count: int) -> None:
            token.checkpoint()
            meter.advance(count)

        faces = [f"#{face}" for face in evidence.face_ids.tolist()]
        measured = measure(self._model_id(), evidence, self._names(), faces, step)
        decades, mistakes = by_decade(evidence, measured.held), likely_mistakes(evidence, measured.held)
        return LibraryEvaluation(measured, tuple(decades), tuple(mistakes), self.threshold)

    def run(
        self,
        out: Path,
        progress: Callable[[Progress], None] = lambda progress: None,
        cancel: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Measures, writes tables and plots into ``out`` and returns the summary. Raises as ``measure`` does, and
        ``FaceTaggerError`` where ``out`` cannot be written."""
        from facetagger.operations.evaluation_files import library_summary, write_library_report

        found = self.measure(progress, cancel)
        summary = {
            **library_summary(found.measured, found.decades, found.mistakes),
            "threshold": found.threshold,
        }
        write_library_report(out, found.measured, found.decades, found.mistakes, summary)
        return summary

    def choose_threshold(self, probability: float | None) -> Change:
        """How probable a suggestion must be from now on; None for the usual. An act of the user."""
        return choose_suggestion_threshold(self._library, probability)

    def _evidence(self) -> Evidence:
        """Confirmed faces that teach, and strangers; what is open, or named without a face to see, says nothing."""
        evidence = load_evidence(self._library, self._model_id())
        is_named = (evidence.person_ids >= 0) & evidence.trainable
        rows = np.flatnonzero(is_named | (evidence.person_ids == IGNORED))
        return replace(
            evidence,
            face_ids=evidence.face_ids[rows],
            photo_ids=evidence.photo_ids[rows],
            person_ids=evidence.person_ids[rows],
            trainable=evidence.trainable[rows],
            embeddings=evidence.embeddings[rows],
            quality=evidence.quality[rows],
            taken=evidence.taken[rows],
        )

    def _names(self) -> dict[int, str]:
        """Of everybody; with the number where two share a name."""
        people = [summary.person for summary in self._library.people.all()]
        keys = [name_key(person.name) for person in people]
        return {
            person.id: person.name if keys.count(key) == 1 else f"{person.name} (#{person.id})"
            for person, key in zip(people, keys, strict=True)
        }

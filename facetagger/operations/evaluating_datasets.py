"""How well people are told apart in a folder that has a folder of photos per person, by one model or several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.entities import Embedding
from facetagger.errors import FaceTaggerError, ModelError
from facetagger.faces.embedder import Embedder
from facetagger.faces.margins import MARGINS, WithMargin, takes_margin
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.packs.loading import load_embedder
from facetagger.faces.packs.manifest import PackKind
from facetagger.faces.packs.store import PackStore
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.operations.analysers import shared_analyser
from facetagger.operations.dataset import (
    DatasetFaces,
    embed_as,
    evidence_of,
    find_dataset_faces,
    read_dataset,
    sources,
)
from facetagger.operations.evaluation_files import MarginResult, ModelResult, dataset_summary, write_dataset_report
from facetagger.operations.measuring import SEED, has_enough, measure, measuring_steps
from facetagger.recognition.evaluation_report import report_on
from facetagger.recognition.evidence import Evidence
from facetagger.recognition.holding_out import folds_for, hold_out_faces, hold_out_share
from facetagger.recognition.penalties import HELD_OUT, penalty_steps, penalty_table


@dataclass(frozen=True, slots=True)
class Reporting:
    """Where progress goes, and who may stop it."""

    progress: Callable[[Progress], None] = lambda progress: None
    cancel: CancelToken | None = None


_QUIET: Final = Reporting()


@dataclass(frozen=True, slots=True, eq=False)
class DatasetEvaluation:
    """``results`` in the order in which the models were given."""

    faces: DatasetFaces
    results: tuple[ModelResult, ...]

    def summary(self) -> dict[str, Any]:
        return dataset_summary(self.faces, self.results)


def evaluate_dataset(
    folder: Path,
    out: Path,
    *,
    embedders: Callable[[], Sequence[Embedder]] = tuple,
    analyser: Callable[[], FaceAnalyser] = shared_analyser,
    reporting: Reporting = _QUIET,
) -> dict[str, Any]:
    """Measures, writes tables and plots into ``out`` and returns the summary.

    Raises as ``measure_dataset`` does, and ``FaceTaggerError`` where ``out`` cannot be written.
    """
    found = measure_dataset(folder, embedders=embedders, analyser=analyser, reporting=reporting)
    summary = found.summary()
    write_dataset_report(out, found.results, summary)
    return summary


def measure_dataset(
    folder: Path,
    *,
    embedders: Callable[[], Sequence[Embedder]] = tuple,
    analyser: Callable[[], FaceAnalyser] = shared_analyser,
    reporting: Reporting = _QUIET,
) -> DatasetEvaluation:
    """Each photo counts with its central face; one in which no face is found counts with its middle, one that cannot be
    read is listed. ``embedders`` are the models to compare, the analyser's own where there are none.

    Raises:
        FaceTaggerError: The folder is no dataset, or has too little in it.
        Cancelled: It was stopped.
    """
    dataset = read_dataset(folder)
    cancel = reporting.cancel or CancelToken()
    networks = analyser()
    models = list(embedders()) or [networks.embedder]
    first = FaceAnalyser(networks.detector, models[0])
    faces = find_dataset_faces(dataset, first, reporting.progress, cancel)
    evidence, names = evidence_of(faces, faces.embeddings)
    if not has_enough(evidence):
        raise FaceTaggerError(
            "There is too little to measure.",
            f"Of the photos in {folder} that can be read, two people must have two each.",
            "Add photos, or give another folder.",
        )
    step = _stepper(_total_steps(evidence, models), reporting, cancel)
    results = [_measure_model(faces, model, names, step, is_first=model is models[0]) for model in models]
    return DatasetEvaluation(faces, tuple(results))


def load_models(model_ids: Sequence[str], packs: PackStore) -> list[Embedder]:
    """By the ids that ``models list`` shows, each once. Raises ``ModelError`` for one that is no embedder there."""
    models: list[Embedder] = []
    for model_id in dict.fromkeys(model_ids):
        if model_id == DLIB_RESNET:
            models.append(shared_analyser().embedder)
            continue
        pack = packs.get(model_id)
        if pack.kind is not PackKind.EMBEDDER:
            raise ModelError(f"{model_id} finds faces; it does not tell them apart.", hint="Give an embedder.")
        models.append(load_embedder(pack, packs.weights(pack)))
    return models


def _measure_model(
    faces: DatasetFaces, model: Embedder, names: dict[int, str], step: Callable[[int], None], *, is_first: bool
) -> ModelResult:
    embeddings = faces.embeddings if is_first else embed_as(faces, model, step)
    evidence, _ = evidence_of(faces, embeddings)
    measured = measure(model.model_id, evidence, names, sources(faces.photos, faces.dataset.folder), step)
    split = report_on(evidence, hold_out_share(evidence, HELD_OUT, SEED, step))
    folds = folds_for(evidence.person_ids)
    penalties = penalty_table(embeddings, evidence.person_ids, folds, SEED, step)
    margins = _compare_margins(faces, model, step) if takes_margin(model) else []
    return ModelResult(measured, split, tuple(penalties), tuple(margins))


def _compare_margins(faces: DatasetFaces, model: Embedder, step: Callable[[int], None]) -> list[MarginResult]:
    found = []
    for margin in MARGINS:
        evidence = _evidence(faces, embed_as(faces, WithMargin(model, margin), step))
        report = report_on(evidence, hold_out_faces(evidence, folds_for(evidence.person_ids), SEED, step))
        found.append(MarginResult(margin, report.accuracy, report.spread))
    return found


def _evidence(faces: DatasetFaces, embeddings: Embedding) -> Evidence:
    return evidence_of(faces, embeddings)[0]


def _total_steps(evidence: Evidence, models: Sequence[Embedder]) -> int:
    photos = len(evidence.face_ids)
    split = int(np.ceil(HELD_OUT * photos))
    each = measuring_steps(evidence) + split + penalty_steps(folds_for(evidence.person_ids))
    margins = sum(2 * photos * len(MARGINS) for model in models if takes_margin(model))
    return each * len(models) + photos * (len(models) - 1) + margins


def _stepper(total: int, reporting: Reporting, cancel: CancelToken) -> Callable[[int], None]:
    meter = ProgressMeter(total, reporting.progress)

    def step(count: int) -> None:
        cancel.checkpoint()
        meter.advance(count)

    return step

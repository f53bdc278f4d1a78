"""How often recognition is right: on the user's own confirmed faces, or on a folder-per-person dataset."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import FaceTaggerError, PhotoError
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.pipeline import ANALYSIS_SIDE, AnalysedFace, stream_photos
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos
from facetagger.imaging.probe import probe
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library
from facetagger.operations.analysers import shared_analyser
from facetagger.operations.evaluation_plots import draw_plots
from facetagger.recognition.evaluation import EvaluationReport, evaluate

if TYPE_CHECKING:
    from facetagger.faces.pipeline import FaceAnalyser

_FOLDS = 10


class Evaluating:
    """Of the names the user has confirmed."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def run(self, out: Path) -> dict[str, object]:
        """Cross-validates the confirmed faces, writes tables and plots into ``out`` and returns the summary.

        Raises ``FaceTaggerError`` when there are not two people with two faces each, or ``out`` cannot be written.
        """
        rows = self._library.faces.all_for_recognition(DLIB_RESNET)
        chosen = np.flatnonzero((rows.person_ids >= 0) & rows.trainable)
        labels = {each.person.id: f"{each.person.name} (#{each.person.id})" for each in self._library.people.all()}
        names = [labels[person] for person in rows.person_ids[chosen].tolist()]
        return _measure(rows.embeddings[chosen], names, 0, out)


def evaluate_dataset(dataset: Path, out: Path, progress: Callable[[Progress], None] | None = None) -> dict[str, object]:
    """The same for a folder that has a folder of photos per person.

    Each photo counts with its central face; one without a face is embedded from its centre, one that cannot be read is
    counted as skipped.
    """
    if not dataset.is_dir():
        raise FaceTaggerError(f"{dataset} is not a folder.", hint="Give a folder that has a folder per person.")
    photos = [path for path in find_photos([dataset]) if path.parent != dataset.absolute()]
    meter = ProgressMeter(len(photos), progress or (lambda progress: None))
    analyser = shared_analyser()
    embeddings: list[NDArray[np.float32]] = []
    names = []
    with ThreadPoolExecutor(2, "decode") as pool:
        for path, outcome in stream_photos(photos, _pixels, analyser, pool, CancelToken()):
            meter.advance()
            if not isinstance(outcome, PhotoError):
                embeddings.append(_central_embedding(analyser, path, outcome.faces))
                names.append(path.parent.name)
    return _measure(np.array(embeddings, dtype=np.float32), names, len(photos) - len(names), out)


def _measure(embeddings: NDArray[np.float32], names: Sequence[str], skipped: int, out: Path) -> dict[str, object]:
    counts = np.unique(names, return_counts=True)[1]
    if np.count_nonzero(counts >= 2) < 2:
        raise FaceTaggerError(
            "There is too little to measure.", "It takes two people with two faces each.", "Name a few more faces."
        )
    folds = int(min(_FOLDS, counts[counts >= 2].min()))
    report = evaluate(embeddings, names, folds=folds)
    summary = _summary(report, len(names), skipped)
    try:
        out.mkdir(parents=True, exist_ok=True)
        _write_tables(report, summary, out)
        draw_plots(report, out)
    except OSError as error:
        raise FaceTaggerError(
            f"The evaluation cannot be written to {out}.", error.strerror or str(error), "Choose another folder."
        ) from error
    return summary


def _pixels(path: Path) -> NDArray[np.uint8]:
    return decode(path, orientation=probe(path)[0].orientation, max_side=ANALYSIS_SIDE)


def _central_embedding(analyser: FaceAnalyser, path: Path, faces: Sequence[AnalysedFace]) -> NDArray[np.float32]:
    embedded = [face for face in faces if face.embedding is not None]
    if not embedded:
        return analyser.embed_centre(_pixels(path))
    central = min(embedded, key=lambda face: sum((place - 0.5) ** 2 for place in face.box.center))
    assert central.embedding is not None
    return central.embedding


def _summary(report: EvaluationReport, faces: int, skipped: int) -> dict[str, object]:
    return {
        "accuracy": report.accuracy,
        "std": float(np.std(report.folds)),
        "faces": faces,
        "people": len(report.names),
        "skipped": skipped,
        "folds": list(report.folds),
        "per_person": [asdict(each) for each in report.per_person],
        "confusion": {"names": list(report.names), "counts": report.confusion.tolist()},
        "thresholds": [asdict(each) for each in report.thresholds],
    }


def _write_tables(report: EvaluationReport, summary: dict[str, object], out: Path) -> None:
    (out / "report.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    _write_csv(out / "people.csv", [asdict(each) for each in report.per_person])
    _write_csv(out / "thresholds.csv", [asdict(each) for each in report.thresholds])


def _write_csv(path: Path, rows: Iterable[dict[str, object]]) -> None:
    records = list(rows)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(records[0]) if records else [])
        writer.writeheader()
        writer.writerows(records)

"""What an evaluation leaves behind: one JSON document, tables for a spreadsheet, plots."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from facetagger.errors import FaceTaggerError
from facetagger.operations import evaluation_plots as plots
from facetagger.operations.dataset import DatasetFaces
from facetagger.operations.measuring import Measured
from facetagger.recognition.evaluation_report import DecadeReport, EvaluationReport, SuggestionReport
from facetagger.recognition.holding_out import NO_ANSWER
from facetagger.recognition.mistakes import LikelyMistake
from facetagger.recognition.penalties import PenaltyReport

Row = Mapping[str, object]

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._+-]+")


@dataclass(frozen=True, slots=True)
class MarginResult:
    """``margin`` in pixels of the chip; mean and standard deviation of the accuracy over the folds."""

    margin: int
    accuracy: float
    std: float


@dataclass(frozen=True, slots=True, eq=False)
class ModelResult:
    """What was measured of one model on a dataset; ``split`` is the one split that holds out a quarter."""

    measured: Measured
    split: EvaluationReport
    penalties: tuple[PenaltyReport, ...]
    margins: tuple[MarginResult, ...]


def summary_of(measured: Measured) -> dict[str, Any]:
    """The keys that evaluations of datasets and of libraries have in common."""
    report, names = measured.report, measured.names
    return {
        "model": measured.model_id,
        "accuracy": report.accuracy,
        "std": report.spread,
        "faces": report.faces,
        "people": len(report.people),
        "single_faces": measured.single_faces,
        "folds": list(report.folds),
        "per_person": _people_rows(measured),
        "confusion": {
            "names": [names[person] for person in report.people.tolist()],
            "counts": report.confusion.tolist(),
        },
        "thresholds": [asdict(each) for each in report.thresholds],
        "suggestions": [_suggestion_row(each) for each in measured.suggestions],
        "offer": None if measured.offer is None else _suggestion_row(measured.offer),
    }


def dataset_summary(faces: DatasetFaces, results: Sequence[ModelResult]) -> dict[str, Any]:
    """The first model's figures, with the others' beside them under ``models``."""
    root = faces.dataset.folder
    first = results[0]
    return {
        **summary_of(first.measured),
        "photos": len(faces.dataset.photos),
        "skipped": [{"path": _text(each.path), "reason": each.reason} for each in faces.skipped],
        "faceless": [_text(path.relative_to(root)) for path in faces.faceless],
        "several_faces": [_text(path.relative_to(root)) for path in faces.crowded],
        "split": {"faces": first.split.faces, "accuracy": first.split.accuracy},
        "penalties": [asdict(each) for each in first.penalties],
        "margins": [_margin_row(result, each) for result in results for each in result.margins],
        "models": [_model_row(each) for each in results],
    }


def library_summary(
    measured: Measured, decades: Sequence[DecadeReport], mistakes: Sequence[LikelyMistake]
) -> dict[str, Any]:
    return {
        **summary_of(measured),
        "decades": decade_rows(measured, decades),
        "likely_mistakes": mistake_rows(measured, mistakes),
    }


def write_dataset_report(out: Path, results: Sequence[ModelResult], summary: Mapping[str, object]) -> None:
    """With several models each has a folder of its own below ``out``. Raises ``FaceTaggerError``."""
    with _writing(out):
        for result in results:
            folder = out if len(results) == 1 else out / _UNSAFE.sub("_", result.measured.model_id)
            folder.mkdir(parents=True, exist_ok=True)
            _write_measured(folder, result.measured)
            _write_csv(folder / "penalties.csv", [asdict(each) for each in result.penalties])
            plots.draw_penalties(folder / "penalties.png", result.penalties)
            if result.margins:
                _write_csv(folder / "margins.csv", [_margin_row(result, each) for each in result.margins])
                rows = [(str(each.margin), each.accuracy, each.std) for each in result.margins]
                plots.draw_comparison(folder / "margins.png", rows, "margin around the face, pixels of the chip")
        if len(results) > 1:
            _write_csv(out / "models.csv", [_model_row(each) for each in results])
            compared = [
                (each.measured.model_id, each.measured.report.accuracy, each.measured.report.spread) for each in results
            ]
            plots.draw_comparison(out / "models.png", compared, "model")
        _write_json(out, summary)


def write_library_report(
    out: Path,
    measured: Measured,
    decades: Sequence[DecadeReport],
    mistakes: Sequence[LikelyMistake],
    summary: Mapping[str, object],
) -> None:
    """Raises ``FaceTaggerError`` where ``out`` cannot be written."""
    with _writing(out):
        _write_measured(out, measured)
        _write_csv(out / "decades.csv", decade_rows(measured, decades))
        _write_csv(out / "likely_mistakes.csv", mistake_rows(measured, mistakes))
        _write_json(out, summary)


def decade_rows(measured: Measured, decades: Sequence[DecadeReport]) -> list[Row]:
    return [
        {"name": measured.names[each.person_id], "decade": each.decade, "faces": each.faces, "recall": each.recall}
        for each in decades
    ]


def mistake_rows(measured: Measured, mistakes: Sequence[LikelyMistake]) -> list[Row]:
    return [
        {
            "face": each.face_id,
            "name": measured.names[each.person_id],
            "looks_like": None if each.other is None else measured.names[each.other],
            "probability": each.probability if each.other is not None else None,
            "distance": each.distance,
        }
        for each in mistakes
    ]


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Makes the folder, and a sentence of what the disk says."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise FaceTaggerError(
            f"The evaluation cannot be written to {out}.", error.strerror or str(error), "Choose another folder."
        ) from error


def _write_measured(folder: Path, measured: Measured) -> None:
    report, names = measured.report, measured.names
    shown = [names[person] for person in report.people.tolist()]
    _write_csv(folder / "people.csv", _people_rows(measured))
    _write_csv(folder / "thresholds.csv", [asdict(each) for each in report.thresholds])
    _write_csv(folder / "suggestions.csv", [_suggestion_row(each) for each in measured.suggestions])
    _write_csv(folder / "answers.csv", _answer_rows(measured))
    _write_csv(folder / "confusion.csv", _confusion_rows(shown, report))
    plots.draw_confusion(folder / "confusion.png", report, shown)
    plots.draw_people(folder / "people.png", report, names)
    plots.draw_probabilities(folder / "probabilities.png", report)
    plots.draw_thresholds(folder / "thresholds.png", report)
    plots.draw_suggestions(folder / "suggestions.png", measured.suggestions, measured.offer)


def _confusion_rows(names: Sequence[str], report: EvaluationReport) -> list[Row]:
    counts = zip(names, report.confusion.tolist(), strict=True)
    return [{"shown / answered": name, **dict(zip(names, row, strict=True))} for name, row in counts]


def _people_rows(measured: Measured) -> list[Row]:
    return [
        {
            "name": measured.names[each.person_id],
            "faces": each.faces,
            "precision": each.precision,
            "recall": each.recall,
        }
        for each in measured.report.per_person
    ]


def _suggestion_row(each: SuggestionReport) -> Row:
    return {**asdict(each), "precision": each.precision}


def _answer_rows(measured: Measured) -> list[Row]:
    held, names, people = measured.held, measured.names, measured.evidence.person_ids
    return [
        {
            "face": measured.sources[row],
            "shown": names[int(people[row])],
            "answered": "" if held.answers[row] == NO_ANSWER else names[int(held.answers[row])],
            "probability": float(held.likely[row]),
            "right": bool(held.answers[row] == people[row]),
            "fold": int(held.turns[row]),
        }
        for row in held.is_asked.nonzero()[0].tolist()
    ]


def _model_row(result: ModelResult) -> Row:
    report, offer = result.measured.report, result.measured.offer
    return {
        "model": result.measured.model_id,
        "accuracy": report.accuracy,
        "std": report.spread,
        "split": result.split.accuracy,
        "best_c": max(result.penalties, key=lambda each: each.accuracy).c,
        "offered_threshold": None if offer is None else offer.probability,
    }


def _margin_row(result: ModelResult, each: MarginResult) -> Row:
    return {"model": result.measured.model_id, **asdict(each)}


def _write_json(out: Path, summary: Mapping[str, object]) -> None:
    (out / "report.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")


def _write_csv(path: Path, rows: Sequence[Row]) -> None:
    """With the mark by which spreadsheets know UTF-8."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]) if rows else [])
        writer.writeheader()
        writer.writerows(rows)


def _text(path: Path) -> str:
    return str(path).encode(errors="replace").decode()

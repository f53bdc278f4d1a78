"""The pictures of an evaluation: who is taken for whom, and what refusing doubtful answers spares."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from facetagger.recognition.evaluation import EvaluationReport

_NAMES_THAT_FIT = 60


def draw_plots(report: EvaluationReport, out: Path) -> None:
    """Writes ``confusion.png`` and ``thresholds.png`` into the folder ``out``."""
    from matplotlib.figure import Figure

    confusion = Figure(figsize=_heat_map_size(len(report.names)), layout="constrained")
    _draw_confusion(confusion.add_subplot(), report)
    confusion.savefig(out / "confusion.png", dpi=120)
    thresholds = Figure(figsize=(6.4, 4.0), layout="constrained")
    _draw_thresholds(thresholds.add_subplot(), report)
    thresholds.savefig(out / "thresholds.png", dpi=120)


def _heat_map_size(people: int) -> tuple[float, float]:
    side = min(24.0, 4.0 + 0.22 * people)
    return side, side


def _draw_confusion(axes: Any, report: EvaluationReport) -> None:
    """Rows are who is shown, columns who was answered, each row as shares of that person's faces."""
    shares = report.confusion / np.maximum(report.confusion.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Greens", vmin=0, vmax=1)
    axes.figure.colorbar(image, ax=axes, shrink=0.6, label="share of the person's faces")
    axes.set(xlabel="answered", ylabel="shown", title=f"Right in {report.accuracy:.1%}")
    if len(report.names) <= _NAMES_THAT_FIT:
        places = range(len(report.names))
        axes.set_xticks(places, report.names, rotation=90, fontsize=7)
        axes.set_yticks(places, report.names, fontsize=7)


def _draw_thresholds(axes: Any, report: EvaluationReport) -> None:
    """How many wrong answers are left when the doubtful ones are refused."""
    refused = [100 * each.refused for each in report.thresholds]
    errors = [100 * each.errors for each in report.thresholds]
    axes.plot(refused, errors, marker="o", color="#1f6f68")
    for each, x, y in zip(report.thresholds, refused, errors, strict=True):
        axes.annotate(f"{each.probability:.2f}", (x, y), textcoords="offset points", xytext=(4, 4), fontsize=7)
    axes.set(xlabel="refused, %", ylabel="wrong among the rest, %", title="Answers below a probability refused")
    axes.grid(alpha=0.3)

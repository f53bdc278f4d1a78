"""The pictures of an evaluation: who is taken for whom, how sure the answers were, what doubt costs.

Colours are told apart by colour-blind readers, and by their lightness in print.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.recognition.evaluation_report import EvaluationReport, SuggestionReport
from facetagger.recognition.penalties import PenaltyReport

_DPI: Final = 120
_RIGHT: Final = "#0072b2"
_WRONG: Final = "#d55e00"
"""Blue and vermilion of the palette by Okabe and Ito."""
_NAMES_THAT_FIT: Final = 80
_COUNTS_THAT_FIT: Final = 45
_LONGEST_NAME: Final = 28
_BINS: Final = 20
_REFUSING: Final = "What refusing answers below a probability (at the dots) costs and spares"


def draw_confusion(path: Path, report: EvaluationReport, names: Sequence[str]) -> None:
    """Rows are who is shown, columns who was answered, each row as shares of that person's faces; what went wrong is
    written in as counts."""
    side = min(26.0, 4.5 + 0.24 * len(names))
    figure = _figure(side + 0.8, side)
    axes = figure.add_subplot()
    shares = 100 * report.confusion / np.maximum(report.confusion.sum(axis=1, keepdims=True), 1)
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=100)
    figure.colorbar(image, ax=axes, shrink=0.5, label="share of the person’s faces, %")
    title = f"Who is taken for whom: {report.accuracy:.1%} of {report.faces} held-back faces right"
    axes.set(xlabel="answered", ylabel="shown", title=title)
    if len(names) <= _NAMES_THAT_FIT:
        places = range(len(names))
        axes.set_xticks(places, [_short(each) for each in names], rotation=90, fontsize=8)
        axes.set_yticks(places, [_short(each) for each in names], fontsize=8)
    if len(names) <= _COUNTS_THAT_FIT:
        wrong = report.confusion * (1 - np.eye(len(names), dtype=np.int64))
        for row, column in np.argwhere(wrong).tolist():
            ink = "white" if shares[row, column] > 50 else "black"
            axes.text(column, row, str(wrong[row, column]), ha="center", va="center", fontsize=8, color=ink)
    figure.savefig(path, dpi=_DPI)


def draw_people(path: Path, report: EvaluationReport, names: Mapping[int, str]) -> None:
    """Precision and recall of each person, the hardest on top."""
    people = sorted(report.per_person, key=lambda each: (each.recall, each.precision or 0.0, names[each.person_id]))
    people = people[:_NAMES_THAT_FIT][::-1]
    figure = _figure(8.0, 1.8 + 0.22 * len(people))
    axes = figure.add_subplot()
    rows = np.arange(len(people))
    axes.hlines(rows, 0, 100, color="#dddddd", linewidth=0.6, zorder=0)
    precision = [np.nan if each.precision is None else 100 * each.precision for each in people]
    axes.scatter([100 * each.recall for each in people], rows, marker="o", s=52, color=_RIGHT, label="recall")
    axes.scatter(precision, rows, marker="D", s=20, color=_WRONG, label="precision")
    axes.set_yticks(rows, [f"{_short(names[each.person_id])}  ({each.faces})" for each in people], fontsize=8)
    axes.set(xlabel="%", xlim=(-2, 102), ylim=(-0.7, len(people) - 0.3))
    axes.set_title("Found of each person’s faces (recall), and right among those called so (precision)", fontsize=10)
    figure.legend(loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(path, dpi=_DPI)


def draw_probabilities(path: Path, report: EvaluationReport) -> None:
    """How sure the right and the wrong answers were, as a histogram and as a box plot."""
    figure = _figure(10.0, 4.2)
    histogram, boxes = figure.subplots(1, 2, width_ratios=(3, 2))
    edges = np.linspace(0, 1, _BINS + 1)
    for values, label, colour, hatch in (
        (report.right, f"right ({len(report.right)})", _RIGHT, ""),
        (report.wrong, f"wrong ({len(report.wrong)})", _WRONG, "///"),
    ):
        histogram.hist(values, edges, label=label, color=colour, alpha=0.75, hatch=hatch, edgecolor="white")
    histogram.set_yscale("symlog", linthresh=10)
    histogram.set(xlabel="probability that was given", ylabel="answers", title="How sure the answers were", xlim=(0, 1))
    histogram.legend(loc="upper left")
    boxes.boxplot(
        [report.right, report.wrong],
        tick_labels=[f"right ({len(report.right)})", f"wrong ({len(report.wrong)})"],
        widths=0.5,
        medianprops={"color": "black"},
        flierprops={"markersize": 3},
    )
    boxes.set(ylabel="probability that was given", ylim=(-0.03, 1.03), title="The same as boxes")
    boxes.grid(axis="y", alpha=0.3)
    figure.savefig(path, dpi=_DPI)


def draw_thresholds(path: Path, report: EvaluationReport) -> None:
    """How many wrong answers are left when the doubtful ones are refused."""
    figure = _figure(7.2, 4.4)
    axes = figure.add_subplot()
    refused = [100 * each.refused for each in report.thresholds]
    errors = [100 * each.errors for each in report.thresholds]
    axes.plot(refused, errors, marker="o", color=_RIGHT)
    written: list[tuple[float, float]] = []
    span_x, span_y = max(*refused, 1.0), max(*errors, 1.0)
    for each, x, y in zip(report.thresholds, refused, errors, strict=True):
        if all(abs(x - a) > 0.05 * span_x or abs(y - b) > 0.06 * span_y for a, b in written):
            axes.annotate(f"{each.probability:g}", (x, y), textcoords="offset points", xytext=(5, 5), fontsize=8)
            written.append((x, y))
    axes.set(xlabel="answers refused, %", ylabel="wrong among the others, %", title=_REFUSING)
    axes.set_ylim(bottom=-0.03 * span_y, top=1.12 * span_y)
    axes.set_xlim(left=-0.03 * span_x, right=1.08 * span_x)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=_DPI)


def draw_suggestions(path: Path, table: Sequence[SuggestionReport], offer: SuggestionReport | None) -> None:
    """What a threshold does to suggestions, were every second face somebody's without a name."""
    figure = _figure(7.6, 4.6)
    axes = figure.add_subplot()
    least = [each.probability for each in table]
    axes.plot(least, [100 * each.precision for each in table], color=_RIGHT, label="right among the suggestions")
    reached, strangers = "known faces that get a suggestion", "unknown faces that get a wrong one"
    axes.plot(least, [100 * each.reached for each in table], color="#555555", linestyle="--", label=reached)
    axes.plot(least, [100 * each.strangers for each in table], color=_WRONG, linestyle=":", label=strangers)
    if offer is not None:
        axes.axvline(offer.probability, color="#999999", linewidth=1)
        where = {"textcoords": "offset points", "xytext": (5, 0), "fontsize": 8, "va": "center"}
        axes.annotate(f"from {offer.probability:g} on, at least 97 of 100 are right", (offer.probability, 50), **where)
    title = "Suggestions from a probability on, every second face being somebody’s without a name"
    axes.set(xlabel="least probability of a suggestion", ylabel="%", ylim=(-2, 102), xlim=(0.49, 1.0))
    axes.set_title(title, fontsize=10)
    axes.legend(loc="center right", fontsize=8)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=_DPI)


def draw_penalties(path: Path, table: Sequence[PenaltyReport]) -> None:
    """Accuracy over C, with the spread over the folds."""
    figure = _figure(6.8, 4.2)
    axes = figure.add_subplot()
    c = [each.c for each in table]
    mean, spread = [100 * each.accuracy for each in table], [100 * each.std for each in table]
    axes.errorbar(c, mean, yerr=spread, marker="o", color=_RIGHT, capsize=4, label="mean and spread over the folds")
    split = [100 * each.split for each in table]
    axes.plot(c, split, marker="D", linestyle=":", color=_WRONG, label="one split, a quarter held back")
    axes.set(xscale="log", xlabel="C", ylabel="accuracy, %", title="One linear SVC per person against the rest, over C")
    axes.legend(fontsize=8)
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=_DPI)


def draw_comparison(path: Path, rows: Sequence[tuple[str, float, float]], label: str) -> None:
    """Accuracies side by side: each row a name, a mean and a standard deviation over the folds."""
    figure = _figure(7.2, 1.8 + 0.5 * len(rows))
    axes = figure.add_subplot()
    places = np.arange(len(rows))[::-1]
    mean, spread = [100 * each[1] for each in rows], [100 * each[2] for each in rows]
    axes.errorbar(mean, places, xerr=spread, fmt="o", markersize=8, color=_RIGHT, capsize=5)
    for place, each in zip(places, rows, strict=True):
        axes.annotate(f"{each[1]:.1%}", (100 * each[1], place), xytext=(0, 8), textcoords="offset points", ha="center")
    axes.set_yticks(places, [_short(each[0], 40) for each in rows])
    axes.set(xlabel="accuracy, % (mean and spread over the folds)", ylabel=label, ylim=(-0.6, len(rows) - 0.4))
    axes.set_title("Held-back faces that were answered rightly")
    axes.grid(axis="x", alpha=0.3)
    figure.savefig(path, dpi=_DPI)


def _figure(width: float, height: float) -> Any:
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


def _short(name: str, length: int = _LONGEST_NAME) -> str:
    """Cut where it is long; a dollar sign would begin mathematics."""
    cut = name if len(name) <= length else f"{name[: length - 1]}…"
    return cut.replace("$", r"\$")

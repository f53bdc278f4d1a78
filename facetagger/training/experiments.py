"""Experiments on embedders: one thing changed at a time, each over several splits, and the table of what it gave."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.training.backbones import BACKBONES
from facetagger.training.embedder_training import TrainingPlan

_COLUMNS: Final = ("name", "tried", "why", "seeds", "auc", "auc_std", "untrained_auc", "accuracy", "validation_loss")


@dataclass(frozen=True, slots=True)
class Experiment:
    """``plans`` differ in their seed only, so in the split too."""

    name: str
    tried: str
    why: str
    plans: tuple[TrainingPlan, ...]


@dataclass(frozen=True, slots=True)
class Variations:
    """What is tried; the first of each is what the others are compared with."""

    backbones: tuple[str, ...] = ("mobilenet",)
    margins: tuple[float, ...] = (0.3, 0.2, 0.6, 1.0)
    optimizers: tuple[str, ...] = ("adam", "rmsprop", "sgd")
    seeds: tuple[int, ...] = (0, 1)


def experiments_of(plan: TrainingPlan, tried: Variations) -> list[Experiment]:
    """The basis, then each other backbone, margin and optimizer in its place. Each plan is checked."""
    basis = replace(plan, backbone=tried.backbones[0], margin=tried.margins[0], optimizer=tried.optimizers[0])
    found = [_over_seeds("basis", _words(basis), "What everything else is compared with.", basis, tried.seeds)]
    for name in tried.backbones[1:]:
        width = plan.width if name in BACKBONES and BACKBONES[name].has_width else 1.0
        changed = replace(basis, backbone=name, width=width)
        why = "A larger network can tell more apart, and needs more faces to learn it from."
        found.append(_over_seeds(f"backbone-{name}", f"backbone {name}", why, changed, tried.seeds))
    for margin in tried.margins[1:]:
        why = "A wider margin keeps people farther apart; too wide a one cannot be met and says nothing."
        changed = replace(basis, margin=margin)
        found.append(_over_seeds(f"margin-{margin:g}", f"margin {margin:g}", why, changed, tried.seeds))
    for name in tried.optimizers[1:]:
        why = "Optimizers differ in how they take noisy gradients, and triplets are noisy."
        changed = replace(basis, optimizer=name)
        found.append(_over_seeds(f"optimizer-{name}", f"optimizer {name}", why, changed, tried.seeds))
    for experiment in found:
        for each in experiment.plans:
            each.check()
    return found


def _over_seeds(name: str, tried: str, why: str, plan: TrainingPlan, seeds: Sequence[int]) -> Experiment:
    return Experiment(name, tried, why, tuple(replace(plan, seed=seed) for seed in seeds))


def _words(plan: TrainingPlan) -> str:
    return f"{plan.backbone}, margin {plan.margin:g}, {plan.optimizer}, {plan.side} pixels, {plan.epochs} epochs"


def row_of(experiment: Experiment, reports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What an experiment gave, over its splits; figures are of people held out."""
    auc = np.array([report["trained"]["auc"] for report in reports])
    return {
        "name": experiment.name,
        "tried": experiment.tried,
        "why": experiment.why,
        "seeds": len(reports),
        "auc": round(float(auc.mean()), 4),
        "auc_std": round(float(auc.std(ddof=1)), 4) if len(auc) > 1 else None,
        "untrained_auc": round(float(np.mean([report["untrained"]["auc"] for report in reports])), 4),
        "accuracy": round(float(np.mean([report["trained"]["accuracy"] for report in reports])), 4),
        "validation_loss": round(float(np.mean([report["trained"]["loss"] for report in reports])), 4),
    }


def write_table(rows: Sequence[Mapping[str, Any]], folder: Path) -> None:
    """``experiments`` as ``.csv``, ``.json``, ``.md`` and ``.png``."""
    (folder / "experiments.json").write_text(json.dumps(list(rows), indent=2) + "\n", encoding="utf-8")
    with (folder / "experiments.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    (folder / "experiments.md").write_text("\n".join(_lines(rows)) + "\n", encoding="utf-8")
    _draw(rows, folder / "experiments.png")


def _lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    yield "# Experiments on the embedder"
    yield ""
    yield "Of people held out: the area under the ROC curve (± standard deviation over splits), before training, and"
    yield "the accuracy of the LFW protocol."
    yield ""
    yield "| what was tried | why | AUC | untrained | accuracy |"
    yield "|---|---|---|---|---|"
    for row in rows:
        spread = "" if row["auc_std"] is None else f" ± {row['auc_std']:.3f}"
        figures = f"{row['auc']:.3f}{spread} | {row['untrained_auc']:.3f} | {row['accuracy']:.3f}"
        yield f"| {row['tried']} | {row['why']} | {figures} |"
    if len(rows) > 1:
        best = max(rows, key=lambda row: float(row["auc"]))
        yield ""
        yield f"Best: {best['tried']}, by {best['auc'] - rows[0]['auc']:+.3f} against the basis."


def _draw(rows: Sequence[Mapping[str, Any]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 1.5 + 0.4 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    places = np.arange(len(rows))[::-1]
    axes.barh(places, [row["auc"] for row in rows], xerr=[row["auc_std"] or 0.0 for row in rows])
    axes.plot([row["untrained_auc"] for row in rows], places, "k|", markersize=12, label="untrained")
    axes.set_yticks(places, [row["name"] for row in rows])
    axes.set(xlabel="area under the ROC curve, people held out", xlim=(0.45, 1.0))
    axes.legend(loc="lower right")
    figure.savefig(path, dpi=150)

"""What a siamese training leaves behind besides the network: its curve, and its figures as one JSON document."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from facetagger.training.siamese_training import Epoch, best_of

REPORT: Final = "report.json"


def draw_training(history: Sequence[Epoch], folder: Path) -> None:
    """``curve.csv`` and ``curve.png``: losses and the area under the ROC curve, epoch by epoch."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    with (folder / "curve.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "loss", "validation_loss", "validation_auc"])
        for epoch in history:
            figures = (epoch.loss, epoch.validation_loss, epoch.validation_auc)
            writer.writerow([epoch.number, *("" if each is None else f"{each:.6f}" for each in figures)])
    numbers = [epoch.number for epoch in history]
    figure = Figure(figsize=(10, 4), layout="constrained")
    losses, areas = figure.subplots(1, 2)
    learnt = [epoch for epoch in history if epoch.loss is not None]
    losses.plot(
        [epoch.number for epoch in learnt],
        [epoch.loss for epoch in learnt],
        "o-",
        label="learnt from, with the penalty",
    )
    losses.plot(numbers, [epoch.validation_loss for epoch in history], "s--", label="families not learnt from")
    losses.set(xlabel="epoch", ylabel="loss")
    losses.legend()
    areas.plot(numbers, [epoch.validation_auc for epoch in history], "s--", color="C1")
    best = best_of(history).number
    areas.axvline(best, color="grey", linestyle=":", label=f"kept: epoch {best}")
    areas.set(xlabel="epoch", ylabel="area under the ROC curve")
    areas.legend(loc="lower right")
    for axes in (losses, areas):
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    figure.savefig(folder / "curve.png", dpi=150)


def write_report(folder: Path, report: Mapping[str, Any]) -> None:
    (folder / REPORT).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")

"""What the training of an embedder leaves behind: curves, a table, one JSON document, and the model pack."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.faces.packs import manifest as manifests
from facetagger.training.backbones import find_backbone
from facetagger.training.embedder_training import TrainedEmbedder, TrainingPlan
from facetagger.training.verification import Verification

REPORT: Final = "report.json"
PACK: Final = "pack"


def write_curves(trained: TrainedEmbedder, folder: Path) -> None:
    """``curve.csv`` and ``curve.png``: the losses and the area under the ROC curve, epoch by epoch."""
    from matplotlib.figure import Figure

    with (folder / "curve.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["epoch", "loss", "validation_loss", "auc"])
        for epoch in trained.history:
            loss = "" if epoch.loss is None else f"{epoch.loss:.6f}"
            writer.writerow([epoch.number, loss, f"{epoch.validation_loss:.6f}", f"{epoch.auc:.6f}"])
    figure = Figure(figsize=(10, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    numbers = [epoch.number for epoch in trained.history]
    left.plot(numbers[1:], [epoch.loss or 0.0 for epoch in trained.history[1:]], "o-", label="trained on")
    left.plot(numbers, [epoch.validation_loss for epoch in trained.history], "s--", label="people held out")
    left.set(xlabel="epoch", ylabel="triplet loss", ylim=(0, None))
    left.legend()
    right.plot(numbers, [epoch.auc for epoch in trained.history], "s--", color="C1")
    right.axvline(trained.best.number, color="grey", linestyle=":", label=f"best: epoch {trained.best.number}")
    right.set(xlabel="epoch", ylabel="area under the ROC curve, people held out")
    right.legend(loc="lower right")
    figure.savefig(folder / "curve.png", dpi=150)


def write_report(folder: Path, report: Mapping[str, Any]) -> None:
    (folder / REPORT).write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def figures_of(found: Verification) -> dict[str, Any]:
    return {
        "auc": round(found.auc, 4),
        "accuracy": round(found.accuracy, 4),
        "std": round(found.std, 4),
        "threshold": round(found.threshold, 4),
        "tar_at_far": {f"{rate:g}": round(share, 4) for rate, share in found.tar.items()},
    }


def history_of(trained: TrainedEmbedder) -> list[dict[str, Any]]:
    return [asdict(epoch) for epoch in trained.history]


def write_pack(
    trained: TrainedEmbedder, plan: TrainingPlan, alignment: str, margin: int, source: str, folder: Path
) -> Path:
    """The folder of a model pack in Keras' own format, for 'models install'; its id tells its weights."""
    pack = folder / PACK
    pack.mkdir(exist_ok=True)
    file = pack / f"{plan.backbone}.keras"
    trained.network.save(file)
    content = file.read_bytes()
    digest = hashlib.sha256(b"".join(np.ascontiguousarray(each).tobytes() for each in trained.network.get_weights()))
    manifest = manifests.Manifest(
        id=f"trained-{plan.backbone.replace('_', '-')}-{digest.hexdigest()[:8]}",
        title=f"{find_backbone(plan.backbone).title} trained on {source}",
        kind=manifests.PackKind.EMBEDDER,
        format=manifests.PackFormat.KERAS,
        file=file.name,
        sha256=hashlib.sha256(content).hexdigest(),
        licence="your own; it holds what it learnt of the faces it was trained on",
        source=f"facetagger train embedder, {source}",
        input_size=plan.side,
        mean=0.0,
        scale=1.0,
        alignment=alignment,
        margin=margin,
        dimensions=plan.dimensions,
        distance="euclidean",
        threshold=round(min(max(trained.trained.threshold, 0.05), 1.95), 4),
    )
    (pack / manifests.FILE_NAME).write_text(manifest.to_json(), encoding="utf-8")
    return pack

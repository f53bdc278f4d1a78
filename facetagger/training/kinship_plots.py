"""The curve and the table that a kinship training leaves behind."""

from __future__ import annotations

import csv
from pathlib import Path

from facetagger.training.kinship_measuring import Outcome


def draw_outcome(outcome: Outcome, folder: Path) -> None:
    """Writes ``kinship.png``, the ROC curves, and ``kinship.csv``, every held-out pair with its log odds."""
    from matplotlib.figure import Figure
    from sklearn.metrics import roc_curve

    low, high = outcome.interval()
    figure = Figure(figsize=(6, 6), layout="constrained")
    axes = figure.add_subplot()
    for scores, text, style in (
        (outcome.log_odds, f"trained, AUC {outcome.auc:.3f} ({low:.3f} to {high:.3f})", "-"),
        (outcome.nearness, f"distance alone, AUC {outcome.raw_auc:.3f}", "--"),
    ):
        false_positives, true_positives, _ = roc_curve(outcome.is_kin, scores)
        axes.plot(false_positives, true_positives, style, label=text)
    axes.plot([0, 1], [0, 1], ":", color="grey", label="guessing")
    axes.set(
        xlabel="strangers taken for kin (share)",
        ylabel="kin recognised (share)",
        title=f"{len(outcome.pairs)} pairs of families held out",
    )
    axes.legend(loc="lower right")
    figure.savefig(folder / "kinship.png", dpi=150)
    with (folder / "kinship.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["first", "second", "is_kin", "log_odds", "fold"])
        rows = zip(
            outcome.pairs, outcome.is_kin.tolist(), outcome.log_odds.tolist(), outcome.folds.tolist(), strict=True
        )
        for pair, is_kin, odds, fold in rows:
            writer.writerow([*pair, int(is_kin), f"{odds:.4f}", fold])

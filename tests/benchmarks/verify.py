"""How well two photos are told to show one person or two, by the protocol of LFW ("unrestricted, outside data").

The threshold on the distance is chosen on nine folds and judged on the tenth. With ``--pack FILE`` the embeddings are
those of a model pack instead of the built-in model's.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.pipeline import FaceAnalyser
from facetagger.operations.session import Session
from tests.benchmarks.data import embed_main_faces, pair_distances, parse_arguments, read_pairs, report, show_progress

_FALSE_ACCEPT_RATE: Final = 1e-3


def run(data: Path, pack: Path | None = None) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, Session.open(Path(folder) / "library") as session:
        if pack is not None:
            session.models.use(session.models.install(pack).id)
        return measure(data, session.models.analyser())


def measure(data: Path, analyser: FaceAnalyser) -> dict[str, float]:
    folder = data / "lfw-pairs"
    pairs = read_pairs(folder / "pairsDevTest.txt", folder / "images")
    photos = sorted({photo for pair in pairs for photo in (pair.first, pair.second)})
    show_progress(f"{len(pairs)} pairs of {len(photos)} photos")
    embeddings, faceless = embed_main_faces(analyser, photos)
    show_progress(f"{len(faceless)} photos without a detected face were embedded from their centre")
    is_same = np.array([pair.is_same for pair in pairs])
    return verification(pair_distances(pairs, embeddings), is_same, np.array([pair.fold for pair in pairs]))


def verification(
    distances: NDArray[np.float64], is_same: NDArray[np.bool_], folds: NDArray[np.int_]
) -> dict[str, float]:
    """Accuracy over folds, the mean threshold, area under the ROC curve, true accepts at one false in a thousand."""
    accuracies, thresholds = [], []
    for fold in np.unique(folds):
        held_out = folds == fold
        threshold = best_threshold(distances[~held_out], is_same[~held_out])
        thresholds.append(threshold)
        accuracies.append(np.mean((distances[held_out] < threshold) == is_same[held_out]))
    return {
        "accuracy": round(float(np.mean(accuracies)), 5),
        "std": round(float(np.std(accuracies, ddof=1)), 5),
        "threshold": round(float(np.mean(thresholds)), 5),
        "auc": round(area_under_curve(distances, is_same), 6),
        "tar_at_far_1e-3": round(true_accept_rate(distances, is_same, _FALSE_ACCEPT_RATE), 5),
    }


def best_threshold(distances: NDArray[np.float64], is_same: NDArray[np.bool_]) -> float:
    """The middle between two neighbouring distances at which most pairs are judged rightly."""
    order = np.argsort(distances, kind="stable")
    ordered, same = distances[order], is_same[order]
    right = np.concatenate([[0], np.cumsum(same)]) + np.concatenate([np.cumsum(~same[::-1])[::-1], [0]])
    edges = np.concatenate([[ordered[0]], (ordered[1:] + ordered[:-1]) / 2, [ordered[-1] + 1e-9]])
    best = np.flatnonzero(right == right.max())
    return float(edges[best[len(best) // 2]])


def area_under_curve(distances: NDArray[np.float64], is_same: NDArray[np.bool_]) -> float:
    """The share of (match, mismatch) combinations in which the match is the nearer one; a tie counts half."""
    matches, mismatches = distances[is_same], np.sort(distances[~is_same])
    farther = len(mismatches) - np.searchsorted(mismatches, matches, side="right")
    ties = np.searchsorted(mismatches, matches, side="right") - np.searchsorted(mismatches, matches, side="left")
    return float(np.sum(farther + ties / 2) / (len(matches) * len(mismatches)))


def true_accept_rate(distances: NDArray[np.float64], is_same: NDArray[np.bool_], false_accept_rate: float) -> float:
    """The share of matches nearer than the mismatch at which the given share of mismatches would be accepted."""
    mismatches = np.sort(distances[~is_same])
    limit = mismatches[int(false_accept_rate * len(mismatches))]
    return float(np.mean(distances[is_same] < limit))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--pack", type=Path)
    options, rest = parser.parse_known_args()
    report(run(parse_arguments(__doc__ or "", rest), options.pack))

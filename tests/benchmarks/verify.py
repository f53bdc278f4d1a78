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

from facetagger.faces.pipeline import FaceAnalyser
from facetagger.operations.session import Session
from facetagger.training.verification import true_accept_rate, verification
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
    distances, is_same = pair_distances(pairs, embeddings), np.array([pair.is_same for pair in pairs])
    found = verification(distances, is_same, np.array([pair.fold for pair in pairs]))
    return {
        "accuracy": round(found.accuracy, 5),
        "std": round(found.std, 5),
        "threshold": round(found.threshold, 5),
        "auc": round(found.auc, 6),
        "tar_at_far_1e-3": round(true_accept_rate(distances, is_same, _FALSE_ACCEPT_RATE), 5),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--pack", type=Path)
    options, rest = parser.parse_known_args()
    report(run(parse_arguments(__doc__ or "", rest), options.pack))

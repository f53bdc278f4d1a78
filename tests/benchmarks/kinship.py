"""How well kin are told from strangers on families in the wild: five folds by family, as many strangers as kin.

``auc`` is the mean over folds, ``low`` and ``high`` are the ends of its 95 % interval (whole families resampled),
``raw_auc`` is what the distance of the embeddings alone achieves, ``relations`` the number of kin pairs.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from facetagger.operations.session import Session
from tests.benchmarks.data import parse_arguments, report, show_progress


def run(data: Path) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder, Session.open(Path(folder) / "library") as session:
        found = session.kinship.train(
            data / "fiw", progress=lambda progress: show_progress(f"{progress.done} of {progress.total} photos")
        )
    return {
        "auc": round(found.auc, 4),
        "low": round(found.low, 4),
        "high": round(found.high, 4),
        "raw_auc": round(found.raw_auc, 4),
        "relations": found.kin_pairs,
    }


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

"""How many decisions it takes to tag an album fully and rightly, by somebody who answers what the review asks.

The photos are imported under neutral names, from one folder. Truth is the face nearest the centre of each photo; other
faces are bystanders, and outside the count. A question settles only faces that it shows. Everything is done through
a session on a library of its own, beside a simple scheme on the same faces and naming one by one.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from facetagger.entities import Face, FaceId
from facetagger.faces.models import DLIB_RESNET
from facetagger.imaging.formats import find_photos
from facetagger.operations.session import Session
from tests.benchmarks.data import load_photo, padded, people_photos, report, show_progress
from tests.benchmarks.perfect_user import STRANGER, Effort, PerfectUser, Truth, one_by_one
from tests.benchmarks.simple_scheme import simple_scheme

_SEED: Final = 1

Labelled = Sequence[tuple[Path, str]]
"""Photos and whom each shows."""


def run(data: Path, out: Path | None) -> dict[str, object]:
    members = (data / "fiw-36.txt").read_text(encoding="utf-8").split()
    album = [(path, name) for name, paths in people_photos(data / "album").items() for path in paths]
    album += [(path, STRANGER) for path in find_photos([data / "strangers"])]
    families = [(path, member) for member in members for path in find_photos([data / "fiw" / member])]
    return {
        "album": _measure("album", album, out, pad=False),
        "fiw": _measure("fiw", families, out, pad=True),
    }


def _measure(title: str, photos: Labelled, out: Path | None, *, pad: bool) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        named = _under_neutral_names(photos, Path(folder) / "photos", pad=pad)
        with Session.open(Path(folder) / "library") as session:
            session.importing.run([Path(folder) / "photos"])
            truth = _truth(session, named)
            show_progress(f"{title}: {truth.faces} photos imported, {truth.missed} without a face")
            user = PerfectUser(session, truth)
            effort = user.work()
            simple = _simple_scheme(session, truth)
    show_progress(f"{title}: {effort.decisions[-1]} decisions: {dict(user.answered)}")
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        _plot(
            out / f"effort-{title}.png", {"facetagger": effort, "simple": simple, "one by one": one_by_one(truth.faces)}
        )
    return {
        "decisions_per_100": round(effort.per_100, 2),
        "wrong": effort.wrong,
        "faces": effort.faces,
        "simple_scheme": round(simple.per_100, 2),
    }


def _under_neutral_names(photos: Labelled, folder: Path, *, pad: bool) -> dict[Path, str]:
    """Copies in one folder, in an order that says nothing, each with whom it shows."""
    folder.mkdir()
    named: dict[Path, str] = {}
    for number, index in enumerate(np.random.default_rng(_SEED).permutation(len(photos)).tolist()):
        source, name = photos[index]
        copy = folder / f"scan_{number:05}{'.png' if pad else source.suffix}"
        if pad:
            Image.fromarray(padded(load_photo(source))).save(copy, compress_level=1)
        else:
            shutil.copyfile(source, copy)
        named[copy] = name
    return named


def _truth(session: Session, named: Mapping[Path, str]) -> Truth:
    """A picture that is there twice is one photo."""
    names: dict[FaceId, str] = {}
    photos = {session.library.photos.by_path(path)[0].id: name for path, name in named.items()}
    faces: dict[int, list[Face]] = {}
    for face in session.library.faces.of_photos(photos):
        faces.setdefault(face.photo_id, []).append(face)
    for of_photo in faces.values():
        names[min(of_photo, key=_distance_to_centre).id] = photos[of_photo[0].photo_id]
    return Truth(names, len(photos) - len(faces))


def _distance_to_centre(face: Face) -> float:
    left, top = face.box.center
    return float(np.hypot(left - 0.5, top - 0.5))


def _simple_scheme(session: Session, truth: Truth) -> Effort:
    embeddings = session.library.embeddings.of_faces(truth.names, DLIB_RESNET)
    names = np.array([truth.names[face] for face in embeddings], dtype=np.object_)
    return simple_scheme(np.stack(list(embeddings.values())), names, truth.faces - len(names))


def _plot(path: Path, efforts: Mapping[str, Effort]) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), layout="constrained")
    axes = figure.add_subplot()
    for name, effort in efforts.items():
        axes.plot(effort.decisions, effort.settled, label=f"{name}: {effort.per_100:.1f} decisions per 100 faces")
    axes.set(xlabel="decisions", ylabel="faces settled", xlim=(0, 2 * efforts["simple"].decisions[-1]), ylim=(0, None))
    axes.legend(frameon=False)
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the photographs")
    parser.add_argument("--out", type=Path, help="folder for plots")
    given = parser.parse_args()
    report(run(given.data, given.out))

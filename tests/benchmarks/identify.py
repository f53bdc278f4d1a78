"""Who of the known people is on a photo, as the program's own recogniser ranks and suggests.

``album`` and ``fiw``: a quarter of each person's photos held out, several splits, all people known. The held-out faces
are open together, so they vote for one another; ``fiw_one_by_one`` is the accuracy where each is the only open face.
``open_set``: five confirmed faces per person, everything else open among strangers: the share of the known faces that
is found and named rightly where the given share of the strangers is let through. ``reliability`` compares the
probability of the best candidate with how often it is right, over all those open sets.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Embedding, FaceId
from facetagger.faces.pipeline import FaceAnalyser, load_analyser
from facetagger.imaging.formats import find_photos
from facetagger.recognition.evaluation import identification_rate, reliability, stratified_split
from facetagger.recognition.recogniser import OPEN, Evidence, Recogniser
from tests.benchmarks.data import (
    embed_main_faces,
    face_nearest_centre,
    load_photo,
    padded,
    people_photos,
    report,
    show_progress,
)

_HELD_OUT: Final = 0.25
_ALBUM_SEEDS: Final = range(5)
_FIW_SEEDS: Final = range(10)
_DRAWS: Final = range(10)
_CONFIRMED: Final = 5
_FALSE_ALARMS: Final = (0.001, 0.003, 0.01, 0.03, 0.1)
_EVERY: Final = 5
"""One in so many of the other members of families is a stranger, with all photos: all of them take a quarter hour."""
_BATCH: Final = 8
_STRANGER: Final = -2


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """``embeddings`` (n, d), and whom each shows as an index (n,)."""

    embeddings: Embedding
    people: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OpenSet:
    """Best candidates among open faces: probability, whether it is right, whose is a stranger's, who is suggested."""

    likely: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    is_stranger: NDArray[np.bool_]
    is_suggested: NDArray[np.bool_]


def run(data: Path, plots: Path | None = None, every: int = _EVERY) -> dict[str, object]:
    analyser = load_analyser()
    album = album_faces(analyser, data / "album")
    everybody = sorted(
        each.relative_to(data / "fiw").as_posix() for each in (data / "fiw").glob("*/*") if each.is_dir()
    )
    members = (data / "fiw-36.txt").read_text(encoding="utf-8").split()
    families = family_faces(analyser, data / "fiw", members)
    others = family_faces(analyser, data / "fiw", [each for each in everybody if each not in set(members)][::every])
    photos = find_photos([data / "strangers"])
    found, _ = embed_main_faces(analyser, photos)
    tested = {
        "album": [open_set(album, np.stack([found[photo] for photo in photos]), draw) for draw in _DRAWS],
        "fiw": [open_set(families, others.embeddings, draw) for draw in _DRAWS],
    }
    curves = {name: curve(parts) for name, parts in tested.items()}
    if plots is not None:
        draw_curves(curves, plots / "open-set.png")
    together = [part for parts in tested.values() for part in parts]
    table = reliability(
        np.concatenate([each.likely for each in together]), np.concatenate([each.is_right for each in together])
    )
    return {
        "album": round(accuracy(album, _ALBUM_SEEDS), 5),
        "fiw": round(accuracy(families, _FIW_SEEDS), 5),
        "fiw_one_by_one": round(accuracy(families, _FIW_SEEDS, together=False), 5),
        "open_set": curves,
        "suggested": {name: suggested(parts) for name, parts in tested.items()},
        "reliability": [{key: round(value, 4) for key, value in asdict(each).items()} for each in table],
    }


def album_faces(analyser: FaceAnalyser, folder: Path) -> Faces:
    """The face nearest the centre of each photo; a photo without one counts by its centre."""
    photos = people_photos(folder)
    paths = [path for each in photos.values() for path in each]
    embeddings, faceless = embed_main_faces(analyser, paths)
    show_progress(f"{len(paths)} photos of {len(photos)} people, {len(faceless)} without a detected face")
    people = np.repeat(np.arange(len(photos)), [len(each) for each in photos.values()])
    return Faces(np.stack([embeddings[path] for path in paths]), people.astype(np.int64))


def family_faces(analyser: FaceAnalyser, folder: Path, members: Sequence[str]) -> Faces:
    """The face nearest the centre of each padded crop of the given members of families."""
    paths = [(path, person) for person, member in enumerate(members) for path in find_photos([folder / member])]
    embeddings: list[Embedding] = []
    missed = 0
    for start in range(0, len(paths), _BATCH):
        crops = [padded(load_photo(path)) for path, _ in paths[start : start + _BATCH]]
        for crop, faces in zip(crops, analyser.analyse(crops), strict=True):
            face = face_nearest_centre(faces)
            if face is None or face.embedding is None:
                missed += 1
                embeddings.append(analyser.embed_centre(crop))
            else:
                embeddings.append(face.embedding)
    show_progress(f"{len(paths)} crops of {len(members)} relatives, {missed} without a detected face")
    return Faces(np.stack(embeddings), np.array([person for _, person in paths], dtype=np.int64))


def accuracy(faces: Faces, seeds: Sequence[int], *, together: bool = True) -> float:
    """The mean share of held-out faces whose best candidate is right; ``together``: all open at once."""
    shares = []
    for seed in seeds:
        held_out = stratified_split(faces.people, _HELD_OUT, seed)
        asked = np.flatnonzero(held_out)
        best = _best_candidates(faces, np.flatnonzero(~held_out), [asked] if together else [*asked[:, np.newaxis]])
        shares.append(float(np.mean(best == faces.people[asked])))
    show_progress("held-out accuracy by split: " + " ".join(f"{share:.4f}" for share in shares))
    return float(np.mean(shares))


def _best_candidates(faces: Faces, known: NDArray[np.intp], asked: Sequence[NDArray[np.intp]]) -> NDArray[np.int64]:
    """Of the faces asked, of which those of one array are open together."""
    recogniser = Recogniser()
    best: list[int] = []
    for part in asked:
        rows = np.concatenate([known, part])
        recogniser.learn(
            _evidence(rows, faces.embeddings[rows], np.where(np.isin(rows, part), OPEN, faces.people[rows]))
        )
        found = [recogniser.candidates(FaceId(int(row)), 1) for row in part]
        best.extend(each[0].person_id if each else OPEN for each in found)
    return np.array(best, dtype=np.int64)


def _evidence(face_ids: NDArray[np.int64], embeddings: Embedding, person_ids: NDArray[np.int64]) -> Evidence:
    """Each face in a photo of its own."""
    return Evidence(face_ids, face_ids, person_ids, np.ones(len(face_ids), dtype=np.bool_), embeddings)


def open_set(faces: Faces, strangers: Embedding, draw: int) -> OpenSet:
    """The best candidate of every open face and every stranger."""
    rng = np.random.default_rng(draw)
    embeddings = np.concatenate([faces.embeddings, strangers]).astype(np.float32)
    truth = np.concatenate([faces.people, np.full(len(strangers), _STRANGER)])
    person_ids = np.full(len(truth), OPEN, dtype=np.int64)
    for person in np.unique(faces.people):
        person_ids[rng.permutation(np.flatnonzero(truth == person))[:_CONFIRMED]] = person
    recogniser = Recogniser()
    recogniser.learn(_evidence(np.arange(len(truth), dtype=np.int64), embeddings, person_ids))
    leads = recogniser.leads()
    shown = np.array([each.face_id for each in recogniser.suggest()], dtype=np.int64)
    asked = leads.face_ids
    return OpenSet(leads.chances, leads.person_ids == truth[asked], truth[asked] == _STRANGER, np.isin(asked, shown))


def curve(parts: Sequence[OpenSet]) -> dict[str, float]:
    """The mean detection and identification rate at each share of false alarms."""
    rates = {}
    for share in _FALSE_ALARMS:
        found = [
            identification_rate(
                each.likely[~each.is_stranger], each.is_right[~each.is_stranger], each.likely[each.is_stranger], share
            )
            for each in parts
        ]
        rates[f"{share:g}"] = round(float(np.mean(found)), 4)
    return rates


def suggested(parts: Sequence[OpenSet]) -> dict[str, float]:
    """The share of known faces with a right suggestion and with a wrong one, and of strangers with one."""
    known = np.concatenate([each.is_suggested[~each.is_stranger] for each in parts])
    is_right = np.concatenate([each.is_right[~each.is_stranger] for each in parts])
    strangers = np.concatenate([each.is_suggested[each.is_stranger] for each in parts])
    shares = {"right": known & is_right, "wrong": known & ~is_right, "strangers": strangers}
    return {name: round(float(np.mean(share)), 4) for name, share in shares.items()}


def draw_curves(curves: dict[str, dict[str, float]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(layout="constrained")
    axes = figure.add_subplot()
    for name, rates in curves.items():
        axes.semilogx([float(share) for share in rates], list(rates.values()), marker="o", label=name)
    axes.set_xlabel("share of strangers taken for somebody")
    axes.set_ylabel("share of known faces found and named rightly")
    axes.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the photographs")
    parser.add_argument("--plots", type=Path, help="folder for the curve of the open sets, as a picture")
    parser.add_argument("--every", type=int, default=_EVERY, help="1: all other members of families are strangers")
    chosen = parser.parse_args()
    report(run(chosen.data, chosen.plots, chosen.every))


if __name__ == "__main__":
    main()

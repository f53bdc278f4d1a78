"""Who of the known people is on a photo: a quarter of each person's photos held out, several splits.

``reliability`` is measured as the program works: the people's other photos are confirmed, the held-out photos and those
of strangers are open, and the probability of the best candidate is compared with how often it is right.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Embedding, FaceId
from facetagger.faces.pipeline import FaceAnalyser, load_analyser
from facetagger.imaging.formats import find_photos
from facetagger.recognition.evaluation import identification_rate, identify, reliability, stratified_split
from facetagger.recognition.recogniser import OPEN, Evidence, Recogniser
from tests.benchmarks.data import (
    embed_main_faces,
    face_nearest_centre,
    load_photo,
    padded,
    parse_arguments,
    people_photos,
    report,
    show_progress,
)

_HELD_OUT: Final = 0.25
_ALBUM_SEEDS: Final = range(5)
_FIW_SEEDS: Final = range(10)
_BATCH: Final = 8


@dataclass(frozen=True, slots=True, eq=False)
class Faces:
    """``embeddings`` (n, d), and whom each shows as an index (n,)."""

    embeddings: Embedding
    people: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class OpenSet:
    """Best candidates among open faces: probability and whether it is right; and which faces are strangers'."""

    likely: NDArray[np.float64]
    is_right: NDArray[np.bool_]
    is_stranger: NDArray[np.bool_]


def run(data: Path) -> dict[str, object]:
    analyser = load_analyser()
    album = album_faces(analyser, data / "album")
    families = family_faces(analyser, data / "fiw", (data / "fiw-36.txt").read_text(encoding="utf-8").split())
    photos = find_photos([data / "strangers"])
    found, _ = embed_main_faces(analyser, photos)
    strangers = np.stack([found[photo] for photo in photos])
    tested = [open_set(each, strangers, seed) for each in (album, families) for seed in range(3)]
    for name, part in (("album", tested[:3]), ("fiw", tested[3:])):
        rates = [dir_at_far(each, 0.01) for each in part]
        show_progress(f"{name} with 300 strangers: DIR {np.mean(rates):.4f} at 1 % false alarms")
    table = reliability(np.concatenate([each.likely for each in tested]), np.concatenate([e.is_right for e in tested]))
    return {
        "album": round(accuracy(album, _ALBUM_SEEDS), 5),
        "fiw": round(accuracy(families, _FIW_SEEDS), 5),
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


def accuracy(faces: Faces, seeds: Sequence[int]) -> float:
    """The mean share of held-out faces identified rightly."""
    shares = []
    for seed in seeds:
        held_out = stratified_split(faces.people, _HELD_OUT, seed)
        answers = identify(faces.embeddings[~held_out], faces.people[~held_out], faces.embeddings[held_out])
        shares.append(np.mean(answers.people == faces.people[held_out]))
    show_progress("held-out accuracy by split: " + " ".join(f"{share:.4f}" for share in shares))
    return float(np.mean(shares))


def open_set(faces: Faces, strangers: Embedding, seed: int) -> OpenSet:
    """The best candidate of every held-out face and every stranger."""
    held_out = stratified_split(faces.people, _HELD_OUT, seed)
    embeddings = np.concatenate([faces.embeddings, strangers]).astype(np.float32)
    truth = np.concatenate([faces.people, np.full(len(strangers), -2)])
    person_ids = np.concatenate([np.where(held_out, OPEN, faces.people), np.full(len(strangers), OPEN)])
    rows = np.arange(len(embeddings), dtype=np.int64)
    recogniser = Recogniser()
    recogniser.learn(Evidence(rows, rows, person_ids, np.ones(len(rows), dtype=np.bool_), embeddings))
    asked = np.flatnonzero(person_ids == OPEN)
    best = [recogniser.candidates(FaceId(int(row)), 1)[0] for row in asked]
    return OpenSet(
        np.array([each.probability for each in best]),
        np.array([each.person_id for each in best]) == truth[asked],
        truth[asked] < 0,
    )


def dir_at_far(tested: OpenSet, false_alarms: float) -> float:
    """Detection and identification rate of the known faces."""
    known = ~tested.is_stranger
    return identification_rate(
        tested.likely[known], tested.is_right[known], tested.likely[tested.is_stranger], false_alarms
    )


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

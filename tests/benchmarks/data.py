"""The photographs that the benchmarks share, and how each of them looks at one."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Embedding
from facetagger.faces.detector import Pixels
from facetagger.faces.pipeline import ANALYSIS_SIDE, AnalysedFace, FaceAnalyser, stream_photos
from facetagger.geometry import Box
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos
from facetagger.imaging.probe import probe
from facetagger.jobs.cancel import CancelToken

_CROP_PADDING: Final = 48
"""Pixels added around the tight crops of families, without which the detector misses many."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos and whether they show the same person."""

    first: Path
    second: Path
    is_same: bool
    fold: int


def parse_arguments(description: str, arguments: Sequence[str] | None = None) -> Path:
    """The folder given as ``--data``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--data", type=Path, required=True, help="folder that holds the photographs")
    folder: Path = parser.parse_args(arguments).data
    if not folder.is_dir():
        parser.error(f"{folder} is not a folder")
    return folder


def report(figures: Mapping[str, object]) -> None:
    """The benchmark's last line on stdout."""
    print(json.dumps(figures))


def show_progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def load_photo(path: Path) -> Pixels:
    """The upright photo as the import sees it."""
    return decode(path, orientation=probe(path)[0].orientation, max_side=ANALYSIS_SIDE)


def padded(crop: Pixels) -> Pixels:
    """A tight crop with its edge repeated all around."""
    margin = (_CROP_PADDING, _CROP_PADDING)
    result: Pixels = np.pad(crop, (margin, margin, (0, 0)), mode="edge")
    return result


def people_photos(folder: Path) -> dict[str, list[Path]]:
    """Photos by person, where each person has a folder."""
    return {each.name: find_photos([each]) for each in sorted(folder.iterdir()) if each.is_dir()}


def analyse_all(analyser: FaceAnalyser, paths: Iterable[Path]) -> Iterator[tuple[Path, list[AnalysedFace]]]:
    """Faces of every photo, in any order; a photo that cannot be read ends the benchmark."""
    with ThreadPoolExecutor(2) as executor:
        for path, photo in stream_photos(paths, load_photo, analyser, executor, CancelToken()):
            if isinstance(photo, Exception):
                raise photo
            yield path, photo.faces


def face_nearest_centre(faces: Sequence[AnalysedFace]) -> AnalysedFace | None:
    return min(faces, key=lambda face: _distance_to_centre(face.box.center), default=None)


def _distance_to_centre(point: tuple[float, float]) -> float:
    return float(np.hypot(point[0] - 0.5, point[1] - 0.5))


def embed_main_faces(analyser: FaceAnalyser, paths: Sequence[Path]) -> tuple[dict[Path, Embedding], list[Path]]:
    """The embedding of the face nearest the centre of each photo, and the photos in which none was found.

    Those are embedded from their centre, so that no photo is left out.
    """
    embeddings: dict[Path, Embedding] = {}
    faceless: list[Path] = []
    for done, (path, faces) in enumerate(analyse_all(analyser, paths), start=1):
        face = face_nearest_centre(faces)
        if face is None or face.embedding is None:
            faceless.append(path)
            embeddings[path] = analyser.embed_centre(load_photo(path))
        else:
            embeddings[path] = face.embedding
        if done % 200 == 0:
            show_progress(f"{done} of {len(paths)} photos")
    return embeddings, faceless


def read_pairs(pairs_file: Path, images: Path) -> list[Pair]:
    """A pairs file of the LFW form: "name i j" is a match, "name i other j" a mismatch.

    A header of two numbers gives folds and pairs of each kind in a fold, which follow fold by fold. With one number
    the file has no folds, all matches come first; fold i is then the i-th tenth of each kind.
    """
    header, *lines = pairs_file.read_text(encoding="utf-8").splitlines()
    numbers = [int(each) for each in header.split()]
    rows = [line.split() for line in lines if line.strip()]
    folds, per_fold = numbers if len(numbers) == 2 else (10, numbers[0] // 10)
    seen = {True: 0, False: 0}
    pairs = []
    for row in rows:
        is_same = len(row) == 3
        first, second = (row[0], row[1]), (row[0], row[2]) if is_same else (row[2], row[3])
        fold = min(seen[is_same] // per_fold, folds - 1)
        seen[is_same] += 1
        pairs.append(Pair(_lfw_photo(images, *first), _lfw_photo(images, *second), is_same, fold))
    return pairs


def _lfw_photo(images: Path, name: str, number: str) -> Path:
    return images / name / f"{name}_{int(number):04}.jpg"


def pair_distances(pairs: Sequence[Pair], embeddings: Mapping[Path, Embedding]) -> NDArray[np.float64]:
    first = np.stack([embeddings[pair.first] for pair in pairs]).astype(np.float64)
    second = np.stack([embeddings[pair.second] for pair in pairs]).astype(np.float64)
    distances: NDArray[np.float64] = np.linalg.norm(first - second, axis=1)
    return distances


def photos_with_boxes(folder: Path) -> list[tuple[Path, list[Box]]]:
    """The photos of a folder whose ``boxes.json`` lists the faces of each, in pixels."""
    listed: dict[str, list[tuple[float, float, float, float]]] = json.loads((folder / "boxes.json").read_text("utf-8"))
    return [(folder / name, [Box.from_corners(*corners) for corners in boxes]) for name, boxes in listed.items()]

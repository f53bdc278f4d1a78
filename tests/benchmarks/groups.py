"""How pure and how complete the groups of unnamed faces are, and how long it takes to make them.

``precision``, ``recall`` and ``f`` are BCubed (Amigó et al. 2009) on the central faces of the photos of known people
and of strangers seen once. ``first_s`` is the time for a hundred thousand made-up faces of a thousand people, some with
twenty faces and some with thousands, ``more_s`` for a thousand more; ``processor_s`` and ``more_processor_s`` are what
the processors spent on each. ``reshuffled`` counts the groups that came apart meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId
from facetagger.faces.pipeline import load_analyser
from facetagger.imaging.formats import find_photos
from facetagger.recognition.grouping import Grouper, group_faces
from tests.benchmarks.data import embed_main_faces, parse_arguments, people_photos, report, show_progress

_MANY: Final = 100_000
_MORE: Final = 1_000
_PEOPLE: Final = 1_000
_DIMENSIONS: Final = 128
_COMMON, _PERSONAL, _PHOTO = 0.89, 0.41, 0.21
"""How far all faces lie in one direction, those of one person in another, and each in its own."""

Groups = Sequence[tuple[FaceId, ...]]


def run(data: Path) -> dict[str, float]:
    return real_groups(data) | many_faces(_MANY, _MORE, _PEOPLE)


def real_groups(data: Path) -> dict[str, float]:
    people = people_photos(data / "album") | {each.name: [each] for each in find_photos([data / "strangers"])}
    paths = [path for photos in people.values() for path in photos]
    found, faceless = embed_main_faces(load_analyser(), paths)
    show_progress(f"{len(paths)} photos, {len(faceless)} without a detected face")
    truth = np.repeat(np.arange(len(people)), [len(photos) for photos in people.values()])
    rows = np.arange(len(paths), dtype=np.int64)
    groups = group_faces(rows, np.stack([found[path] for path in paths]), rows)
    return {"groups": len(groups)} | bcubed(groups, truth)


def many_faces(many: int, more: int, people: int) -> dict[str, float]:
    """Faces that come in no order of people."""
    embeddings, ids = _made_up_faces(many + more, people), np.arange(many + more, dtype=np.int64)
    grouper = Grouper()
    first, first_s, processor_s = _timed(grouper, ids[:many], embeddings[:many], [])
    show_progress(f"{many} faces in {len(first)} groups after {first_s:.1f} s")
    after, more_s, more_processor_s = _timed(grouper, ids, embeddings, first)
    home = {face: number for number, group in enumerate(after) for face in group}
    return {
        "first_s": round(first_s, 2),
        "processor_s": round(processor_s, 2),
        "more_s": round(more_s, 2),
        "more_processor_s": round(more_processor_s, 2),
        "reshuffled": sum(len({home.get(face) for face in group}) > 1 for group in first),
    }


def bcubed(groups: Groups, truth: NDArray[np.int_]) -> dict[str, float]:
    """Face ids are rows of ``truth`` (n,); a face in no group is alone."""
    found = np.arange(len(truth)) + len(groups)
    for number, group in enumerate(groups):
        found[list(group)] = number
    is_together, is_same = found[:, None] == found, truth[:, None] == truth
    right = (is_together & is_same).sum(axis=1)
    precision, recall = float(np.mean(right / is_together.sum(axis=1))), float(np.mean(right / is_same.sum(axis=1)))
    f = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 5), "recall": round(recall, 5), "f": round(f, 5)}


def _made_up_faces(count: int, people: int) -> NDArray[np.float32]:
    """Embeddings that lie as those of photographs do; a few people have many of them, many have few."""
    rng = np.random.default_rng(0)
    shares = 1.0 / (10.0 + np.arange(people))
    faces = rng.choice(people, count, p=shares / shares.sum())
    common, persons = _directions(rng, 1), _directions(rng, people)
    points = _COMMON * common + _PERSONAL * persons[faces] + _PHOTO * _directions(rng, count)
    return _normalised(points)


def _directions(rng: np.random.Generator, count: int) -> NDArray[np.float32]:
    points = rng.standard_normal((count, _DIMENSIONS), dtype=np.float32)
    return _normalised(points)


def _normalised(points: NDArray[np.float32]) -> NDArray[np.float32]:
    result: NDArray[np.float32] = points / np.linalg.norm(points, axis=1, keepdims=True)
    return result


def _timed(
    grouper: Grouper, ids: NDArray[np.int64], embeddings: NDArray[np.float32], existing: Groups
) -> tuple[list[tuple[FaceId, ...]], float, float]:
    started, spent = time.perf_counter(), time.process_time()
    groups = grouper.group(ids, embeddings, ids, existing)
    return groups, time.perf_counter() - started, time.process_time() - spent


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

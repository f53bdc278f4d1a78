"""How long a photo takes from its file to the embeddings of its faces, beside the obvious program for the same.

That program is the ``mtcnn`` package's ``detect_faces`` on the decoded photo, then dlib's ``compute_face_descriptor``
for each face; both get the photo decoded whole, and its time for decoding is not counted. A face that it found counts
as found again where a box of ours overlaps it by an IoU of 0.4. Faces count in normal from 40 pixels in photos of up to
2 megapixels and from 2.5 % of the long side in larger ones, in thorough from 24 pixels.
"""

from __future__ import annotations

import importlib.util
import itertools
import resource
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.faces.alignment import extract_chip
from facetagger.faces.detector import Pixels
from facetagger.faces.dlib_weights import DLIB_RESNET_FILE
from facetagger.faces.pipeline import AnalysedPhoto, FaceAnalyser, load_analyser, stream_photos
from facetagger.faces.rotation import search
from facetagger.faces.settings import NORMAL, THOROUGH, AnalysisSettings
from facetagger.geometry import Box, Size
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos
from facetagger.imaging.probe import probe
from facetagger.jobs.cancel import CancelToken
from tests.benchmarks.data import parse_arguments, report, show_progress

_OVERLAP: Final = 0.4
_LARGE: Final = 2_000_000
_SMALL: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PeerPhoto:
    """What the other program found in one photo, in pixels, and the seconds it took."""

    path: Path
    size: Size
    boxes: list[Box]
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """One pass over all photos: what was found, and the seconds of the whole, warm."""

    photos: dict[Path, AnalysedPhoto]
    seconds: float


def run(data: Path) -> dict[str, object]:
    analyser = load_analyser()
    paths = find_photos([data / "photos"])
    warm_up = paths[:: max(1, len(paths) // 8)]
    figures: dict[str, Run] = {}
    for settings in (NORMAL, THOROUGH):
        analyse(analyser, warm_up, settings)
        figures[settings.name] = analyse(analyser, paths, settings)
        show_progress(f"{settings.name}: {figures[settings.name].seconds / len(paths) * 1000:.0f} ms a photo")
    stages = stage_shares(analyser, paths[:: max(1, len(paths) // 30)])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    peer = peer_photos(paths)
    show_by_size(analyser, peer)
    normal, thorough = figures["normal"], figures["thorough"]
    peer_seconds = sum(each.seconds for each in peer)
    return {
        "ratio": round(peer_seconds / normal.seconds, 2),
        "ratio_thorough": round(peer_seconds / thorough.seconds, 2),
        "ms_per_photo": round(normal.seconds / len(paths) * 1000, 1),
        "ms_per_photo_thorough": round(thorough.seconds / len(paths) * 1000, 1),
        "peer_ms_per_photo": round(peer_seconds / len(paths) * 1000, 1),
        "recall_of_peer": round(recall(peer, normal, smallest_normal), 4),
        "recall_of_peer_thorough": round(recall(peer, thorough, lambda size: 24.0), 4),
        "peak_mb": round(peak),
        "stages": stages,
    }


def analyse(analyser: FaceAnalyser, paths: Sequence[Path], settings: AnalysisSettings) -> Run:
    def load(path: Path) -> Pixels:
        return _load(path, settings.decode_side)

    photos: dict[Path, AnalysedPhoto] = {}
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as executor:
        for path, photo in stream_photos(paths, load, analyser, executor, CancelToken(), settings=settings):
            if isinstance(photo, Exception):
                raise photo
            photos[path] = photo
    return Run(photos, time.perf_counter() - started)


def stage_shares(analyser: FaceAnalyser, paths: Sequence[Path]) -> dict[str, float]:
    """Shares of decoding, detection, alignment and embedding in the normal analysis, one after the other."""
    seconds = dict.fromkeys(("decode", "detect", "align", "embed"), 0.0)
    for path in paths:
        marks = [time.perf_counter()]
        pixels = _load(path, NORMAL.decode_side)
        marks.append(time.perf_counter())
        (found,) = search(analyser.detector, [pixels], NORMAL)
        marks.append(time.perf_counter())
        for face in found.faces:
            extract_chip(pixels, face.landmarks)
        marks.append(time.perf_counter())
        size = (pixels.shape[1], pixels.shape[0])
        analyser.embed_landmarks(pixels, [(face.landmarks / size).astype(np.float32) for face in found.faces])
        marks.append(time.perf_counter())
        for stage, (start, end) in zip(seconds, itertools.pairwise(marks), strict=True):
            seconds[stage] += end - start
    seconds["embed"] -= seconds["align"]  # which it repeats
    total = sum(seconds.values())
    return {stage: round(spent / total, 3) for stage, spent in seconds.items()}


def peer_photos(paths: Sequence[Path]) -> list[PeerPhoto]:
    import dlib
    from mtcnn import MTCNN

    spec = importlib.util.find_spec(DLIB_RESNET_FILE.package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    weights = Path(next(iter(spec.submodule_search_locations))) / DLIB_RESNET_FILE.path
    package, network = MTCNN(), dlib.face_recognition_model_v1(str(weights))
    package.detect_faces(_load(paths[0], None))
    photos = []
    for done, path in enumerate(paths, start=1):
        pixels = _load(path, None)
        started = time.perf_counter()
        faces = package.detect_faces(pixels)
        for face in faces:
            network.compute_face_descriptor(_peer_chip(pixels, face))
        seconds = time.perf_counter() - started
        size = Size(pixels.shape[1], pixels.shape[0])
        photos.append(PeerPhoto(path, size, [Box(*face["box"]) for face in faces], seconds))
        if done % 20 == 0:
            show_progress(f"{done} of {len(paths)} photos by the other program")
    return photos


def recall(peer: Sequence[PeerPhoto], ours: Run, smallest: Any) -> float:
    """The share of the other program's faces, from ``smallest(size)`` pixels on, that were found."""
    wanted = found = 0
    for photo in peer:
        boxes = [face.box.to_pixels(photo.size) for face in ours.photos[photo.path].faces]
        counted = [box for box in photo.boxes if min(box.width, box.height) >= smallest(photo.size)]
        wanted += len(counted)
        found += sum(any(box.iou(other) >= _OVERLAP for other in boxes) for box in counted)
    return found / max(wanted, 1)


def smallest_normal(size: Size) -> float:
    return 40.0 if size.area <= _LARGE else 0.025 * size.long_side


def show_by_size(analyser: FaceAnalyser, peer: Sequence[PeerPhoto]) -> None:
    for name, photos in (
        ("below 1 megapixel", [each for each in peer if each.size.area < _SMALL]),
        ("above 2 megapixels", [each for each in peer if each.size.area > _LARGE]),
    ):
        if photos:
            ours = analyse(analyser, [each.path for each in photos], NORMAL).seconds
            theirs = sum(each.seconds for each in photos)
            scale = 1000 / len(photos)
            show_progress(
                f"{len(photos)} {name}: {ours * scale:.0f} ms against {theirs * scale:.0f}, {theirs / ours:.1f}x"
            )


def _load(path: Path, side: int | None) -> Pixels:
    return decode(path, orientation=probe(path)[0].orientation, max_side=side)


def _peer_chip(pixels: Pixels, face: Any) -> Pixels:
    points = face["keypoints"]
    names = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
    return extract_chip(pixels, np.array([points[name] for name in names], np.float32))


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

"""How long a photo takes from its file to the embeddings of its faces, beside the obvious program for the same.

That program is the ``mtcnn`` package's ``detect_faces`` on the decoded photo, then dlib's ``compute_face_descriptor``
for each face; both get the photo decoded whole, and its time for decoding is not counted. A face that it found counts
as found again where a box of ours overlaps it by an IoU of 0.4. Faces count in normal from 40 pixels in photos of up to
2 megapixels and from 2.5 % of the long side in larger ones, in thorough from 24 pixels. The programs take turns, a
block of photos each, so that whatever else the machine does falls on both. ``peak_mb`` is of a run of ours alone, in
both settings, that has a photo of 100 megapixels (JPEG) and one of 143 (TIFF) among others.
"""

from __future__ import annotations

import importlib.util
import itertools
import resource
import subprocess
import sys
import tempfile
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
_BLOCK: Final = 23


@dataclass(frozen=True, slots=True)
class PeerPhoto:
    """What the other program found in one photo, in pixels, and the seconds it took."""

    path: Path
    size: Size
    boxes: list[Box]
    seconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """What was found in all photos, and the seconds of each, its share of its block."""

    photos: dict[Path, AnalysedPhoto]
    seconds: dict[Path, float]

    @property
    def total(self) -> float:
        return sum(self.seconds.values())

    def add(self, block: Sequence[Path], photos: dict[Path, AnalysedPhoto], seconds: float) -> None:
        self.photos.update(photos)
        self.seconds.update({path: seconds / len(block) for path in block})


def run(data: Path) -> dict[str, object]:
    analyser = load_analyser()
    paths = find_photos([data / "photos"])
    with tempfile.TemporaryDirectory() as folder:
        large = large_photos(Path(folder))
        for settings in (NORMAL, THOROUGH):
            analyse(analyser, [*paths[:: len(paths) // 8], *large], settings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show_progress(f"peak {peak:.0f} MB")
    stages = stage_shares(analyser, paths[:: len(paths) // 30])
    other = Peer()
    runs, peer = {NORMAL.name: Run({}, {}), THOROUGH.name: Run({}, {})}, []
    for start in range(0, len(paths), _BLOCK):
        block = paths[start : start + _BLOCK]
        for settings in (NORMAL, THOROUGH):
            runs[settings.name].add(block, *analyse(analyser, block, settings))
        peer += [other.photo(path) for path in block]
        show_progress(f"{len(peer)} of {len(paths)} photos")
    below = [each for each in peer if each.size.area < _SMALL]
    above = [each for each in peer if each.size.area > _LARGE]
    for name, photos in (("below 1 megapixel", below), ("above 2 megapixels", above)):
        show_progress(f"{name}: {size_ratio(analyser, other, photos):.1f}x")
    return result(peer, runs[NORMAL.name], runs[THOROUGH.name]) | {"peak_mb": round(peak), "stages": stages}


def result(peer: Sequence[PeerPhoto], normal: Run, thorough: Run) -> dict[str, object]:
    theirs = sum(each.seconds for each in peer)
    scale = 1000 / len(peer)
    return {
        "ratio": round(theirs / normal.total, 2),
        "ratio_thorough": round(theirs / thorough.total, 2),
        "ms_per_photo": round(normal.total * scale, 1),
        "ms_per_photo_thorough": round(thorough.total * scale, 1),
        "peer_ms_per_photo": round(theirs * scale, 1),
        "recall_of_peer": round(recall(peer, normal, smallest_normal), 4),
        "recall_of_peer_thorough": round(recall(peer, thorough, lambda size: 24.0), 4),
    }


def large_photos(folder: Path) -> list[Path]:
    """A JPEG of 100 and a TIFF of 143 megapixels, made by another process so that its memory is not counted."""
    program = (
        "import sys; from PIL import Image; "
        "Image.effect_noise((11547, 8660), 40).convert('RGB').save(sys.argv[1], quality=80); "
        "Image.effect_noise((14148, 10108), 40).convert('RGB').save(sys.argv[2])"
    )
    paths = [folder / "large.jpg", folder / "large.tif"]
    subprocess.run([sys.executable, "-c", program, *map(str, paths)], check=True)
    return paths


def analyse(
    analyser: FaceAnalyser, paths: Sequence[Path], settings: AnalysisSettings
) -> tuple[dict[Path, AnalysedPhoto], float]:
    def load(path: Path) -> Pixels:
        return _load(path, settings.decode_side)

    photos: dict[Path, AnalysedPhoto] = {}
    started = time.perf_counter()
    with ThreadPoolExecutor(2) as executor:
        for path, photo in stream_photos(paths, load, analyser, executor, CancelToken(), settings=settings):
            if isinstance(photo, Exception):
                raise photo
            photos[path] = photo
    return photos, time.perf_counter() - started


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
        size = Size(pixels.shape[1], pixels.shape[0])
        scale = np.array([size.width, size.height], np.float32)
        analyser.embed_known(pixels, [(face.box.to_normalised(size), face.landmarks / scale) for face in found.faces])
        marks.append(time.perf_counter())
        for stage, (start, end) in zip(seconds, itertools.pairwise(marks), strict=True):
            seconds[stage] += end - start
    seconds["embed"] -= seconds["align"]  # which it repeats
    total = sum(seconds.values())
    return {stage: round(spent / total, 3) for stage, spent in seconds.items()}


class Peer:
    """The other program."""

    def __init__(self) -> None:
        import dlib
        from mtcnn import MTCNN

        spec = importlib.util.find_spec(DLIB_RESNET_FILE.package)
        assert spec is not None
        assert spec.submodule_search_locations is not None
        weights = Path(next(iter(spec.submodule_search_locations))) / DLIB_RESNET_FILE.path
        self._package, self._network = MTCNN(), dlib.face_recognition_model_v1(str(weights))
        self._package.detect_faces(np.zeros((480, 640, 3), np.uint8))

    def photo(self, path: Path) -> PeerPhoto:
        pixels = _load(path, None)
        started = time.perf_counter()
        faces = self._package.detect_faces(pixels)
        for face in faces:
            self._network.compute_face_descriptor(_peer_chip(pixels, face))
        seconds = time.perf_counter() - started
        return PeerPhoto(path, Size(pixels.shape[1], pixels.shape[0]), [Box(*each["box"]) for each in faces], seconds)


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


def size_ratio(analyser: FaceAnalyser, other: Peer, photos: Sequence[PeerPhoto]) -> float:
    """The other program's time over ours in normal, on a third of some photos, once more: they were mixed before."""
    paths = [each.path for each in photos][::3]
    _, ours = analyse(analyser, paths, NORMAL)
    return sum(other.photo(path).seconds for path in paths) / ours


def _load(path: Path, side: int | None) -> Pixels:
    return decode(path, orientation=probe(path)[0].orientation, max_side=side, is_quick=side is not None)


def _peer_chip(pixels: Pixels, face: Any) -> Pixels:
    points = face["keypoints"]
    names = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
    return extract_chip(pixels, np.array([points[name] for name in names], np.float32))


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

"""How many faces of crowded photographs are found, and how much else, beside the ``mtcnn`` package's own driver.

A face counts where it is at least 32 pixels wide and high; it is found where a detection overlaps it by an IoU of 0.4.
A detection that overlaps no face of any size is false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from facetagger.faces.detector import Pixels
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.geometry import Box
from tests.benchmarks.data import load_photo, parse_arguments, photos_with_boxes, report, show_progress

_SMALLEST_FACE: Final = 32
_OVERLAP: Final = 0.4


def run(data: Path) -> dict[str, dict[str, float]]:
    photos = photos_with_boxes(data / "wider")
    own, package = MtcnnDetector(), _package()
    normal: list[tuple[list[Box], list[Box]]] = []
    peer: list[tuple[list[Box], list[Box]]] = []
    for done, (path, faces) in enumerate(photos, start=1):
        pixels = load_photo(path)
        normal.append((faces, [detection.box for detection in own.detect([pixels])[0]]))
        peer.append((faces, _package_boxes(package, pixels)))
        if done % 20 == 0:
            show_progress(f"{done} of {len(photos)} photos")
    return {"normal": figures(normal), "package": figures(peer)}


def figures(photos: Iterable[tuple[Sequence[Box], Sequence[Box]]]) -> dict[str, float]:
    """Recall and false detections per photo over (true boxes, found boxes), both in pixels, best found first."""
    wanted = found = false = count = 0
    for faces, detections in photos:
        matched, missed = match(faces, detections)
        count += 1
        wanted += sum(_is_counted(face) for face in faces)
        found += sum(_is_counted(face) for face in matched)
        false += len(missed)
    return {"recall": round(found / wanted, 4), "false_per_photo": round(false / count, 3)}


def match(faces: Sequence[Box], detections: Sequence[Box]) -> tuple[list[Box], list[Box]]:
    """The faces that were found, each by one detection, and the detections that found none."""
    left, false = list(faces), []
    for detection in detections:
        best = max(left, key=detection.iou, default=None)
        if best is None or detection.iou(best) < _OVERLAP:
            false.append(detection)
        else:
            left.remove(best)
    return [face for face in faces if face not in left], false


def _is_counted(face: Box) -> bool:
    return min(face.width, face.height) >= _SMALLEST_FACE


def _package() -> Any:
    from mtcnn import MTCNN

    return MTCNN()


def _package_boxes(package: Any, pixels: Pixels) -> list[Box]:
    found = sorted(package.detect_faces(pixels), key=lambda face: -face["confidence"])
    return [Box(*face["box"]) for face in found]


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

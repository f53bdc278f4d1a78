"""How many faces of crowded photographs are found, and how much else, beside the ``mtcnn`` package's own driver.

A face counts where it is at least 32 pixels wide and high; it is found where a detection overlaps it by an IoU of 0.4.
A detection that overlaps no face of any size is false.

``rotated``: the share of the faces found in upright photos that is found again when the photo lies at 90, 180 and 270°.
``by_angle``: the share of the upright faces of portraits that is found again when the picture is tilted by each 15°.
``upright``: the share of those photos with a face of 60 pixels whose right way up is found out. ``scans``: the share of
the faces of photos that thorough finds when the photos lie on a sheet of 24 megapixels.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

from facetagger.faces.detector import Detector, Pixels
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.faces.rotation import search
from facetagger.faces.settings import NORMAL, THOROUGH
from facetagger.geometry import Box, Size, box_to_stored, rotated_orientation, upright_size
from facetagger.imaging.formats import find_photos
from tests.benchmarks.data import load_photo, parse_arguments, photos_with_boxes, report, show_progress

_SMALLEST_FACE: Final = 32
_LARGE_FACE: Final = 60
_OVERLAP: Final = 0.4
_SHEET: Final = (5792, 4096)


def run(data: Path) -> dict[str, object]:
    photos = photos_with_boxes(data / "wider")
    own, package = MtcnnDetector(), _package()
    found: dict[str, list[tuple[list[Box], list[Box]]]] = {"normal": [], "thorough": [], "package": []}
    for done, (path, faces) in enumerate(photos, start=1):
        pixels = load_photo(path)
        for settings in (NORMAL, THOROUGH):
            found[settings.name].append((faces, [face.box for face in search(own, [pixels], settings)[0].faces]))
        found["package"].append((faces, _package_boxes(package, pixels)))
        if done % 20 == 0:
            show_progress(f"{done} of {len(photos)} photos")
    album = [load_photo(path) for path in find_photos([data / "album"])[::20] + find_photos([data / "photos"])[::4]]
    rotated, upright = turned_figures(own, album)
    return {name: figures(each) for name, each in found.items()} | {
        "rotated": rotated,
        "by_angle": by_angle(own, album[:40:4]),
        "upright": upright,
        "scans": scan_recall(own, album[-20:]),
    }


def turned_figures(detector: Detector, photos: Sequence[Pixels]) -> tuple[float, float]:
    """Recall, of what is found upright, in three quarter turns, and the share of photos that come out upright."""
    wanted = again = shown = right = 0
    for pixels in photos:
        upright = search(detector, [pixels], NORMAL)[0]
        size = Size(pixels.shape[1], pixels.shape[0])
        for turns in (1, 2, 3):
            orientation = rotated_orientation(1, turns)
            lying = search(detector, [np.ascontiguousarray(np.rot90(pixels, turns))], NORMAL)[0]
            turned_size = upright_size(size, orientation)
            for face in upright.faces:
                box = box_to_stored(face.box.to_normalised(size), orientation).to_pixels(turned_size)
                wanted += 1
                again += any(box.iou(other.box) >= _OVERLAP for other in lying.faces)
            if any(min(face.box.width, face.box.height) >= _LARGE_FACE for face in upright.faces):
                shown += 1
                right += lying.quarter_turns == (upright.quarter_turns + turns) % 4
    return round(again / wanted, 4), round(right / shown, 4)


def by_angle(detector: Detector, photos: Sequence[Pixels]) -> dict[str, float]:
    """For each 15° the share of the faces found upright whose place is found again when the picture is tilted."""
    upright = [search(detector, [pixels], NORMAL)[0].faces for pixels in photos]
    shares = {}
    for degrees in range(15, 360, 15):
        wanted = again = 0
        for pixels, faces in zip(photos, upright, strict=True):
            image = Image.fromarray(pixels).rotate(-degrees, Image.Resampling.BICUBIC, expand=True)
            found = search(detector, [np.asarray(image)], NORMAL)[0].faces
            for face in faces:
                x, y = _tilted(face.box.center, pixels.shape[1::-1], image.size, degrees)
                wanted += 1
                again += any(other.box.contains(x, y) for other in found)
        shares[str(degrees)] = round(again / wanted, 4)
    return shares


def _tilted(
    point: tuple[float, float], size: Sequence[int], new_size: Sequence[int], degrees: float
) -> tuple[float, float]:
    """Where a point of a picture lies once the picture was tilted clockwise about its middle and grew."""
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    x, y = turn @ (np.array(point) - np.array(size) / 2) + np.array(new_size) / 2
    return float(x), float(y)


def scan_recall(detector: Detector, photos: Sequence[Pixels]) -> float:
    """The share of the faces of photos that is found again when the photos are laid on one sheet."""
    sheet = np.full((*_SHEET, 3), 245, np.uint8)
    wanted: list[Box] = []
    left = top = lowest = 0
    for pixels in photos:
        height, width = pixels.shape[:2]
        if left + width > _SHEET[1]:
            left, top = 0, lowest
        if top + height > _SHEET[0]:
            break
        sheet[top : top + height, left : left + width] = pixels
        for face in search(detector, [pixels], NORMAL)[0].faces:
            wanted.append(Box(face.box.left + left, face.box.top + top, face.box.width, face.box.height))
        left, lowest = left + width, max(lowest, top + height)
    found = detector.detect([sheet], THOROUGH)[0]
    return round(sum(any(box.iou(face.box) >= _OVERLAP for face in found) for box in wanted) / len(wanted), 4)


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

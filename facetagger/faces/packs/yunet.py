"""Detectors of the YuNet family (Wu, Peng & Yu 2023) in ONNX, run by OpenCV's ``FaceDetectorYN``.

Their five landmarks come right eye first as the person has it, which is the image's left: the order of ``Landmarks``.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError
from facetagger.faces.canvas import View, views
from facetagger.faces.detector import Detection, Pixels, is_same_face
from facetagger.faces.packs.manifest import Manifest
from facetagger.faces.patches import Patch
from facetagger.faces.settings import NORMAL, AnalysisSettings
from facetagger.geometry import Box, Size
from facetagger.imaging.opencv_runtime import load_opencv

_LEAST_SCORE: Final = 0.3
"""The network is asked for everything from here on; what counts is in the settings' thresholds."""
_OVERLAP: Final = 0.3
_MOST: Final = 5000


class YuNetDetector:
    """A photo's faces do not depend on what else is in the batch."""

    calls_at_once = 1

    def __init__(self, manifest: Manifest, weights: bytes) -> None:
        """Raises ``ModelError`` where OpenCV cannot read the network."""
        cv2 = load_opencv()
        try:
            content = np.frombuffer(weights, np.uint8)
            empty = np.empty(0, np.uint8)
            side = 320
            self._network = cv2.FaceDetectorYN.create(
                "onnx", content, empty, (side, side), _LEAST_SCORE, _OVERLAP, _MOST
            )
            self._network.detect(np.zeros((side, side, 3), np.uint8))
        except cv2.error as error:
            raise ModelError(
                f"“{manifest.file}” is not a detector of the YuNet family.",
                "It is damaged, or another kind of network.",
                "Get the file again, or choose another one.",
            ) from error

    def batch_key(self, size: Size, settings: AnalysisSettings = NORMAL) -> Hashable:
        return views(size, settings)[0].canvas

    def detect(
        self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL, quarter_turns: int = 0, tilt: float = 0.0
    ) -> list[list[Detection]]:
        least = settings.thresholds.output
        found = []
        for image in images:
            size = Size(image.shape[1], image.shape[0])
            looks = [self._look(image, view, size) for view in views(size, settings, quarter_turns, tilt)]
            faces = sorted((face for look in looks for face in look if face.score >= least), key=_worst_last)
            found.append(_distinct(faces))
        return found

    def locate(self, image: Pixels, boxes: Sequence[Box], quarter_turns: int = 0) -> list[Detection]:
        """A face in the middle of each box's surroundings; score 0 where none is seen."""
        found = []
        for box in boxes:
            patch = Patch.around(box, quarter_turns)
            rows = self._rows(patch.cut(image))
            points = [patch.to_photo(row[4:14].reshape(5, 2)) for row in rows]
            inside = [(float(row[14]), each) for row, each in zip(rows, points, strict=True) if _is_in(each, box)]
            score, landmarks = max(inside, key=lambda each: each[0], default=(0.0, np.zeros((5, 2), np.float32)))
            found.append(Detection(box, landmarks, score))
        return found

    def scores_by_turn(self, image: Pixels, box: Box) -> list[float]:
        return [self.locate(image, [box], turns)[0].score for turns in range(4)]

    def _look(self, image: Pixels, view: View, size: Size) -> list[Detection]:
        canvas = np.full((view.canvas.height, view.canvas.width, 3), 0, np.uint8)
        view.draw(image, canvas)
        found = []
        for row in self._rows(canvas):
            left, top, width, height = row[:4]
            corners = np.array(
                [[left, top], [left + width, top], [left, top + height], [left + width, top + height]], np.float32
            )
            placed = view.to_photo(corners)
            box = Box.from_corners(*placed.min(axis=0).tolist(), *placed.max(axis=0).tolist())
            inside = box.to_normalised(size).clipped().to_pixels(size)
            if inside.area > 0:
                points = view.to_photo(np.ascontiguousarray(row[4:14].reshape(5, 2)))
                found.append(Detection(inside, points, float(row[14])))
        return found

    def _rows(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Rows (n, 15): left, top, width, height, five points, score."""
        self._network.setInputSize((pixels.shape[1], pixels.shape[0]))
        answer: Any = self._network.detect(np.ascontiguousarray(pixels[:, :, ::-1]))[1]
        return np.empty((0, 15), np.float32) if answer is None else np.asarray(answer, np.float32)


def _worst_last(face: Detection) -> float:
    return -face.score


def _is_in(points: NDArray[np.float32], box: Box) -> bool:
    x, y = points.mean(axis=0).tolist()
    return bool(box.left <= x <= box.right and box.top <= y <= box.bottom)


def _distinct(faces: Sequence[Detection]) -> list[Detection]:
    kept: list[Detection] = []
    for face in faces:
        if not any(is_same_face(face.box, other.box) for other in kept):
            kept.append(face)
    return kept

"""The MTCNN detector: photos of any size in, faces with five landmarks out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.canvas import FILL, Placement, draw, placement
from facetagger.faces.detector import Detection, Pixels
from facetagger.faces.mtcnn_graph import MtcnnGraph, Thresholds
from facetagger.faces.mtcnn_networks import load_networks
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.geometry import Box, Size

_SAME_FACE: Final = 0.6
"""Share of the smaller box that lies in the larger one from which the two are one face."""

_PHOTOS_PER_RUN: Final = 8
"""Bounds the memory of a run; more photos than this are no faster together."""


class MtcnnDetector:
    """MTCNN with the weights of the ``mtcnn`` package, driven in batches through one graph for each canvas shape.

    A photo's faces do not depend on what else is in the batch. The long side is bounded to 1024 pixels, the smallest
    face found is 24 pixels wide after that. Safe to call from one thread at a time.
    """

    def __init__(self, thresholds: Thresholds | None = None) -> None:
        """Reads the weights.

        Raises:
            ModelError: The ``mtcnn`` package is missing or its weights are not those that are expected.
        """
        self._tf = load_tensorflow()
        self._networks = load_networks(self._tf)
        self._thresholds = thresholds or Thresholds()
        self._graphs: dict[Size, Any] = {}
        self._trace_count = 0

    @property
    def trace_count(self) -> int:
        """How many graphs were traced; grows only when a canvas shape is seen for the first time."""
        return self._trace_count

    def batch_key(self, size: Size) -> Hashable:
        return placement(size).canvas

    def detect(self, images: Sequence[Pixels]) -> list[list[Detection]]:
        """The faces of each photo (h, w, 3), the best score first."""
        places = [placement(Size(image.shape[1], image.shape[0])) for image in images]
        found: list[list[Detection]] = [[] for _ in images]
        for canvas, run in _runs(places):
            searched = self._search(canvas, [(images[index], places[index]) for index in run])
            for index, detections in zip(run, searched, strict=True):
                found[index] = detections
        return found

    def _search(self, canvas: Size, photos: Sequence[tuple[Pixels, Placement]]) -> list[list[Detection]]:
        canvases = np.full((len(photos), canvas.height, canvas.width, 3), FILL, np.uint8)
        for row, (pixels, place) in zip(canvases, photos, strict=True):
            draw(pixels, place, row)
        owners, boxes, landmarks, scores = (each.numpy() for each in self._graph(canvas)(self._tf.constant(canvases)))
        found = []
        for owner, (_, place) in enumerate(photos):
            rows = np.flatnonzero(owners == owner)
            rows = rows[np.argsort(-scores[rows], kind="stable")]
            found.append(_detections(boxes[rows], landmarks[rows], scores[rows], place))
        return found

    def _graph(self, canvas: Size) -> Any:
        """The traced graph for one canvas shape and batches of any size."""
        if canvas not in self._graphs:
            cascade = MtcnnGraph(self._networks, canvas, self._thresholds)

            def traced(canvases: Any) -> Any:
                self._trace_count += 1
                return cascade.run(canvases)

            signature = self._tf.TensorSpec((None, canvas.height, canvas.width, 3), self._tf.uint8)
            # Autograph wants the source code, which a frozen program does not have; there is nothing to convert.
            function = self._tf.function(traced, input_signature=[signature], autograph=False)
            self._graphs[canvas] = function.get_concrete_function()
        return self._graphs[canvas]


def _runs(places: Sequence[Placement]) -> Iterator[tuple[Size, list[int]]]:
    """Indices of the photos that go through the graph of one canvas together."""
    together: dict[Size, list[int]] = defaultdict(list)
    for index, place in enumerate(places):
        together[place.canvas].append(index)
    for canvas, indices in together.items():
        for start in range(0, len(indices), _PHOTOS_PER_RUN):
            yield canvas, indices[start : start + _PHOTOS_PER_RUN]


def _detections(
    boxes: NDArray[np.float32], landmarks: NDArray[np.float32], scores: NDArray[np.float32], place: Placement
) -> list[Detection]:
    """Canvas to photo coordinates, the better of two boxes on one face, boxes cut at the photo's edge."""
    ratio = np.array(place.ratio, np.float32)
    kept: list[Detection] = []
    for corners, points, score in zip(boxes, landmarks, scores, strict=True):
        normalised = Box.from_corners(*(corners.reshape(2, 2) / ratio).ravel().tolist()).to_normalised(place.source)
        box = normalised.clipped().to_pixels(place.source)
        if box.area > 0 and not any(_is_same_face(box, other.box) for other in kept):
            kept.append(Detection(box, (points / ratio).astype(np.float32), float(score)))
    return kept


def _is_same_face(one: Box, other: Box) -> bool:
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    return min(width, height) > 0 and width * height > _SAME_FACE * min(one.area, other.area)

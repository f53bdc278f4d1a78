"""The MTCNN detector: photos of any size in, faces with five landmarks out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.canvas import FILL, View, views
from facetagger.faces.detector import Detection, Pixels, is_same_face
from facetagger.faces.mtcnn_graph import MtcnnGraph, logit
from facetagger.faces.mtcnn_networks import PROPOSAL_SIZE, load_networks
from facetagger.faces.patches import JITTERS, PATCH_SIDE, SCALED_LOOKS, Patch
from facetagger.faces.pyramid import pyramid
from facetagger.faces.settings import NORMAL, AnalysisSettings
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.geometry import Box, Size

_PIXELS_PER_RUN: Final = 325_000
"""Of the pyramids' first levels in a run, if it is of more than one canvas: bounds the memory; larger runs are no
faster."""

_BOXES_PER_RUN: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Faces:
    """Rows of boxes (n, 4), landmarks (n, 5, 2), both in pixels of the photo, and scores (n,)."""

    boxes: NDArray[np.float32]
    landmarks: NDArray[np.float32]
    scores: NDArray[np.float32]


class MtcnnDetector:
    """MTCNN with the weights of the ``mtcnn`` package, driven in batches through graphs for canvases of any shape.

    A photo's faces do not depend on what else is in the batch.
    """

    calls_at_once = 2
    """It could serve more, each in memory of its own; two and the embedder beside them keep the cores busy."""

    def __init__(self) -> None:
        """Reads the weights and traces the graphs.

        Raises:
            ModelError: The ``mtcnn`` package is missing or its weights are not those that are expected.
        """
        self._tf = load_tensorflow()
        self._trace_count = 0
        networks = load_networks(self._tf)
        graphs = {each: MtcnnGraph(networks, each) for each in (2, 3)}
        pixels, numbers = self._tf.uint8, self._tf.float32
        self._run = {
            levels: self._traced(
                graph.run,
                ((None, None, None, 3), pixels),
                ((3,), numbers),
                ((None, 2), self._tf.int32),
                ((None, 2), self._tf.int32),
                ((None, 2), numbers),
                ((None, 2), numbers),
                ((None, None), self._tf.int32),
            )
            for levels, graph in graphs.items()
        }
        self._locate = self._traced(
            graphs[2].locate,
            ((None, PATCH_SIDE, PATCH_SIDE, 3), pixels),
            ((None, 4), numbers),
            ((None,), self._tf.int32),
        )

    @property
    def trace_count(self) -> int:
        """How many graphs were traced; constant once the detector is made."""
        return self._trace_count

    def batch_key(self, size: Size, settings: AnalysisSettings = NORMAL) -> Hashable:
        return _shape(views(size, settings)[0])

    def detect(
        self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL, quarter_turns: int = 0, tilt: float = 0.0
    ) -> list[list[Detection]]:
        """The faces of each photo (h, w, 3) turned clockwise, the best score first, in pixels of the unturned one.

        ``tilt`` is in radians, clockwise too.
        """
        sizes = [Size(image.shape[1], image.shape[0]) for image in images]
        looks = [
            (index, view) for index, size in enumerate(sizes) for view in views(size, settings, quarter_turns, tilt)
        ]
        found: list[list[_Faces]] = [[] for _ in images]
        for run in _runs(looks):
            for (index, _), faces in zip(run, self._search(images, run, settings), strict=True):
                found[index].append(faces)
        return [_detections(faces, size) for faces, size in zip(found, sizes, strict=True)]

    def locate(self, image: Pixels, boxes: Sequence[Box], quarter_turns: int = 0) -> list[Detection]:
        """Landmarks and score of what is in each box (pixels of the image), seen after clockwise quarter turns.

        The last stage looks at the box and at small shifts and scales of it; the best look counts.
        """
        found: list[Detection] = []
        for start in range(0, len(boxes), _BOXES_PER_RUN):
            part = boxes[start : start + _BOXES_PER_RUN]
            patches = [Patch.around(box, quarter_turns) for box in part]
            pixels = np.stack([patch.cut(image) for patch in patches])
            looks = np.tile(JITTERS, (len(part), 1))
            owners = np.repeat(np.arange(len(part), dtype=np.int32), len(JITTERS))
            answer = self._locate(*(self._tf.constant(each) for each in (pixels, looks, owners)))
            landmarks, logits = answer[1].numpy(), answer[2].numpy()
            for index, (box, patch) in enumerate(zip(part, patches, strict=True)):
                best = index * len(JITTERS) + int(np.argmax(logits[owners == index]))
                score = float(1 / (1 + np.exp(-logits[best])))
                found.append(Detection(box, patch.to_photo(landmarks[best]), score))
        return found

    def scores_by_turn(self, image: Pixels, box: Box) -> list[float]:
        """How much of an upright face is seen in the box (pixels) after 0, 1, 2 and 3 clockwise quarter turns."""
        upright = Patch.around(box, 0).cut(image)
        pixels = np.stack([np.rot90(upright, -turns) for turns in range(4)])
        looks = np.tile(SCALED_LOOKS, (4, 1))
        owners = np.repeat(np.arange(4, dtype=np.int32), len(SCALED_LOOKS))
        answer = self._locate(*(self._tf.constant(each) for each in (pixels, looks, owners)))
        best = answer[2].numpy().reshape(4, -1).max(axis=1)
        scores: list[float] = (1 / (1 + np.exp(-best))).tolist()
        return scores

    def _search(
        self, images: Sequence[Pixels], run: Sequence[tuple[int, View]], settings: AnalysisSettings
    ) -> list[_Faces]:
        canvas = run[0][1].canvas
        canvases = np.full((len(run), canvas.height, canvas.width, 3), FILL, np.uint8)
        for row, (index, view) in zip(canvases, run, strict=True):
            view.draw(images[index], row)
        wanted = settings.thresholds
        logits = [logit(each) for each in (wanted.proposal, wanted.refine, wanted.output)]
        answer = self._run[settings.levels_per_octave](
            self._tf.constant(canvases), self._tf.constant(logits), *self._layout(run[0][1], settings)
        )
        owners, boxes, landmarks, scores = (each.numpy() for each in answer)
        found = []
        for owner, (_, view) in enumerate(run):
            rows = owners == owner
            bounds = _boxes_on_photo(boxes[rows], view)
            points = view.to_photo(landmarks[rows].reshape(-1, 2)).reshape(-1, 5, 2)
            found.append(_Faces(bounds, points, scores[rows]))
        return found

    def _layout(self, view: View, settings: AnalysisSettings) -> list[Any]:
        found = pyramid(view.canvas, view.smallest_face, settings.levels_per_octave)
        fields = (found.sizes, found.missing, found.corners, found.ratios, found.level_of)
        return [self._tf.constant(each) for each in fields]

    def _traced(self, build: Any, *inputs: tuple[tuple[int | None, ...], Any]) -> Any:
        def traced(*tensors: Any) -> Any:
            self._trace_count += 1
            return build(*tensors)

        signature = [self._tf.TensorSpec(shape, kind) for shape, kind in inputs]
        # Autograph wants the source code, which a frozen program does not have; there is nothing to convert.
        return self._tf.function(traced, input_signature=signature, autograph=False).get_concrete_function()


def _boxes_on_photo(boxes: NDArray[np.float32], view: View) -> NDArray[np.float32]:
    """Boxes (n, 4) on the canvas to boxes of the photo; a tilted one keeps its middle and the lengths of its sides."""
    size = boxes[:, 2:] - boxes[:, :2]
    middle = view.to_photo(np.asarray(boxes[:, :2] + size / 2, np.float32))
    if view.quarter_turns % 2:
        size = size[:, ::-1]
    half = size * [view.part.width / view.scaled.width, view.part.height / view.scaled.height] / 2
    return np.concatenate([middle - half, middle + half], axis=1).astype(np.float32)


def _runs(looks: Sequence[tuple[int, View]]) -> Iterator[list[tuple[int, View]]]:
    """Views that go through the graph together: those of one shape, as many as the memory allows."""
    together: dict[tuple[Size, int], list[tuple[int, View]]] = defaultdict(list)
    for each in looks:
        together[_shape(each[1])].append(each)
    for (canvas, smallest_face), alike in together.items():
        first_level = canvas.area * (PROPOSAL_SIZE / smallest_face) ** 2
        count = max(1, int(_PIXELS_PER_RUN / first_level))
        for start in range(0, len(alike), count):
            yield alike[start : start + count]


def _shape(view: View) -> tuple[Size, int]:
    return view.canvas, view.smallest_face


def _detections(found: Sequence[_Faces], size: Size) -> list[Detection]:
    """The best of the boxes on each face, cut at the photo's edge, the best score first."""
    boxes, landmarks, scores = (
        np.concatenate([getattr(faces, name) for faces in found]) for name in ("boxes", "landmarks", "scores")
    )
    kept: list[Detection] = []
    for row in np.argsort(-scores, kind="stable"):
        box = Box.from_corners(*boxes[row].tolist()).to_normalised(size).clipped().to_pixels(size)
        if box.area > 0 and not any(is_same_face(box, other.box) for other in kept):
            kept.append(Detection(box, landmarks[row], float(scores[row])))
    return kept

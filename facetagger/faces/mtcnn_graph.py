"""MTCNN's cascade as one graph for canvases of any shape: from a batch of canvases to the faces of the whole batch.

All boxes inside are (left, top, right, bottom) in continuous canvas pixels. Photos of one batch share every run of
R-Net and O-Net; ``owner`` says whose a row is. The pyramid has as many levels as the longest canvas needs: on a small
canvas the last ones are less than P-Net's window and come to nothing, which costs less than a trace for each shape.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from facetagger.faces.canvas import FILL
from facetagger.faces.mtcnn_networks import (
    OUTPUT_SIZE,
    PROPOSAL_SIZE,
    PROPOSAL_STRIDE,
    REFINE_SIZE,
    MtcnnNetworks,
    Tensor,
)
from facetagger.faces.pyramid import HALVINGS, shelves

_PER_PHOTO_WINDOWS: Final = 2000
_PER_PHOTO: Final = 400
_REFINE_ROWS: Final = 16
_OUTPUT_ROWS: Final = 4
"""Of these numbers of crops, multiples reach R-Net and O-Net."""

_LARGER_THAN_A_CANVAS: Final = 8192.0
"""Added to boxes that must not suppress each other, times the number of their level or photo."""

_NEVER: Final = -1e9

_OVERLAP_IN_LEVEL: Final = 0.5
_OVERLAP: Final = 0.7
"""IoU from which two boxes are held to be one."""


@dataclass(frozen=True, slots=True, eq=False)
class MtcnnGraph:
    networks: MtcnnNetworks
    levels_per_octave: int

    def run(
        self,
        canvases: Tensor,
        thresholds: Tensor,
        sizes: Tensor,
        missing: Tensor,
        corners: Tensor,
        ratios: Tensor,
        level_of: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Canvases uint8 (b, h, w, 3) to owners int32 (n,), boxes (n, 4), landmarks (n, 5, 2), scores (n,).

        ``thresholds`` (3,) are the scores from which P-Net, R-Net and O-Net are believed, as logits; the others are
        the fields of the ``Pyramid``.
        """
        proposal, refine, output = self.networks.tf.unstack(thresholds)
        halves = self._halves(canvases)
        answer = self.networks.propose(self._picture(halves, sizes, missing))
        boxes, logits, levels = self._best_windows(answer, corners, ratios, level_of)
        boxes, owners = self._select_proposals(boxes, logits, levels, proposal)
        boxes, owners = self._refine(halves, boxes, owners, refine)
        return self._locate(halves, boxes, owners, output)

    def _halves(self, canvases: Tensor) -> list[Tensor]:
        """The canvases, and each time half their size: uint8 first, then float32 of 0 to 255."""
        tf = self.networks.tf
        halves = [canvases]
        for _ in range(HALVINGS):
            halves.append(tf.nn.avg_pool2d(tf.cast(halves[-1], tf.float32), 2, 2, "SAME"))
        return halves

    def _picture(self, halves: list[Tensor], sizes: Tensor, missing: Tensor) -> Tensor:
        """All levels of the pyramid in one picture (b, h, w, 3) per canvas."""
        tf = self.networks.tf
        sizes, missing = (
            tf.unstack(sizes, HALVINGS * self.levels_per_octave),
            tf.unstack(missing, HALVINGS * self.levels_per_octave),
        )

        def level(number: int) -> Tensor:
            smaller = tf.image.resize(halves[1 + number // self.levels_per_octave], sizes[number])
            around = tf.pad(missing[number][:, tf.newaxis], [[1, 1], [1, 0]])
            return tf.pad(smaller, around, constant_values=float(FILL))

        rows = []
        for shelf in shelves(self.levels_per_octave):
            columns = [tf.concat([level(each) for each in column], axis=1) for column in shelf]
            rows.append(tf.concat(columns, axis=2))
        return tf.concat(rows, axis=1)

    def _best_windows(
        self, answer: Tensor, corners: Tensor, ratios: Tensor, level_of: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Of P-Net's answer (b, rows, columns, 5) the best: boxes (b, k, 4) on the canvas, logits and levels (b, k)."""
        tf = self.networks.tf
        columns = tf.shape(answer)[2]
        answer = tf.reshape(answer, (tf.shape(answer)[0], -1, 5))
        level_of = tf.reshape(level_of, [-1])
        logits = tf.where(level_of < 0, _NEVER, answer[..., 4])
        logits, cells = tf.math.top_k(logits, k=tf.minimum(tf.size(level_of), _PER_PHOTO_WINDOWS))
        offsets = tf.gather(answer[..., :4], cells, batch_dims=1)
        levels = tf.maximum(tf.gather(level_of, cells), 0)
        corner = tf.cast(tf.stack([cells % columns, cells // columns], axis=-1) * PROPOSAL_STRIDE, tf.float32)
        corner -= tf.gather(corners, levels)
        window = tf.concat([corner, corner + PROPOSAL_SIZE], axis=-1) + offsets * PROPOSAL_SIZE
        return window * tf.tile(tf.gather(ratios, levels), [1, 1, 2]), logits, tf.cast(levels, tf.float32)

    def _select_proposals(
        self, boxes: Tensor, logits: Tensor, levels: Tensor, threshold: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Non-maximum suppression inside each level, then over all; boxes (n, 4) and their owners (n,)."""
        tf = self.networks.tf

        def select(photo: tuple[Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            own, scores, levels = photo
            apart = levels[:, tf.newaxis] * _LARGER_THAN_A_CANVAS
            keep = tf.image.non_max_suppression(
                own + apart, scores, tf.size(scores), _OVERLAP_IN_LEVEL, score_threshold=threshold
            )
            own, scores = tf.gather(own, keep), tf.gather(scores, keep)
            own = tf.gather(own, tf.image.non_max_suppression(own, scores, _PER_PHOTO, _OVERLAP))
            count = tf.shape(own)[0]
            return tf.ensure_shape(tf.pad(own, [[0, _PER_PHOTO - count], [0, 0]]), (_PER_PHOTO, 4)), count

        kept, counts = tf.map_fn(select, (boxes, logits, levels), fn_output_signature=(tf.float32, tf.int32))
        is_kept = tf.sequence_mask(counts, _PER_PHOTO)
        return tf.boolean_mask(kept, is_kept), tf.cast(tf.where(is_kept)[:, 0], tf.int32)

    def _refine(self, halves: list[Tensor], boxes: Tensor, owners: Tensor, threshold: Tensor) -> tuple[Tensor, Tensor]:
        tf = self.networks.tf
        boxes = self._squared(boxes)
        answer = self._in_full_rows(self.networks.judge, self._crop(halves, boxes, owners, REFINE_SIZE), _REFINE_ROWS)
        good = tf.where(answer[:, 4] > threshold)[:, 0]
        boxes, owners, answer = tf.gather(boxes, good), tf.gather(owners, good), tf.gather(answer, good)
        boxes = self._moved(boxes, answer[:, :4])
        apart = tf.cast(owners, tf.float32)[:, tf.newaxis] * _LARGER_THAN_A_CANVAS
        keep = tf.image.non_max_suppression(boxes + apart, answer[:, 4], tf.size(owners), _OVERLAP)
        return tf.gather(boxes, keep), tf.gather(owners, keep)

    def _locate(
        self, halves: list[Tensor], boxes: Tensor, owners: Tensor, threshold: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        tf = self.networks.tf
        boxes = self._squared(boxes)
        boxes, landmarks, logits = self._located(boxes, self._crop(halves, boxes, owners, OUTPUT_SIZE))
        good = tf.where(logits > threshold)[:, 0]
        owners, boxes, landmarks, logits = (tf.gather(each, good) for each in (owners, boxes, landmarks, logits))
        return owners, boxes, landmarks, tf.sigmoid(logits)

    def locate(self, patches: Tensor, boxes: Tensor, owners: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The last stage alone, in square ``boxes`` (n, 4) of patches uint8 (b, h, w, 3).

        Returns boxes (n, 4), landmarks (n, 5, 2) and logits (n,), whatever they say.
        """
        samples = _sampling(self.networks.tf, boxes, self.networks.tf.shape(patches), OUTPUT_SIZE)
        crops = self.networks.tf.image.crop_and_resize(
            patches, samples, owners, (OUTPUT_SIZE, OUTPUT_SIZE), extrapolation_value=FILL
        )
        return self._located(boxes, crops)

    def _located(self, boxes: Tensor, crops: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        tf = self.networks.tf
        answer = self._in_full_rows(self.networks.locate, crops, _OUTPUT_ROWS)
        corner, size = boxes[:, tf.newaxis, :2], (boxes[:, 2:] - boxes[:, :2])[:, tf.newaxis]
        landmarks = corner + size * tf.stack([answer[:, 4:9], answer[:, 9:14]], axis=-1)
        return self._moved(boxes, answer[:, :4]), landmarks, answer[:, 14]

    def _squared(self, boxes: Tensor) -> Tensor:
        tf = self.networks.tf
        size = boxes[:, 2:] - boxes[:, :2]
        center = boxes[:, :2] + size / 2
        half = tf.reduce_max(size, axis=1, keepdims=True) / 2
        return tf.concat([center - half, center + half], axis=1)

    def _moved(self, boxes: Tensor, offsets: Tensor) -> Tensor:
        size = boxes[:, 2:] - boxes[:, :2]
        return boxes + offsets * self.networks.tf.concat([size, size], axis=1)

    def _crop(self, halves: list[Tensor], boxes: Tensor, owners: Tensor, size: int) -> Tensor:
        """Square crops (n, size, size, 3), each from the halved level on which it is less than twice ``size``.

        Reading large boxes from the canvas itself would skip most of their pixels.
        """
        tf = self.networks.tf
        sides = boxes[:, 2] - boxes[:, 0]
        wanted = tf.math.floor(tf.math.log(tf.maximum(sides, 1.0) / size) / math.log(2.0))
        level_of = tf.cast(tf.clip_by_value(wanted, 0.0, float(len(halves) - 1)), tf.int32)
        crops, rows = [], []
        for level, half in enumerate(halves):
            row = tf.where(tf.equal(level_of, level))[:, 0]
            samples = _sampling(tf, tf.gather(boxes, row) / 2.0**level, tf.shape(half), size)
            crops.append(
                tf.image.crop_and_resize(half, samples, tf.gather(owners, row), (size, size), extrapolation_value=FILL)
            )
            rows.append(tf.cast(row, tf.int32))
        return tf.ensure_shape(tf.dynamic_stitch(rows, crops), (None, size, size, 3))

    def _in_full_rows(self, network: Any, crops: Tensor, multiple: int) -> Tensor:
        """Runs the network on a multiple of rows: few shapes reach its kernels, and never an empty one, which fails."""
        tf = self.networks.tf
        count = tf.shape(crops)[0]
        missing = tf.maximum((count + multiple - 1) // multiple, 1) * multiple - count
        return network(tf.concat([crops, tf.zeros((missing, *crops.shape[1:]))], axis=0))[:count]


def _sampling(tf: Any, boxes: Tensor, shape: Any, size: int) -> Tensor:
    """Boxes in the form of ``crop_and_resize``, so that sample i lies in the middle of the i-th of ``size`` parts.

    That operation puts its first and last sample on the corners it is given, and counts from pixel centres.
    """
    margin = (boxes[:, 2:] - boxes[:, :2]) / (2 * size)
    first, last = boxes[:, :2] + margin - 0.5, boxes[:, 2:] - margin - 0.5
    height, width = tf.unstack(tf.cast(tf.maximum(shape[1:3] - 1, 1), tf.float32))
    return tf.stack([first[:, 1] / height, first[:, 0] / width, last[:, 1] / height, last[:, 0] / width], axis=1)


def logit(probability: float) -> float:
    return math.log(probability / (1 - probability))

"""MTCNN's cascade as one graph of fixed canvas shape: from a batch of canvases to the faces of the whole batch.

All boxes inside are (left, top, right, bottom) in continuous canvas pixels. Photos of one batch share every run of
R-Net and O-Net; ``owner`` says whose a row is.
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
from facetagger.geometry import Size

_PER_LEVEL: Final = 400
_PER_PHOTO: Final = 400
_ROW_MULTIPLE: Final = 64
_LARGER_THAN_A_CANVAS: Final = 8192.0
"""Added to boxes that must not suppress each other, times the number of their level or photo."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores from which a stage believes, and the overlap (IoU) from which it holds two boxes to be one."""

    proposal: float = 0.6
    refine: float = 0.7
    output: float = 0.8
    overlap_in_level: float = 0.5
    overlap: float = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class MtcnnGraph:
    networks: MtcnnNetworks
    canvas: Size
    thresholds: Thresholds

    def run(self, canvases: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Canvases uint8 (b, h, w, 3) to owners int32 (n,), boxes (n, 4), landmarks (n, 5, 2), scores (n,)."""
        halves = self._halves(canvases)
        boxes, logits, levels = self._propose(halves)
        boxes, owners = self._select_proposals(boxes, logits, levels)
        boxes, owners = self._refine(halves, boxes, owners)
        return self._locate(halves, boxes, owners)

    def _halves(self, canvases: Tensor) -> list[Tensor]:
        """The canvases, and each time half their size: uint8 first, then float32 of 0 to 255."""
        tf = self.networks.tf
        halves = [canvases]
        side = min(self.canvas.width, self.canvas.height) // 2
        while side >= PROPOSAL_SIZE:
            halves.append(tf.nn.avg_pool2d(tf.cast(halves[-1], tf.float32), 2, 2, "VALID"))
            side //= 2
        return halves

    def _propose(self, halves: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """P-Net on a pyramid of factor sqrt(1/2): the halved levels, and between them one resampling of each.

        The first level is the canvas at half its size, on which P-Net's window is a face of 24 canvas pixels.
        """
        tf = self.networks.tf
        found = []
        for half in halves[1:]:
            height, width = half.shape[1:3]
            found.append(self._propose_on(half))
            between = round(height * math.sqrt(0.5)), round(width * math.sqrt(0.5))
            if min(between) >= PROPOSAL_SIZE:
                found.append(self._propose_on(tf.image.resize(half, between)))
        levels = [tf.fill(tf.shape(logits)[1:], float(level)) for level, (_, logits) in enumerate(found)]
        boxes, logits = (tf.concat(each, axis=1) for each in zip(*found, strict=True))
        return boxes, logits, tf.concat(levels, axis=0)

    def _propose_on(self, image: Tensor) -> tuple[Tensor, Tensor]:
        """The best windows of one level: boxes (b, k, 4) on the canvas and logits (b, k)."""
        tf = self.networks.tf
        answer = self.networks.propose(image)
        rows, columns = answer.shape[1:3]
        answer = tf.reshape(answer, (-1, rows * columns, 5))
        logits, cells = tf.math.top_k(answer[..., 4], k=min(rows * columns, _PER_LEVEL))
        offsets = tf.gather(answer[..., :4], cells, batch_dims=1)
        corner = tf.cast(tf.stack([cells % columns, cells // columns], axis=-1) * PROPOSAL_STRIDE, tf.float32)
        window = tf.concat([corner, corner + PROPOSAL_SIZE], axis=-1) + offsets * PROPOSAL_SIZE
        x, y = self.canvas.width / image.shape[2], self.canvas.height / image.shape[1]
        return window * [x, y, x, y], logits

    def _select_proposals(self, boxes: Tensor, logits: Tensor, levels: Tensor) -> tuple[Tensor, Tensor]:
        """Non-maximum suppression inside each level, then over all; boxes (n, 4) and their owners (n,)."""
        tf = self.networks.tf
        apart = levels[:, tf.newaxis] * _LARGER_THAN_A_CANVAS

        def select(photo: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            own, scores = photo
            keep = tf.image.non_max_suppression(
                own + apart,
                scores,
                tf.size(scores),
                self.thresholds.overlap_in_level,
                score_threshold=_logit(self.thresholds.proposal),
            )
            own, scores = tf.gather(own, keep), tf.gather(scores, keep)
            own = tf.gather(own, tf.image.non_max_suppression(own, scores, _PER_PHOTO, self.thresholds.overlap))
            count = tf.shape(own)[0]
            return tf.ensure_shape(tf.pad(own, [[0, _PER_PHOTO - count], [0, 0]]), (_PER_PHOTO, 4)), count

        kept, counts = tf.map_fn(select, (boxes, logits), fn_output_signature=(tf.float32, tf.int32))
        is_kept = tf.sequence_mask(counts, _PER_PHOTO)
        return tf.boolean_mask(kept, is_kept), tf.cast(tf.where(is_kept)[:, 0], tf.int32)

    def _refine(self, halves: list[Tensor], boxes: Tensor, owners: Tensor) -> tuple[Tensor, Tensor]:
        tf = self.networks.tf
        boxes = self._squared(boxes)
        answer = self._in_full_rows(self.networks.judge, self._crop(halves, boxes, owners, REFINE_SIZE))
        good = tf.where(answer[:, 4] > _logit(self.thresholds.refine))[:, 0]
        boxes, owners, answer = tf.gather(boxes, good), tf.gather(owners, good), tf.gather(answer, good)
        boxes = self._moved(boxes, answer[:, :4])
        apart = tf.cast(owners, tf.float32)[:, tf.newaxis] * _LARGER_THAN_A_CANVAS
        keep = tf.image.non_max_suppression(boxes + apart, answer[:, 4], tf.size(owners), self.thresholds.overlap)
        return tf.gather(boxes, keep), tf.gather(owners, keep)

    def _locate(self, halves: list[Tensor], boxes: Tensor, owners: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        tf = self.networks.tf
        boxes = self._squared(boxes)
        answer = self._in_full_rows(self.networks.locate, self._crop(halves, boxes, owners, OUTPUT_SIZE))
        good = tf.where(answer[:, 14] > _logit(self.thresholds.output))[:, 0]
        boxes, owners, answer = tf.gather(boxes, good), tf.gather(owners, good), tf.gather(answer, good)
        corner, size = boxes[:, tf.newaxis, :2], (boxes[:, 2:] - boxes[:, :2])[:, tf.newaxis]
        landmarks = corner + size * tf.stack([answer[:, 4:9], answer[:, 9:14]], axis=-1)
        return owners, self._moved(boxes, answer[:, :4]), landmarks, tf.sigmoid(answer[:, 14])

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
            samples = _sampling(tf, tf.gather(boxes, row) / 2.0**level, half.shape, size)
            crops.append(
                tf.image.crop_and_resize(half, samples, tf.gather(owners, row), (size, size), extrapolation_value=FILL)
            )
            rows.append(tf.cast(row, tf.int32))
        return tf.ensure_shape(tf.dynamic_stitch(rows, crops), (None, size, size, 3))

    def _in_full_rows(self, network: Any, crops: Tensor) -> Tensor:
        """Runs the network on a multiple of rows: few shapes reach its kernels, and never an empty one, which fails."""
        tf = self.networks.tf
        count = tf.shape(crops)[0]
        missing = tf.maximum((count + _ROW_MULTIPLE - 1) // _ROW_MULTIPLE, 1) * _ROW_MULTIPLE - count
        return network(tf.concat([crops, tf.zeros((missing, *crops.shape[1:]))], axis=0))[:count]


def _sampling(tf: Any, boxes: Tensor, shape: Any, size: int) -> Tensor:
    """Boxes in the form of ``crop_and_resize``, so that sample i lies in the middle of the i-th of ``size`` parts.

    That operation puts its first and last sample on the corners it is given, and counts from pixel centres.
    """
    margin = (boxes[:, 2:] - boxes[:, :2]) / (2 * size)
    first, last = boxes[:, :2] + margin - 0.5, boxes[:, 2:] - margin - 0.5
    height, width = shape[1] - 1, shape[2] - 1
    return tf.stack([first[:, 1] / height, first[:, 0] / width, last[:, 1] / height, last[:, 0] / width], axis=1)


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))

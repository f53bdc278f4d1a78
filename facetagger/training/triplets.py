"""The triplet loss with semi-hard negatives, and the network that is trained with it (Schroff et al. 2015, FaceNet)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from facetagger.errors import FaceTaggerError
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.training.backbones import build_backbone

Tensor = Any

SMALLEST_MARGIN: Final = 0.2
LARGEST_MARGIN: Final = 2.0

_MOMENTUM: Final = 0.9
"""With which batch normalisation follows the batches."""

_FARTHEST: Final = 4.0
"""The squared distance of opposite unit vectors."""


def build_embedder(name: str, side: int, dimensions: int, *, width: float = 1.0, weights: Path | None = None) -> Any:
    """The Keras model from pixels, float32 (n, side, side, 3), RGB of 0 to 255, to unit vectors (n, dimensions).

    Raises as ``build_backbone`` does.
    """
    backbone = build_backbone(name, side, width=width, weights=weights)
    return with_embedding(backbone, dimensions)


def with_embedding(backbone: Any, dimensions: int) -> Any:
    """A network that makes maps (n, rows, columns, c), with the layers that make unit vectors of them."""
    import keras

    inner = [layer for each in backbone.layers for layer in getattr(each, "layers", [each])]
    for layer in inner:
        if isinstance(layer, keras.layers.BatchNormalization):
            # Keras' own, 0.99, is for trainings of days: a first epoch would be judged by means it has hardly begun.
            layer.momentum = _MOMENTUM
    x = keras.layers.GlobalAveragePooling2D(dtype="float32")(backbone.output)
    x = keras.layers.Dense(dimensions, dtype="float32", name="embedding")(x)
    return keras.Model(backbone.input, keras.layers.UnitNormalization(dtype="float32")(x), name="embedder")


def triplet_loss(margin: float) -> Callable[[Tensor, Tensor], Tensor]:
    """The loss of labels (n,) or (n, 1) and unit vectors (n, d): a scalar.

    For each two vectors of one label: by how much a vector of another label fails to be ``margin`` farther away,
    squared distances. That other vector is the nearest one that is farther than the second ("semi-hard"), where there
    is none the farthest: the nearest of all would pull everything into one point.

    Raises:
        FaceTaggerError: The margin is none that can be learnt.
    """
    if not SMALLEST_MARGIN <= margin <= LARGEST_MARGIN:
        raise FaceTaggerError(f"The margin can be {SMALLEST_MARGIN} to {LARGEST_MARGIN:g}, not {margin:g}.")

    def loss(labels: Tensor, vectors: Tensor) -> Tensor:
        tf = load_tensorflow()
        labels = tf.reshape(labels, [-1])
        squared = tf.maximum(2.0 - 2.0 * tf.matmul(vectors, vectors, transpose_b=True), 0.0)
        is_same = labels[:, tf.newaxis] == labels[tf.newaxis]
        others = tf.where(is_same, 0.0, squared)
        positive, negative = squared[:, :, tf.newaxis], squared[:, tf.newaxis]
        is_semi_hard = tf.logical_and(tf.logical_not(is_same)[:, tf.newaxis], negative > positive)
        semi_hard = tf.reduce_min(tf.where(is_semi_hard, negative, 2 * _FARTHEST), axis=2)
        farthest = tf.reduce_max(others, axis=1, keepdims=True)
        chosen = tf.where(semi_hard > _FARTHEST, farthest, semi_hard)
        is_pair = tf.cast(is_same, tf.float32) - tf.eye(tf.shape(labels)[0])
        losses = tf.nn.relu(squared - chosen + margin) * is_pair
        return tf.reduce_sum(losses) / tf.maximum(tf.reduce_sum(is_pair), 1.0)

    return loss

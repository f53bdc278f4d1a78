"""The three networks of MTCNN as functions on tensors, with the weights of the ``mtcnn`` package.

Zhang et al. 2016, "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional Networks". Each takes
raw pixels (0 to 255, float32, NHWC): the networks' normalisation (x - 127.5) / 128 is folded into the first
convolution. Of the two class outputs only their difference is computed, the logit of "face". Box offsets are relative
to the width and height of the window that was read, landmarks (x1…x5, y1…y5) to its top left corner and size.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError
from facetagger.faces.weights import WeightsFile

Array = NDArray[np.float32]
Tensor = Any

PROPOSAL_SIZE: Final = 12
PROPOSAL_STRIDE: Final = 2
REFINE_SIZE: Final = 24
OUTPUT_SIZE: Final = 48

_PIXEL_MEAN: Final = 127.5
_PIXEL_SCALE: Final = 128.0

_FILES: Final = {
    "pnet": WeightsFile(
        "mtcnn", "assets/weights/pnet.lz4", "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5"
    ),
    "rnet": WeightsFile(
        "mtcnn", "assets/weights/rnet.lz4", "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee"
    ),
    "onet": WeightsFile(
        "mtcnn", "assets/weights/onet.lz4", "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3"
    ),
}


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A convolution (kernel h, w, in, out) or a dense layer (kernel in, out) with its PReLU slopes, if any."""

    kernel: Array
    bias: Array
    slope: Array | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """``head`` computes everything the network answers in one product: offsets, landmarks, the face logit."""

    body: tuple[Layer, ...]
    head: Layer


@dataclass(frozen=True, slots=True, eq=False)
class MtcnnNetworks:
    """The cascade. Every call builds graph operations on the tensor it is given."""

    tf: Any
    proposal: Network
    refine: Network
    output: Network

    def propose(self, image: Tensor) -> Tensor:
        """P-Net on images (b, h, w, 3): a map (b, h', w', 5), 4 offsets and a logit for each 12 x 12 window."""
        first, *others = self.proposal.body
        x = self.tf.nn.max_pool2d(self._convolve(image, first), 2, 2, "SAME")
        for layer in others:
            x = self._convolve(x, layer)
        return self._convolve(x, self.proposal.head)

    def judge(self, crops: Tensor) -> Tensor:
        """R-Net on crops (n, 24, 24, 3): (n, 5), 4 offsets and a logit."""
        first, second, third, dense = self.refine.body
        x = self.tf.nn.max_pool2d(self._convolve(crops, first), 3, 2, "SAME")
        x = self.tf.nn.max_pool2d(self._convolve(x, second), 3, 2, "VALID")
        return self._answer(self._convolve(x, third), dense, self.refine.head)

    def locate(self, crops: Tensor) -> Tensor:
        """O-Net on crops (n, 48, 48, 3): (n, 15), 4 offsets, 10 landmark coordinates and a logit."""
        first, second, third, fourth, dense = self.output.body
        x = self.tf.nn.max_pool2d(self._convolve(crops, first), 3, 2, "SAME")
        x = self.tf.nn.max_pool2d(self._convolve(x, second), 3, 2, "VALID")
        x = self.tf.nn.max_pool2d(self._convolve(x, third), 2, 2, "SAME")
        return self._answer(self._convolve(x, fourth), dense, self.output.head)

    def _convolve(self, x: Tensor, layer: Layer) -> Tensor:
        convolved = self.tf.nn.conv2d(x, layer.kernel, 1, "VALID")
        return self._activate(self.tf.nn.bias_add(convolved, layer.bias), layer.slope)

    def _answer(self, x: Tensor, dense: Layer, head: Layer) -> Tensor:
        flat = self.tf.reshape(x, (-1, dense.kernel.shape[0]))
        hidden = self._activate(flat @ dense.kernel + dense.bias, dense.slope)
        return hidden @ head.kernel + head.bias

    def _activate(self, x: Tensor, slope: Array | None) -> Tensor:
        if slope is None:
            return x
        if slope.max() <= 1:
            return self.tf.maximum(x, slope * x)
        return x + (slope - 1) * self.tf.minimum(x, 0.0)


def load_networks(tf: Any) -> MtcnnNetworks:
    """Reads the three weights files.

    Raises:
        ModelError: The ``mtcnn`` package is missing or its weights are not those that are expected.
    """
    return MtcnnNetworks(
        tf,
        proposal=_network(_arrays("pnet"), head_layers=2),
        refine=_network(_arrays("rnet"), head_layers=2, flattened=(3, 3)),
        output=_network(_arrays("onet"), head_layers=3, flattened=(3, 3)),
    )


def _arrays(name: str) -> list[Array]:
    content = _FILES[name].read()
    import joblib

    # A pickle runs whatever it holds: these bytes are known by their hash.
    loaded = joblib.load(io.BytesIO(content))
    if not isinstance(loaded, list):
        raise ModelError(f"The weights of {name} are not understood.")
    return [np.asarray(each, dtype=np.float32) for each in loaded]


def _network(arrays: Sequence[Array], *, head_layers: int, flattened: tuple[int, int] | None = None) -> Network:
    """Groups kernel, bias, slopes of each layer; the last ``head_layers`` have no slopes."""
    split = len(arrays) - 2 * head_layers
    body = [Layer(*arrays[start : start + 3]) for start in range(0, split, 3)]
    body[0] = _with_normalisation(body[0])
    if flattened is not None:
        body[-1] = _read_row_by_row(body[-1], flattened)
    return Network(tuple(body), _head(arrays[split:]))


def _with_normalisation(first: Layer) -> Layer:
    kernel = first.kernel.astype(np.float64) / _PIXEL_SCALE
    bias = first.bias - kernel.sum(axis=(0, 1, 2)) * _PIXEL_MEAN
    return Layer(kernel.astype(np.float32), bias.astype(np.float32), _slopes(first))


def _slopes(layer: Layer) -> Array | None:
    return None if layer.slope is None else layer.slope.reshape(-1)


def _read_row_by_row(dense: Layer, flattened: tuple[int, int]) -> Layer:
    """The dense layer was trained on maps flattened column by column; TensorFlow flattens row by row."""
    inputs, outputs = dense.kernel.shape
    columns, rows = flattened
    kernel = dense.kernel.reshape(columns, rows, -1, outputs).transpose(1, 0, 2, 3).reshape(inputs, outputs)
    return Layer(np.ascontiguousarray(kernel), dense.bias, dense.slope)


def _head(arrays: Sequence[Array]) -> Layer:
    """Joins the output layers; the class layer, the last one, becomes the difference of its two columns."""
    *kernels, classes = arrays[0::2]
    *biases, class_bias = arrays[1::2]
    logit, logit_bias = classes[..., 1:] - classes[..., :1], class_bias[1:] - class_bias[:1]
    return Layer(np.concatenate([*kernels, logit], axis=-1), np.concatenate([*biases, logit_bias]))

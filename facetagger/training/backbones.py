"""The convolutional networks of ``keras.applications`` that embeddings are trained on, without their classifiers.

MobileNet (Howard et al. 2017), ResNet-50 (He et al. 2015), Inception-v3 (Szegedy et al. 2015). Each reads pixels of 0
to 255 and scales them as its published weights expect; nothing is ever downloaded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.faces.tensorflow_runtime import load_tensorflow

SMALLEST_SIDE: Final = 32
LARGEST_SIDE: Final = 512


@dataclass(frozen=True, slots=True)
class Backbone:
    """``scale`` and ``offset`` (of red, green and blue) are applied to the pixels first."""

    title: str
    enlarged_to: int
    """Pixels to which smaller chips are enlarged in the network; 0 where none need be.

    Inception-v3 halves its input five times without padding: below 75 pixels it cannot be built, and below about 139
    hardly anything is left of a picture in its last map.
    """
    scale: float
    offset: tuple[float, float, float]
    has_width: bool
    reads_bgr: bool
    """Whether its published weights read blue first."""


_CENTRED: Final = (-1.0, -1.0, -1.0)
BACKBONES: Final[Mapping[str, Backbone]] = {
    "mobilenet": Backbone("MobileNet", 0, 1 / 127.5, _CENTRED, has_width=True, reads_bgr=False),
    "resnet50": Backbone("ResNet-50", 0, 1.0, (-123.68, -116.779, -103.939), has_width=False, reads_bgr=True),
    "inception_v3": Backbone("Inception-v3", 139, 1 / 127.5, _CENTRED, has_width=False, reads_bgr=False),
}
"""By the names that the command line uses."""


def build_backbone(name: str, side: int, *, width: float = 1.0, weights: Path | None = None) -> Any:
    """The Keras model from pixels, float32 (n, side, side, 3), RGB of 0 to 255, to its last map (n, rows, columns, c).

    ``width`` multiplies the number of MobileNet's channels. ``weights`` is a local file of Keras weights without the
    classifier (``…no_top.h5`` or ``….weights.h5``); without one the network starts from random numbers.

    Raises:
        FaceTaggerError: There is no such backbone, or it cannot be of that side or width.
        ModelError: The weights cannot be read or are those of another network.
    """
    backbone = find_backbone(name)
    if not SMALLEST_SIDE <= side <= LARGEST_SIDE:
        raise FaceTaggerError(f"Chips can have {SMALLEST_SIDE} to {LARGEST_SIDE} pixels a side, not {side}.")
    if width != 1.0 and not backbone.has_width:
        raise FaceTaggerError(f"{backbone.title} comes in one width only.", hint="Leave the width out.")
    load_tensorflow()
    import keras

    read_side = max(side, backbone.enlarged_to)
    shape = (read_side, read_side, 3)
    applications = keras.applications
    if name == "mobilenet":
        network = applications.MobileNet(input_shape=shape, alpha=width, include_top=False, weights=None)
    elif name == "resnet50":
        network = applications.ResNet50(input_shape=shape, include_top=False, weights=None)
    else:
        network = applications.InceptionV3(input_shape=shape, include_top=False, weights=None)
    if weights is not None:
        _load(network, backbone, weights)
    inputs = keras.Input((side, side, 3))
    x = keras.layers.Resizing(read_side, read_side)(inputs) if read_side != side else inputs
    x = keras.layers.Rescaling(backbone.scale, list(backbone.offset))(x)
    return keras.Model(inputs, network(x), name=name)


def find_backbone(name: str) -> Backbone:
    """Raises ``FaceTaggerError`` where there is none of that name."""
    if name not in BACKBONES:
        raise FaceTaggerError(f"There is no backbone “{name}”.", hint=f"There are {', '.join(BACKBONES)}.")
    return BACKBONES[name]


def _load(network: Any, backbone: Backbone, weights: Path) -> None:
    if not weights.is_file():
        raise ModelError(f"{weights} is not there.", hint="Give the path of a file of weights.")
    try:
        network.load_weights(weights)
    except Exception as error:
        raise ModelError(
            f"“{weights.name}” does not fit {backbone.title}.",
            "It is damaged, not a file of Keras weights, or those of another network or width.",
            "Give weights that were saved without the classifier (“no top”).",
        ) from error
    if backbone.reads_bgr:
        first = next(layer for layer in network.layers if layer.weights)
        kernel, *others = first.get_weights()
        first.set_weights([kernel[:, :, ::-1], *others])

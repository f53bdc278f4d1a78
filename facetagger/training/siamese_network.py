"""The siamese network that tells kin from strangers: two chips in, log odds out.

After Koch, Zemel & Salakhutdinov 2015: twins with shared weights, the L1 distance of what they see, number by number,
dense layers over it, and their initialisation. The twins are a backbone with global maximum pooling; the dense layers
have 100 and 25 units with dropout 0.1 and an L2 penalty.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.errors import FaceTaggerError
from facetagger.faces.alignment import DLIB, Alignment
from facetagger.faces.dlib_resnet import build_dlib_resnet
from facetagger.faces.dlib_weights import DLIB_RESNET_FILE, parse_dlib_weights
from facetagger.faces.packs.facenet import INPUT_SIZE
from facetagger.faces.packs.keras_embedder import load_facenet
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.training.backbones import BACKBONES, build_backbone
from facetagger.training.siamese_plan import SiamesePlan

ENCODER: Final = "encoder"
HEAD: Final = "head"
DLIB_BACKBONE: Final = "dlib"

_UNITS: Final = (100, 25)
_DROPOUT: Final = 0.1
_CONVOLUTION_SPREAD: Final = 0.01
_DENSE_SPREAD: Final = 0.2
_BIAS: Final = 0.5
_BIAS_SPREAD: Final = 0.01
"""Of the normal distributions from which Koch et al. draw the first weights (section 3.2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Twin:
    """A Keras model from pixels, float32 (n, s, s, 3) of 0 to 255, to its last map, and the chips that it reads."""

    maps: Any
    alignment: Alignment


def twin_of(plan: SiamesePlan, chips: Alignment, facenet: bytes | None = None) -> Twin:
    """The backbone that the plan names; ``chips`` are those for a backbone that reads any.

    ``facenet`` are the weights of an installed pack where the plan names one, whose chips ``chips`` then are.

    Raises:
        FaceTaggerError: There is no such backbone, or it cannot be of that side.
        ModelError: Its weights cannot be read.
    """
    if facenet is not None:
        return Twin(_facenet_maps(facenet), chips)
    if plan.backbone == DLIB_BACKBONE:
        if plan.weights is not None:
            raise FaceTaggerError("The backbone dlib brings its weights along.", hint="Leave --weights out.")
        return Twin(_dlib_maps(), DLIB)
    if plan.backbone not in BACKBONES:
        known = ", ".join((DLIB_BACKBONE, *BACKBONES))
        raise FaceTaggerError(
            f"There is no backbone “{plan.backbone}”.", hint=f"There are {known}, and FaceNet packs by their ids."
        )
    maps = build_backbone(plan.backbone, plan.side, weights=None if plan.weights is None else Path(plan.weights))
    if plan.weights is None:
        _draw_convolutions(maps, plan.seed)
    else:
        _hold_normalisation(maps)
    return Twin(maps, chips)


def build_siamese(twin: Any, penalty: float, seed: int) -> Any:
    """The Keras model from two batches of pixels to log odds (n, 1); its layers ``encoder`` and ``head`` are models:
    pixels to features (n, d), and absolute differences of features to log odds."""
    load_tensorflow()
    import keras

    pixels = keras.Input(twin.input_shape[1:])
    encoder = keras.Model(pixels, keras.layers.GlobalMaxPooling2D()(twin(pixels)), name=ENCODER)
    differences = keras.Input(encoder.output_shape[1:])
    x = differences
    for number, units in enumerate(_UNITS):
        x = _dense(units, "relu", penalty, seed + 2 * number)(x)
        x = keras.layers.Dropout(_DROPOUT, seed=seed + number)(x)
    head = keras.Model(differences, _dense(1, None, penalty, seed + 2 * len(_UNITS))(x), name=HEAD)
    first, second = keras.Input(twin.input_shape[1:]), keras.Input(twin.input_shape[1:])
    return keras.Model([first, second], head(keras.ops.absolute(encoder(first) - encoder(second))))


def _dense(units: int, activation: str | None, penalty: float, seed: int) -> Any:
    import keras

    return keras.layers.Dense(
        units,
        activation,
        kernel_initializer=keras.initializers.RandomNormal(0.0, _DENSE_SPREAD, seed),
        bias_initializer=keras.initializers.RandomNormal(_BIAS, _BIAS_SPREAD, seed + 1),
        kernel_regularizer=keras.regularizers.L2(penalty),
    )


def _dlib_maps() -> Any:
    """dlib's network as it was trained, pixels scaled apart from the first layer: that one's weights would be a
    hundredth of the others' else, and steps of one size for all would soon destroy them."""
    weights = parse_dlib_weights(DLIB_RESNET_FILE.read())
    maps = _before_pooling(build_dlib_resnet(weights))
    import keras

    first = next(layer for layer in maps.layers if layer.weights)
    first.set_weights([weights.convolutions[0].kernel, weights.convolutions[0].bias])
    pixels = keras.Input(maps.input_shape[1:])
    return keras.Model(pixels, maps(keras.layers.Rescaling(1 / 256, [-each / 256 for each in weights.mean])(pixels)))


def _before_pooling(network: Any) -> Any:
    """The part of an embedding network that ends with its last map."""
    import keras

    pooling = next(each for each in network.layers if isinstance(each, keras.layers.GlobalAveragePooling2D))
    return keras.Model(network.inputs, pooling.input)


def _facenet_maps(weights: bytes) -> Any:
    """FaceNet's, with the whitening of each chip that it expects (``prepared`` of the packs) inside."""
    load_tensorflow()
    import keras

    maps = _before_pooling(load_facenet(weights))
    _hold_normalisation(maps)
    pixels = keras.Input((INPUT_SIZE, INPUT_SIZE, 3))
    mean = keras.ops.mean(pixels, axis=(1, 2, 3), keepdims=True)
    spread = keras.ops.std(pixels, axis=(1, 2, 3), keepdims=True)
    floor = 1.0 / float(np.sqrt(INPUT_SIZE * INPUT_SIZE * 3))
    return keras.Model(pixels, maps((pixels - mean) / keras.ops.maximum(spread, floor)))


def _draw_convolutions(network: Any, seed: int) -> None:
    """Koch et al.'s first weights for a backbone that begins with none."""
    rng = np.random.default_rng(seed)
    for layer in _all_layers(network):
        if "Conv" in type(layer).__name__ and layer.weights:
            kernel, *biases = layer.get_weights()
            drawn = [rng.normal(0.0, _CONVOLUTION_SPREAD, kernel.shape)]
            drawn += [rng.normal(_BIAS, _BIAS_SPREAD, bias.shape) for bias in biases]
            layer.set_weights(drawn)


def _hold_normalisation(network: Any) -> None:
    """Batches of a few pairs would spoil what the normalisation of a trained network has learnt."""
    import keras

    for layer in _all_layers(network):
        if isinstance(layer, keras.layers.BatchNormalization):
            layer.trainable = False


def _all_layers(network: Any) -> list[Any]:
    found: list[Any] = network._flatten_layers(include_self=False, recursive=True)
    return list(found)

"""Face networks in Keras: FaceNet's, whose weights alone come from a file, and whole models loaded in safe mode."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.errors import ModelError
from facetagger.faces.alignment import Alignment
from facetagger.faces.embedder import Chips, Embeddings
from facetagger.faces.packs.facenet import PARAMETERS, build_facenet
from facetagger.faces.packs.facenet_weights import read_dimensions, read_weights
from facetagger.faces.packs.manifest import Manifest, PackFormat
from facetagger.faces.packs.preparing import prepared
from facetagger.faces.packs.scaling import scaled
from facetagger.faces.tensorflow_runtime import load_tensorflow

_BATCHES: Final = (1, 2, 4, 8, 16, 32)
"""The numbers of chips that reach the network; what is missing is padded."""


class KerasEmbedder:
    """Embeds chips as the normalised mean of the chip's and its mirror image's vector, distances scaled.

    Safe to call from one thread at a time.
    """

    def __init__(self, manifest: Manifest, weights: bytes) -> None:
        """Raises ``ModelError`` where the file does not fit the network, or holds code that would have to be run."""
        self._manifest = manifest
        self._tf = load_tensorflow()
        is_facenet = manifest.format is PackFormat.FACENET
        network = load_facenet(weights) if is_facenet else load_safely(weights, manifest)
        side = manifest.input_size
        signature = self._tf.TensorSpec((None, side, side, 3), self._tf.float32)
        self._embed = self._tf.function(
            lambda pixels: self._mirrored(network, pixels), input_signature=[signature], autograph=False
        ).get_concrete_function()

    @property
    def model_id(self) -> str:
        return self._manifest.model_id

    @property
    def alignment(self) -> Alignment:
        return self._manifest.chip

    def embed(self, chips: Chips) -> Embeddings:
        """Chips uint8 (n, s, s, 3) to float32 (n, d + 1), L2-normalised."""
        sums = np.zeros((len(chips), self._manifest.dimensions), np.float32)
        for start in range(0, len(chips), _BATCHES[-1]):
            part = prepared(chips[start : start + _BATCHES[-1]], self._manifest)
            missing = next(each for each in _BATCHES if each >= len(part)) - len(part)
            padded = np.pad(part, ((0, missing), (0, 0), (0, 0), (0, 0)))
            sums[start : start + len(part)] = self._embed(self._tf.constant(padded)).numpy()[: len(part)]
        return scaled(sums, self._manifest.threshold)

    def _mirrored(self, network: Any, pixels: Any) -> Any:
        both = self._tf.concat([pixels, self._tf.reverse(pixels, axis=[2])], axis=0)
        vectors = self._tf.math.l2_normalize(self._tf.cast(network(both, training=False), self._tf.float32), axis=1)
        plain, mirrored = self._tf.split(vectors, 2)
        return plain + mirrored


def load_facenet(weights: bytes) -> Any:
    """FaceNet's network with the arrays of a file. Raises ``ModelError`` where they do not fit."""
    dimensions = read_dimensions(weights)
    if dimensions not in PARAMETERS:
        raise ModelError(f"FaceNet's networks give 128 or 512 numbers; this file is for {dimensions}.")
    network = build_facenet(dimensions)
    layers = {layer.name: layer for layer in network.layers if layer.weights}
    shapes = {name: [tuple(each.shape) for each in layer.weights] for name, layer in layers.items()}
    for name, arrays in read_weights(weights, shapes).items():
        layers[name].set_weights(arrays)
    return network


def load_safely(content: bytes, manifest: Manifest) -> Any:
    """A whole model from Keras' own format, in safe mode: code in it is refused.

    Raises:
        ModelError: The file cannot be loaded so, or does not map chips to ``dimensions`` numbers.
    """
    load_tensorflow()
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        path.write_bytes(content)
        try:
            model = keras.saving.load_model(path, safe_mode=True, compile=False)
        except Exception as error:
            raise ModelError(
                f"“{manifest.file}” is not a model that can be loaded.",
                "It is damaged, or holds code of its own, which is never run.",
                "Save it again without Lambda layers and custom classes.",
            ) from error
    side, dimensions = manifest.input_size, manifest.dimensions
    if model.input_shape[1:] not in ((side, side, 3), (None, None, 3)) or model.output_shape[1:] != (dimensions,):
        raise ModelError(
            f"“{manifest.file}” maps {model.input_shape[1:]} to {model.output_shape[1:]}.",
            f"Its manifest says {(side, side, 3)} to {(dimensions,)}.",
            "Correct input_size and dimensions in its manifest.",
        )
    return model

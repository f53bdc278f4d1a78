"""Face networks in ONNX, run by OpenCV."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError
from facetagger.faces.alignment import Alignment
from facetagger.faces.embedder import Chips, Embeddings
from facetagger.faces.packs.manifest import Manifest
from facetagger.faces.packs.preparing import prepared
from facetagger.faces.packs.scaling import scaled
from facetagger.imaging.opencv_runtime import load_opencv


class OnnxEmbedder:
    """Embeds chips as the normalised mean of the chip's and its mirror image's vector, distances scaled.

    Safe to call from one thread at a time.
    """

    def __init__(self, manifest: Manifest, weights: bytes) -> None:
        """Raises ``ModelError`` where OpenCV cannot read the network."""
        self._manifest = manifest
        self._network = read_network(weights, manifest.file)

    @property
    def model_id(self) -> str:
        return self._manifest.model_id

    @property
    def alignment(self) -> Alignment:
        return self._manifest.chip

    def embed(self, chips: Chips) -> Embeddings:
        """Chips uint8 (n, s, s, 3) to float32 (n, d + 1), L2-normalised."""
        sums = np.zeros((len(chips), self._manifest.dimensions), np.float32)
        for looks in (chips, chips[:, :, ::-1]):
            pixels = prepared(looks, self._manifest)
            for row, chip in enumerate(pixels):
                vector = run(self._network, chip, self._manifest)
                sums[row] += vector / max(float(np.linalg.norm(vector)), 1e-12)
        return scaled(sums, self._manifest.threshold)


def read_network(weights: bytes, name: str) -> Any:
    """OpenCV's network. Raises ``ModelError`` where the bytes are not one, or use what OpenCV does not know."""
    cv2 = load_opencv()
    try:
        return cv2.dnn.readNetFromONNX(np.frombuffer(weights, np.uint8))
    except cv2.error as error:
        raise ModelError(
            f"“{name}” is not a network that can be run.",
            "It is damaged, or has layers that OpenCV does not know.",
            "Get the file again, or choose another network.",
        ) from error


def run(network: Any, chip: NDArray[np.float32], manifest: Manifest) -> NDArray[np.float32]:
    """One prepared chip (s, s, 3) to its raw vector (d,). Many files take just one chip at a time.

    Raises:
        ModelError: The network does not take such a chip, or gives something other than ``dimensions`` numbers.
    """
    cv2 = load_opencv()
    try:
        network.setInput(np.ascontiguousarray(chip.transpose(2, 0, 1)[np.newaxis]))
        vector = np.asarray(network.forward(), np.float32).reshape(-1)
    except cv2.error as error:
        raise ModelError(
            f"“{manifest.file}” does not take chips of {manifest.input_size} × {manifest.input_size} pixels.",
            hint="Correct input_size in its manifest.",
        ) from error
    if vector.shape != (manifest.dimensions,):
        raise ModelError(
            f"“{manifest.file}” gives {vector.size} numbers for a face, not {manifest.dimensions}.",
            hint="Correct dimensions in its manifest.",
        )
    return vector

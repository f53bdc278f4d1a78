"""From a manifest and the bytes of a weights file to a network that runs."""

from __future__ import annotations

from facetagger.faces.detector import Detector
from facetagger.faces.embedder import Embedder
from facetagger.faces.packs.manifest import Manifest, PackFormat


def load_embedder(manifest: Manifest, weights: bytes) -> Embedder:
    """Raises ``ModelError`` where the file is not what the manifest says."""
    if manifest.format is PackFormat.ONNX:
        from facetagger.faces.packs.onnx_embedder import OnnxEmbedder

        return OnnxEmbedder(manifest, weights)
    from facetagger.faces.packs.keras_embedder import KerasEmbedder

    return KerasEmbedder(manifest, weights)


def load_detector(manifest: Manifest, weights: bytes) -> Detector:
    """Raises ``ModelError`` where the file is no detector that this program can run."""
    from facetagger.faces.packs.yunet import YuNetDetector

    return YuNetDetector(manifest, weights)

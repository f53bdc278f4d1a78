"""What a weights file may be: as its manifest says, or where there is none, as files of its kind usually are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from facetagger.errors import ModelError
from facetagger.faces.packs.facenet_weights import read_dimensions
from facetagger.faces.packs.manifest import Manifest, Normalisation, PackFormat, PackKind, checked, parse

_FACENET_MARGIN: Final = 32
_FACENET_THRESHOLD: Final = 1.1
"""Schroff et al. 2015 give 1.242 as the best squared distance."""


def candidates(source: Path, sha256: str, manifest: Path | None) -> list[Manifest]:
    """The packs that the file may make, the likeliest first.

    Raises:
        ModelError: Its manifest is wrong, names another file's hash, or there is none and the file's kind is unknown.
    """
    known: dict[str, Any] = {"file": source.name, "sha256": sha256, "id": _id(source), "title": source.stem}
    ending = source.suffix.lower()
    if ending == ".onnx":
        known["format"] = PackFormat.ONNX
    if manifest is not None:
        return [_by_manifest(manifest, known)]
    if ending == ".onnx":
        return [checked({**known, **guess}) for guess in _onnx_guesses()]
    if ending in (".h5", ".hdf5", ".keras"):
        return [checked({**known, **_facenet(source)})]
    raise ModelError(
        f"“{source.name}” is not a kind of model that is known.",
        "Known are ONNX files (.onnx), and FaceNet weights of Keras (.h5, .keras).",
        "Convert it, or write a manifest beside it.",
    )


def _by_manifest(manifest: Path, known: Mapping[str, Any]) -> Manifest:
    try:
        text = manifest.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The manifest {manifest.name} cannot be read.", str(error)) from error
    pack = parse(text, **known)
    if pack.sha256 != known["sha256"] or pack.file != known["file"]:
        raise ModelError(
            f"“{known['file']}” is not the file that its manifest describes.",
            "It is damaged, or of another version.",
            "Get the file again.",
        )
    return pack


def _onnx_guesses() -> list[dict[str, Any]]:
    """A detector of the YuNet family, else a network that was trained as ArcFace was."""
    face = {"kind": PackKind.EMBEDDER, "mean": 127.5, "scale": 128.0}
    return [{"kind": PackKind.DETECTOR}, {**face, "dimensions": 128}, {**face, "dimensions": 512}]


def _facenet(source: Path) -> dict[str, Any]:
    try:
        content = source.read_bytes()
    except OSError as error:
        raise ModelError(f"“{source.name}” cannot be read.", error.strerror or str(error)) from error
    return {
        "kind": PackKind.EMBEDDER,
        "format": PackFormat.FACENET,
        "input_size": 160,
        "normalisation": Normalisation.PER_CHIP,
        "alignment": "box",
        "margin": _FACENET_MARGIN,
        "dimensions": read_dimensions(content),
        "distance": "euclidean",
        "threshold": _FACENET_THRESHOLD,
    }


def _id(source: Path) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", source.stem.lower()).strip("-._")[:64] or "model"

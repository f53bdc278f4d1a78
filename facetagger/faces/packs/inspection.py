"""Tries a weights file out before it becomes a pack, in a process of its own: a damaged file may crash its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError, PhotoError
from facetagger.faces.alignment import extract_chip
from facetagger.faces.detector import Pixels
from facetagger.faces.packs.loading import load_detector, load_embedder
from facetagger.faces.packs.manifest import Manifest, PackFormat, PackKind
from facetagger.geometry import Box
from facetagger.imaging import isolation
from facetagger.imaging.opening import display_name

_SECONDS: Final = 120.0
"""A network of a few hundred megabytes is built and tried in less on a slow computer."""

_SAME: Final = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class TrialFace:
    """A photo (h, w, 3) of somebody with the box and landmarks (5, 2) of the face, in pixels."""

    person: str
    pixels: Pixels
    box: Box
    landmarks: NDArray[np.float32]


def inspect(manifest: Manifest, path: Path, faces: Sequence[TrialFace]) -> str:
    """Loads the file at ``path`` and tries it on ``faces``; what came out, in a sentence for the model card.

    Raises:
        ModelError: It cannot be loaded, does not give what the manifest says, or does not tell the people apart
            (a network of one's own training may come to that).
    """
    try:
        return isolation.call_within(_SECONDS, path, _inspect, manifest, path, faces)
    except PhotoError as error:
        raise ModelError(
            f"“{display_name(path)}” is not a network that can be run.",
            "The program that tried it crashed on it, or got no answer.",
            "Get the file again, or choose another network.",
        ) from error
    finally:
        isolation.close()


def _inspect(manifest: Manifest, path: Path, faces: Sequence[TrialFace]) -> str:
    weights = path.read_bytes()
    if manifest.kind is PackKind.DETECTOR:
        return _try_detector(manifest, weights, faces)
    return _try_embedder(manifest, weights, faces)


def _try_detector(manifest: Manifest, weights: bytes, faces: Sequence[TrialFace]) -> str:
    detector = load_detector(manifest, weights)
    for face, found in zip(faces, detector.detect([face.pixels for face in faces]), strict=True):
        if not any(_is_in(detection.landmarks, face.box) for detection in found):
            raise ModelError(f"“{manifest.file}” does not find the face on a portrait.", "It is no face detector.")
    return f"Found the face on each of {len(faces)} portraits."


def _is_in(landmarks: NDArray[np.float32], box: Box) -> bool:
    x, y = landmarks.mean(axis=0).tolist()
    return bool(box.left <= x <= box.right and box.top <= y <= box.bottom)


def _try_embedder(manifest: Manifest, weights: bytes, faces: Sequence[TrialFace]) -> str:
    embedder = load_embedder(manifest, weights)
    chips = np.stack([extract_chip(face.pixels, face.landmarks, face.box, embedder.alignment) for face in faces])
    vectors = embedder.embed(chips)
    if not np.isfinite(vectors).all():
        raise ModelError(f"“{manifest.file}” gives numbers that are none.", "It is damaged.", "Get the file again.")
    if np.abs(embedder.embed(chips[:1]) - vectors[:1]).max() > _SAME:
        raise ModelError(f"“{manifest.file}” gives a face other numbers each time.", "It was saved for training.")
    distances = np.linalg.norm(vectors[:, np.newaxis] - vectors[np.newaxis], axis=2)
    people = np.array([face.person for face in faces])
    is_same = people[:, np.newaxis] == people[np.newaxis]
    own = float(distances[is_same & ~np.eye(len(faces), dtype=bool)].mean())
    other = float(distances[~is_same].mean())
    if own < other:
        return f"Pictures of one person are {own:.2f} apart on average, of two people {other:.2f}."
    if manifest.format is PackFormat.KERAS:
        # How it is to be fed stands in the file that training made: it has not learnt enough, which its user may try.
        return (
            f"Does not tell two people apart: pictures of one are {own:.2f} apart on average, of two {other:.2f}. "
            "Train it longer, or on more faces."
        )
    raise ModelError(
        f"“{manifest.file}” does not tell two people apart.",
        f"Pictures of one woman are {own:.2f} apart on average, of two women {other:.2f}.",
        "Check colours, mean, scale and alignment in its manifest.",
    )

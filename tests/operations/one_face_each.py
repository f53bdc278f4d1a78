"""An analyser that takes no network and no time: in every photo it finds one face, the middle of it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from facetagger.faces.alignment import DLIB
from facetagger.faces.detector import Detection, Pixels
from facetagger.faces.embedder import Chips, Embeddings
from facetagger.faces.models import DLIB_RESNET, EMBEDDING_SIZE
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.geometry import Box, Size
from facetagger.operations.importing import Importing
from facetagger.operations.session import Session

_POINTS = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.55], [0.4, 0.7], [0.6, 0.7]], np.float32)


class _Middle:
    """Sees a face only in a photo that stands upright."""

    def detect(
        self, images: Sequence[Pixels], settings: object = None, quarter_turns: int = 0
    ) -> list[list[Detection]]:
        return [[] if quarter_turns else [_middle_of(image)] for image in images]

    def locate(self, image: Pixels, boxes: Sequence[Box], quarter_turns: int = 0) -> list[Detection]:
        return [_middle_of(image) for _ in boxes]

    def batch_key(self, size: Size, settings: object = None) -> Hashable:
        return size


class _MeanColour:
    model_id = DLIB_RESNET
    alignment = DLIB

    def embed(self, chips: Chips) -> Embeddings:
        vectors = np.zeros((len(chips), EMBEDDING_SIZE), np.float32)
        vectors[:, :3] = chips.mean(axis=(1, 2)) + 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _middle_of(image: Pixels) -> Detection:
    height, width = image.shape[:2]
    box = Box(width / 4, height / 4, width / 2, height / 2)
    return Detection(box, _POINTS * np.array([width, height], np.float32), 1.0)


def open_session(folder: Path) -> Session:
    """A session whose imports are quick."""
    session = Session.open(folder)
    networks: Any = _Middle(), _MeanColour()
    session.importing = Importing(session.library, lambda: FaceAnalyser(*networks))
    return session

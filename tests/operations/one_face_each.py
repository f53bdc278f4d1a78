"""An analyser that takes no network and no time: in every photo it finds one face, the middle of it.

Where it searches thoroughly it finds the middle and the four corners.
"""

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
from facetagger.faces.settings import NORMAL, THOROUGH, AnalysisSettings
from facetagger.geometry import Box, Size
from facetagger.operations.importing import Importing
from facetagger.operations.looking import LookingHarder
from facetagger.operations.session import Session

CORNERS = ((0.1, 0.1), (0.9, 0.1), (0.1, 0.9), (0.9, 0.9))
"""Centres of the faces that only a thorough search finds."""

_POINTS = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.55], [0.4, 0.7], [0.6, 0.7]], np.float32)


class _Middle:
    """Sees a face only in a photo that stands upright."""

    calls_at_once = 1

    def detect(
        self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL, quarter_turns: int = 0
    ) -> list[list[Detection]]:
        places = ((0.5, 0.5), *CORNERS) if settings.name == THOROUGH.name else ((0.5, 0.5),)
        return [[] if quarter_turns else [_face_at(image, *place) for place in places] for image in images]

    def locate(self, image: Pixels, boxes: Sequence[Box], quarter_turns: int = 0) -> list[Detection]:
        return [_face_at(image, 0.5, 0.5) for _ in boxes]

    def scores_by_turn(self, image: Pixels, box: Box) -> list[float]:
        return [1.0, 0.0, 0.0, 0.0]

    def batch_key(self, size: Size, settings: object = None) -> Hashable:
        return size


class _MeanColour:
    model_id = DLIB_RESNET
    alignment = DLIB

    def embed(self, chips: Chips) -> Embeddings:
        vectors = np.zeros((len(chips), EMBEDDING_SIZE), np.float32)
        vectors[:, :3] = chips.mean(axis=(1, 2)) + 1
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _face_at(image: Pixels, x: float, y: float) -> Detection:
    """A face whose centre is there, as fractions; in the middle it takes half of the photo, elsewhere a tenth."""
    height, width = image.shape[:2]
    part = 0.5 if (x, y) == (0.5, 0.5) else 0.1
    box = Box((x - part / 2) * width, (y - part / 2) * height, part * width, part * height)
    points = (_POINTS - 0.5) * part * 2 + [x, y]
    return Detection(box, (points * [width, height]).astype(np.float32), 1.0)


def quick_analyser() -> FaceAnalyser:
    networks: Any = _Middle(), _MeanColour()
    return FaceAnalyser(*networks)


def open_session(folder: Path) -> Session:
    """A session whose imports are quick."""
    session = Session.open(folder)
    use_quick_analyser(session)
    return session


def use_quick_analyser(session: Session) -> None:
    session.importing = Importing(session.library, quick_analyser)
    session.looking = LookingHarder(session.library, quick_analyser, session.checking.verify)

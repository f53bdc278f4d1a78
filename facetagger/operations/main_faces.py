"""The face that each photo of a dataset is about: the one nearest the centre."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Embedding, Landmarks, SkippedFile
from facetagger.errors import PhotoError
from facetagger.faces.pipeline import ANALYSIS_SIDE, AnalysedFace, FaceAnalyser, stream_photos
from facetagger.geometry import Box
from facetagger.imaging.decode import decode
from facetagger.imaging.probe import probe
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter

_EDGE: Final = 0.2
"""Of the short side, how much of the edge is repeated around a photo that is cut close to the face."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a main face is: ``box`` and ``landmarks`` (5, 2) normalised in the photo as ``load_photo`` gives it, or
    ``load_with_room`` where it ``has_room``. ``others`` is how many more faces the photo shows."""

    box: Box
    landmarks: Landmarks = field(compare=False)
    has_room: bool
    others: int


@dataclass(frozen=True, slots=True, eq=False)
class MainFaces:
    """One embedding for each photo that could be read; of ``faceless`` photos, which have no place, it is that of
    their middle."""

    embeddings: dict[Path, Embedding]
    places: dict[Path, Place]
    faceless: tuple[Path, ...]
    skipped: tuple[SkippedFile, ...]


def embed_main_faces(
    photos: Sequence[Path],
    analyser: FaceAnalyser,
    *,
    is_cropped: bool = False,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> MainFaces:
    """Finds and embeds the main face of each photo.

    ``is_cropped``: the photos are cut so close to the faces that the detector needs room around them.

    Raises:
        Cancelled: ``cancel`` was cancelled.
    """
    load = load_with_room if is_cropped else load_photo
    meter = ProgressMeter(len(photos), progress or (lambda progress: None))
    embeddings: dict[Path, Embedding] = {}
    places: dict[Path, Place] = {}
    faceless, skipped = [], []
    with ThreadPoolExecutor(2, "decode") as pool:
        for path, outcome in stream_photos(photos, load, analyser, pool, cancel or CancelToken()):
            meter.advance()
            if isinstance(outcome, PhotoError):
                skipped.append(SkippedFile(path, str(outcome)))
            elif (face := _nearest_the_centre(outcome.faces)) is not None and face.embedding is not None:
                embeddings[path] = face.embedding
                places[path] = Place(face.box, face.landmarks, is_cropped, len(outcome.faces) - 1)
            else:
                faceless.append(path)
                embeddings[path] = analyser.embed_centre(load_photo(path))
    return MainFaces(embeddings, places, tuple(faceless), tuple(skipped))


def load_photo(path: Path) -> NDArray[np.uint8]:
    """The upright photo, RGB (h, w, 3), of the size that the normal analysis reads. Raises ``PhotoError``."""
    return decode(path, orientation=probe(path)[0].orientation, max_side=ANALYSIS_SIDE, is_quick=True)


def load_with_room(path: Path) -> NDArray[np.uint8]:
    """The same with its edges repeated around it."""
    pixels = load_photo(path)
    room = round(min(pixels.shape[:2]) * _EDGE)
    return np.pad(pixels, ((room, room), (room, room), (0, 0)), mode="edge")


def _nearest_the_centre(faces: Sequence[AnalysedFace]) -> AnalysedFace | None:
    return min(faces, key=lambda face: sum((place - 0.5) ** 2 for place in face.box.center), default=None)

"""Faces that a person drew or another program stored: landmarks, embedding and quality, measured after the act.

The box stays as it was given. Where nothing is made out in it that is remembered, so that the face can be named but is
not tried for ever, and teaches nothing.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from facetagger.entities import Change, Face, FaceId, Photo
from facetagger.errors import PhotoError
from facetagger.faces.pipeline import ANALYSIS_SIDE, AnalysedFace, FaceAnalyser
from facetagger.geometry import Box, box_to_upright, points_to_stored
from facetagger.imaging.thumbnails import photo_pixels
from facetagger.jobs.cancel import CancelToken
from facetagger.library import Act, Library
from facetagger.log import logger

_FACE_SIDE: Final = 160
"""Pixels that the short side of a box should have where the photo has them: a chip's worth."""

_MOST_SIDE: Final = 6000
"""Pixels of the long side to which a photo is decoded for the sake of a small box."""

_MOST_FACES: Final = 100
"""Of one photo that are looked into together."""


class Regions:
    """``run`` may be called from any thread and at any time; one call works at a time."""

    def __init__(
        self, library: Library, load_analyser: Callable[[], FaceAnalyser], verify: Callable[[Photo], None]
    ) -> None:
        """``verify`` raises ``PhotoError`` where a photo's file holds another picture by now."""
        self._library = library
        self._load_analyser = load_analyser
        self._verify = verify
        self._unreadable: set[FaceId] = set()
        self._lock = threading.Lock()

    def run(
        self, cancel: CancelToken | None = None, on_change: Callable[[Change], None] | None = None
    ) -> frozenset[FaceId]:
        """Looks into every box that nobody has looked into yet, photo by photo; returns the faces that were made out.

        ``on_change`` is called after each photo with one, on this thread. A face that is drawn meanwhile is the next.
        A photo that cannot be read is tried again in the next session. Raises ``Cancelled`` between two photos; what
        is written stays, and the next call goes on with the rest.
        """
        token, done = cancel or CancelToken(), set[FaceId]()
        with self._lock:
            while faces := self._next():
                token.checkpoint()
                change = self._look_into(faces)
                done |= change.faces
                if change and on_change is not None:
                    on_change(change)
        return frozenset(done)

    def _next(self) -> list[Face]:
        """The faces of one photo that wait."""
        waiting = [each for each in self._library.faces.not_looked_into() if each not in self._unreadable]
        faces = self._library.faces.get_many(waiting[:_MOST_FACES])
        return [face for face in faces if face.photo_id == faces[0].photo_id]

    def _look_into(self, faces: Sequence[Face]) -> Change:
        photo = self._library.photos.get(faces[0].photo_id)
        boxes = [box_to_upright(face.box, photo.view_orientation) for face in faces]
        try:
            self._verify(photo)
            pixels = photo_pixels(photo, _decode_side(photo, boxes), is_quick=True)
        except PhotoError as error:
            logger.info("Boxes are not looked into, for their photo cannot be read: %s", error)
            self._unreadable |= {face.id for face in faces}
            return Change()
        analyser = self._load_analyser()
        found = analyser.analyse_regions(pixels, boxes)
        with self._library.transaction() as act:
            act.faces.set_looked_into([face.id for face in faces])
            for face, seen in zip(faces, found, strict=True):
                if seen is not None:
                    _write(act, photo, face, seen, analyser.model_id)
        return act.change


def _write(act: Act, photo: Photo, face: Face, seen: AnalysedFace, model_id: str) -> None:
    landmarks = points_to_stored(seen.landmarks, photo.view_orientation).astype(np.float32)
    act.faces.set_region(face.id, face.box, landmarks, face.score, seen.quality)
    if seen.embedding is not None:
        act.embeddings.put([face.id], model_id, np.stack([seen.embedding]))


def _decode_side(photo: Photo, boxes: Sequence[Box]) -> int:
    """The long side at which the smallest box has the pixels a chip needs, within reason."""
    pixels = [box.to_pixels(photo.upright_size) for box in boxes]
    smallest = max(1.0, min(min(box.width, box.height) for box in pixels))
    wanted = math.ceil(photo.stored_size.long_side * min(1.0, _FACE_SIDE / smallest))
    return max(ANALYSIS_SIDE, min(wanted, _MOST_SIDE))

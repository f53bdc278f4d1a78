"""Embeddings that the model in use has not made yet: of faces found while another one was in use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Change, Face, Photo
from facetagger.errors import PhotoError
from facetagger.faces.pipeline import ANALYSIS_SIDE
from facetagger.geometry import box_to_upright, points_to_upright
from facetagger.imaging.thumbnails import photo_pixels
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library
from facetagger.log import logger
from facetagger.operations.models import Models

_AHEAD: Final = 8
"""Photos that are decoded before they are needed."""

Work = tuple[Photo, list[Face]]


class Embedding:
    def __init__(self, library: Library, models: Models, verify: Callable[[Photo], None]) -> None:
        """``verify`` raises ``PhotoError`` where a photo's file holds another picture by now."""
        self._library = library
        self._models = models
        self._verify = verify

    def run(
        self,
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
        on_change: Callable[[Change], None] | None = None,
    ) -> int:
        """Embeds the faces that lack it, photo by photo; how many were embedded. Photos that cannot be read are left.

        ``progress`` counts faces. The networks are loaded when the first face is there to be embedded.

        Raises:
            Cancelled: What is written stays, and the next call goes on with the rest.
            ModelError: The model in use cannot be loaded.
        """
        model_id, token = self._models.embedder_id, cancel or CancelToken()
        missing = self._library.faces.get_many(self._library.faces.without_embedding(model_id))
        faces = sorted((face for face in missing if face.landmarks is not None), key=lambda face: face.photo_id)
        work = [(photo_id, list(group)) for photo_id, group in groupby(faces, key=lambda face: face.photo_id)]
        photos = {photo.id: photo for photo in self._library.photos.get_many([photo_id for photo_id, _ in work])}
        work = [(photo_id, group) for photo_id, group in work if not photos[photo_id].is_missing]
        meter = ProgressMeter(sum(len(group) for _, group in work), progress or (lambda progress: None))
        embedded = 0
        with ThreadPoolExecutor(2, "decode") as pool:
            for start in range(0, len(work), _AHEAD):
                token.checkpoint()
                part = [(photos[photo_id], group) for photo_id, group in work[start : start + _AHEAD]]
                change, count = self._embed(part, list(pool.map(self._pixels, [photo for photo, _ in part])), model_id)
                embedded += count
                meter.advance(sum(len(group) for _, group in part))
                if change and on_change is not None:
                    on_change(change)
        return embedded

    def _pixels(self, photo: Photo) -> NDArray[np.uint8] | None:
        try:
            self._verify(photo)
            return photo_pixels(photo, ANALYSIS_SIDE, is_quick=True)
        except PhotoError as error:
            logger.info("Faces are not embedded, for their photo cannot be read: %s", error)
            return None

    def _embed(
        self, work: Sequence[Work], pixels: Sequence[NDArray[np.uint8] | None], model_id: str
    ) -> tuple[Change, int]:
        if all(image is None for image in pixels):
            return Change(), 0
        analyser = self._models.analyser()
        if analyser.model_id != model_id:
            return Change(), 0  # the user chose again meanwhile
        count = 0
        with self._library.transaction() as act:
            for (photo, faces), image in zip(work, pixels, strict=True):
                if image is None:
                    continue
                known = [
                    (
                        box_to_upright(face.box, photo.view_orientation),
                        points_to_upright(face.landmarks, photo.view_orientation).astype(np.float32),
                    )
                    for face in faces
                    if face.landmarks is not None
                ]
                vectors = analyser.embed_known(image, known)
                act.embeddings.put([face.id for face in faces], model_id, np.stack(vectors))
                count += len(faces)
        return act.change, count

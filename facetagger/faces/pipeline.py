"""Photos in, faces with embeddings out: one batch at a time, or a stream of sources decoded elsewhere.

Of a stream, no more photos are in memory than are in flight. Decoding runs on any executor, the networks run on the
caller's thread.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import numpy as np

from facetagger.entities import Embedding, FaceQuality, Landmarks
from facetagger.errors import PhotoError
from facetagger.faces.alignment import DLIB, extract_centre_chip, extract_chip
from facetagger.faces.detector import Detection, Detector, Pixels
from facetagger.faces.embedder import Embedder
from facetagger.faces.quality import measure
from facetagger.faces.rotation import search
from facetagger.faces.settings import NORMAL, AnalysisSettings
from facetagger.geometry import Box, Size
from facetagger.jobs.cancel import CancelToken

ANALYSIS_SIDE: Final = NORMAL.decode_side
"""Pixels to which the decoder should bound the long side in the normal analysis."""

_BATCH_AREA: Final = 17_000_000
"""Pixels of the photos of a batch, of one photo at least: who cancels waits for a batch, and large scans that are
searched thoroughly take long. A batch of four in the normal analysis is never larger."""

_REGION_SCORE: Final = 0.6
"""Score from which a given box is taken to show a face that can be aligned."""

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class AnalysedFace:
    """A face of a photo; ``box`` and ``landmarks`` (5, 2) are normalised in the frame of the image handed in."""

    box: Box
    landmarks: Landmarks = field(compare=False)
    score: float
    embedding: Embedding | None = field(compare=False)
    """None where the face has no landmarks to align it by."""
    quality: FaceQuality | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class AnalysedPhoto:
    """The faces of a photo, the best score first, and the clockwise quarter turns (0 to 3) that show it upright.

    ``model_id`` names the embeddings' model.
    """

    faces: list[AnalysedFace]
    quarter_turns: int
    model_id: str


class FaceAnalyser:
    """Detects, aligns and embeds. May be called from any thread; the networks serve one call at a time."""

    def __init__(self, detector: Detector, embedder: Embedder) -> None:
        self.detector = detector
        self.embedder = embedder
        self._networks = threading.Lock()

    @property
    def model_id(self) -> str:
        return self.embedder.model_id

    def analyse(self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL) -> list[list[AnalysedFace]]:
        """The faces of each RGB photo (h, w, 3), the best score first, whichever way they lie."""
        return [photo.faces for photo in self.analyse_photos(images, settings)]

    def analyse_photos(self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL) -> list[AnalysedPhoto]:
        """The same, with the quarter turns that bring each photo upright."""
        with self._networks:
            found = search(self.detector, images, settings)
            looks = [(image, face) for image, photo in zip(images, found, strict=True) for face in photo.faces]
            faces = iter(self._analysed(looks))
        return [
            AnalysedPhoto([next(faces) for _ in photo.faces], photo.quarter_turns, self.model_id) for photo in found
        ]

    def analyse_regions(self, image: Pixels, boxes: Sequence[Box]) -> list[AnalysedFace | None]:
        """The face in each box (normalised in the frame of ``image``) that a person drew or another program stored.

        The box stays as it is. None where no face is made out in it, so that nothing is to be learnt from it.
        """
        size = Size(image.shape[1], image.shape[0])
        pixels = [box.to_pixels(size) for box in boxes]
        with self._networks:
            looks = [self.detector.locate(image, pixels, turns) for turns in range(4)]
            best = [max(each, key=lambda face: face.score) for each in zip(*looks, strict=True)]
            is_face = [face.score >= _REGION_SCORE for face in best]
            good = [(image, face) for face, is_good in zip(best, is_face, strict=True) if is_good]
            faces = iter(self._analysed(good))
        return [next(faces) if is_good else None for is_good in is_face]

    def _analysed(self, looks: Sequence[tuple[Pixels, Detection]]) -> list[AnalysedFace]:
        chips = [extract_chip(image, face.landmarks) for image, face in looks]
        analysed = []
        for (image, face), chip, embedding in zip(looks, chips, self._embed(self._own(chips, looks)), strict=True):
            size = Size(image.shape[1], image.shape[0])
            landmarks = (face.landmarks / [size.width, size.height]).astype(np.float32)
            quality = measure(face.box, face.landmarks, chip)
            analysed.append(AnalysedFace(face.box.to_normalised(size), landmarks, face.score, embedding, quality))
        return analysed

    def _own(self, chips: Sequence[Pixels], looks: Sequence[tuple[Pixels, Detection]]) -> Sequence[Pixels]:
        """The embedder's chips; ``chips`` are those by which quality is measured, whoever embeds."""
        alignment = self.embedder.alignment
        if alignment == DLIB:
            return chips
        return [extract_chip(image, face.landmarks, face.box, alignment) for image, face in looks]

    def embed_known(self, image: Pixels, faces: Sequence[tuple[Box, Landmarks]]) -> list[Embedding]:
        """Embeddings of faces found earlier; boxes and landmarks (5, 2) normalised in the frame of ``image``."""
        size, scale = Size(image.shape[1], image.shape[0]), np.array([image.shape[1], image.shape[0]], np.float32)
        alignment = self.embedder.alignment
        chips = [extract_chip(image, points * scale, box.to_pixels(size), alignment) for box, points in faces]
        with self._networks:
            return list(self._embed(chips))

    def embed_centre(self, image: Pixels) -> Embedding:
        """The embedding of whatever is in the middle of the photo, for benchmarks that must not leave a photo out."""
        with self._networks:
            embedding: Embedding = self._embed([extract_centre_chip(image, self.embedder.alignment.size)])[0]
        return embedding

    def _embed(self, chips: Sequence[Pixels]) -> Embedding:
        size = self.embedder.alignment.size
        return self.embedder.embed(np.stack(chips) if chips else np.empty((0, size, size, 3), np.uint8))


def load_analyser() -> FaceAnalyser:
    """The program's own detector and embedder. Imports TensorFlow: seconds, and never on the window's thread.

    Raises:
        ModelError: A model file is missing or is not the one that is expected.
    """
    from facetagger.faces.dlib_resnet import DlibEmbedder
    from facetagger.faces.mtcnn import MtcnnDetector
    from facetagger.faces.tensorflow_runtime import objects_kept_for_good

    with objects_kept_for_good():
        return FaceAnalyser(MtcnnDetector(), DlibEmbedder())


def stream_photos(
    sources: Iterable[S],
    decode: Callable[[S], Pixels],
    analyser: FaceAnalyser,
    executor: Executor,
    cancel: CancelToken,
    *,
    settings: AnalysisSettings = NORMAL,
    in_flight: int | None = None,
    batch: int = 4,
) -> Iterator[tuple[S, AnalysedPhoto | PhotoError]]:
    """Yields every source once with its faces, or with the ``PhotoError`` that ``decode`` raised for it.

    The order may differ from that of ``sources``: photos that the detector searches together go together, but the
    oldest in flight is in every batch. Between batches the stream waits while ``cancel`` is paused. ``decode`` should
    bound the long side to ``settings.decode_side``; ``in_flight`` is ``settings.in_flight`` where it is not given.

    Raises:
        Cancelled: ``cancel`` was cancelled; decoding that has not begun is dropped.
    """
    for photos in _batches(sources, decode, analyser.detector, executor, cancel, settings, in_flight, batch):
        yield from _results(photos, analyser, settings)


def _batches(
    sources: Iterable[S],
    decode: Callable[[S], Pixels],
    detector: Detector,
    executor: Executor,
    cancel: CancelToken,
    settings: AnalysisSettings,
    in_flight: int | None,
    batch: int,
) -> Iterator[list[_Pending[S]]]:
    waiting = iter(sources)
    limit = max(in_flight or settings.in_flight, batch)
    pending: list[_Pending[S]] = []
    try:
        while True:
            cancel.checkpoint()
            for source in itertools.islice(waiting, limit - len(pending)):
                pending.append(_Pending(source, executor.submit(_decoded, decode, source)))
            if not pending:
                return
            yield _take_batch(pending, detector, settings, batch)
    finally:
        for each in pending:
            each.future.cancel()


@dataclass(frozen=True, slots=True, eq=False)
class _Pending(Generic[S]):
    source: S
    future: Future[Pixels | PhotoError]

    def batch_key(self, detector: Detector, settings: AnalysisSettings) -> Hashable:
        """Of a photo that is decoded; None for one that could not be."""
        pixels = self.future.result()
        if isinstance(pixels, PhotoError):
            return None
        return detector.batch_key(Size(pixels.shape[1], pixels.shape[0]), settings)

    @property
    def area(self) -> int:
        """Of a photo that is decoded, in pixels; 0 for one that could not be."""
        pixels = self.future.result()
        return 0 if isinstance(pixels, PhotoError) else pixels.shape[0] * pixels.shape[1]


def _decoded(decode: Callable[[S], Pixels], source: S) -> Pixels | PhotoError:
    try:
        return decode(source)
    except PhotoError as error:
        return error


def _take_batch(
    pending: list[_Pending[S]], detector: Detector, settings: AnalysisSettings, batch: int
) -> list[_Pending[S]]:
    """Takes the oldest photo out, with those that are searched with it; waits for more while some are not decoded."""
    wait([pending[0].future])
    while True:
        undecoded = [each.future for each in pending if not each.future.done()]
        key = pending[0].batch_key(detector, settings)
        done = [each for each in pending if each.future.done()]
        alike = [each for each in done if each.batch_key(detector, settings) == key][:batch]
        areas = list(itertools.accumulate(each.area for each in alike))
        is_full = len(alike) == batch or areas[-1] >= _BATCH_AREA
        if key is None or is_full or not undecoded:
            break
        wait(undecoded, return_when=FIRST_COMPLETED)
    taken = [each for each, area in zip(alike, areas, strict=True) if each is pending[0] or area <= _BATCH_AREA]
    for each in taken:
        pending.remove(each)
    return taken


def _results(
    photos: Sequence[_Pending[S]], analyser: FaceAnalyser, settings: AnalysisSettings
) -> Iterator[tuple[S, AnalysedPhoto | PhotoError]]:
    decoded = [each.future.result() for each in photos]
    images = [each for each in decoded if not isinstance(each, PhotoError)]
    analysed = iter(analyser.analyse_photos(images, settings))
    for photo, pixels in zip(photos, decoded, strict=True):
        yield photo.source, pixels if isinstance(pixels, PhotoError) else next(analysed)

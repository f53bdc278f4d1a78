"""Photos in, faces with embeddings out: one batch at a time, or a stream of sources decoded elsewhere.

Of a stream, no more photos are in memory than are in flight. Decoding runs on any executor, the networks run on the
caller's thread.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

import numpy as np

from facetagger.entities import Embedding, Landmarks
from facetagger.errors import PhotoError
from facetagger.faces.alignment import extract_centre_chip, extract_chip
from facetagger.faces.detector import Detector, Pixels
from facetagger.faces.embedder import Embedder
from facetagger.faces.models import CHIP_SIZE
from facetagger.geometry import Box, Size
from facetagger.jobs.cancel import CancelToken

ANALYSIS_SIDE: Final = 2048
"""Pixels to which the decoder should bound the long side: twice the detector's, so that chips keep their detail."""

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class AnalysedFace:
    """A face of a photo; ``box`` and ``landmarks`` (5, 2) are normalised in the upright frame that was analysed."""

    box: Box
    landmarks: Landmarks = field(compare=False)
    score: float
    embedding: Embedding | None = field(compare=False)
    """None where the face has no landmarks to align it by."""


class FaceAnalyser:
    """Detects, aligns and embeds. Safe to call from one thread at a time."""

    def __init__(self, detector: Detector, embedder: Embedder) -> None:
        self.detector = detector
        self.embedder = embedder

    @property
    def model_id(self) -> str:
        return self.embedder.model_id

    def analyse(self, images: Sequence[Pixels]) -> list[list[AnalysedFace]]:
        """The faces of each upright RGB photo (h, w, 3), the best score first."""
        found = self.detector.detect(images)
        chips = [
            extract_chip(image, detection.landmarks)
            for image, detections in zip(images, found, strict=True)
            for detection in detections
        ]
        embeddings = iter(self._embed(chips))
        faces = []
        for image, detections in zip(images, found, strict=True):
            size = Size(image.shape[1], image.shape[0])
            scale = np.array([size.width, size.height], np.float32)
            faces.append(
                [
                    AnalysedFace(each.box.to_normalised(size), each.landmarks / scale, each.score, next(embeddings))
                    for each in detections
                ]
            )
        return faces

    def embed_landmarks(self, image: Pixels, landmarks: Sequence[Landmarks]) -> list[Embedding]:
        """Embeddings of faces that are known already; landmarks (5, 2) normalised in the frame of ``image``."""
        scale = np.array([image.shape[1], image.shape[0]], np.float32)
        return list(self._embed([extract_chip(image, each * scale) for each in landmarks]))

    def embed_centre(self, image: Pixels) -> Embedding:
        """The embedding of whatever is in the middle of the photo, for benchmarks that must not leave a photo out."""
        embedding: Embedding = self._embed([extract_centre_chip(image)])[0]
        return embedding

    def _embed(self, chips: Sequence[Pixels]) -> Embedding:
        return self.embedder.embed(np.stack(chips) if chips else np.empty((0, CHIP_SIZE, CHIP_SIZE, 3), np.uint8))


def load_analyser() -> FaceAnalyser:
    """The program's own detector and embedder. Imports TensorFlow: seconds, and never on the window's thread.

    Raises:
        ModelError: A model file is missing or is not the one that is expected.
    """
    from facetagger.faces.dlib_resnet import DlibEmbedder
    from facetagger.faces.mtcnn import MtcnnDetector

    return FaceAnalyser(MtcnnDetector(), DlibEmbedder())


def analyse_stream(
    sources: Iterable[S],
    decode: Callable[[S], Pixels],
    analyser: FaceAnalyser,
    executor: Executor,
    cancel: CancelToken,
    *,
    in_flight: int = 8,
    batch: int = 4,
) -> Iterator[tuple[S, list[AnalysedFace] | PhotoError]]:
    """Yields every source once with its faces, or with the ``PhotoError`` that ``decode`` raised for it.

    The order may differ from that of ``sources``: photos that the detector searches together go together, but the
    oldest in flight is in every batch. Between batches the stream waits while ``cancel`` is paused.

    Raises:
        Cancelled: ``cancel`` was cancelled; decoding that has not begun is dropped.
    """
    waiting = iter(sources)
    pending: list[_Pending[S]] = []
    try:
        while True:
            cancel.checkpoint()
            for source in itertools.islice(waiting, max(in_flight, batch) - len(pending)):
                pending.append(_Pending(source, executor.submit(_decoded, decode, source)))
            if not pending:
                return
            yield from _results(_take_batch(pending, analyser.detector, batch), analyser)
    finally:
        for each in pending:
            each.future.cancel()


@dataclass(frozen=True, slots=True, eq=False)
class _Pending(Generic[S]):
    source: S
    future: Future[Pixels | PhotoError]

    def batch_key(self, detector: Detector) -> Hashable:
        """Of a photo that is decoded; None for one that could not be."""
        pixels = self.future.result()
        return None if isinstance(pixels, PhotoError) else detector.batch_key(Size(pixels.shape[1], pixels.shape[0]))


def _decoded(decode: Callable[[S], Pixels], source: S) -> Pixels | PhotoError:
    try:
        return decode(source)
    except PhotoError as error:
        return error


def _take_batch(pending: list[_Pending[S]], detector: Detector, batch: int) -> list[_Pending[S]]:
    """Takes the oldest photo out, with those that are searched with it; waits for more while some are not decoded."""
    wait([pending[0].future])
    while True:
        undecoded = [each.future for each in pending if not each.future.done()]
        key = pending[0].batch_key(detector)
        alike = [each for each in pending if each.future.done() and each.batch_key(detector) == key][:batch]
        if key is None or len(alike) == batch or not undecoded:
            break
        wait(undecoded, return_when=FIRST_COMPLETED)
    for each in alike:
        pending.remove(each)
    return alike


def _results(
    photos: Sequence[_Pending[S]], analyser: FaceAnalyser
) -> Iterator[tuple[S, list[AnalysedFace] | PhotoError]]:
    decoded = [each.future.result() for each in photos]
    faces = iter(analyser.analyse([each for each in decoded if not isinstance(each, PhotoError)]))
    for photo, pixels in zip(photos, decoded, strict=True):
        yield photo.source, pixels if isinstance(pixels, PhotoError) else next(faces)

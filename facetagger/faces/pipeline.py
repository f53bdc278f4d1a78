"""Photos in, faces with embeddings out: one batch at a time, or a stream of sources decoded elsewhere.

Of a stream, no more photos are in memory than are in flight. Decoding runs on any executor; of the batches that are
analysed at once some are in the detector while another is in the embedder.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import numpy as np

from facetagger.entities import Embedding, FaceQuality, Landmarks
from facetagger.errors import PhotoError
from facetagger.faces.alignment import DLIB, extract_centre_chip, extract_chip
from facetagger.faces.detector import Detection, Detector, Pixels
from facetagger.faces.embedder import Embedder
from facetagger.faces.quality import measure
from facetagger.faces.rotation import Searched, search
from facetagger.faces.settings import NORMAL, AnalysisSettings
from facetagger.geometry import Box, Size
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.garbage import objects_kept_for_good
from facetagger.jobs.priority import step_back

ANALYSIS_SIDE: Final = NORMAL.decode_side
"""Pixels to which the decoder should bound the long side in the normal analysis."""

_BATCH_AREA: Final = 17_000_000
"""Pixels of the photos of a batch, of one photo at least: who cancels waits for a batch, and large scans that are
searched thoroughly take long. A batch of four in the normal analysis is never larger."""

_AREA_IN_FLIGHT: Final = 30_000_000
"""Pixels of the decoded photos from which no more are begun: bounds the memory where scans are searched thoroughly."""

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
    """Detects, aligns and embeds. May be called from any thread; each network serves as many at once as it can."""

    def __init__(self, detector: Detector, embedder: Embedder) -> None:
        self.detector = detector
        self.embedder = embedder
        self._detecting = threading.Semaphore(detector.calls_at_once)
        self._embedding = threading.Lock()

    @property
    def model_id(self) -> str:
        return self.embedder.model_id

    def analyse(self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL) -> list[list[AnalysedFace]]:
        """The faces of each RGB photo (h, w, 3), the best score first, whichever way they lie."""
        return [photo.faces for photo in self.analyse_photos(images, settings)]

    def analyse_photos(self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL) -> list[AnalysedPhoto]:
        """The same, with the quarter turns that bring each photo upright."""
        return self.describe(images, self.find(images, settings))

    def find(self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL) -> list[Searched]:
        """The first half of the analysis: where the faces are."""
        with self._detecting:
            return search(self.detector, images, settings)

    def describe(self, images: Sequence[Pixels], found: Sequence[Searched]) -> list[AnalysedPhoto]:
        """The second half of the analysis: quality and embeddings of the faces that ``find`` found in each photo."""
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
        with self._detecting:
            looks = [self.detector.locate(image, pixels, turns) for turns in range(4)]
        best = [max(each, key=lambda face: face.score) for each in zip(*looks, strict=True)]
        is_face = [face.score >= _REGION_SCORE for face in best]
        faces = iter(self._analysed([(image, face) for face, is_good in zip(best, is_face, strict=True) if is_good]))
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
        return list(self._embed(chips))

    def embed_centre(self, image: Pixels) -> Embedding:
        """The embedding of whatever is in the middle of the photo, for benchmarks that must not leave a photo out."""
        embedding: Embedding = self._embed([extract_centre_chip(image, self.embedder.alignment.size)])[0]
        return embedding

    def _embed(self, chips: Sequence[Pixels]) -> Embedding:
        size = self.embedder.alignment.size
        with self._embedding:
            return self.embedder.embed(np.stack(chips) if chips else np.empty((0, size, size, 3), np.uint8))


def load_analyser() -> FaceAnalyser:
    """The program's own detector and embedder. Imports TensorFlow: seconds, and never on the window's thread.

    Raises:
        ModelError: A model file is missing or is not the one that is expected.
    """
    from facetagger.faces.dlib_resnet import DlibEmbedder
    from facetagger.faces.mtcnn import MtcnnDetector

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

    The order may differ from that of ``sources``: photos that the detector searches together go first, but the oldest
    that waits is in every batch. Between batches the stream waits while ``cancel`` is paused. ``decode`` should
    bound the long side to ``settings.decode_side``; ``in_flight`` is ``settings.in_flight`` where it is not given.

    Raises:
        Cancelled: ``cancel`` was cancelled; decoding that has not begun is dropped.
    """
    stages = _Stages(iter(sources), decode, analyser, executor, settings)
    with ThreadPoolExecutor(stages.most_analysed, "analysis", initializer=step_back) as workers:
        try:
            while True:
                cancel.checkpoint()
                stages.begin_decoding(max(in_flight or settings.in_flight, batch))
                if stages.are_over:
                    return
                if stages.can_analyse:
                    stages.analyse(batch, workers)
                else:
                    yield from stages.finished()
        finally:
            stages.drop()


class _Stages(Generic[S]):
    """The photos in flight: being decoded, then analysed in batches, each on a thread of its own."""

    def __init__(
        self,
        waiting: Iterator[S],
        decode: Callable[[S], Pixels],
        analyser: FaceAnalyser,
        executor: Executor,
        settings: AnalysisSettings,
    ) -> None:
        self._waiting, self._decode, self._analyser = waiting, decode, analyser
        self._executor, self._settings = executor, settings
        self._decoding: list[_Pending[S]] = []
        self._analysing: dict[Future[list[AnalysedPhoto]], list[_Pending[S]]] = {}
        self.most_analysed = analyser.detector.calls_at_once + 1

    def begin_decoding(self, limit: int) -> None:
        """Submits photos until ``limit`` are in flight, or fewer large ones; how large they are shows once decoded."""
        in_flight = self._decoding + [photo for photos in self._analysing.values() for photo in photos]
        decoded = [photo for photo in in_flight if photo.future.done()]
        if sum(photo.area for photo in decoded) >= _AREA_IN_FLIGHT:
            return
        undecoded = len(in_flight) - len(decoded)
        free = min(limit - len(in_flight), self._settings.most_undecoded - undecoded)
        for source in itertools.islice(self._waiting, max(free, 0)):
            self._decoding.append(_Pending(source, self._executor.submit(_decoded, self._decode, source)))

    @property
    def are_over(self) -> bool:
        return not self._decoding and not self._analysing

    @property
    def can_analyse(self) -> bool:
        return len(self._analysing) < self.most_analysed and bool(self._decoding) and self._decoding[0].future.done()

    def analyse(self, batch: int, workers: Executor) -> None:
        """Begins the analysis of the oldest photo and of those that go with it."""
        photos = _take_batch(self._decoding, self._analyser.detector, self._settings, batch)
        images = [each for each in (photo.future.result() for photo in photos) if not isinstance(each, PhotoError)]
        self._analysing[workers.submit(self._analyser.analyse_photos, images, self._settings)] = photos

    def finished(self) -> Iterator[tuple[S, AnalysedPhoto | PhotoError]]:
        """Waits for a batch, or until another can be analysed; the photos of all batches that are done."""
        awaited: list[Future[Any]] = list(self._analysing)
        if self._decoding and len(self._analysing) < self.most_analysed:
            awaited.append(self._decoding[0].future)
        wait(awaited, return_when=FIRST_COMPLETED)
        for future in [each for each in self._analysing if each.done()]:
            analysed = iter(future.result())
            for photo in self._analysing.pop(future):
                decoded = photo.future.result()
                yield photo.source, decoded if isinstance(decoded, PhotoError) else next(analysed)

    def drop(self) -> None:
        for photo in self._decoding:
            photo.future.cancel()
        for future in self._analysing:
            future.cancel()


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
    """Waits for the oldest photo and takes it out with others that are decoded, those searched with it first."""
    key = pending[0].batch_key(detector, settings)
    done = [each for each in pending if each.future.done()]
    chosen = sorted(done, key=lambda each: each.batch_key(detector, settings) != key)[:batch]
    areas = itertools.accumulate(each.area for each in chosen)
    taken = [each for each, area in zip(chosen, areas, strict=True) if each is pending[0] or area <= _BATCH_AREA]
    for each in taken:
        pending.remove(each)
    return taken

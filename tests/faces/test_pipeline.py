from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
from collections.abc import Callable, Hashable, Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from facetagger.errors import PhotoError
from facetagger.faces.alignment import DLIB
from facetagger.faces.detector import Detection, Pixels
from facetagger.faces.embedder import Chips, Embeddings
from facetagger.faces.models import EMBEDDING_SIZE
from facetagger.faces.pipeline import AnalysedFace, AnalysedPhoto, FaceAnalyser, stream_photos
from facetagger.faces.settings import NORMAL, THOROUGH, AnalysisSettings
from facetagger.geometry import Box, Size
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.executors import ManualExecutor


class FrameDetector:
    """One face, the whole photo, so that streams are tested without a network; remembers its batches."""

    calls_at_once = 1

    def __init__(self) -> None:
        self.batches: list[list[tuple[int, ...]]] = []

    def detect(
        self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL, quarter_turns: int = 0, tilt: float = 0.0
    ) -> list[list[Detection]]:
        self.batches.append([image.shape for image in images])
        return [[self._whole(image)] for image in images]

    def locate(self, image: Pixels, boxes: Sequence[Box], quarter_turns: int = 0) -> list[Detection]:
        return [self._whole(image) for _ in boxes]

    def scores_by_turn(self, image: Pixels, box: Box) -> list[float]:
        return [1.0, 0.0, 0.0, 0.0]

    def batch_key(self, size: Size, settings: AnalysisSettings = NORMAL) -> Hashable:
        return size

    def _whole(self, image: Pixels) -> Detection:
        height, width = image.shape[:2]
        corners = np.array([[0.3, 0.3], [0.7, 0.3], [0.5, 0.5], [0.3, 0.7], [0.7, 0.7]], np.float32)
        return Detection(Box(0, 0, width, height), corners * np.array([width, height], np.float32), 1.0)


class ConstantEmbedder:
    model_id = "constant"
    alignment = DLIB

    def embed(self, chips: Chips) -> Embeddings:
        return np.full((len(chips), EMBEDDING_SIZE), EMBEDDING_SIZE**-0.5, np.float32)


class ImmediateExecutor(Executor):
    """Decodes when asked."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


@pytest.fixture
def frames() -> FaceAnalyser:
    return FaceAnalyser(FrameDetector(), ConstantEmbedder())


def photo(number: int) -> Pixels:
    return np.full((20, 30, 3), number % 256, np.uint8)


def distance(one: AnalysedFace, other: AnalysedFace) -> float:
    assert one.embedding is not None
    assert other.embedding is not None
    return float(np.linalg.norm(one.embedding - other.embedding))


def test_a_face_is_found_placed_and_embedded(
    analyser: FaceAnalyser, eileen_collins: Pixels, grace_hopper: Pixels
) -> None:
    (collins,), (hopper,) = analyser.analyse([eileen_collins, grace_hopper])
    for face in (collins, hopper):
        assert face.box == face.box.clipped()
        assert face.box.contains(*face.landmarks[2].tolist())
        assert face.embedding is not None
        assert float(np.linalg.norm(face.embedding)) == pytest.approx(1, abs=1e-5)


def test_two_pictures_of_one_face_are_nearer_than_two_people(
    analyser: FaceAnalyser, eileen_collins: Pixels, grace_hopper: Pixels
) -> None:
    darker_part = np.ascontiguousarray((eileen_collins * 0.6).astype(np.uint8)[40:, :400])
    (one,), (same,), (other,) = analyser.analyse([eileen_collins, darker_part, grace_hopper])
    assert distance(one, same) < 0.25
    assert distance(one, other) > 0.44


def test_known_landmarks_are_embedded_as_in_the_analysis(analyser: FaceAnalyser, grace_hopper: Pixels) -> None:
    (face,) = analyser.analyse([grace_hopper])[0]
    (embedding,) = analyser.embed_known(grace_hopper, [(face.box, face.landmarks)])
    assert face.embedding is not None
    assert np.abs(embedding - face.embedding).max() < 1e-4


def test_photos_without_faces_are_analysed_too(analyser: FaceAnalyser) -> None:
    assert analyser.analyse([np.zeros((90, 90, 3), np.uint8)]) == [[]]
    assert analyser.analyse([]) == []
    assert analyser.embed_centre(np.zeros((90, 90, 3), np.uint8)).shape == (EMBEDDING_SIZE,)


def test_the_pipeline_is_imported_without_tensorflow() -> None:
    program = "import sys, facetagger.faces.pipeline; sys.exit('tensorflow' in sys.modules or 'keras' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_every_source_of_a_stream_comes_out_once(frames: FaceAnalyser) -> None:
    with ThreadPoolExecutor(2) as executor:
        results = list(stream_photos(range(23), photo, frames, executor, CancelToken()))
    assert sorted(source for source, _ in results) == list(range(23))
    assert all(isinstance(each, AnalysedPhoto) and len(each.faces) == 1 for _, each in results)


def test_an_unreadable_source_is_reported_and_stops_nobody(frames: FaceAnalyser) -> None:
    def decode(number: int) -> Pixels:
        if number % 3 == 0:
            raise PhotoError(f"Photo {number} is damaged.")
        return photo(number)

    with ThreadPoolExecutor(2) as executor:
        results = dict(stream_photos(range(10), decode, frames, executor, CancelToken()))
    assert {source for source, each in results.items() if isinstance(each, PhotoError)} == {0, 3, 6, 9}
    assert str(results[6]) == "Photo 6 is damaged."
    assert len(results) == 10


def test_a_bug_in_decoding_is_not_taken_for_a_bad_photo(frames: FaceAnalyser) -> None:
    def decode(number: int) -> Pixels:
        raise ZeroDivisionError

    with ThreadPoolExecutor(2) as executor, pytest.raises(ZeroDivisionError):
        list(stream_photos(range(3), decode, frames, executor, CancelToken()))


def test_no_more_photos_are_in_memory_than_are_in_flight(frames: FaceAnalyser) -> None:
    begun = 0
    finished = 0

    def sources() -> Iterator[int]:
        nonlocal begun
        for number in range(50):
            begun += 1
            assert begun - finished <= 6
            yield number

    for _ in stream_photos(sources(), photo, frames, ImmediateExecutor(), CancelToken(), in_flight=6, batch=3):
        finished += 1
    assert finished == 50


def test_photos_of_one_shape_are_searched_together() -> None:
    detector = FrameDetector()
    frames = FaceAnalyser(detector, ConstantEmbedder())

    def decode(number: int) -> Pixels:
        return np.zeros((20, 30, 3) if number % 2 else (30, 20, 3), np.uint8)

    results = list(stream_photos(range(8), decode, frames, ImmediateExecutor(), CancelToken(), in_flight=8, batch=4))
    assert len(results) == 8
    assert [len(set(shapes)) for shapes in detector.batches] == [1, 1]


def test_large_scans_are_searched_in_small_batches_so_that_cancelling_need_not_wait() -> None:
    detector = FrameDetector()
    frames = FaceAnalyser(detector, ConstantEmbedder())
    sides = {0: 5000, 1: 3000, 2: 2800, 3: 2800, 4: 5000}

    def decode(number: int) -> Pixels:
        return np.zeros((sides[number], sides[number], 3), np.uint8)

    detector.batch_key = lambda size, settings=NORMAL: "any"  # type: ignore[method-assign]
    results = list(stream_photos(range(5), decode, frames, ImmediateExecutor(), CancelToken(), in_flight=5, batch=4))
    assert len(results) == 5
    assert [[shape[0] for shape in shapes] for shapes in detector.batches] == [[5000], [3000, 2800], [2800], [5000]]


def test_a_detector_is_not_called_more_often_at_once_than_it_can_serve() -> None:
    meeting = threading.Barrier(2)

    class Meeting(FrameDetector):
        """Two calls that are inside at once would meet here."""

        def detect(self, *arguments: Any, **options: Any) -> list[list[Detection]]:
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(timeout=0.2)
            return super().detect(*arguments, **options)

    frames = FaceAnalyser(Meeting(), ConstantEmbedder())
    with ThreadPoolExecutor(2) as executor:
        found = list(executor.map(lambda number: frames.analyse([photo(number)]), range(2)))
    assert [len(faces) for (faces,) in found] == [1, 1]
    assert meeting.broken


def test_a_detector_that_serves_two_calls_at_once_is_given_two_batches() -> None:
    meeting = threading.Barrier(2)

    class Meeting(FrameDetector):
        """Goes on only where two calls are inside at once."""

        calls_at_once = 2

        def detect(self, *arguments: Any, **options: Any) -> list[list[Detection]]:
            meeting.wait(timeout=10)
            return super().detect(*arguments, **options)

    frames = FaceAnalyser(Meeting(), ConstantEmbedder())
    results = list(stream_photos(range(8), photo, frames, ImmediateExecutor(), CancelToken(), batch=2))
    assert sorted(source for source, _ in results) == list(range(8))


def test_few_large_scans_are_decoded_before_they_are_analysed(frames: FaceAnalyser) -> None:
    begun = finished = 0
    side = THOROUGH.decode_side

    def sources() -> Iterator[int]:
        nonlocal begun
        for number in range(12):
            begun += 1
            assert begun - finished <= THOROUGH.most_undecoded
            yield number

    def decode(number: int) -> Pixels:
        return np.zeros((side, side, 3), np.uint8)

    stream = stream_photos(sources(), decode, frames, ImmediateExecutor(), CancelToken(), settings=THOROUGH)
    for _ in stream:
        finished += 1
    assert finished == 12


def test_a_cancelled_stream_ends_within_one_batch_and_drops_what_was_not_begun(frames: FaceAnalyser) -> None:
    token, executor = CancelToken(), ManualExecutor()
    decoded: list[int] = []

    def decode(number: int) -> Pixels:
        decoded.append(number)
        return photo(number)

    stream = stream_photos(range(100), decode, frames, _RunsFirst(executor, 4), token, in_flight=8, batch=4)
    assert next(stream)[0] == 0
    token.cancel()
    with pytest.raises(Cancelled):
        list(stream)
    executor.run_all()
    assert decoded == [0, 1, 2, 3]


def test_a_paused_stream_goes_on_where_it_was_resumed(frames: FaceAnalyser) -> None:
    token = CancelToken()
    results: list[int] = []
    first_batch = threading.Event()

    def consume() -> None:
        for source, _ in stream_photos(range(12), photo, frames, ImmediateExecutor(), token, in_flight=4, batch=4):
            results.append(source)
            if len(results) == 4:
                token.pause()
                first_batch.set()

    thread = threading.Thread(target=consume)
    thread.start()
    assert first_batch.wait(10)
    assert len(results) == 4
    token.resume()
    thread.join(10)
    assert results == list(range(12))


class _RunsFirst(Executor):
    """Runs the first jobs at once and leaves the others to be run by hand."""

    def __init__(self, manual: ManualExecutor, at_once: int) -> None:
        self._manual = manual
        self._left = at_once

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future = self._manual.submit(fn, *args, **kwargs)
        if self._left:
            self._left -= 1
            self._manual.run_next()
        return future

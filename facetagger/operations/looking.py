"""Looking harder: photos of the library are searched again, thoroughly, for faces that were missed.

Whatever the user has said about a face stays exactly as it is. New faces are added; one that nobody has touched is
measured anew where the second look shows clearly more of it. Where the photo proves to lie on its side, what was seen
in it the wrong way up and is not seen again goes, and nothing else. The whole look is one act of the user, which undo
takes back.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Change, EntryId, Face, FaceId, Photo, PhotoId, SkippedFile
from facetagger.errors import PhotoError
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.pipeline import AnalysedFace, AnalysedPhoto, FaceAnalyser, stream_photos
from facetagger.faces.settings import THOROUGH, AnalysisSettings
from facetagger.imaging.thumbnails import photo_pixels
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.priority import step_back
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Act, Library
from facetagger.operations.face_writing import add_faces, measure_anew, pair_up, stored_box

_BATCH: Final = 16
_BATCH_SECONDS: Final = 1.0

_CLEARLY_MORE: Final = 1.1
"""By which factor the quality of a second look must be better, so that faces do not change for nothing."""


@dataclass(frozen=True, slots=True)
class LookReport:
    """``photos`` were searched, ``faces`` are new, ``clearer`` ones are measured anew, ``turned`` photos stand upright
    now; ``change`` is everything that differs."""

    photos: int
    faces: int
    clearer: int
    turned: int
    skipped: tuple[SkippedFile, ...]
    change: Change
    was_cancelled: bool = False


class LookingHarder:
    def __init__(
        self, library: Library, load_analyser: Callable[[], FaceAnalyser], verify: Callable[[Photo], None]
    ) -> None:
        """``verify`` is asked before a photo's file is read, and raises ``PhotoError`` where that holds another picture
        by now."""
        self._library = library
        self._load_analyser = load_analyser
        self._verify = verify

    def run(
        self,
        photo_ids: Sequence[PhotoId],
        *,
        settings: AnalysisSettings = THOROUGH,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
        on_change: Callable[[Change], None] | None = None,
        on_searched: Callable[[Photo], None] | None = None,
        decode_executor: Executor | None = None,
    ) -> LookReport:
        """Searches the photos again. Unreadable ones are skipped with a reason; cancelling keeps what is written.

        ``on_change`` is called after each batch and ``on_searched`` after each photo, on this thread.
        """
        photos = self._library.photos.get_many(dict.fromkeys(photo_ids))
        meter = ProgressMeter(len(photos), progress or (lambda progress: None))
        cancel = cancel or CancelToken()
        with ExitStack() as stack:
            if decode_executor is None:
                decode_executor = stack.enter_context(ThreadPoolExecutor(2, "decode", initializer=step_back))
            look = _Look(self._library, photos, settings, on_change or (lambda change: None))
            stream = stream_photos(
                photos, self._decoder(settings), self._load_analyser(), decode_executor, cancel, settings=settings
            )
            was_cancelled = False
            try:
                for photo, outcome in stream:
                    look.take(photo, outcome)
                    meter.advance()
                    if on_searched is not None:
                        on_searched(photo)
            except Cancelled:
                was_cancelled = True
            except (CancelledError, RuntimeError):
                # The program ends: the decoders take no more work, and the token may not have been looked at yet.
                if not cancel.is_cancelled:
                    raise
                was_cancelled = True
            look.flush()
        skipped = tuple(look.skipped)
        return LookReport(look.searched, look.added, look.clearer, look.turned, skipped, look.change, was_cancelled)

    def _decoder(self, settings: AnalysisSettings) -> Callable[[Photo], NDArray[np.uint8]]:
        def decode(photo: Photo) -> NDArray[np.uint8]:
            self._verify(photo)
            return photo_pixels(photo, settings.decode_side, is_quick=True)

        return decode


class _Look:
    """One look at several photos: what was seen waits here and is written in batches."""

    def __init__(
        self,
        library: Library,
        photos: Sequence[Photo],
        settings: AnalysisSettings,
        on_change: Callable[[Change], None],
    ) -> None:
        name = photos[0].path.name if len(photos) == 1 else f"{len(photos)} photos"
        self._text = f"look harder at {name}"
        self._library = library
        self._settings = settings
        self._on_change = on_change
        self._waiting: list[tuple[Photo, AnalysedPhoto]] = []
        self._last_write = time.monotonic()
        self._entry: EntryId | None = None
        self.change = Change()
        self.searched = self.added = self.clearer = self.turned = 0
        self.skipped: list[SkippedFile] = []

    def take(self, photo: Photo, outcome: AnalysedPhoto | PhotoError) -> None:
        if isinstance(outcome, PhotoError):
            self.skipped.append(SkippedFile(photo.path, str(outcome)))
            return
        self.searched += 1
        self._waiting.append((photo, outcome))
        if len(self._waiting) >= _BATCH or time.monotonic() - self._last_write > _BATCH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Writes what waits. Photos that show nothing new leave no trace in the history."""
        if not self._waiting:
            return
        with self._library.transaction(self._text, joins=self._entry) as act:
            news = [_News.of(self._library, photo, seen) for photo, seen in self._waiting]
            for each in news:
                if each.is_empty:
                    self._mark(act, each)
            act.begin_here()
            for each in news:
                if not each.is_empty:
                    self._mark(act, each)
                    each.write(act)
        self._waiting = []
        self._last_write = time.monotonic()
        self.added += sum(len(each.new) for each in news)
        self.clearer += sum(len(each.better) for each in news)
        self.turned += sum(each.is_turned for each in news)
        self.change |= act.change
        if act.change.entry is not None:
            self._entry = act.change.entry.id
        if act.change:
            self._on_change(act.change)

    def _mark(self, act: Act, news: _News) -> None:
        act.photos.set_analysed(news.photo.id, DLIB_RESNET, self._settings.name)


@dataclass(frozen=True, slots=True)
class _News:
    """What a look at a photo shows that the library does not have. Faces are in the frame that was searched, to which
    ``orientation`` led from the stored one."""

    photo: Photo
    orientation: int
    rotation: int
    new: list[AnalysedFace]
    better: list[tuple[FaceId, AnalysedFace]]
    gone: list[FaceId]
    model_id: str

    @classmethod
    def of(cls, library: Library, searched: Photo, seen: AnalysedPhoto) -> _News:
        """``searched`` is the photo as it was when the look began; the user may have gone on since."""
        photo, orientation = library.photos.get(searched.id), searched.view_orientation
        proposed = (searched.rotation + seen.quarter_turns) % 4
        rotation = photo.rotation if photo.is_rotation_chosen else proposed
        is_turned = rotation != photo.rotation
        known = library.faces.of_photo(photo.id)
        untouched = library.faces.untouched(photo.id)
        pairs = pair_up([stored_box(face, orientation) for face in seen.faces], [face.box for face in known])
        new, better = [], []
        for place, face in enumerate(seen.faces):
            if place not in pairs:
                new.append(face)
            elif known[pairs[place]].id in untouched and (is_turned or _shows_more(face, known[pairs[place]])):
                better.append((known[pairs[place]].id, face))
        unseen = untouched - {known[place].id for place in pairs.values()}
        return cls(photo, orientation, rotation, new, better, sorted(unseen) if is_turned else [], seen.model_id)

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.better or self.is_turned)

    @property
    def is_turned(self) -> bool:
        return self.rotation != self.photo.rotation

    def write(self, act: Act) -> None:
        act.photos.propose_rotation(self.photo.id, self.rotation)
        act.faces.delete(self.gone)
        add_faces(act, self.photo.id, self.new, self.orientation, self.photo.stored_size, self.model_id)
        for face_id, face in self.better:
            measure_anew(act, face_id, face, self.orientation, self.model_id)


def _shows_more(seen: AnalysedFace, known: Face) -> bool:
    if seen.quality is None:
        return False
    return known.quality is None or seen.quality.score > _CLEARLY_MORE * known.quality.score

"""From files to photos, faces and embeddings.

Files are looked at chunk by chunk; what is new streams through the analysis, and each batch is written as it comes out:
a photo, its file, its faces and their embeddings in one transaction. So a process that is killed leaves whole photos
only, and the next import goes on with the rest. Nothing here changes a face that the library already has.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Change, Photo, PhotoId, SkippedFile
from facetagger.errors import PhotoError
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.pipeline import FaceAnalyser, stream_photos
from facetagger.faces.settings import NORMAL, THOROUGH, AnalysisSettings
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.priority import step_back
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library
from facetagger.operations.checking import Checking
from facetagger.operations.found_regions import read_found_regions
from facetagger.operations.import_writing import ImportWriter, NewPage
from facetagger.operations.looking import LookingHarder
from facetagger.operations.scanning import FileFacts, Unreadable, Untouched, absolute, has_vanished, look_at_all

CHANGED_REASON = (
    "The file holds another picture than when it was added. Say whether it is the same photo, touched up, or a new one."
)
_BATCH = 16
_BATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``added``, ``unchanged`` and ``moved`` count photos, ``faces`` those in the added photos.

    ``changed`` are the skipped files that hold another picture than when they were added: ``Replacing`` has the two
    answers to that.
    """

    added: int
    unchanged: int
    moved: int
    photos_with_faces: int
    faces: int
    skipped: tuple[SkippedFile, ...]
    seconds: float
    was_cancelled: bool = False
    changed: tuple[Path, ...] = ()
    looked_again: int = 0
    """Photos of ``unchanged`` and ``moved`` files that a thorough import has looked at, now or before."""
    more_faces: int = 0
    """Found in them now."""


class Importing:
    def __init__(self, library: Library, load_analyser: Callable[[], FaceAnalyser]) -> None:
        self._library = library
        self._load_analyser = load_analyser

    def run(
        self,
        paths: Sequence[Path],
        *,
        settings: AnalysisSettings = NORMAL,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
        on_change: Callable[[Change], None] | None = None,
        decode_executor: Executor | None = None,
    ) -> ImportReport:
        """Adds every photo at or below ``paths``. Unreadable files are skipped with a reason; nothing else is lost.

        With thorough ``settings`` the photos that the library has, and never searched thoroughly, are searched again.

        ``on_change`` is called after each batch, on this thread. Cancelling takes effect within one batch and keeps
        what is written.
        """
        with ExitStack() as stack:
            if decode_executor is None:
                decode_executor = stack.enter_context(ThreadPoolExecutor(2, "decode", initializer=step_back))
            run = _Run(self._library, settings, decode_executor, cancel or CancelToken(), on_change or _ignore_change)
            return run.over(paths, self._load_analyser, progress or _ignore_progress)


def _ignore_change(change: Change) -> None:
    """For callers without views."""


def _ignore_progress(progress: Progress) -> None:
    """For callers without a bar."""


class _Run:
    """One import: the files that were seen, and the pages on their way through the analysis."""

    def __init__(
        self,
        library: Library,
        settings: AnalysisSettings,
        executor: Executor,
        cancel: CancelToken,
        on_change: Callable[[Change], None],
    ) -> None:
        self._library = library
        self._settings = settings
        self._executor = executor
        self._cancel = cancel
        self._on_change = on_change
        self._writer = ImportWriter(library, settings)
        self._known = library.photos.file_stamps()
        self._skipped: list[SkippedFile] = []
        self._changed: list[Path] = []
        self._unchanged = 0
        self._again: list[PhotoId] = []
        self._files_waiting: Counter[PhotoId] = Counter()
        """How many files are done once a photo was searched again: the last one of theirs."""
        self._looked_again = self._more_faces = 0
        self._last_write = time.monotonic()

    def over(
        self, paths: Sequence[Path], load_analyser: Callable[[], FaceAnalyser], report: Callable[[Progress], None]
    ) -> ImportReport:
        started = time.monotonic()
        roots = [absolute(path) for path in paths]
        files = find_photos(roots)
        self._meter = ProgressMeter(len(files), report)
        was_cancelled = False
        try:
            self._analyse(self._new_pages(files), load_analyser)
            self._flush()
            was_cancelled = self._look_again(load_analyser)
            if not was_cancelled:
                read_found_regions(self._library, files, self._cancel, self._tell)
        except Cancelled:
            was_cancelled = True
        except (CancelledError, RuntimeError):
            # The program ends: the decoders take no more work, and the token may not have been looked at yet.
            if not self._cancel.is_cancelled:
                raise
            was_cancelled = True
        self._flush()
        if not was_cancelled:
            self._mark_missing(roots, files)
        writer = self._writer
        return ImportReport(
            writer.added,
            self._unchanged + writer.duplicates,
            writer.moved,
            writer.photos_with_faces,
            writer.faces,
            tuple(self._skipped),
            round(time.monotonic() - started, 3),
            was_cancelled,
            tuple(self._changed),
            self._looked_again,
            self._more_faces,
        )

    def _analyse(self, pages: Iterator[NewPage], load_analyser: Callable[[], FaceAnalyser]) -> None:
        """The analyser is loaded only when there is something to analyse: it takes seconds."""
        first = next(pages, None)
        if first is None:
            return
        stream = stream_photos(
            chain([first], pages),
            self._decode,
            load_analyser(),
            self._executor,
            self._cancel,
            settings=self._settings,
        )
        for page, outcome in stream:
            if isinstance(outcome, PhotoError):
                self._give_up(page, outcome)
            else:
                self._writer.take(page, outcome)
            if self._writer.is_analysed(page.facts):
                self._meter.advance()
            self._flush_in_time()

    def _decode(self, page: NewPage) -> NDArray[np.uint8]:
        side, orientation = self._settings.decode_side, page.page.orientation
        return decode(page.facts.path, page=page.page.page, orientation=orientation, max_side=side, is_quick=True)

    def _give_up(self, page: NewPage, error: PhotoError) -> None:
        reason = f"Page {page.page.page + 1}: {error}" if len(page.facts.pages) > 1 else str(error)
        self._skipped += [SkippedFile(path, reason) for path in (page.facts.path, *self._writer.give_up(page))]

    def _flush_in_time(self) -> None:
        if self._writer.waiting >= _BATCH or time.monotonic() - self._last_write > _BATCH_SECONDS:
            self._flush()

    def _new_pages(self, files: Sequence[Path]) -> Iterator[NewPage]:
        for chunk in look_at_all(files, self._known, self._executor):
            self._cancel.checkpoint()
            for seen in chunk:
                if isinstance(seen, Untouched):
                    self._unchanged += 1
                    self._writer.see(seen.path)
                    self._pass(self._library.photos.by_path(seen.path) if self._is_thorough else ())
                elif isinstance(seen, Unreadable):
                    self._skip(seen.path, seen.error)
                else:
                    yield from self._pages_of(seen)

    def _pages_of(self, facts: FileFacts) -> Iterator[NewPage]:
        """What is to be analysed of a file: nothing where the library has all its pages.

        A known path with another picture is asked about, unless that picture is one of the library's: files that were
        renamed among themselves, or folders that changed places, are followed.
        """
        held = self._library.photos.by_path(facts.path) if facts.path in self._known else []
        is_other = bool(held) and held[0].image_hash != facts.image_hash
        is_on_its_way = self._writer.is_on_its_way(facts.image_hash)
        known = [] if is_on_its_way else self._library.photos.find(facts.image_hash)
        if is_other and not known:
            self._changed.append(facts.path)
            self._skip(facts.path, PhotoError(CHANGED_REASON))
            return
        if is_on_its_way:
            self._writer.add_twin(facts)
            self._meter.advance()
            return
        held_pages = {photo.page for photo in known}
        missing = [page for page in facts.pages if page.page not in held_pages]
        if known:
            self._writer.found_again(facts, known, is_whole=not missing)
        if missing:
            self._writer.expect(facts, missing)
        else:
            self._pass(known)
        yield from (NewPage(facts, page) for page in missing)

    @property
    def _is_thorough(self) -> bool:
        return self._settings.name == THOROUGH.name

    def _pass(self, photos: Sequence[Photo]) -> None:
        """A file that brings nothing new is done, unless a thorough import is to search its photos again."""
        settings = self._library.photos.settings([photo.id for photo in photos], DLIB_RESNET) if photos else {}
        weak = [photo.id for photo in photos if settings.get(photo.id) != THOROUGH.name]
        self._looked_again += len(photos) if self._is_thorough else 0
        if not self._is_thorough or not weak:
            self._meter.advance()
            return
        self._again += weak
        self._files_waiting[weak[-1]] += 1

    def _look_again(self, load_analyser: Callable[[], FaceAnalyser]) -> bool:
        """Searches photos that the library had already; gives whether that was cancelled."""
        if not self._again:
            return False
        report = LookingHarder(self._library, load_analyser, Checking(self._library).verify).run(
            self._again,
            settings=self._settings,
            cancel=self._cancel,
            on_change=self._on_change,
            on_searched=lambda photo: self._meter.advance(self._files_waiting[photo.id]),
            decode_executor=self._executor,
        )
        self._more_faces = report.faces
        self._skipped += report.skipped
        return report.was_cancelled

    def _skip(self, path: Path, error: PhotoError) -> None:
        self._skipped.append(SkippedFile(path, str(error)))
        self._meter.advance()

    def _flush(self) -> None:
        self._tell(self._writer.flush())
        self._last_write = time.monotonic()

    def _tell(self, change: Change) -> None:
        if change:
            self._on_change(change)

    def _mark_missing(self, roots: Sequence[Path], files: Sequence[Path]) -> None:
        """Files of the library below the imported folders that are gone; their photos and names stay."""
        candidates = self._library.photos.file_stamps().keys() - set(files)
        gone = sorted(path for path in candidates if has_vanished(path, roots))
        if gone:
            with self._library.transaction() as act:
                act.photos.mark_missing(gone)
            self._tell(act.change)

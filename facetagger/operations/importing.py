"""From files to photos, faces and embeddings.

Files are looked at chunk by chunk; what is new streams through the analysis, and each batch is written as it comes out:
a photo, its file, its faces and their embeddings in one transaction. So a process that is killed leaves whole photos
only, and the next import goes on with the rest. Nothing here changes a face that the library already has.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Change, SkippedFile
from facetagger.errors import PhotoError
from facetagger.faces.pipeline import ANALYSIS_SIDE, AnalysedFace, FaceAnalyser, analyse_stream
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library
from facetagger.operations.import_writing import ImportWriter, NewPage
from facetagger.operations.scanning import FileFacts, Unreadable, Untouched, absolute, look_at_all

CHANGED_REASON = (
    "The picture in this file is another one than when it was added, so nothing was changed in the library. "
    "Rename the file to add it as a new photo."
)
_BATCH = 16
_BATCH_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. ``added``, ``unchanged`` and ``moved`` count photos, ``faces`` those in the added photos."""

    added: int
    unchanged: int
    moved: int
    photos_with_faces: int
    faces: int
    skipped: tuple[SkippedFile, ...]
    seconds: float
    was_cancelled: bool = False


class Importing:
    def __init__(self, library: Library, load_analyser: Callable[[], FaceAnalyser]) -> None:
        self._library = library
        self._load_analyser = load_analyser

    def run(
        self,
        paths: Sequence[Path],
        *,
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
        on_change: Callable[[Change], None] | None = None,
        decode_executor: Executor | None = None,
    ) -> ImportReport:
        """Adds every photo at or below ``paths``. Unreadable files are skipped with a reason; nothing else is lost.

        ``on_change`` is called after each batch, on this thread. Cancelling takes effect within one batch and keeps
        what is written.
        """
        with ExitStack() as stack:
            if decode_executor is None:
                decode_executor = stack.enter_context(ThreadPoolExecutor(2, "decode"))
            run = _Run(self._library, decode_executor, cancel or CancelToken(), on_change or _ignore_change)
            return run.over(paths, self._load_analyser, progress or _ignore_progress)


def _ignore_change(change: Change) -> None:
    """For callers without views."""


def _ignore_progress(progress: Progress) -> None:
    """For callers without a bar."""


class _Run:
    """One import: the files that were seen, and the pages on their way through the analysis."""

    def __init__(
        self, library: Library, executor: Executor, cancel: CancelToken, on_change: Callable[[Change], None]
    ) -> None:
        self._library = library
        self._executor = executor
        self._cancel = cancel
        self._on_change = on_change
        self._writer = ImportWriter(library)
        self._known = library.photos.file_stamps()
        self._skipped: list[SkippedFile] = []
        self._unchanged = 0
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
        except Cancelled:
            was_cancelled = True
        self._flush()
        if not was_cancelled:
            self._mark_missing(roots, files)
        self._tell(self._writer.record())
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
        )

    def _analyse(self, pages: Iterator[NewPage], load_analyser: Callable[[], FaceAnalyser]) -> None:
        """The analyser is loaded only when there is something to analyse: it takes seconds."""
        first = next(pages, None)
        if first is None:
            return
        stream = analyse_stream(
            chain([first], pages), _decode_page, load_analyser(), executor=self._executor, cancel=self._cancel
        )
        for page, outcome in stream:
            if isinstance(outcome, PhotoError):
                self._skip(page.facts.path, outcome)
                self._skipped += [SkippedFile(path, str(outcome)) for path in self._writer.give_up(page)]
            else:
                self._take(page, outcome)

    def _take(self, page: NewPage, faces: list[AnalysedFace]) -> None:
        self._writer.take(page, faces)
        if page.is_last:
            self._meter.advance()
        if self._writer.waiting >= _BATCH or time.monotonic() - self._last_write > _BATCH_SECONDS:
            self._flush()

    def _new_pages(self, files: Sequence[Path]) -> Iterator[NewPage]:
        for chunk in look_at_all(files, self._known, self._executor):
            self._cancel.checkpoint()
            for seen in chunk:
                if isinstance(seen, Untouched):
                    self._unchanged += 1
                    self._writer.see(seen.path)
                    self._meter.advance()
                elif isinstance(seen, Unreadable):
                    self._skip(seen.path, seen.error)
                else:
                    yield from self._pages_of(seen)

    def _pages_of(self, facts: FileFacts) -> Iterator[NewPage]:
        held = self._library.photos.by_path(facts.path) if facts.path in self._known else []
        if held and held[0].image_hash != facts.image_hash:
            self._skip(facts.path, PhotoError(CHANGED_REASON))
        elif self._writer.is_on_its_way(facts.image_hash):
            self._writer.add_twin(facts)
            self._meter.advance()
        elif known := self._library.photos.find(facts.image_hash):
            self._writer.found_again(facts, known)
            self._meter.advance()
        else:
            self._writer.expect(facts)
            yield from (NewPage(facts, page) for page in facts.pages)

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
        found = set(files)
        gone = [
            path
            for path in self._library.photos.file_stamps()
            if path not in found and any(path.is_relative_to(root) for root in roots) and not path.exists()
        ]
        if gone:
            with self._library.transaction() as act:
                act.photos.mark_missing(gone)
            self._tell(act.change)


def _decode_page(page: NewPage) -> NDArray[np.uint8]:
    return decode(page.facts.path, page=page.page.page, orientation=page.page.orientation, max_side=ANALYSIS_SIDE)

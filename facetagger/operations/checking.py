"""Whether the library is whole, and whether the files it knows are still what they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from facetagger.entities import Photo
from facetagger.errors import PhotoError
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library
from facetagger.operations.import_writing import UNFINISHED, write_headers
from facetagger.operations.scanning import FileFacts, Unreadable, Untouched, is_gone, look


@dataclass(frozen=True, slots=True)
class CheckReport:
    """``problems`` are faults of the library itself; ``missing`` files are gone, ``changed`` ones hold other pixels."""

    problems: tuple[str, ...]
    missing: tuple[Path, ...]
    changed: tuple[Path, ...]
    repaired: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        return not (self.problems or self.missing or self.changed)


@dataclass(slots=True)
class _Files:
    missing: list[Path] = field(default_factory=list)
    changed: list[Path] = field(default_factory=list)
    touched: list[FileFacts] = field(default_factory=list)
    """Same picture, other stamp: another program wrote metadata."""


class Checking:
    def __init__(self, library: Library) -> None:
        self._library = library

    def run(self, repair: bool = False, progress: Callable[[Progress], None] | None = None) -> CheckReport:
        """Reads what the library says about itself and looks at every file.

        ``repair`` throws away derived rows that contradict the names (they are made again), and notes which files are
        gone and which only got new metadata. A name or a photo is never removed.
        """
        problems = self._library.integrity()
        files = self._look_at_files(progress)
        repaired: list[str] = []
        if repair:
            repaired = self._repair(problems, files)
            problems = self._library.integrity()
        return CheckReport(tuple(problems), tuple(files.missing), tuple(files.changed), tuple(repaired))

    def verify(self, photo: Photo) -> None:
        """Raises ``PhotoError`` where the photo's file holds another picture by now: faces and names are not of that.

        Reads no more than the file's stamp unless that has changed. A file that cannot be read passes.
        """
        record = self._library.photos.file(photo.path)
        seen = look(photo.path, (record.byte_size, record.mtime_ns) if record is not None else None)
        held = photo.image_hash
        if isinstance(seen, FileFacts):
            held = seen.image_hash
        elif isinstance(seen, Untouched) and record is not None:
            held = record.image_hash
        if held != photo.image_hash:
            raise PhotoError(
                "The picture in this file is another one than when it was added.",
                str(photo.path),
                "Add its folder again, so that photos that moved are found.",
            )

    def _look_at_files(self, progress: Callable[[Progress], None] | None) -> _Files:
        stamps = self._library.photos.file_stamps()
        meter = ProgressMeter(len(stamps), progress or (lambda progress: None))
        files = _Files()
        for path, stamp in stamps.items():
            self._look(path, stamp, files)
            meter.advance()
        return files

    def _look(self, path: Path, stamp: tuple[int, int], files: _Files) -> None:
        seen = look(path, stamp)
        if isinstance(seen, Unreadable):
            (files.missing if is_gone(path) else files.changed).append(path)
        elif isinstance(seen, FileFacts):
            held = self._library.photos.by_path(path)
            if not held or held[0].image_hash != seen.image_hash:
                files.changed.append(path)
            elif stamp != UNFINISHED:
                files.touched.append(seen)

    def _repair(self, problems: list[str], files: _Files) -> list[str]:
        repaired = []
        with self._library.transaction() as act:
            if problems:
                act.suggestions.clear()
                act.groups.clear()
                act.classifiers.clear()
                act.memory.clear()
                repaired.append("Suggestions and groups are made again at the next start.")
            if files.missing:
                act.photos.mark_missing(files.missing)
                repaired.append(f"{len(files.missing)} files are noted as missing; their names are kept.")
            for facts in files.touched:
                act.photos.put_file(facts.path, facts.image_hash, facts.byte_size, facts.mtime_ns)
                write_headers(act, facts, self._library.photos.find(facts.image_hash))
            if files.touched:
                repaired.append(f"{len(files.touched)} files got new metadata from another program.")
        return repaired

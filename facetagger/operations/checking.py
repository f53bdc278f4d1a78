"""Whether the library is whole, and whether the files it knows are still what they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from facetagger.errors import PhotoError
from facetagger.imaging.hashing import image_hash
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.library import Library


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
    touched: list[tuple[Path, bytes, int, int]] = field(default_factory=list)
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

    def _look_at_files(self, progress: Callable[[Progress], None] | None) -> _Files:
        stamps = self._library.photos.file_stamps()
        meter = ProgressMeter(len(stamps), progress or (lambda progress: None))
        files = _Files()
        for path, stamp in stamps.items():
            self._look(path, stamp, files)
            meter.advance()
        return files

    def _look(self, path: Path, stamp: tuple[int, int], files: _Files) -> None:
        held = self._library.photos.by_path(path)
        try:
            status = path.stat()
            now = (status.st_size, status.st_mtime_ns)
            if now == stamp:
                return
            hash_now = image_hash(path)
        except PhotoError:
            files.changed.append(path)
        except OSError:
            files.missing.append(path)
        else:
            if held and held[0].image_hash == hash_now:
                files.touched.append((path, hash_now, *now))
            else:
                files.changed.append(path)

    def _repair(self, problems: list[str], files: _Files) -> list[str]:
        repaired = []
        with self._library.transaction() as act:
            if problems:
                act.suggestions.clear()
                act.groups.clear()
                act.classifiers.clear()
                repaired.append("Suggestions and groups are made again at the next start.")
            if files.missing:
                act.photos.mark_missing(files.missing)
                repaired.append(f"{len(files.missing)} files are noted as missing; their names are kept.")
            for path, hash_now, size, mtime_ns in files.touched:
                act.photos.put_file(path, hash_now, size, mtime_ns)
            if files.touched:
                repaired.append(f"{len(files.touched)} files got new metadata from another program.")
        return repaired

"""The one way in: chooses the format, goes through the photos, and tells what was written and what was not."""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Final, TextIO, TypeVar

from facetagger.entities import SkippedFile
from facetagger.errors import PhotoError
from facetagger.exporters.destination import Destination
from facetagger.exporters.items import ExportFace, ExportFormat, ExportItem, ExportReport
from facetagger.exporters.photos import SourceFile, export_copy, export_sidecar, source_files
from facetagger.exporters.tables import write_csv, write_json
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.metadata.errors import UnwritableError
from facetagger.metadata.replacing import temporary_beside

__all__ = ["ExportFace", "ExportFormat", "ExportItem", "ExportReport", "export"]

T = TypeVar("T")

_EXPORT_FILE: Final[dict[ExportFormat, Callable[[SourceFile, Destination], Sequence[Path]]]] = {
    ExportFormat.PHOTOS: export_copy,
    ExportFormat.SIDECARS: export_sidecar,
}
_WRITE_TABLE: Final[dict[ExportFormat, Callable[[Iterable[ExportItem], TextIO], None]]] = {
    ExportFormat.CSV: write_csv,
    ExportFormat.JSON: write_json,
}


def export(
    items: Sequence[ExportItem],
    destination: Path,
    format: ExportFormat,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
    *,
    originals: Iterable[Path] = (),
) -> ExportReport:
    """Writes ``items`` below the folder ``destination``, which is made where it is missing.

    A table goes to ``facetagger.csv`` or ``facetagger.json`` there, or to ``destination`` itself where that has the
    suffix of the format and is no folder. A photo that cannot be exported is skipped with a reason. ``originals`` are
    the files, beside those of ``items``, that are not to be mixed with exported ones.

    Raises ``FaceTaggerError`` when the destination is full, cannot be written or holds originals, and
    ``jobs.cancel.Cancelled``; the files that were written until then are complete and stay.
    """
    if format in _WRITE_TABLE:
        return _export_table(_watched(items, progress, cancel), destination, format)
    sources = source_files(items)
    place = Destination(destination)
    place.refuse_originals((each.album for each in sources), chain((each.path for each in sources), originals))
    return _export_files(_watched(sources, progress, cancel), place, format)


def _watched(
    things: Sequence[T], progress: Callable[[Progress], None] | None, cancel: CancelToken | None
) -> Iterator[T]:
    """The things one by one; each counts as done when the next is asked for."""
    meter = ProgressMeter(len(things), progress) if progress is not None else None
    for each in things:
        if cancel is not None:
            cancel.checkpoint()
        yield each
        if meter is not None:
            meter.advance()


def _export_files(sources: Iterable[SourceFile], destination: Destination, export_format: ExportFormat) -> ExportReport:
    written: list[Path] = []
    skipped: list[SkippedFile] = []
    for source in sources:
        try:
            with destination.faults():
                written += _EXPORT_FILE[export_format](source, destination)
        except (PhotoError, UnwritableError) as error:
            skipped.append(SkippedFile(source.path, str(error)))
        except OSError as error:
            skipped.append(SkippedFile(source.path, error.strerror or str(error)))
    return ExportReport(tuple(written), tuple(skipped))


def _export_table(items: Iterable[ExportItem], destination: Path, export_format: ExportFormat) -> ExportReport:
    suffix = f".{export_format}"
    is_file = destination.suffix.casefold() == suffix and not destination.is_dir()
    folder, name = (destination.parent, destination.name) if is_file else (destination, f"facetagger{suffix}")
    place = Destination(folder)
    with place.faults():
        place.root.mkdir(parents=True, exist_ok=True)
        temporary = temporary_beside(place.root / name)
        try:
            encoding = "utf-8-sig" if export_format is ExportFormat.CSV else "utf-8"
            with temporary.open("x", encoding=encoding, errors="backslashreplace", newline="") as file:
                _WRITE_TABLE[export_format](items, file)
            target = place.claim(place.root, name, partial(filecmp.cmp, temporary, shallow=False))
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)
    return ExportReport((target,), ())

"""Copies of photos that carry the names, and sidecars for them or instead of them."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from facetagger.entities import NamedRegion
from facetagger.errors import PhotoError
from facetagger.exporters.destination import Destination
from facetagger.exporters.items import ExportItem
from facetagger.geometry import Size
from facetagger.imaging.hashing import image_hash
from facetagger.metadata.errors import UnwritableError
from facetagger.metadata.replacing import temporary_beside
from facetagger.metadata.sidecar import SUFFIX, find_sidecars, marked_photo, sidecar_path, write_sidecar
from facetagger.metadata.write import carries_own_names, write_names


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file of an album with all its photos: a multi-page scan has one for each page."""

    path: Path
    album: str
    items: tuple[ExportItem, ...]

    @property
    def image_hash(self) -> bytes:
        return self.items[0].photo.image_hash

    @property
    def stored_size(self) -> Size:
        return min((each.photo for each in self.items), key=lambda photo: photo.page).stored_size

    @property
    def regions(self) -> list[NamedRegion]:
        """Metadata of a file speak of its first page."""
        return [region for each in self.items if each.photo.page == 0 for region in each.regions]

    @property
    def names_of_other_pages(self) -> list[str]:
        return [region.name for each in self.items if each.photo.page > 0 for region in each.regions]

    @property
    def has_names(self) -> bool:
        return any(each.regions for each in self.items)


def source_files(items: Iterable[ExportItem]) -> list[SourceFile]:
    """In the order of the items."""
    found: dict[tuple[str, Path], list[ExportItem]] = {}
    for item in items:
        found.setdefault((item.album, item.photo.path), []).append(item)
    return [SourceFile(path, album, tuple(group)) for (album, path), group in found.items()]


def export_copy(source: SourceFile, destination: Destination) -> Sequence[Path]:
    """A copy in the album's folder, named like the original, with the names in it; what cannot carry them, and what has
    a sidecar already, gets a sidecar. Returns the files. Raises ``PhotoError`` and ``OSError``."""
    _check(source)
    may_take = partial(_is_earlier_copy, source=source, destination=destination)
    target = destination.claim(destination.folder(source.album), source.path.name, may_take)
    is_carried = _try_to_name(target, source) if target.exists() else _copy(source, target)
    if not carries_own_names(target):
        destination.remember(target)
    if is_carried and not find_sidecars(source.path):
        return [target]
    return [target, *_write_beside(source, sidecar_path(target))]


def export_sidecar(source: SourceFile, destination: Destination) -> Sequence[Path]:
    """Only the sidecar, where there are names to write or one to keep. Returns the files. Raises as ``export_copy``."""
    _check(source)
    if not source.has_names and not find_sidecars(source.path):
        folder = destination.folder(source.album)
        if not sidecar_path(folder / source.path.name).exists():
            return []
    may_take = partial(_is_about, mark=source.image_hash.hex())
    target = destination.claim(destination.folder(source.album), source.path.name, may_take, added=SUFFIX)
    return list(_write_beside(source, target))


def _check(source: SourceFile) -> None:
    """Boxes and names belong to the pixels that were imported, not to whatever has their path now."""
    if not source.path.is_file():
        raise PhotoError("The file is not there any more.")
    if image_hash(source.path) != source.image_hash:
        raise PhotoError(
            "The file holds another picture than when it was added.",
            hint="Put the old file back, or add the new picture under a name of its own.",
        )


def _is_earlier_copy(path: Path, source: SourceFile, destination: Destination) -> bool:
    """Whether a file is this photo, and ours to write names into; a backup of the user's has the same bytes."""
    try:
        if image_hash(path) != source.image_hash:
            return False
    except PhotoError:
        return False
    if carries_own_names(path):
        return True
    is_ours = destination.made(path) or not source.has_names
    return is_ours and filecmp.cmp(path, source.path, shallow=False)


def _is_about(path: Path, mark: str) -> bool:
    """Whether a sidecar may be brought up to date: ours for this photo, or somebody else's who only has its name."""
    return marked_photo(path) in ("", mark)


def _copy(source: SourceFile, target: Path) -> bool:
    temporary = temporary_beside(target)
    try:
        shutil.copyfile(source.path, temporary)
        is_carried = _try_to_name(temporary, source)
        status = source.path.stat()
        os.utime(temporary, ns=(status.st_atime_ns, status.st_mtime_ns))
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return is_carried


def _try_to_name(copy: Path, source: SourceFile) -> bool:
    """Whether the copy itself says everything there is to say."""
    if not source.has_names and not carries_own_names(copy):
        return True
    try:
        write_names(copy, source.regions, source.stored_size, source.names_of_other_pages)
    except UnwritableError:
        return False
    return True


def _write_beside(source: SourceFile, target: Path) -> Iterator[Path]:
    kept = [each for each in find_sidecars(source.path) if marked_photo(each) is not None]
    was_written = write_sidecar(
        target,
        source.regions,
        source.stored_size,
        source.names_of_other_pages,
        seed=kept[0] if kept else None,
        mark=source.image_hash.hex(),
    )
    if was_written:
        yield target

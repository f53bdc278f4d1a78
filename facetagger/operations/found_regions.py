"""Regions that other programs left in or beside photos: they become faces, and their names stand beside these.

Nobody is named here. A region belongs to the face that lies there already, found or drawn; where none does it becomes a
face of its own, which ``Regions`` looks into later. Each file is read once, and again when it, its sidecar or Picasa's
file has changed, so another import doubles nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Final

from facetagger.entities import Change, Face, FaceOrigin, FaceState, NamedRegion, Photo, name_key
from facetagger.errors import FaceTaggerError, PhotoError
from facetagger.geometry import Box
from facetagger.imaging import isolation
from facetagger.imaging.formats import SUFFIXES
from facetagger.jobs.cancel import CancelToken
from facetagger.library import Act, Library
from facetagger.log import logger
from facetagger.metadata.picasa import INI_NAMES
from facetagger.metadata.read import read_regions
from facetagger.metadata.sidecar import SUFFIX
from facetagger.operations.import_writing import UNFINISHED
from facetagger.operations.naming import name_of_new

_CHUNK: Final = 32
_LIKEST_AREA: Final = 8.0
"""Ratio of areas up to which two boxes, each with the other's middle in it, are one face: programs draw them from the
eyebrows to the chin, or with all the hair."""

_WHOLE_PHOTO: Final = 0.9
"""Area from which a region says that somebody is on the photo, and not where."""

_NOBODY: Final = frozenset({"_unknown_", "unknown", "unknown person", "unnamed", "unconfirmed", "ignored", "?", "??"})
"""What programs write for a face that has no name."""


def read_found_regions(
    library: Library, files: Sequence[Path], cancel: CancelToken, on_change: Callable[[Change], None]
) -> None:
    """Reads what is new in the metadata of those ``files`` that the library has; ``on_change`` hears of each chunk.

    Raises ``Cancelled`` between two chunks; what is written stays. Damaged metadata count as none, and a file that the
    reader stumbles over is tried again by the next import.
    """
    known = library.found_names.stamps()
    listing = cache(_listing)
    stamps = ((path, _stamp(path, listing(path.parent))) for path in files)
    fresh = ((path, stamp) for path, stamp in stamps if stamp != known.get(path))
    while chunk := dict(islice(fresh, _CHUNK)):
        cancel.checkpoint()
        held = {path: photo for path in chunk if (photo := _photo_in(library, path)) is not None}
        found = {path: regions for path in held if (regions := _regions_in(path, held[path])) is not None}
        with library.transaction() as act:
            for path, regions in found.items():
                _write(act, held[path], regions, library.faces.of_photo(held[path].id))
            act.found_names.set_read({path: chunk[path] for path in found})
        on_change(act.change)


def _photo_in(library: Library, path: Path) -> Photo | None:
    """The photo that the regions of a file are about: its first page. None where the library does not have the file,
    or not the picture that it holds now."""
    record = library.photos.file(path)
    if record is None:
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    stamp = (record.byte_size, record.mtime_ns)
    if stamp not in ((status.st_size, status.st_mtime_ns), UNFINISHED):
        return None
    photos = library.photos.find(record.image_hash)
    return next((photo for photo in photos if photo.page == 0 and photo.crop is None), None)


def _regions_in(path: Path, photo: Photo) -> list[NamedRegion] | None:
    """Read in a process of its own: what parses metadata is fed whatever lies in the user's folders. None where that
    process had to be ended."""
    try:
        return isolation.call(path, read_regions, path, photo.stored_size)
    except PhotoError as error:
        logger.warning("The metadata of a photo cannot be read: %s", error)
        return None


def _listing(folder: Path) -> dict[str, str]:
    """The files of a folder by their names in casefold, with size and time."""
    found: dict[str, str] = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in filter(_matters, entries):
            with suppress(OSError):
                status = entry.stat()
                found[entry.name.casefold()] = f"{status.st_size} {status.st_mtime_ns}"
    return found


def _matters(entry: os.DirEntry[str]) -> bool:
    return entry.name.casefold().endswith((SUFFIX, *SUFFIXES)) or entry.name in INI_NAMES


def _stamp(path: Path, listing: dict[str, str]) -> str:
    """What decides what is known about a photo: its file, its sidecars, Picasa's file of the folder."""
    names = (path.name, path.name + SUFFIX, path.with_suffix(SUFFIX).name, *INI_NAMES)
    return "; ".join(listing.get(name.casefold(), "") for name in dict.fromkeys(names))


def _write(act: Act, photo: Photo, regions: Sequence[NamedRegion], faces: Sequence[Face]) -> None:
    placed = _placed(regions, faces)
    for region, face in zip(placed, match(placed, faces), strict=True):
        if face is None:
            face_id = act.faces.add(photo.id, region.box, None, 1.0, FaceOrigin.METADATA, photo.stored_size)
        elif face.state is FaceState.CONFIRMED:
            continue
        else:
            face_id = face.id
        if is_name(region.name):
            act.found_names.put(face_id, region.name, region.found_in)


def _placed(regions: Sequence[NamedRegion], faces: Sequence[Face]) -> list[NamedRegion]:
    """The regions that say where a face is. One that is the whole photo means the only face there is, or none."""
    whole = [region for region in regions if region.box.area >= _WHOLE_PHOTO]
    placed = [region for region in regions if region.box.area < _WHOLE_PHOTO]
    if len(whole) == 1 and not placed and len(faces) == 1:
        return [replace(whole[0], box=faces[0].box)]
    return placed


def is_name(text: str) -> bool:
    """Whether a region's name may be somebody's."""
    try:
        name_of_new(text)
    except FaceTaggerError:
        return False
    return name_key(text) not in _NOBODY


def match(regions: Sequence[NamedRegion], faces: Sequence[Face]) -> list[Face | None]:
    """The face that each region is about, each face at most once; the best overlap chooses first."""
    pairs = [
        (region.box.iou(face.box), row, face)
        for row, region in enumerate(regions)
        for face in faces
        if _is_same_face(region.box, face.box)
    ]
    found: dict[int, Face] = {}
    taken = set()
    for _, row, face in sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2].id)):
        if row not in found and face.id not in taken:
            found[row] = face
            taken.add(face.id)
    return [found.get(row) for row in range(len(regions))]


def _is_same_face(one: Box, other: Box) -> bool:
    """Neighbours in a hug overlap, but the middle of one is not in the other."""
    if not (one.contains(*other.center) and other.contains(*one.center)):
        return False
    return max(one.area, other.area) <= _LIKEST_AREA * min(one.area, other.area)

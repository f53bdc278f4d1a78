"""A library of very many photos: rows over a few real files, each under many names."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from facetagger.entities import FaceOrigin, PhotoId
from facetagger.geometry import Box, Size
from facetagger.imaging.probe import PageInfo, probe
from facetagger.library import Act, Library

PHOTOS_PER_ALBUM: Final = 1000


def make_large_library(folder: Path, files: Sequence[Path], photos: int) -> None:
    """``photos`` photos in albums of a thousand, one unnamed face each, their pictures those of ``files`` in turn."""
    names = folder / "photos"
    pages = [(file.resolve(), probe(file)[0]) for file in files]
    with Library.open(folder / "library") as library:
        for start in range(0, photos, PHOTOS_PER_ALBUM):
            album_folder = names / f"Box {start // PHOTOS_PER_ALBUM + 1}"
            album_folder.mkdir(parents=True)
            numbers = range(start, min(start + PHOTOS_PER_ALBUM, photos))
            with library.transaction() as act:
                album = act.albums.add(album_folder.name, album_folder)
                chosen = itertools.islice(itertools.cycle(pages), start % len(pages), None)
                added = [_add(act, album_folder, number, *page) for number, page in zip(numbers, chosen, strict=False)]
                act.albums.add_photos(album, added)


def _add(act: Act, folder: Path, number: int, file: Path, page: PageInfo) -> PhotoId:
    path = folder / f"scan {number:05}{file.suffix}"
    path.symlink_to(file)
    stamp, identity = file.stat(), hashlib.sha256(path.name.encode()).digest()
    taken = f"{1900 + number % 100}-07-01T12:00:00"
    photo_id = act.photos.add(identity, 0, page.stored_size, page.orientation, taken)
    act.photos.put_file(path, identity, stamp.st_size, stamp.st_mtime_ns)
    act.faces.add(photo_id, Box(0.4, 0.3, 0.2, 0.25), None, 0.99, FaceOrigin.DETECTED, Size(640, 480))
    return photo_id

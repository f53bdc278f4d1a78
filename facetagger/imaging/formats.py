"""What counts as a photograph: the formats by their first bytes, the files of a folder by their names."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final


class Format(StrEnum):
    """Values are Pillow's names of the formats."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    TIFF = "TIFF"
    BMP = "BMP"
    GIF = "GIF"
    HEIF = "HEIF"
    AVIF = "AVIF"
    JPEG_2000 = "JPEG2000"


SUFFIXES: Final = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".gif", ".heic", ".heif", ".hif",
        ".avif", ".jp2", ".j2k", ".jpf", ".jpx",
    }
)  # fmt: skip
"""Lower case, with the dot. Which decoder reads a file is decided by its contents, not by its name."""

LIBRARY_SUFFIX: Final = ".facetagger"

CACHE_MARK: Final = "CACHEDIR.TAG"
"""Marks a folder of things that can be made again (the Cache Directory Tagging specification)."""

_HEIF_BRANDS: Final = frozenset({b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"})
_AVIF_BRANDS: Final = frozenset({b"avif", b"avis"})
_MAGIC: Final = (
    (b"\xff\xd8\xff", Format.JPEG),
    (b"\x89PNG\r\n\x1a\n", Format.PNG),
    (b"II*\0", Format.TIFF),
    (b"MM\0*", Format.TIFF),
    (b"II+\0", Format.TIFF),
    (b"MM\0+", Format.TIFF),
    (b"BM", Format.BMP),
    (b"GIF87a", Format.GIF),
    (b"GIF89a", Format.GIF),
    (b"\0\0\0\x0cjP  ", Format.JPEG_2000),
    (b"\xff\x4f\xff\x51", Format.JPEG_2000),
)

# Folders in which network drives, systems and archivers keep previews, deleted files and forks.
_FOREIGN_FOLDERS: Final = frozenset({"@eadir", "#recycle", "$recycle.bin", "system volume information", "__macosx"})
_WINDOWS_HIDDEN: Final = 0x2


def sniff(head: bytes) -> Format | None:
    """The format of a file that begins with ``head`` (12 bytes are enough), None if it is none of ours."""
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if head[4:8] == b"ftyp" and head[8:12] in _HEIF_BRANDS:
        return Format.HEIF
    if head[4:8] == b"ftyp" and head[8:12] in _AVIF_BRANDS:
        return Format.AVIF
    return None


def natural_key(text: str) -> tuple[tuple[int, int, str], ...]:
    """Sorts ``scan2`` before ``scan10``, letters without regard to case."""
    parts = re.split(r"([0-9]+)", text.casefold())
    return tuple((1, int(part), "") if part.isdecimal() else (0, 0, part) for part in parts if part)


def find_photos(paths: Iterable[Path]) -> list[Path]:
    """The photographs among ``paths`` and in the folders among them, absolute, each once.

    A folder's own files come before its sub-folders', in natural order. Left out inside folders: hidden files and
    folders, files whose suffix is not in ``SUFFIXES`` (sidecars, say), library folders, caches. Symbolic links are
    followed, each folder entered once. What was named itself is never left out: a file that is no photograph or does
    not exist is in the result, and ``probe`` says what is wrong with it. So is a folder that cannot be opened.
    """
    found: dict[Path, None] = {}
    entered: set[tuple[int, int]] = set()
    for path in paths:
        absolute = path.absolute()
        found.update(dict.fromkeys(_walk(absolute, entered) if absolute.is_dir() else (absolute,)))
    return list(found)


def _walk(folder: Path, entered: set[tuple[int, int]]) -> Iterator[Path]:
    try:
        status = folder.stat()
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: (natural_key(entry.name), entry.name))
    except OSError:
        yield folder
        return
    identity = (status.st_dev, status.st_ino)
    if identity in entered or any(entry.name == CACHE_MARK for entry in entries):
        return
    entered.add(identity)
    visible = [entry for entry in entries if not _is_hidden(entry)]
    folders = [entry for entry in visible if _is_folder(entry)]
    folder_names = {entry.name for entry in folders}
    for entry in visible:
        if Path(entry.name).suffix.lower() in SUFFIXES and entry.name not in folder_names:
            yield Path(entry.path)
    for entry in folders:
        if entry.name.lower() not in _FOREIGN_FOLDERS and not entry.name.lower().endswith(LIBRARY_SUFFIX):
            yield from _walk(Path(entry.path), entered)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        # A link that leads to itself; as a file it is found, and probing says what is wrong.
        return False


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & getattr(stat, "FILE_ATTRIBUTE_HIDDEN", _WINDOWS_HIDDEN))

"""What on the disk is new: compares files with what the library knows, reading as little of them as it can."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from facetagger.errors import PhotoError
from facetagger.imaging.hashing import image_hash
from facetagger.imaging.probe import PageInfo, probe

CHUNK = 64
"""Files looked at together: enough to keep the disk busy, few enough that the first photos appear at once."""


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A readable file: its stamp (bytes, nanoseconds), the hash of its image data, and its pages."""

    path: Path
    byte_size: int
    mtime_ns: int
    image_hash: bytes
    pages: tuple[PageInfo, ...]


@dataclass(frozen=True, slots=True)
class Untouched:
    """A file whose stamp is the one the library remembers."""

    path: Path


@dataclass(frozen=True, slots=True)
class Unreadable:
    path: Path
    error: PhotoError


Seen = FileFacts | Untouched | Unreadable


def look(path: Path, remembered: tuple[int, int] | None) -> Seen:
    """Looks at one file; a stamp (size, mtime_ns) that is remembered spares reading it."""
    try:
        status = path.stat()
        stamp = (status.st_size, status.st_mtime_ns)
        if stamp == remembered:
            return Untouched(path)
        pages = probe(path)
        return FileFacts(path, *stamp, image_hash(path), pages)
    except PhotoError as error:
        return Unreadable(path, error)
    except OSError as error:
        reason = error.strerror or str(error)
        return Unreadable(
            path, PhotoError("The file cannot be read.", reason, "Check that it still exists and may be opened.")
        )


def look_at_all(
    paths: Iterable[Path], remembered: dict[Path, tuple[int, int]], executor: Executor
) -> Iterator[list[Seen]]:
    """Looks at files chunk by chunk, in order."""
    rest = iter(paths)
    while chunk := list(islice(rest, CHUNK)):
        yield list(executor.map(lambda path: look(path, remembered.get(path)), chunk))


def is_gone(path: Path) -> bool:
    """Whether there is certainly no such file: a disk that does not answer, or a closed folder, proves nothing."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def has_vanished(path: Path, roots: Iterable[Path]) -> bool:
    """Whether the file is gone from below one of the ``roots`` while its place is there.

    Where the place itself may be away nothing is said: a root that is not there, a link that leads nowhere, or an empty
    folder, which is what an unplugged drive leaves behind.
    """
    if not is_gone(path):
        return False
    nearest = next((folder for folder in path.parents if os.path.lexists(folder)), path)
    try:
        with os.scandir(nearest) as entries:
            has_others = next(entries, None) is not None
    except OSError:
        return False
    return has_others and any(nearest.is_relative_to(root) for root in roots)


def absolute(path: Path) -> Path:
    """The absolute path without resolving links, so that an album stays where the user sees it."""
    return Path(os.path.abspath(path))  # noqa: PTH100  Path.absolute keeps "..", Path.resolve follows links

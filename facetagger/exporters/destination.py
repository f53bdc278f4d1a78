"""The folder an export writes into: safe names, no originals, no file replaced by another."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import Final

from facetagger.errors import FaceTaggerError

_MAX_NAME_BYTES: Final = 240
"""Most file systems take 255; the rest is for " (2)" and ".xmp"."""
_FORBIDDEN: Final = re.compile(r'[<>:"|?*\x00-\x1f\x7f]')
_RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_DISK_FAULTS: Final = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
_OF_ONE_FILE: Final = {errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ}


_MEMORY: Final = ".facetagger-export"
"""In the root: the copies made without names, a path a line. Nothing in such a copy tells it from the user's files."""


class Destination:
    """Hands out the places for one export run. ``root`` need not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._claimed: set[str] = set()
        self._plain_copies = self._remembered()

    def made(self, path: Path) -> bool:
        """Whether an export made this file, as a copy without names."""
        return os.fsencode(path.relative_to(self.root)) in self._plain_copies

    def remember(self, path: Path) -> None:
        """Notes a copy that was made without names."""
        line = os.fsencode(path.relative_to(self.root))
        if line not in self._plain_copies:
            self._plain_copies.add(line)
            with (self.root / _MEMORY).open("ab") as file:
                file.write(line + b"\n")

    def _remembered(self) -> set[bytes]:
        try:
            return set((self.root / _MEMORY).read_bytes().splitlines())
        except OSError:
            return set()

    def folder(self, album: str) -> Path:
        """The folder for an album, not yet made. Its name has no part that could lead out of the destination."""
        return self.root.joinpath(*_safe_parts(album))

    def refuse_originals(self, albums: Iterable[str], originals: Iterable[Path]) -> None:
        """Raises ``FaceTaggerError`` where an export would mix with the photographs it comes from."""
        holding = {folder.resolve() for folder in {path.parent for path in originals}}
        for folder in (self.root, *map(self.folder, dict.fromkeys(albums))):
            if folder.resolve() in holding:
                raise FaceTaggerError(
                    f"{folder} holds original photos.",
                    "Exported files would be mixed with them.",
                    "Choose another folder to export to.",
                )

    def claim(self, folder: Path, file_name: str, may_take: Callable[[Path], bool], *, added: str = "") -> Path:
        """A path in ``folder`` that nothing else of this run has: free, or that of a file which ``may_take`` accepts.

        The folder is made. Names that are taken get " (2)", " (3)" and so on, ``photo (2).jpg.xmp`` where ``added`` is
        the ``.xmp`` of a sidecar.
        """
        self._make(folder)
        for name in _numbered(_shortened(PurePath(file_name).name)):
            path = folder / f"{name}{added}"
            # Two names that differ in case only are one file on Windows and macOS.
            key = str(path).casefold()
            if key in self._claimed:
                continue
            if not os.path.lexists(path) or (path.is_file() and not path.is_symlink() and may_take(path)):
                self._claimed.add(key)
                return path
        raise AssertionError("the numbers do not end")

    def _make(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if not folder.resolve().is_relative_to(self.root.resolve()):
            raise FaceTaggerError(
                f"{folder} leads out of the folder to export to.",
                "It is a link to another place.",
                "Remove the link, or choose another folder.",
            )

    @contextmanager
    def faults(self) -> Iterator[None]:
        """Turns what is the destination's fault, a full disk say, into a ``FaceTaggerError``; other errors pass."""
        try:
            yield
        except OSError as error:
            if not self._is_at_fault(error):
                raise
            reason = error.strerror or str(error)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise FaceTaggerError(
                    "The disk is full.", f"{self.root}: {reason}.", "Make room on it or choose another folder."
                ) from error
            raise FaceTaggerError(
                f"{self.root} cannot be written.", f"{reason}.", "Choose a folder you may write to."
            ) from error

    def _is_at_fault(self, error: OSError) -> bool:
        if error.errno in _DISK_FAULTS:
            return True
        paths = [Path(os.fsdecode(each)) for each in (error.filename, error.filename2) if isinstance(each, str | bytes)]
        is_here = any(path.is_relative_to(self.root) or self.root.is_relative_to(path) for path in paths)
        return is_here and error.errno not in _OF_ONE_FILE


def _safe_parts(album: str) -> list[str]:
    """``../Müller/c:`` gives ``Müller`` and ``c_``."""
    parts = (_safe_part(part) for part in re.split(r"[/\\]", album))
    return [part for part in parts if part] or ["album"]


def _safe_part(part: str) -> str:
    """A folder name that every file system takes; empty for ``.``, ``..`` and nothing."""
    cleaned = _FORBIDDEN.sub("_", part).strip().rstrip(". ")
    if _RESERVED.fullmatch(cleaned):
        cleaned = f"_{cleaned}"
    return os.fsdecode(_cut(os.fsencode(cleaned), _MAX_NAME_BYTES))


def _shortened(file_name: str) -> str:
    name = PurePath(file_name)
    return os.fsdecode(_cut(os.fsencode(name.stem), _MAX_NAME_BYTES - len(os.fsencode(name.suffix)))) + name.suffix


def _cut(data: bytes, limit: int) -> bytes:
    """At most ``limit`` bytes, without half a character at the end."""
    if len(data) <= limit:
        return data
    while limit and data[limit] & 0xC0 == 0x80:
        limit -= 1
    return data[:limit]


def _numbered(file_name: str) -> Iterator[str]:
    name = PurePath(file_name)
    yield file_name
    number = 2
    while True:
        yield f"{name.stem} ({number}){name.suffix}"
        number += 1

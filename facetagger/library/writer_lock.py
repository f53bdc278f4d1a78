"""The lock that lets one process write a library. The system releases it when the process ends, however it ends."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Final

from facetagger.errors import LibraryError

FILE_NAME: Final = "library.lock"

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Held from construction to ``release``. Raises ``LibraryError`` where another writer holds it."""

    def __init__(self, folder: Path) -> None:
        path = folder / FILE_NAME
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LibraryError(
                "The library cannot be written.",
                f"{path}: {error.strerror}.",
                "Allow writing to the folder, or choose another library.",
            ) from error
        try:
            _lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise LibraryError(
                    "The library is open in another window or program.",
                    f"{folder} is being written by another facetagger.",
                    "Close the other one and try again.",
                ) from error
            raise LibraryError(
                "The library cannot be protected against a second writer.",
                f"{path}: {error.strerror}.",
                "Keep the library on a disk of this computer.",
            ) from error

    def release(self) -> None:
        """The file stays: removing it would let two writers lock two files of one name."""
        os.close(self._descriptor)

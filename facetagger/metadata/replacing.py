"""Files are replaced whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def replace_bytes(path: Path, data: bytes, verify: Callable[[Path], None] | None = None) -> None:
    """Writes ``data`` to a temporary file in the same folder, lets ``verify`` read it and raise, and moves it there.

    The permissions of the file that was there are kept. Raises ``OSError``; the old file is then as it was.
    """
    temporary = temporary_beside(path)
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        if verify is not None:
            verify(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def temporary_beside(path: Path) -> Path:
    """A name that is not taken, in the same folder so that it can be moved to ``path`` at once."""
    return path.with_name(f".facetagger-{secrets.token_hex(8)}{path.suffix[:16]}")

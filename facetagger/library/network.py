"""Whether a folder lies on a network drive, where SQLite's WAL (shared memory) does not work."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

_KINDS: Final = ("nfs", "cifs", "smb", "9p", "afs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "davfs", "ncpfs")


if sys.platform == "win32":
    import ctypes

    _DRIVE_REMOTE: Final = 4

    def is_on_network(folder: Path) -> bool:
        """Best effort: false where the system does not say."""
        anchor = folder.resolve().anchor
        return anchor.startswith("\\\\") or ctypes.windll.kernel32.GetDriveTypeW(anchor) == _DRIVE_REMOTE
else:

    def is_on_network(folder: Path) -> bool:
        """Best effort: false where the system does not say."""
        try:
            mounts = Path("/proc/mounts").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return False
        return kind_of(folder.resolve(), mounts).startswith(_KINDS)


def kind_of(folder: Path, mounts: str) -> str:
    """The file system of ``folder`` by the table of ``/proc/mounts``; empty where it is not there."""
    found, longest = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = Path(fields[1].replace("\\040", " "))
        if len(point.parts) >= longest and folder.is_relative_to(point):
            found, longest = fields[2], len(point.parts)
    return found

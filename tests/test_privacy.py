"""Nothing leaves the computer: a whole import, naming and export under an audit hook that forbids the network."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_CODE = """
import os, sys

LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto"}

def forbid(event, arguments):
    is_local = event == "socket.connect" and isinstance(arguments[1], (str, bytes))
    if event in LOOK_UPS or (event == "socket.connect" and not is_local):
        os.write(2, f"network: {event} {arguments}".encode())
        os._exit(3)

sys.addaudithook(forbid)
from pathlib import Path
from facetagger.exporters.export import ExportFormat
from facetagger.operations.session import Session

library, pictures, destination = map(Path, sys.argv[1:])
with Session.open(library) as session:
    assert session.importing.run(sorted(pictures.rglob("*.jpg"))[:2]).added == 2
    session.naming.name(session.library.faces.ids()[:1], "Grace")
    session.suggesting.refresh()
    session.reviewing.questions()
    assert session.exporting.run(destination, ExportFormat.PHOTOS).written
"""


def test_nothing_opens_a_network_connection(sample_album: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _CODE, tmp_path / "library", sample_album, tmp_path / "export"],
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert "network:" not in result.stderr
    assert result.returncode == 0, result.stderr

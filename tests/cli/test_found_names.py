"""Names of other programs on the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.test_commands import CommandLine
from tests.imaging.portrait import grace_hopper
from tests.metadata.samples import mwg, mwg_entry, xmp


def test_found_names_are_listed_taken_over_and_undone(tmp_path: Path) -> None:
    folder = tmp_path / "album"
    folder.mkdir()
    picture = grace_hopper()
    picture.save(folder / "portrait.jpg", quality=92)
    regions = mwg(
        mwg_entry("Grace", 0.46, 0.28, 0.4, 0.4), mwg_entry("Flag", 0.05, 0.05, 0.05, 0.05), width=picture.width,
        height=picture.height,
    )  # fmt: skip
    (folder / "portrait.jpg.xmp").write_bytes(xmp(f">{regions}"))
    command = CommandLine(tmp_path / "library")
    report = command.json("import", folder)
    assert report["found_names"] == {"faces": 2, "people": 2, "photos": 1, "taken": 0}
    rows = command.json("found-names")
    assert [(row["name"], row["person"], row["photos"], row["found_in"]) for row in rows] == [
        ("Flag", None, 1, ["sidecar"]),
        ("Grace", None, 1, ["sidecar"]),
    ]
    entry = command.json("found-names", "--take")
    assert sorted(entry["faces"]) == sorted(face for row in rows for face in row["faces"])
    command.json("undo")
    assert command.json("import", folder, "--names")["found_names"]["taken"] == 2
    assert {row["name"]: row["confirmed"] for row in command.json("people")} == {"Flag": 1, "Grace": 1}

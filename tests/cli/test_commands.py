"""The command line as a script uses it: one JSON document a command, on a copy of the imported sample album."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from facetagger.library import Library
from tests.imaging.portrait import grace_hopper

ROOT = Path(__file__).parents[2]


class CommandLine:
    def __init__(self, library: Path) -> None:
        self._library = library

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "facetagger", *map(str, arguments)],
            cwd=ROOT,
            env={**os.environ, "FACETAGGER_LIBRARY": str(self._library)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def json(self, *arguments: object) -> Any:
        result = self.run(*arguments, "--json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)


@pytest.fixture
def command(library_folder: Path) -> CommandLine:
    return CommandLine(library_folder)


def test_status_counts_what_is_there(command: CommandLine) -> None:
    status = command.json("status")
    assert list(status) == ["photos", "faces", "people", "confirmed", "open", "suggested", "ignored", "missing"]
    assert status["open"] == status["faces"] > 0


def test_faces_are_listed_in_upright_pixels(command: CommandLine) -> None:
    (face, *_) = command.json("faces")
    assert set(face) == {
        "face", "photo", "box", "upright_size", "score", "state", "person", "suggestion", "group"
    }  # fmt: skip
    left, top, width, height = face["box"]
    assert 0 <= left < left + width <= face["upright_size"][0]
    assert 0 <= top < top + height <= face["upright_size"][1]


def test_a_name_brings_suggestions_and_undo_takes_both_back(command: CommandLine) -> None:
    face = command.json("faces")[0]["face"]
    entry = command.json("name", face, "Grace Hopper")
    assert entry["text"] == "name Grace Hopper"
    assert entry["faces"] == [face]
    assert command.json("status")["suggested"] > 0
    assert [row["name"] for row in command.json("people")] == ["Grace Hopper"]
    assert [row["face"] for row in command.json("faces", "--person", "Grace Hopper")] == [face]
    command.json("undo")
    assert command.json("status")["suggested"] == 0
    command.json("redo")
    assert command.json("status")["confirmed"] == 1


def test_a_rejected_suggestion_does_not_come_back(command: CommandLine) -> None:
    command.json("name", command.json("faces")[0]["face"], "Grace")
    suggested = command.json("faces", "--state", "suggested")[0]
    command.json("reject", suggested["face"], "Grace")
    again = {row["face"]: row["suggestion"] for row in command.json("faces")}
    assert again[suggested["face"]] is None


def test_ignored_faces_are_listed_as_such(command: CommandLine) -> None:
    face = command.json("faces")[0]["face"]
    command.json("ignore", face)
    assert [row["face"] for row in command.json("faces", "--state", "ignored")] == [face]


def test_review_asks_about_many_faces_first(command: CommandLine) -> None:
    questions = command.json("review", "--limit", "3")
    assert questions
    assert all({"kind", "faces", "person", "probability", "gain"} == set(question) for question in questions)
    gains = [question["gain"] for question in questions]
    assert gains == sorted(gains, reverse=True)


def test_search_finds_photos_with_and_without_people(command: CommandLine) -> None:
    faces = command.json("faces")
    command.json("name", faces[0]["face"], "Grace Hopper")
    assert [row["photo"] for row in command.json("search", "Grace Hopper")] == [faces[0]["photo"]]
    assert faces[0]["photo"] not in {row["photo"] for row in command.json("search", '-"Grace Hopper"')}


def test_a_clean_library_passes_the_check(command: CommandLine) -> None:
    assert command.json("check")["problems"] == []


def test_an_error_is_a_sentence_that_says_what_to_do(command: CommandLine) -> None:
    result = command.run("name", "4711", "Grace")
    assert result.returncode == 1
    assert "no face 4711" in result.stderr
    assert "Traceback" not in result.stderr


def test_two_people_with_one_name_are_told_apart_by_id(command: CommandLine) -> None:
    first, second, third = (row["face"] for row in command.json("faces")[:3])
    command.json("name", first, "Anna")
    command.json("people", "split", second, "Anna")
    assert command.run("name", third, "Anna").returncode == 1
    ids = [row["person"] for row in command.json("people")]
    command.json("name", third, f"#{ids[0]}")
    assert {row["person"] for row in command.json("faces", "--state", "confirmed")} == {f"#{each}" for each in ids}


def test_a_library_that_is_open_elsewhere_is_not_written(command: CommandLine, library_folder: Path) -> None:
    from facetagger.operations.session import Session

    with Session.open(library_folder):
        result = command.run("undo")
    assert result.returncode == 1
    assert "open" in result.stderr


def test_the_library_may_be_named_anywhere_in_the_command(command: CommandLine, tmp_path: Path) -> None:
    other = tmp_path / "other"
    Library.open(other).close()
    command.json("name", command.json("faces")[0]["face"], "Nobody")
    for arguments in (["--library", other, "people"], ["people", "--library", other]):
        assert command.json(*arguments) == []
    result = command.run("people", "--library", other, "rename", "Nobody", "Somebody")
    assert result.returncode == 1
    assert [row["name"] for row in command.json("people")] == ["Nobody"]


def test_everything_that_is_set_about_a_person_is_one_entry(command: CommandLine) -> None:
    command.json("name", command.json("faces")[0]["face"], "Grace")
    entry = command.json("people", "set", "Grace", "--born", "1906", "--alias", "Amazing Grace", "--alias", "Gracie")
    assert entry["text"] == "describe Grace"
    assert command.json("people")[0]["born"] == "1906"
    assert command.json("people", "rename", "Gracie", "Grace Hopper")["text"] == "rename Grace to Grace Hopper"
    assert command.json("undo")["text"] == "rename Grace to Grace Hopper"
    assert command.json("undo")["text"] == "describe Grace"
    assert command.json("people")[0]["born"] is None
    assert command.run("people", "rename", "Gracie", "Somebody").returncode == 1


def test_a_name_may_begin_with_a_dash(command: CommandLine) -> None:
    face = command.json("faces")[0]["face"]
    result = command.run("name", "--json", face, "--", "-x")
    assert json.loads(result.stdout)["text"] == "name -x"
    assert [row["name"] for row in command.json("people")] == ["-x"]


@pytest.mark.parametrize(
    "arguments", [["status"], ["undo"], ["name", "1", "Grace"], ["people"], ["export", "out"], ["check"]]
)
def test_where_there_is_no_library_one_document_says_so(tmp_path: Path, arguments: list[str]) -> None:
    folder = tmp_path / "a file"
    folder.write_text("no folder")
    result = CommandLine(folder).run(*arguments, "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["error"]["title"]
    assert "Traceback" not in result.stderr


def test_an_export_of_which_nothing_came_is_a_failure_told_in_one_document(
    library_folder: Path, tmp_path: Path
) -> None:
    with Library.open(library_folder) as library, library.transaction() as act:
        for path, (size, _) in library.photos.file_stamps().items():
            record = library.photos.file(path)
            assert record is not None
            act.photos.put_file(tmp_path / "gone" / path.name, record.image_hash, size, 0)
            act.photos.forget_files([path])
    result = CommandLine(library_folder).run("export", tmp_path / "out", "--json")
    assert result.returncode == 1
    assert json.loads(result.stdout)["written"] == 0


def test_a_library_that_the_window_writes_can_be_read(command: CommandLine, library_folder: Path) -> None:
    with Library.open(library_folder) as library, library.transaction("Add Anna") as act:
        act.people.add("Anna")
        assert command.json("people") == []
        assert command.json("status")["people"] == 0


def test_export_writes_tables_below_its_folder_only(command: CommandLine, tmp_path: Path) -> None:
    report = command.json("export", tmp_path / "out", "--format", "csv")
    assert report["written"] == 1
    assert all(Path(path).is_relative_to(tmp_path / "out") for path in report["files"])


def test_a_thorough_import_looks_again_at_what_was_added_normally_and_boxes_are_as_the_photo_is_seen(
    command: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "lying.jpg"
    grace_hopper().rotate(90, expand=True).save(path)
    assert "more_faces" not in command.json("import", path)
    report = command.json("import", path, "--thorough")
    assert (report["added"], report["unchanged"], report["faces"]) == (0, 1, 0)
    assert report["more_faces"] == 0
    (face,) = command.json("faces", "--photo", path)
    assert face["upright_size"] == [512, 600]
    left, top, width, height = face["box"]
    assert 200 < left + width / 2 < 330
    assert 100 < top + height / 2 < 300

"""Tables and documents: what a spreadsheet or another program reads."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from facetagger.entities import Person, PersonId
from facetagger.exporters.export import ExportFormat, ExportItem, export
from facetagger.exporters.tables import COLUMNS, write_csv
from facetagger.geometry import Box, box_to_stored
from tests.exporters.samples import BOB, contents, face, item, original, stamps


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_table_has_one_row_a_face(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans", "Änne.jpg")
    faces = (face(), face(2, None, suggested=BOB))
    report = export([item(photo, *faces)], tmp_path / "out", ExportFormat.CSV)
    assert report.written == (tmp_path / "out/facetagger.csv",)
    assert report.written[0].read_bytes().startswith(b"\xef\xbb\xbf")
    rows = rows_of(report.written[0])
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["photo"] == str(photo)
    assert rows[0]["file_name"] == "Änne.jpg"
    assert [rows[0][key] for key in ("left", "top", "width", "height")] == ["8", "12", "16", "18"]
    assert [rows[0][key] for key in ("person", "state", "suggestion")] == ["Anna Müller", "confirmed", ""]
    assert [rows[1][key] for key in ("person", "state", "suggestion", "probability")] == ["", "open", "Bob", "0.8765"]
    assert rows[0]["taken"] == "1961-07-02T12:00:00"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_boxes_are_upright_pixels(tmp_path: Path, orientation: int) -> None:
    photo = original(tmp_path / "scans")
    stored = box_to_stored(Box(0.5, 0.25, 0.25, 0.5), orientation)
    export([item(photo, face(box=stored), orientation=orientation)], tmp_path / "out", ExportFormat.JSON)
    found = json.loads((tmp_path / "out/facetagger.json").read_text(encoding="utf-8"))["photos"][0]
    width, height = found["upright_size"]
    assert (width, height) == ((80, 60) if orientation < 5 else (60, 80))
    assert found["faces"][0]["box"] == [width / 2, height / 4, width / 4, height / 2]


@pytest.fixture
def photo_item(tmp_path: Path) -> ExportItem:
    return item(original(tmp_path / "scans"))


@given(start=st.sampled_from(["=", "+", "-", "@", "\t=", "\r", " =", ""]), rest=st.text(max_size=20))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_cell_starts_a_formula(photo_item: ExportItem, start: str, rest: str) -> None:
    name = start + rest
    stream = io.StringIO(newline="")
    write_csv([replace(photo_item, faces=(face(person=Person(PersonId(3), name)),), album=name)], stream)
    stream.seek(0)
    row = next(csv.DictReader(stream))
    for cell in (row["person"], row["album"]):
        assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
        assert cell in (name, f"'{name}")


def test_a_document_says_everything_with_a_version(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    report = export([item(photo, face(), face(2, None, suggested=BOB))], tmp_path / "out", ExportFormat.JSON)
    document = json.loads(report.written[0].read_text(encoding="utf-8"))
    assert (document["format"], document["version"]) == ("facetagger", 1)
    assert [each["name"] for each in document["people"]] == ["Anna Müller", "Bob"]
    assert document["people"][1] == {"id": 2, "name": "Bob", "aliases": ["Bobby"], "born": "1950", "died": ""}
    faces = document["photos"][0]["faces"]
    assert faces[0]["person"] == {"id": 1, "name": "Anna Müller"}
    assert faces[0]["stored_box"] == [0.1, 0.2, 0.2, 0.3]
    assert faces[1]["person"] is None
    assert faces[1]["suggestion"]["name"] == "Bob"


@pytest.mark.parametrize("export_format", [ExportFormat.CSV, ExportFormat.JSON])
def test_a_table_goes_to_the_file_that_was_named(tmp_path: Path, export_format: ExportFormat) -> None:
    items = [item(original(tmp_path / "scans"), face())]
    target = tmp_path / f"people.{export_format}"
    assert export(items, target, export_format).written == (target,)


@pytest.mark.parametrize("export_format", [ExportFormat.CSV, ExportFormat.JSON])
def test_a_table_never_replaces_another_and_is_written_once(tmp_path: Path, export_format: ExportFormat) -> None:
    photo, out = original(tmp_path / "scans"), tmp_path / "out"
    export([item(photo, face())], out, export_format)
    before = contents(out)
    export([item(photo, face())], out, export_format)
    assert contents(out) == before
    export([item(photo, face(person=BOB))], out, export_format)
    after = contents(out)
    assert sorted(after) == [f"facetagger (2).{export_format}", f"facetagger.{export_format}"]
    assert after[f"facetagger.{export_format}"] == before[f"facetagger.{export_format}"]


def test_a_table_may_lie_beside_originals(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    before = stamps(tmp_path / "scans")
    export([item(photo, face())], tmp_path / "scans", ExportFormat.CSV)
    after = stamps(tmp_path / "scans")
    assert after.pop("facetagger.csv")
    assert after == before


@pytest.mark.parametrize("export_format", [ExportFormat.CSV, ExportFormat.JSON])
def test_paths_that_are_not_text_are_written_as_escapes(tmp_path: Path, export_format: ExportFormat) -> None:
    try:
        photo = original(tmp_path / "scans", os.fsdecode(b"\xe9t\xe9.jpg"))
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    report = export([item(photo, face())], tmp_path / "out", export_format)
    assert "udce9t" in report.written[0].read_text(encoding="utf-8-sig")

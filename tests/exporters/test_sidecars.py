"""Sidecars below the destination, and nothing else."""

from __future__ import annotations

from pathlib import Path

from facetagger.exporters.export import ExportFormat, ExportReport, export
from facetagger.exporters.items import ExportItem
from facetagger.metadata.read import read_regions
from tests.exporters.samples import BOB, contents, face, item, original, stamps
from tests.metadata.samples import exiftool, xmp


def export_sidecars(items: list[ExportItem], destination: Path) -> ExportReport:
    return export(items, destination, ExportFormat.SIDECARS)


def test_each_named_photo_gets_one_sidecar(tmp_path: Path) -> None:
    scans = tmp_path / "scans"
    items = [item(original(scans, "a.jpg"), face()), item(original(scans, "b.jpg", 2))]
    report = export_sidecars(items, tmp_path / "out")
    assert list(contents(tmp_path / "out")) == ["Beach/a.jpg.xmp"]
    assert report.written == (tmp_path / "out/Beach/a.jpg.xmp",)
    assert exiftool(report.written[0])["XMP-iptcExt:PersonInImage"] == ["Anna Müller"]


def test_sidecars_put_beside_the_photos_are_read_back(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    report = export_sidecars([item(photo, face())], tmp_path / "out")
    (photo.parent / report.written[0].name).write_bytes(report.written[0].read_bytes())
    assert [each.name for each in read_regions(photo)] == ["Anna Müller"]


def test_an_existing_sidecar_keeps_its_other_properties(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    sidecar = tmp_path / "out" / "Beach" / "photo.jpg.xmp"
    sidecar.parent.mkdir(parents=True)
    sidecar.write_bytes(xmp('xmp:Rating="4">'))
    export_sidecars([item(photo, face())], tmp_path / "out")
    assert exiftool(sidecar)["XMP-xmp:Rating"] == 4
    assert exiftool(sidecar)["XMP-dc:Subject"] == ["Anna Müller"]


def test_exporting_again_changes_nothing_and_names_taken_back_go(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    export_sidecars([item(photo, face())], tmp_path / "out")
    before = stamps(tmp_path / "out")
    export_sidecars([item(photo, face())], tmp_path / "out")
    assert stamps(tmp_path / "out") == before
    export_sidecars([item(photo)], tmp_path / "out")
    assert b"Anna" not in contents(tmp_path / "out")["Beach/photo.jpg.xmp"]


def test_two_photos_of_one_name_never_share_a_sidecar(tmp_path: Path) -> None:
    one, two = original(tmp_path / "a"), original(tmp_path / "b", seed=2)
    export_sidecars([item(one, face())], tmp_path / "out")
    export_sidecars([item(two, face(person=BOB))], tmp_path / "out")
    found = contents(tmp_path / "out")
    assert sorted(found) == ["Beach/photo (2).jpg.xmp", "Beach/photo.jpg.xmp"]
    assert b"Bob" not in found["Beach/photo.jpg.xmp"]


def test_a_damaged_sidecar_is_left_alone(tmp_path: Path) -> None:
    photo = original(tmp_path / "scans")
    sidecar = tmp_path / "out" / "Beach" / "photo.jpg.xmp"
    sidecar.parent.mkdir(parents=True)
    sidecar.write_bytes(b"<x:xmpmeta")
    report = export_sidecars([item(photo, face())], tmp_path / "out")
    assert sidecar.read_bytes() == b"<x:xmpmeta"
    assert len(report.written) == 1

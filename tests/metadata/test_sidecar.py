"""Sidecars: what is in them stays, what is ours is brought up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from facetagger.entities import NamedRegion
from facetagger.geometry import Size
from facetagger.metadata.errors import DamagedXmpError
from facetagger.metadata.read import read_regions
from facetagger.metadata.sidecar import find_sidecars, marked_photo, sidecar_path, write_sidecar
from tests.metadata.samples import ANNA, BOB, SIZE, exiftool, make_photo, mwg, mwg_entry, near, xmp


def test_a_new_sidecar_is_read_by_exiftool(tmp_path: Path) -> None:
    sidecar = tmp_path / "photo.gif.xmp"
    assert write_sidecar(sidecar, [ANNA], SIZE, ["Carla"])
    found = exiftool(sidecar)
    assert found["File:FileType"] == "XMP"
    assert found["XMP-mwg-rs:RegionInfo"]["RegionList"][0]["Name"] == "Anna Müller"
    assert found["XMP-iptcExt:PersonInImage"] == ["Anna Müller", "Carla"]


def test_what_a_sidecar_says_stays(tmp_path: Path) -> None:
    sidecar = tmp_path / "photo.jpg.xmp"
    entries = mwg(mwg_entry("Dora", 0.5, 0.8, 0.1, 0.1))
    sidecar.write_bytes(
        b"<?xml version='1.0' encoding='UTF-8'?>\n"
        + xmp(f'xmp:Rating="4" photoshop:City="Köln"><dc:subject>lake</dc:subject>{entries}')
    )
    write_sidecar(sidecar, [ANNA], SIZE)
    found = exiftool(sidecar)
    assert found["XMP-xmp:Rating"] == 4
    assert found["XMP-photoshop:City"] == "Köln"
    assert found["XMP-dc:Subject"] == ["lake", "Anna Müller"]
    assert [each["Name"] for each in found["XMP-mwg-rs:RegionInfo"]["RegionList"]] == ["Dora", "Anna Müller"]


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    sidecar = tmp_path / "photo.jpg.xmp"
    sidecar.write_bytes(xmp('xmp:Rating="4">'))
    write_sidecar(sidecar, [ANNA, BOB], SIZE, mark="ab12")
    before = sidecar.read_bytes(), sidecar.stat().st_mtime_ns
    write_sidecar(sidecar, [ANNA, BOB], SIZE, mark="ab12")
    assert (sidecar.read_bytes(), sidecar.stat().st_mtime_ns) == before
    assert marked_photo(sidecar) == "ab12"


def test_names_taken_back_leave_the_sidecar(tmp_path: Path) -> None:
    sidecar = tmp_path / "photo.jpg.xmp"
    write_sidecar(sidecar, [ANNA, BOB], SIZE)
    write_sidecar(sidecar, [], SIZE)
    text = sidecar.read_text(encoding="utf-8")
    assert "Anna" not in text
    assert "Bob" not in text


def test_nothing_to_say_makes_no_sidecar(tmp_path: Path) -> None:
    sidecar = tmp_path / "photo.jpg.xmp"
    assert not write_sidecar(sidecar, [NamedRegion(ANNA.box, "")], SIZE)
    assert not sidecar.exists()


def test_a_damaged_sidecar_is_left_alone(tmp_path: Path) -> None:
    sidecar = tmp_path / "photo.jpg.xmp"
    sidecar.write_bytes(b"<x:xmpmeta")
    with pytest.raises(DamagedXmpError):
        write_sidecar(sidecar, [ANNA], SIZE)
    assert sidecar.read_bytes() == b"<x:xmpmeta"


def test_a_new_sidecar_starts_from_the_one_the_photo_has(tmp_path: Path) -> None:
    seed = tmp_path / "photo.xmp"
    seed.write_bytes(xmp('photoshop:City="Köln">'))
    before = seed.read_bytes()
    write_sidecar(tmp_path / "copy.jpg.xmp", [ANNA], SIZE, seed=seed)
    assert exiftool(tmp_path / "copy.jpg.xmp")["XMP-photoshop:City"] == "Köln"
    assert seed.read_bytes() == before


def test_names_beside_a_photo_come_back_as_regions(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photo.bmp")
    write_sidecar(sidecar_path(photo), [ANNA, BOB], SIZE)
    found = read_regions(photo)
    assert [each.name for each in found] == ["Anna Müller", "Bob"]
    assert all(near(one.box, two.box) for one, two in zip(found, (ANNA, BOB), strict=True))
    assert find_sidecars(photo) == [tmp_path / "photo.bmp.xmp"]


def test_real_sidecars_keep_every_property(data_folder: Path, tmp_path: Path) -> None:
    ours = ("RegionInfo", "PersonInImage", "ImageRegion", "Subject", "TagsList", "LastKeyword", "Hierarchical", "Names")
    volatile = ("SourceFile", "System:", "ExifTool:", "File:")
    originals = sorted((data_folder / "metadata" / "regions").rglob("*.xmp"))
    assert originals
    for original in originals[:12]:
        sidecar = tmp_path / original.name
        sidecar.write_bytes(original.read_bytes())
        before = exiftool(sidecar)
        write_sidecar(sidecar, [ANNA], Size(800, 600))
        after = exiftool(sidecar)
        kept = {key for key in before if not key.startswith(volatile) and not any(each in key for each in ours)}
        assert {key: after.get(key) for key in kept} == {key: before[key] for key in kept}
        assert set(before.get("XMP-dc:Subject", [])) <= set(after["XMP-dc:Subject"])

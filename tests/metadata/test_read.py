"""Regions that other programs left: every form, every orientation, and whatever damage."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from facetagger.entities import NamedRegion
from facetagger.geometry import Box, Size, box_to_upright, upright_size
from facetagger.metadata.read import read_regions
from facetagger.metadata.sidecar import sidecar_path
from tests.metadata.samples import make_photo, mwg, mwg_entry, near, with_xmp, xmp

FORMS = {
    "nested descriptions": mwg(mwg_entry("Anna", 0.3, 0.4, 0.2, 0.4)),
    "a sequence": mwg(mwg_entry("Anna", 0.3, 0.4, 0.2, 0.4), array="Seq"),
    "elements only": """<mwg-rs:Regions><rdf:Description><mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource">
        <mwg-rs:Name>Anna</mwg-rs:Name><mwg-rs:Area rdf:parseType="Resource">
        <stArea:x>0.3</stArea:x><stArea:y>0.4</stArea:y><stArea:w>0.2</stArea:w><stArea:h>0.4</stArea:h></mwg-rs:Area></rdf:li></rdf:Bag></mwg-rs:RegionList>
        </rdf:Description></mwg-rs:Regions>""",
    "Microsoft": """<MP:RegionInfo rdf:parseType="Resource"><MPRI:Regions><rdf:Bag><rdf:li
        MPReg:PersonDisplayName="Anna" MPReg:Rectangle="0.2, 0.2, 0.2, 0.4"/></rdf:Bag></MPRI:Regions>
        </MP:RegionInfo>""",
    "IPTC": """<Iptc4xmpExt:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:RegionBoundary
        Iptc4xmpExt:rbShape="rectangle" Iptc4xmpExt:rbUnit="relative" Iptc4xmpExt:rbX="0.2" Iptc4xmpExt:rbY="0.2"
        Iptc4xmpExt:rbW="0.2" Iptc4xmpExt:rbH="0.4"/><Iptc4xmpExt:PersonInImageWDetails><rdf:Bag><rdf:li
        rdf:parseType="Resource"><Iptc4xmpExt:PersonName><rdf:Alt><rdf:li xml:lang="x-default">Anna</rdf:li></rdf:Alt>
        </Iptc4xmpExt:PersonName></rdf:li></rdf:Bag></Iptc4xmpExt:PersonInImageWDetails></rdf:li></rdf:Bag>
        </Iptc4xmpExt:ImageRegion>""",
    "IPTC in pixels": """<Iptc4xmpExt:ImageRegion><rdf:Bag><rdf:li rdf:parseType="Resource"><Iptc4xmpExt:RegionBoundary
        Iptc4xmpExt:rbShape="rectangle" Iptc4xmpExt:rbUnit="pixel" Iptc4xmpExt:rbX="16" Iptc4xmpExt:rbY="12"
        Iptc4xmpExt:rbW="16" Iptc4xmpExt:rbH="24"/><Iptc4xmpExt:Name><rdf:Alt><rdf:li xml:lang="x-default">Anna</rdf:li>
        </rdf:Alt></Iptc4xmpExt:Name></rdf:li></rdf:Bag></Iptc4xmpExt:ImageRegion>""",
    "ACDSee": """<acdsee-rs:Regions rdf:parseType="Resource"><acdsee-rs:RegionList><rdf:Bag><rdf:li><rdf:Description
        acdsee-rs:Name="Anna" acdsee-rs:Type="Face" acdsee-rs:NameAssignType="manual"><acdsee-rs:DLYArea
        acdsee-stArea:x="0.3" acdsee-stArea:y="0.4" acdsee-stArea:w="0.2" acdsee-stArea:h="0.4"/><acdsee-rs:ALGArea
        acdsee-stArea:x="0.9" acdsee-stArea:y="0.9" acdsee-stArea:w="0.1" acdsee-stArea:h="0.1"/></rdf:Description>
        </rdf:li></rdf:Bag></acdsee-rs:RegionList></acdsee-rs:Regions>""",
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_region_is_read(tmp_path: Path, form: str) -> None:
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{FORMS[form]}"))
    found = read_regions(photo, Size(80, 60))
    assert [each.name for each in found] == ["Anna"]
    assert near(found[0].box, Box(0.2, 0.2, 0.2, 0.4))


@pytest.mark.parametrize("form", FORMS)
def test_a_sidecar_is_read_under_both_names(tmp_path: Path, form: str) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    for sidecar in (sidecar_path(photo), tmp_path / "photo.xmp"):
        sidecar.write_bytes(xmp(f">{FORMS[form]}"))
        assert [each.name for each in read_regions(photo, Size(80, 60))] == ["Anna"]
        sidecar.unlink()


def test_all_forms_together_give_one_face(tmp_path: Path) -> None:
    apart = [FORMS[each] for each in ("nested descriptions", "Microsoft", "IPTC", "ACDSee")]
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{''.join(apart)}"))
    sidecar_path(photo).write_bytes(xmp(f">{apart[0]}"))
    assert len(read_regions(photo)) == 1


def test_a_box_left_behind_by_another_dialect_gives_no_second_face(tmp_path: Path) -> None:
    moved = FORMS["Microsoft"].replace("0.2, 0.2, 0.2, 0.4", "0.7, 0.7, 0.2, 0.2")
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{FORMS['nested descriptions']}{moved}"))
    found = read_regions(photo)
    assert len(found) == 1
    assert near(found[0].box, Box(0.2, 0.2, 0.2, 0.4))


def test_a_name_settles_an_unnamed_region_at_the_same_place(tmp_path: Path) -> None:
    unnamed = mwg(mwg_entry("", 0.3, 0.4, 0.2, 0.4))
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{unnamed}{FORMS['Microsoft']}"))
    assert [each.name for each in read_regions(photo)] == ["Anna"]


def test_pets_focus_points_and_regions_without_an_area_are_left_out(tmp_path: Path) -> None:
    entries = [mwg_entry("Rex", 0.5, 0.5, 0.2, 0.2, kind="Pet"), mwg_entry("", 0.5, 0.5, 0.2, 0.2, kind="Focus"),
               mwg_entry("Nobody", 0.5, 0.5, 0, 0.2), '<rdf:Description mwg-rs:Name="Nowhere"/>']  # fmt: skip
    assert read_regions(with_xmp(tmp_path / "photo.jpg", xmp(f">{mwg(*entries)}"))) == []


def test_a_name_that_acdsee_gave_by_itself_is_not_a_name(tmp_path: Path) -> None:
    guessed = FORMS["ACDSee"].replace('"manual"', '"auto"')
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{guessed}"))
    assert [each.name for each in read_regions(photo)] == [""]


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"\0\0\0",
        b"no xml",
        xmp(">")[:-200],
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>",
        b"<a>" * 5000 + b"</a>" * 5000,
        b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        "<a/>".encode("utf-16"),
        b"<?xml version='1.0' encoding='klingon'?><a/>",
        xmp(f">{mwg(mwg_entry('Anna', 0.3, 0.4, 0.2, 0.4).replace('0.3', 'nan').replace('0.4', 'x'))}"),
        xmp("><mwg-rs:Regions>text</mwg-rs:Regions><MP:RegionInfo/>"),
    ],
)
def test_damaged_xmp_gives_nothing(tmp_path: Path, packet: bytes) -> None:
    assert read_regions(with_xmp(tmp_path / "photo.jpg", packet)) == []
    photo = make_photo(tmp_path / "other.jpg")
    sidecar_path(photo).write_bytes(packet)
    assert read_regions(photo) == []


def test_regions_made_before_a_crop_are_left_out_and_scaled_ones_are_kept(tmp_path: Path) -> None:
    face = mwg_entry("Anna", 0.3, 0.4, 0.2, 0.4)
    for width, height, expected in ((800, 600, 1), (6000, 8000, 1), (800, 500, 0), (640, 640, 0)):
        photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{mwg(face, width=width, height=height)}"))
        assert len(read_regions(photo, Size(80, 60))) == expected


def test_damage_is_noted_in_the_log_without_names(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    sidecar_path(photo).write_bytes(xmp(f">{FORMS['Microsoft']}")[:-40])
    with caplog.at_level(logging.WARNING, "facetagger"):
        assert read_regions(photo) == []
    assert "photo.jpg.xmp" in caplog.text
    assert "Anna" not in caplog.text


@given(st.binary(max_size=300), st.integers(0, 2000))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_in_a_packet_raise(tmp_path: Path, noise: bytes, place: int) -> None:
    packet = xmp(f">{''.join(FORMS.values())}")
    photo = with_xmp(tmp_path / "photo.jpg", packet[:place] + noise + packet[place + len(noise) :])
    for region in read_regions(photo):
        assert 0 <= region.box.left < region.box.right <= 1


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"not a photo at all"])
def test_a_file_that_is_no_photo_gives_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(content)
    assert read_regions(path) == []
    assert read_regions(tmp_path / "missing.jpg") == []


def test_picasa_rectangles_with_dropped_zeros_are_read(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "Scan01.JPG", format="JPEG")
    (tmp_path / ".picasa.ini").write_text(
        "[Picasa]\nname=100% summer\n[scan01.jpg]\n"
        "faces=rect64(4000200080006000),0abc;rect64(20004000600),ffffffffffffffff;rect64(broken),1\nrotate=rotate(0)\n"
        "[Contacts2]\nabc=Änne;;\n",
        encoding="utf-8",
    )
    found = read_regions(photo)
    assert [each.name for each in found] == ["Änne", ""]
    assert near(found[0].box, Box.from_corners(0x4000 / 65535, 0x2000 / 65535, 0x8000 / 65535, 0x6000 / 65535))
    assert near(found[1].box, Box.from_corners(0, 0x200 / 65535, 0x400 / 65535, 0x600 / 65535))


def test_picasa_names_come_from_the_program_where_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contacts = tmp_path / "Google" / "Picasa2" / "contacts" / "contacts.xml"
    contacts.parent.mkdir(parents=True)
    contacts.write_text('<contacts><contact id="abc" name="Änne Öz"/></contacts>', encoding="utf-8")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    photo = make_photo(tmp_path / "scan.jpg")
    (tmp_path / ".picasa.ini").write_text("[scan.jpg]\nfaces=rect64(4000200080006000),abc\n", encoding="utf-8")
    assert [each.name for each in read_regions(photo)] == ["Änne Öz"]


def _size_and_orientation(photo: Path) -> tuple[Size, int]:
    with Image.open(photo) as image:
        return Size(*image.size), image.getexif().get(0x0112, 1) or 1


def _upright_pixels(region: NamedRegion, photo: Path) -> Box:
    size, orientation = _size_and_orientation(photo)
    return box_to_upright(region.box, orientation).to_pixels(upright_size(size, orientation))


def test_another_gallery_reads_the_same_regions(data_folder: Path) -> None:
    checked = 0
    for record in sorted((data_folder / "metadata" / "regions").rglob("*.json")):
        expected = json.loads(record.read_text(encoding="utf-8")).get("faces", [])
        photo = record.with_suffix(".jpg")
        if not expected or not photo.exists():
            continue
        found = {(each.name, round(_upright_pixels(each, photo).left)): each for each in read_regions(photo)}
        assert len(found) == len(expected), photo
        for face in expected:
            box = face["box"]
            same = [_upright_pixels(each, photo) for (name, _), each in found.items() if name == face["name"]]
            wanted = Box(box["left"], box["top"], box["width"], box["height"])
            assert any(near(each, wanted, tolerance=2.1) for each in same), (photo, face)
            checked += 1
    assert checked >= 8


@pytest.mark.parametrize("number", range(9))
def test_a_face_is_in_one_place_whatever_the_orientation(data_folder: Path, number: int) -> None:
    photo = data_folder / "metadata" / "regions" / "orientation" / f"Portrait_{number}.jpg"
    found = read_regions(photo)
    assert [each.name for each in found] == ["Joe"]
    assert near(_upright_pixels(found[0], photo), Box(468, 1090, 123, 133), tolerance=2)


@pytest.mark.parametrize("number", [3, 6, 8])
def test_turned_photographs_have_their_people_in_one_place(data_folder: Path, number: int) -> None:
    folder = data_folder / "metadata" / "regions" / "sidecar" / "orientation"
    for photo in sorted(folder.glob(f"photo.{number}.*.jpg")):
        found = {each.name: _upright_pixels(each, photo) for each in read_regions(photo)}
        assert sorted(found) == ["Marie Curie", "Pierre Curie"]
        assert near(found["Marie Curie"], Box(262, 146, 95, 139), tolerance=1)


def test_all_picasa_rectangles_of_two_group_photos_are_read(data_folder: Path) -> None:
    folder = data_folder / "metadata" / "picasa"
    found = {photo.name: read_regions(photo) for photo in sorted(folder.glob("*.jpg"))}
    assert sum(map(len, found.values())) == 11
    named = {each.name for each in found["modern_family_pic_2.jpg"]}
    assert named == {"Claire", "Luke", "Alex", "Haley", "Phil", ""}


def test_hostile_files_raise_nothing(data_folder: Path) -> None:
    for photo in sorted((data_folder / "bad").iterdir()):
        assert isinstance(read_regions(photo), list)

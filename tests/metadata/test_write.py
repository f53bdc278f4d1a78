"""Names in photographs: what other programs read from them, and what must not change."""

from __future__ import annotations

import logging
import os
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from facetagger.entities import NamedRegion
from facetagger.geometry import Box, Size, box_to_stored, box_to_upright
from facetagger.imaging.hashing import image_hash
from facetagger.metadata.errors import DamagedXmpError, UnwritableError
from facetagger.metadata.read import read_regions
from facetagger.metadata.write import write_names
from tests.metadata.samples import (
    ANNA,
    BOB,
    SIZE,
    WRITABLE,
    decoded,
    exiftool,
    make_photo,
    mwg,
    mwg_entry,
    near,
    pixels,
    with_xmp,
    xmp,
)

ODD_NAMES = (
    "Änne Öztürk-Ñuñez",
    'Karl "Kalle" O\'Neill, jr.',
    "李小龙",
    "Zoë 👩‍👧 𝔐",
    "a/b|c",
    "<b>&amp;</b>",
    "People",
    "x" * 3000,
)


@pytest.mark.parametrize("file_name", WRITABLE)
def test_exiftool_reads_every_form_of_the_names(tmp_path: Path, file_name: str) -> None:
    photo = make_photo(tmp_path / file_name)
    assert write_names(photo, [ANNA, BOB], SIZE, ["Carla"])
    found = exiftool(photo)
    info = found["XMP-mwg-rs:RegionInfo"]
    assert info["AppliedToDimensions"] == {"W": 80, "H": 60, "Unit": "pixel"}
    assert [each["Name"] for each in info["RegionList"]] == ["Anna Müller", "Bob"]
    assert info["RegionList"][0]["Type"] == "Face"
    assert info["RegionList"][0]["Area"] == {"X": 0.2, "Y": 0.35, "W": 0.2, "H": 0.3, "Unit": "normalized"}
    regions = found["XMP-MP:RegionInfoMP"]["Regions"]
    assert regions[0] == {"PersonDisplayName": "Anna Müller", "Rectangle": "0.1, 0.2, 0.2, 0.3"}
    boundary = found["XMP-iptcExt:ImageRegion"][1]["RegionBoundary"]
    assert boundary == {"RbShape": "Rectangle", "RbUnit": "Relative", "RbX": 0.6, "RbY": 0.2, "RbW": 0.25, "RbH": 0.4}
    everybody = ["Anna Müller", "Bob", "Carla"]
    assert found["XMP-iptcExt:PersonInImage"] == everybody
    assert found["XMP-dc:Subject"] == everybody
    assert found["XMP-digiKam:TagsList"] == [f"People/{each}" for each in everybody]
    assert found["XMP-microsoft:LastKeywordXMP"] == [f"People/{each}" for each in everybody]
    assert found["XMP-lr:HierarchicalSubject"] == [f"People|{each}" for each in everybody]


@pytest.mark.parametrize("file_name", WRITABLE)
def test_the_picture_stays_as_it_was(tmp_path: Path, file_name: str) -> None:
    photo = make_photo(tmp_path / file_name)
    before, shown = image_hash(photo), decoded(photo)
    write_names(photo, [ANNA], SIZE)
    assert image_hash(photo) == before
    assert np.array_equal(decoded(photo), shown)


@pytest.mark.parametrize("file_name", WRITABLE)
def test_writing_again_leaves_the_file_byte_for_byte(tmp_path: Path, file_name: str) -> None:
    photo = make_photo(tmp_path / file_name)
    write_names(photo, [ANNA, BOB], SIZE)
    before = photo.read_bytes()
    assert not write_names(photo, [ANNA, BOB], SIZE)
    assert photo.read_bytes() == before


@pytest.mark.parametrize("file_name", WRITABLE)
@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_come_back_as_they_were(tmp_path: Path, file_name: str, name: str) -> None:
    photo = make_photo(tmp_path / file_name)
    write_names(photo, [NamedRegion(ANNA.box, name)], SIZE)
    assert [each.name for each in read_regions(photo)] == [name]
    assert exiftool(photo, "-XMP:all")["XMP-iptcExt:PersonInImage"] == [name]


@given(
    name=st.text(min_size=1, max_size=40),
    left=st.floats(0, 0.9),
    top=st.floats(0, 0.9),
    width=st.floats(0.001, 0.1),
    height=st.floats(0.001, 0.1),
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_name_and_box_make_the_round_trip(
    tmp_path: Path, name: str, left: float, top: float, width: float, height: float
) -> None:
    photo = make_photo(tmp_path / "photo.png")
    box = Box(left, top, width, height)
    write_names(photo, [NamedRegion(box, name)], SIZE)
    found = read_regions(photo)
    legal = "".join(each for each in name if each.isprintable() or each.isspace())
    if legal == name and name.strip():
        assert [each.name for each in found] == [" ".join(name.split())]
    assert all(near(each.box, box) for each in found)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_face_drawn_on_a_turned_photo_is_written_where_the_file_has_it(tmp_path: Path, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = make_photo(tmp_path / "photo.jpg", exif=exif)
    upright = Box(0.1, 0.2, 0.3, 0.25)
    write_names(photo, [NamedRegion(box_to_stored(upright, orientation), "Anna")], SIZE)
    found = exiftool(photo, "-n")
    assert found["IFD0:Orientation"] == orientation
    assert found["XMP-mwg-rs:RegionInfo"]["AppliedToDimensions"] == {"W": 80, "H": 60, "Unit": "pixel"}
    assert near(box_to_upright(read_regions(photo)[0].box, orientation), upright)


def test_other_metadata_stay(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "At the lake"
    exif.get_ifd(0x8769)[0x9003] = "1961:07:02 12:00:00"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = make_photo(tmp_path / "photo.jpg", exif=exif, icc_profile=profile, comment=b"by hand", dpi=(300, 300))
    before = exiftool(photo)
    write_names(photo, [ANNA], SIZE)
    after = exiftool(photo)
    kept = {key: value for key, value in before.items() if not key.startswith(("System:", "ExifTool:", "SourceFile"))}
    assert {key: after.get(key) for key in kept} == kept
    with Image.open(photo) as image:
        assert image.info["icc_profile"] == profile


def test_foreign_properties_keywords_and_regions_stay(tmp_path: Path) -> None:
    caption = "First line&#xA;second &quot;line&quot;"
    face = mwg_entry("Dora", 0.5, 0.8, 0.1, 0.1)
    focus = mwg_entry("", 0.2, 0.35, 0.2, 0.3, kind="Focus")
    keywords = "<dc:subject><rdf:Bag><rdf:li>summer</rdf:li></rdf:Bag></dc:subject>"
    packet = xmp(f"""photoshop:Instructions="{caption}">{keywords}
      <my:note xmlns:my="urn:mine#">kept <!-- too --></my:note>{mwg(face, focus)}""")
    photo = with_xmp(tmp_path / "photo.jpg", packet)
    write_names(photo, [ANNA], SIZE)
    found = exiftool(photo)
    assert found["XMP-dc:Subject"] == ["summer", "Anna Müller"]
    assert found["XMP-photoshop:Instructions"] == 'First line\nsecond "line"'
    listed = found["XMP-mwg-rs:RegionInfo"]["RegionList"]
    assert [(each.get("Name", ""), each["Type"]) for each in listed] == [
        ("Dora", "Face"),
        ("", "Focus"),
        ("Anna Müller", "Face"),
    ]
    assert b"<my:note" in photo.read_bytes()
    assert b"<!-- too -->" in photo.read_bytes()


def test_a_face_that_another_program_named_is_updated_not_doubled(tmp_path: Path) -> None:
    old = mwg_entry("Anne Muller", 0.21, 0.36, 0.2, 0.3, extra="<mwg-rs:Description>at ten</mwg-rs:Description>")
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{mwg(old, array='Seq')}"))
    write_names(photo, [ANNA], SIZE)
    listed = exiftool(photo)["XMP-mwg-rs:RegionInfo"]["RegionList"]
    assert [each["Name"] for each in listed] == ["Anna Müller"]
    assert listed[0]["Description"] == "at ten"
    assert listed[0]["Area"]["X"] == 0.2


def test_a_name_that_another_program_placed_elsewhere_is_moved_not_doubled(tmp_path: Path) -> None:
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{mwg(mwg_entry('anna  müller', 0.7, 0.8, 0.1, 0.1))}"))
    write_names(photo, [ANNA], SIZE)
    found = read_regions(photo)
    assert [each.name for each in found] == ["Anna Müller"]
    assert near(found[0].box, ANNA.box)


def test_one_person_may_be_on_a_photo_twice(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    mirrored = NamedRegion(BOB.box, ANNA.name)
    write_names(photo, [ANNA, mirrored], SIZE)
    assert not write_names(photo, [ANNA, mirrored], SIZE)
    assert [each.name for each in read_regions(photo)] == [ANNA.name, ANNA.name]
    assert exiftool(photo)["XMP-dc:Subject"] == [ANNA.name]


def test_a_name_taken_back_leaves_the_copy_and_a_foreign_keyword_stays(tmp_path: Path) -> None:
    packet = xmp("><dc:subject><rdf:Bag><rdf:li>Bob</rdf:li></rdf:Bag></dc:subject>")
    photo = with_xmp(tmp_path / "photo.jpg", packet)
    write_names(photo, [ANNA, BOB], SIZE)
    write_names(photo, [BOB], SIZE)
    assert b"Anna" not in photo.read_bytes()
    write_names(photo, [], SIZE)
    assert exiftool(photo)["XMP-dc:Subject"] == ["Bob"]


def test_a_renamed_person_carries_only_the_new_name(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    write_names(photo, [NamedRegion(ANNA.box, "Anne")], SIZE)
    write_names(photo, [ANNA], SIZE)
    found = exiftool(photo)
    assert [each.name for each in read_regions(photo)] == ["Anna Müller"]
    assert found["XMP-digiKam:TagsList"] == ["People/Anna Müller"]
    assert "Anne" not in str(found)


def test_a_keyword_in_another_branch_of_the_tree_is_enough(tmp_path: Path) -> None:
    tag = "<digiKam:TagsList><rdf:Seq><rdf:li>Personen/Familie/Bob</rdf:li></rdf:Seq></digiKam:TagsList>"
    photo = with_xmp(tmp_path / "photo.jpg", xmp(f">{tag}"))
    write_names(photo, [BOB], SIZE)
    assert exiftool(photo)["XMP-digiKam:TagsList"] == ["Personen/Familie/Bob"]


def test_regions_without_a_name_are_not_written(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    before = photo.read_bytes()
    assert not write_names(photo, [NamedRegion(ANNA.box, " ")], SIZE)
    assert photo.read_bytes() == before


def test_a_box_that_reaches_over_the_edge_is_trimmed(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    write_names(photo, [NamedRegion(Box(-0.1, 0.8, 0.3, 0.4), "Bob")], SIZE)
    assert near(read_regions(photo)[0].box, Box(0, 0.8, 0.2, 0.2))


@pytest.mark.parametrize("file_name", ["photo.gif", "photo.bmp", "photo.heic"])
def test_formats_that_cannot_carry_names_are_refused_and_left_alone(tmp_path: Path, file_name: str) -> None:
    photo = tmp_path / file_name
    pixels().save(photo, "BMP" if file_name.endswith("bmp") else "GIF")
    before = photo.read_bytes()
    with pytest.raises(UnwritableError, match="sidecar"):
        write_names(photo, [ANNA], SIZE)
    assert photo.read_bytes() == before


def test_a_format_under_a_wrong_suffix_is_refused(tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    pixels().save(photo, "GIF")
    with pytest.raises(UnwritableError):
        write_names(photo, [ANNA], SIZE)


def test_damaged_xmp_is_never_overwritten(tmp_path: Path) -> None:
    photo = with_xmp(tmp_path / "photo.jpg", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF broken")
    before = photo.read_bytes()
    with pytest.raises(DamagedXmpError):
        write_names(photo, [ANNA], SIZE)
    assert photo.read_bytes() == before


def test_xmp_that_exiv2_does_not_understand_is_never_overwritten(tmp_path: Path) -> None:
    photo = with_xmp(tmp_path / "photo.jpg", xmp('><my:note xmlns:my="urn:mine#" my:by="me">text</my:note>'))
    before = photo.read_bytes()
    with pytest.raises(UnwritableError):
        write_names(photo, [ANNA], SIZE)
    assert photo.read_bytes() == before


def test_more_names_than_a_jpeg_can_hold_are_refused(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "photo.jpg")
    before = photo.read_bytes()
    crowd = [f"Person {number} {'x' * 200}" for number in range(200)]
    with pytest.raises(UnwritableError):
        write_names(photo, [ANNA], SIZE, crowd)
    assert photo.read_bytes() == before
    assert os.listdir(tmp_path) == ["photo.jpg"]  # noqa: PTH208 - hidden files count


def test_every_page_of_a_scan_stays(tmp_path: Path) -> None:
    photo = tmp_path / "pages.tif"
    pages = [pixels(seed) for seed in range(3)]
    pages[0].save(photo, save_all=True, append_images=pages[1:], compression="tiff_lzw")
    write_names(photo, [ANNA], SIZE)
    assert all(np.array_equal(decoded(photo, number), np.asarray(page)) for number, page in enumerate(pages))


def test_a_path_that_is_not_text_can_be_written(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"caf\xe9 \xc3\xbc")
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("this file system takes only UTF-8")
    photo = make_photo(folder / "photo.jpg")
    write_names(photo, [ANNA], SIZE)
    assert [each.name for each in read_regions(photo)] == ["Anna Müller"]


def test_threads_may_write_at_once(tmp_path: Path) -> None:
    photos = [make_photo(tmp_path / f"{number}.jpg", seed=number) for number in range(8)]
    threads = [threading.Thread(target=write_names, args=(photo, [ANNA], SIZE)) for photo in photos]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all([each.name for each in read_regions(photo)] == ["Anna Müller"] for photo in photos)


def test_exiv2_does_not_talk_to_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    photo = with_xmp(tmp_path / "photo.jpg", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF broken")
    with caplog.at_level(logging.DEBUG, "facetagger"):
        read_regions(photo)
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err == ""
    assert any("exiv2" in record.getMessage() for record in caplog.records if record.name == "facetagger")


def test_real_photographs_keep_their_pixels_and_their_regions(data_folder: Path, tmp_path: Path) -> None:
    photos = sorted((data_folder / "metadata" / "regions").rglob("*.[jJ][pP]*[gG]"))
    assert photos
    for original in photos:
        photo = tmp_path / "copy.jpg"
        shutil.copyfile(original, photo)
        with Image.open(photo) as image:
            size = Size(*image.size)
        known = [each for each in read_regions(photo) if each.box.iou(BOB.box) < 0.3]
        write_names(photo, [NamedRegion(BOB.box, "Somebody New")], size)
        assert image_hash(photo) == image_hash(original)
        found = read_regions(photo)
        assert "Somebody New" in [each.name for each in found]
        assert all(any(near(one.box, each.box) and one.name == each.name for one in found) for each in known), original

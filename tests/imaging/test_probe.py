"""Headers tell size, orientation, pages and time; limits hold before anything is decoded."""

from __future__ import annotations

import os
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from facetagger.errors import PhotoError
from facetagger.geometry import Size
from facetagger.imaging.decode import decode
from facetagger.imaging.exif import parse_time
from facetagger.imaging.probe import probe
from tests.imaging.pictures import exif, noise, quarters, saved


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_size_is_the_stored_one_and_orientation_the_exif_value(tmp_path: Path, suffix: str) -> None:
    (page,) = probe(saved(quarters(64, 48), tmp_path / f"a.{suffix}", exif=exif(orientation=6)))
    assert (page.stored_size, page.orientation, page.page) == (Size(64, 48), 6, 0)


@pytest.mark.parametrize("suffix", ["bmp", "gif"])
def test_formats_without_metadata_stand_as_they_are(tmp_path: Path, suffix: str) -> None:
    (page,) = probe(saved(quarters(), tmp_path / f"a.{suffix}"))
    assert (page.stored_size, page.orientation, page.taken) == (Size(64, 48), 1, None)


def test_a_heic_is_reported_as_its_decoder_turns_it(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    path = tmp_path / "a.heic"
    heif.from_pillow(quarters(64, 48)).save(
        path, exif=exif(orientation=6, DateTimeOriginal="1999:12:31 23:59:58").tobytes(), quality=90
    )
    (page,) = probe(path)
    assert page.orientation == 1
    assert page.taken == "1999-12-31T23:59:58"
    assert decode(path, orientation=1).shape[:2] == (page.stored_size.height, page.stored_size.width)


def test_every_page_of_a_tiff_is_a_picture(tmp_path: Path) -> None:
    pages = [quarters(60, 40), quarters(30, 20)]
    path = saved(quarters(64, 48), tmp_path / "a.tif", save_all=True, append_images=pages)
    assert [(page.page, page.stored_size) for page in probe(path)] == [
        (0, Size(64, 48)),
        (1, Size(60, 40)),
        (2, Size(30, 20)),
    ]


def test_the_small_copy_that_some_scanners_add_is_no_picture(tmp_path: Path) -> None:
    kinds = {"tiffinfo": {254: 0}, "save_all": True, "append_images": [quarters(16, 12)]}
    path = saved(quarters(64, 48), tmp_path / "a.tif", **kinds)
    full, reduced = (struct.pack("<HHII", 254, 4, 1, kind) for kind in (0, 1))
    before, _, after = path.read_bytes().rpartition(full)
    path.write_bytes(before + reduced + after)
    assert [page.stored_size for page in probe(path)] == [Size(64, 48)]


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_the_time_of_taking_is_the_original_one(tmp_path: Path, suffix: str) -> None:
    block = exif(DateTimeOriginal="1985:07:04 13:05:09", DateTimeDigitized="2021:01:01 00:00:00")
    (page,) = probe(saved(quarters(), tmp_path / f"a.{suffix}", exif=block))
    assert page.taken == "1985-07-04T13:05:09"


def test_the_day_of_the_last_edit_is_no_time_of_taking(tmp_path: Path) -> None:
    (page,) = probe(saved(quarters(), tmp_path / "a.jpg", exif=exif(DateTime="2021:01:01 00:00:00")))
    assert page.taken is None


@pytest.mark.parametrize(
    "text",
    ["0000:00:00 00:00:00", "    :  :     :  :  ", "", "2021:13:01 00:00:00", "1985", "0001:01:01 00:00:00", None],
)
def test_nonsense_is_no_time(text: str | None) -> None:
    assert parse_time(text) is None


@pytest.mark.parametrize("text", ["1985:07:04 13:05:09", "1985-07-04T13:05:09", b"1985:07:04 13:05:09\0"])
def test_times_are_read_however_programs_write_them(text: str | bytes) -> None:
    assert parse_time(text) == "1985-07-04T13:05:09"


def test_a_damaged_exif_block_does_not_cost_the_photo(tmp_path: Path) -> None:
    block = exif(orientation=6, DateTimeOriginal="1985:07:04 13:05:09").tobytes()
    path = saved(quarters(), tmp_path / "a.jpg", exif=block[:20] + b"\xff" * (len(block) - 20))
    (page,) = probe(path)
    assert page.orientation == 1
    assert decode(path, orientation=1).shape == (48, 64, 3)


def test_an_orientation_in_xmp_alone_turns_nothing(tmp_path: Path) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'
    path = saved(quarters(64, 48), tmp_path / "a.tif", tiffinfo={700: xmp})
    (page,) = probe(path)
    assert (page.stored_size, page.orientation) == (Size(64, 48), 1)
    assert decode(path, orientation=1).shape == (48, 64, 3)


def test_an_empty_file_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.touch()
    with pytest.raises(PhotoError, match="empty") as caught:
        probe(path)
    assert caught.value.hint


def test_a_letter_is_not_a_photograph(tmp_path: Path) -> None:
    path = tmp_path / "letter.jpg"
    path.write_text("Dear Anna")
    with pytest.raises(PhotoError, match="not a photograph"):
        probe(path)


def test_contents_decide_and_not_the_name(tmp_path: Path) -> None:
    path = saved(quarters(), tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert probe(path)[0].stored_size == Size(64, 48)


@pytest.mark.parametrize("size", [(20_000, 20_000), (150_000, 1), (2_000_000_000, 2_000_000_000)])
def test_a_header_that_claims_too_much_is_refused_unread(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(_png_header(*size))
    with pytest.raises(PhotoError, match="too large"):
        probe(path)
    with pytest.raises(PhotoError, match="too large"):
        decode(path, orientation=1)


def test_a_scan_of_143_megapixels_is_taken_without_a_warning(tmp_path: Path) -> None:
    path = saved(Image.new("L", (13_000, 11_000), 90), tmp_path / "large.jpg")
    (page,) = probe(path)
    assert page.stored_size == Size(13_000, 11_000)
    assert decode(path, orientation=6, max_side=1300).shape == (1300, 1100, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse names that are not UTF-8")
@pytest.mark.parametrize("suffix", [b"jpg", b"tif"])
def test_a_name_that_is_not_utf_8_works_and_can_be_shown(tmp_path: Path, suffix: bytes) -> None:
    path = tmp_path / os.fsdecode(b"Gro\xdfmutter." + suffix)
    saved(noise(), path)
    assert probe(path)[0].stored_size == Size(64, 48)
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(PhotoError) as caught:
        probe(path)
    str(caught.value).encode("utf-8")


def _png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )

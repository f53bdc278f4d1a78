"""What scanners, archives and telephones write beside JPEG and TIFF; of moving pictures, the first."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, features

from facetagger.imaging.decode import decode
from facetagger.imaging.formats import Format, find_photos, sniff
from facetagger.imaging.hashing import image_hash
from facetagger.imaging.jpeg_2000 import resolution_levels
from facetagger.imaging.probe import probe
from tests.imaging.pictures import UPRIGHT, colours, exif, noise, quarters, saved

needs_avif = pytest.mark.skipif(not features.check("avif"), reason="this Pillow reads no AVIF")
needs_jpeg_2000 = pytest.mark.skipif(not features.check("jpg_2000"), reason="this Pillow reads no JPEG 2000")


@pytest.mark.parametrize(
    ("suffix", "options"),
    [
        ("gif", {"loop": 0}),
        ("png", {}),
        ("png", {"default_image": True}),
        ("webp", {"lossless": True}),
        pytest.param("avif", {"quality": 90}, marks=needs_avif),
    ],
)
def test_a_moving_picture_is_its_first_frame(tmp_path: Path, suffix: str, options: dict[str, Any]) -> None:
    later = [quarters().rotate(180), quarters().rotate(180)]
    path = saved(quarters(), tmp_path / f"a.{suffix}", save_all=True, append_images=later, duration=100, **options)
    assert len(probe(path)) == 1
    assert colours(decode(path, orientation=1)) == UPRIGHT[1]
    assert len(image_hash(path)) == 32


@needs_avif
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_an_avif_stands_upright(tmp_path: Path, orientation: int) -> None:
    path = saved(quarters(), tmp_path / "a.avif", quality=90, exif=exif(orientation=orientation))
    (page,) = probe(path)
    assert (page.stored_size.width, page.stored_size.height, page.orientation) == (64, 48, orientation)
    assert colours(decode(path, orientation=page.orientation)) == UPRIGHT[orientation]
    assert find_photos([tmp_path]) == [path]


@needs_avif
def test_the_tags_of_an_avif_are_not_its_picture(tmp_path: Path) -> None:
    plain = saved(noise(), tmp_path / "a.avif", quality=90)
    tagged = saved(noise(), tmp_path / "b.avif", quality=90, exif=exif(orientation=1), xmp=b"<x:xmpmeta/>")
    other = saved(noise(seed=1), tmp_path / "c.avif", quality=90)
    assert plain.read_bytes() != tagged.read_bytes()
    assert image_hash(plain) == image_hash(tagged) != image_hash(other)


@needs_jpeg_2000
@pytest.mark.parametrize("suffix", ["jp2", "j2k"])
@pytest.mark.parametrize("side", [None, 500, 40, 7])
def test_a_jpeg_2000_is_decoded_as_small_as_it_is_wanted(tmp_path: Path, suffix: str, side: int | None) -> None:
    path = saved(quarters(640, 480), tmp_path / f"a.{suffix}", num_resolutions=4)
    pixels = decode(path, orientation=6, max_side=side)
    assert max(pixels.shape) == (side or 640)
    assert colours(pixels) == UPRIGHT[6]
    assert find_photos([tmp_path]) == [path]


@needs_jpeg_2000
@pytest.mark.parametrize("levels", [1, 3, 6])
def test_the_levels_of_a_jpeg_2000_are_known_and_never_exceeded(tmp_path: Path, levels: int) -> None:
    path = saved(quarters(640, 480), tmp_path / "a.jp2", num_resolutions=levels)
    with path.open("rb") as stream:
        assert resolution_levels(stream) == levels - 1
    assert decode(path, orientation=1, max_side=5).shape == (4, 5, 3)


@needs_jpeg_2000
def test_the_boxes_beside_a_jpeg_2000_are_not_its_picture(tmp_path: Path) -> None:
    path = saved(noise(), tmp_path / "a.jp2")
    before = image_hash(path)
    box = b"uuid" + b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac" + b"<x:xmpmeta/>"
    path.write_bytes(path.read_bytes() + (len(box) + 4).to_bytes(4, "big") + box)
    assert image_hash(path) == before
    assert image_hash(saved(noise(seed=1), tmp_path / "b.jp2")) != before


@needs_jpeg_2000
def test_16_bits_of_a_jpeg_2000_keep_their_tones(tmp_path: Path) -> None:
    values = np.tile(np.arange(256, dtype=np.uint16) * 257, (64, 1))
    path = saved(Image.fromarray(values), tmp_path / "a.jp2")
    pixels = decode(path, orientation=1)
    assert np.abs(pixels[20, :, 0].astype(int) - np.arange(256)).max() <= 1


@needs_jpeg_2000
@pytest.mark.parametrize("length", [12, 60, 90, 200])
def test_half_a_jpeg_2000_has_no_levels_and_raises_nothing(length: int) -> None:
    stream = io.BytesIO()
    quarters().save(stream, "JPEG2000")
    half = io.BytesIO(stream.getvalue()[:length])
    assert resolution_levels(half) in (0, 5)
    assert sniff(half.getvalue()[:12]) is Format.JPEG_2000


@pytest.mark.parametrize("compression", ["group3", "group4", "packbits", "tiff_lzw", "tiff_adobe_deflate"])
def test_a_fax_is_black_on_white(tmp_path: Path, compression: str) -> None:
    image = Image.new("1", (64, 48), 1)
    image.paste(0, (0, 0, 32, 48))
    pixels = decode(saved(image, tmp_path / "a.tif", compression=compression), orientation=1)
    assert pixels[20, 10].tolist() == [0, 0, 0]
    assert pixels[20, 50].tolist() == [255, 255, 255]


def test_a_tiff_of_jpeg_data_shows_its_colours(tmp_path: Path) -> None:
    path = saved(quarters(), tmp_path / "a.tif", compression="jpeg", quality=95)
    assert colours(decode(path, orientation=1)) == UPRIGHT[1]
    assert colours(decode(path, orientation=8, max_side=30)) == UPRIGHT[8]


def test_the_jpeg_of_old_scanners_inside_a_tiff_shows_its_colours(tmp_path: Path) -> None:
    """Compression 6 (TIFF 6.0, section 22): the strip is a whole JPEG file."""
    stream = io.BytesIO()
    quarters().save(stream, "JPEG", quality=95, subsampling=0)
    jpeg, place = stream.getvalue(), 8 + 2 + 12 * 14 + 4
    entries = [
        *((256, 4, 1, 64), (257, 4, 1, 48), (258, 3, 3, place), (259, 3, 1, 6), (262, 3, 1, 6), (273, 4, 1, place + 8)),
        *((277, 3, 1, 3), (278, 4, 1, 48), (279, 4, 1, len(jpeg)), (284, 3, 1, 1), (512, 3, 1, 1)),
        *((513, 4, 1, place + 8), (514, 4, 1, len(jpeg)), (530, 3, 2, 1 | 1 << 16)),
    ]
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    head = struct.pack("<2sHIH", b"II", 42, 8, len(entries)) + directory + bytes(4) + struct.pack("<4H", 8, 8, 8, 0)
    path = tmp_path / "a.tif"
    path.write_bytes(head + jpeg)
    assert colours(decode(path, orientation=1)) == UPRIGHT[1]
    assert len(image_hash(path)) == 32

"""A photo is its image data: no tag changes it, every pixel does."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from facetagger.errors import PhotoError
from facetagger.imaging.hashing import byte_hash, image_hash
from tests.imaging.pictures import exif, noise, saved

_EXIFTOOL = shutil.which("exiftool")
needs_exiftool = pytest.mark.skipif(_EXIFTOOL is None, reason="exiftool is not installed")

_TAGS = ["-XMP-dc:Subject=Anna", "-XMP-dc:Description=Großmutter"]
_ORIENTATION = ["-EXIF:Orientation#=6", "-EXIF:Artist=Anna"]
_FILES: list[tuple[str, dict[str, Any]]] = [
    ("jpg", {}),
    ("jpg", {"progressive": True, "exif": exif(orientation=3), "comment": b"from the shoe box"}),
    ("png", {}),
    ("webp", {}),
    ("webp", {"lossless": True}),
    ("tif", {}),
    ("tif", {"compression": "tiff_lzw"}),
    ("tif", {"compression": "jpeg"}),
    ("tif", {"compression": "tiff_lzw", "save_all": True, "append_images": [noise(40, 30, 7)]}),
    ("gif", {}),
    ("heic", {}),
]


@needs_exiftool
@pytest.mark.parametrize(("suffix", "options"), _FILES)
def test_writing_tags_leaves_the_hash_as_it_was(tmp_path: Path, suffix: str, options: dict[str, Any]) -> None:
    path = _make(noise(), tmp_path / f"a.{suffix}", options)
    before, bytes_before = image_hash(path), byte_hash(path)
    tags = [*_TAGS, "-Comment=words"] if suffix == "gif" else [*_TAGS, *_ORIENTATION]
    subprocess.run([str(_EXIFTOOL), "-q", "-overwrite_original", *tags, str(path)], check=True)
    assert byte_hash(path) != bytes_before
    assert image_hash(path) == before
    subprocess.run([str(_EXIFTOOL), "-q", "-overwrite_original", "-all=", str(path)], check=True)
    assert image_hash(path) == before


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_exiv2_leaves_the_hash_as_it_was(tmp_path: Path, suffix: str) -> None:
    exiv2 = pytest.importorskip("exiv2")
    path = _make(noise(), tmp_path / f"a.{suffix}", {})
    before = image_hash(path)
    image = exiv2.ImageFactory.open(str(path))
    image.readMetadata()
    image.exifData()["Exif.Image.Orientation"] = exiv2.UShortValue(6)
    image.xmpData()["Xmp.dc.subject"] = "Anna"
    image.writeMetadata()
    assert image_hash(path) == before


@pytest.mark.parametrize(("suffix", "options"), [*_FILES, ("bmp", {})])
def test_changing_a_pixel_changes_the_hash(tmp_path: Path, suffix: str, options: dict[str, Any]) -> None:
    pixels = np.asarray(noise()).copy()
    before = image_hash(_make(Image.fromarray(pixels), tmp_path / f"a.{suffix}", options))
    pixels[:8, :8] = 255 - pixels[:8, :8]
    assert image_hash(_make(Image.fromarray(pixels), tmp_path / f"b.{suffix}", options)) != before


def test_changing_a_later_page_changes_the_hash(tmp_path: Path) -> None:
    hashes = {
        image_hash(saved(noise(), tmp_path / f"{n}.tif", save_all=True, append_images=[noise(seed=n)])) for n in (1, 2)
    }
    assert len(hashes) == 2


def test_what_a_phone_appends_to_a_jpeg_is_not_the_picture(tmp_path: Path) -> None:
    path = saved(noise(), tmp_path / "a.jpg")
    before = image_hash(path)
    path.write_bytes(path.read_bytes() + b"motion photo" * 1000)
    assert image_hash(path) == before


def test_how_a_png_is_cut_into_chunks_is_not_the_picture(tmp_path: Path) -> None:
    image = noise(400, 300)
    assert image_hash(saved(image, tmp_path / "a.png")) == image_hash(_with_one_idat(tmp_path / "a.png"))


def test_a_file_whose_structure_cannot_be_followed_is_hashed_by_its_pixels(tmp_path: Path) -> None:
    path = saved(noise(), tmp_path / "a.jpg")
    data = path.read_bytes()
    tables = data.index(b"\xff\xdb")
    path.write_bytes(data[:tables] + b"\0\0" + data[tables:])
    other = tmp_path / "b.jpg"
    other.write_bytes(path.read_bytes() + b"\0")
    assert image_hash(path) == image_hash(other)


def test_an_unreadable_file_has_no_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"Dear Anna, no photograph this time.")
    with pytest.raises(PhotoError):
        image_hash(path)


def test_a_jpeg_of_30_megabytes_is_hashed_in_a_moment(tmp_path: Path) -> None:
    path = saved(noise(100, 100), tmp_path / "a.jpg", quality=90)
    data = path.read_bytes()
    scan = data.index(b"\xff\xda") + 14
    entropy = os.urandom(30_000_000).replace(b"\xff", b"\xff\0")
    path.write_bytes(data[:scan] + entropy + b"\xff\xd9")
    started = time.process_time()
    image_hash(path)
    assert time.process_time() - started < 0.5


def _make(image: Image.Image, path: Path, options: dict[str, Any]) -> Path:
    if path.suffix == ".heic":
        heif = pytest.importorskip("pillow_heif")
        heif.from_pillow(image).save(path, quality=80)
        return path
    return saved(image, path, **options)


def _with_one_idat(path: Path) -> Path:
    import struct
    import zlib

    data, chunks, picture, position = path.read_bytes(), [], b"", 8
    while position < len(data):
        length, kind = struct.unpack_from(">I4s", data, position)
        body = data[position + 8 : position + 8 + length]
        picture += body if kind == b"IDAT" else b""
        chunks += [] if kind == b"IDAT" else [(kind, body)]
        position += length + 12
    chunks.insert(-1, (b"IDAT", picture))
    joined = path.with_name("joined.png")
    joined.write_bytes(
        data[:8]
        + b"".join(
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
            for kind, body in chunks
        )
    )
    return joined

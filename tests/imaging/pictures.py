"""Pictures that tests make for themselves."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image

from facetagger.entities import Face, FaceId, FaceOrigin, FaceState, Photo, PhotoId
from facetagger.geometry import Box, Size

RED, GREEN, BLUE, YELLOW = (230, 20, 20), (20, 200, 20), (20, 20, 230), (230, 220, 20)
QUARTERS = ("red", "green", "blue", "yellow")

# What each EXIF orientation makes of the stored rows [[red, green], [blue, yellow]] (Exif 2.32, table 6).
UPRIGHT = {
    1: (("red", "green"), ("blue", "yellow")),
    2: (("green", "red"), ("yellow", "blue")),
    3: (("yellow", "blue"), ("green", "red")),
    4: (("blue", "yellow"), ("red", "green")),
    5: (("red", "blue"), ("green", "yellow")),
    6: (("blue", "red"), ("yellow", "green")),
    7: (("yellow", "green"), ("blue", "red")),
    8: (("green", "yellow"), ("red", "blue")),
}


def quarters(width: int = 64, height: int = 48) -> Image.Image:
    """Red and green above blue and yellow."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height))
    image.paste(BLUE, (0, height // 2, width, height))
    image.paste(YELLOW, (width // 2, height // 2, width, height))
    return image


def colours(pixels: NDArray[np.uint8]) -> tuple[tuple[str, ...], ...]:
    """The names of the colours in the middles of an array's four quarters."""
    height, width = pixels.shape[:2]
    rows, columns = (height // 4, height * 3 // 4), (width // 4, width * 3 // 4)
    return tuple(tuple(_nearest(pixels[y, x]) for x in columns) for y in rows)


def noise(width: int = 64, height: int = 48, seed: int = 0) -> Image.Image:
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def exif(orientation: int | None = None, **times: str) -> Image.Exif:
    """An Exif block; ``times`` by the names of the tags."""
    block = Image.Exif()
    # Pillow leaves a block out that has nothing but a sub-directory.
    block[ExifTags.Base.Software] = "tests"
    if orientation is not None:
        block[ExifTags.Base.Orientation] = orientation
    if "DateTime" in times:
        block[ExifTags.Base.DateTime] = times.pop("DateTime")
    if times:
        block[ExifTags.IFD.Exif] = {int(ExifTags.Base[name]): value for name, value in times.items()}
    # Only a block that was read is written to a TIFF with its sub-directory.
    stored = Image.Exif()
    stored.load(block.tobytes())
    return stored


def exchanging_profile() -> bytes:
    """An ICC profile (ICC.1:2001-04) like sRGB's in which red and blue have changed places."""
    blue, green, red = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
    tags = {name: _xyz(colour) for name, colour in ((b"rXYZ", red), (b"gXYZ", green), (b"bXYZ", blue))}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), struct.pack(">4s4xIHxx", b"curv", 1, round(2.2 * 256)))
    return _profile(b"mntr", b"RGB ", b"XYZ ", tags)


def linear_grey_profile() -> bytes:
    """Grey that is proportional to light."""
    return _profile(b"scnr", b"GRAY", b"XYZ ", {b"kTRC": struct.pack(">4s4xI", b"curv", 0)})


def pale_ink_profile() -> bytes:
    """Four inks of which each alone leaves a neutral lightness of 70, two 40, three 10, and four none."""
    lightness = [max(0, 100 - 30 * bin(inks).count("1")) for inks in range(16)]
    table = b"".join(bytes([round(each * 2.55), 128, 128]) for each in lightness)
    matrix = struct.pack(">9i", *(65536 if place % 4 == 0 else 0 for place in range(9)))
    identity = bytes(range(256))
    lut = struct.pack(">4s4x4B", b"mft1", 4, 3, 2, 0) + matrix + identity * 4 + table + identity * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": lut})


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    white = _xyz((0.9642, 1.0, 0.8249))
    tags = tags | {b"wtpt": white, b"cprt": b"text" + bytes(4) + b"none"}
    tags[b"desc"] = struct.pack(">4s4xI6s", b"desc", 6, b"tests\0") + bytes(78)
    place, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, place + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", place + len(body), b"test", 0x02400000, kind, space, connection) + bytes(12)
    header += b"acsp" + bytes(28) + white[8:]
    return header + bytes(128 - len(header)) + struct.pack(">I", len(tags)) + table + body


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def saved(image: Image.Image, path: Path, **options: Any) -> Path:
    image.save(path, **options)
    return path


def photo_at(path: Path, size: Size, *, orientation: int = 1, rotation: int = 0, crop: Box | None = None) -> Photo:
    return Photo(PhotoId(1), b"\1" * 32, 0, crop, size, orientation, rotation, None, path)


def face_at(box: Box) -> Face:
    return Face(FaceId(1), PhotoId(1), box, None, 1.0, FaceOrigin.DRAWN, FaceState.OPEN, None)


def _nearest(pixel: NDArray[np.uint8]) -> str:
    distances = [np.abs(pixel.astype(int) - np.array(colour)).sum() for colour in (RED, GREEN, BLUE, YELLOW)]
    return QUARTERS[int(np.argmin(distances))]

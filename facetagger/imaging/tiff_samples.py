"""The samples of a TIFF page as numbers, a few rows at a time, so that a scan of any size takes little memory.

Read here are the layouts in which scanners and editors store prints without loss: 8, 16, 32 or 64 bits a sample,
integers and floating point, either byte order, strips or tiles, interleaved or in planes, and the compressions none,
LZW, Deflate, PackBits. JPEG and fax data, and bits that fill no bytes, are for Pillow.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import IO, Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.geometry import Size
from facetagger.imaging.image_data import Malformed
from facetagger.imaging.tiff_directories import Directory, Layout, directories

Samples = NDArray[Any]

_NEW_SUBFILE_TYPE, _WIDTH, _LENGTH, _BITS, _COMPRESSION, _PHOTOMETRIC = 254, 256, 257, 258, 259, 262
_FILL_ORDER, _STRIP_OFFSETS, _ORIENTATION, _SAMPLES, _ROWS_PER_STRIP, _STRIP_BYTES = 266, 273, 274, 277, 278, 279
_MAX_SAMPLE, _PLANAR, _PREDICTOR, _TILE_WIDTH, _TILE_LENGTH, _TILE_OFFSETS = 281, 284, 317, 322, 323, 324
_TILE_BYTES, _EXTRA_SAMPLES, _SAMPLE_FORMAT, _PROFILE = 325, 338, 339, 34675
_WANTED: Final = frozenset(
    {
        *(_NEW_SUBFILE_TYPE, _WIDTH, _LENGTH, _BITS, _COMPRESSION, _PHOTOMETRIC, _FILL_ORDER, _STRIP_OFFSETS),
        *(_ORIENTATION, _SAMPLES, _ROWS_PER_STRIP, _STRIP_BYTES, _MAX_SAMPLE, _PLANAR, _PREDICTOR, _TILE_WIDTH),
        *(_TILE_LENGTH, _TILE_OFFSETS, _TILE_BYTES, _EXTRA_SAMPLES, _SAMPLE_FORMAT, _PROFILE),
    }
)

_NONE, _LZW, _DEFLATE, _OLD_DEFLATE, _PACK_BITS = 1, 5, 8, 32946, 32773
_READABLE: Final = frozenset({_NONE, _LZW, _DEFLATE, _OLD_DEFLATE, _PACK_BITS})
_KINDS: Final = {1: "u", 2: "i", 3: "f"}
"""SampleFormat, as numpy spells it."""
_TYPES: Final = frozenset({"u1", "u2", "u4", "i1", "i2", "i4", "f2", "f4", "f8"})

_BAND_BYTES: Final = 8_000_000
"""Bytes of samples that are read at once, where the compression allows."""

_MOST_ROW_BYTES: Final = 64_000_000
"""Of a row of one tile; a header that asks for more wants the memory, not the picture."""


@dataclass(frozen=True, slots=True)
class Page:
    """What the tags of a page say about its samples. ``dtype`` is a numpy type of the file's byte order."""

    size: Size
    dtype: np.dtype[Any]
    channels: int
    photometric: int
    extra: tuple[int, ...]
    """ExtraSamples: 1 and 2 are alpha, premultiplied and not."""
    max_sample: int | None
    profile: bytes | None
    compression: int
    predictor: int
    is_planar: bool
    tile: Size
    """A strip is a tile as wide as the page."""
    places: tuple[tuple[int, int], ...]
    """Offset and byte count of every strip or tile, plane after plane."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a page is, whether or not its samples can be read here."""

    size: Size
    orientation: int
    is_copy_or_mask: bool


def read_outlines(stream: IO[bytes]) -> list[Outline]:
    """The pages in order. Raises ``Malformed`` or ``struct.error``."""
    return [
        Outline(
            Size(_one(tags, _WIDTH, 0), _one(tags, _LENGTH, 0)),
            orientation if 1 <= (orientation := _one(tags, _ORIENTATION, 1)) <= 8 else 1,
            bool(_one(tags, _NEW_SUBFILE_TYPE, 0) & 0b101),
        )
        for _, tags in directories(stream, _WANTED)
    ]


def read_page(stream: IO[bytes], number: int) -> Page | None:
    """Page ``number``, from 0; None where there is none, or its layout is for Pillow."""
    try:
        for row, (layout, tags) in enumerate(directories(stream, _WANTED)):
            if row == number:
                return _page(layout, tags)
    except (Malformed, struct.error, KeyError, TypeError, ZeroDivisionError):
        pass
    return None


def bands(stream: IO[bytes], page: Page) -> Iterator[Samples]:
    """The page from top to bottom: native samples of shape (rows, width, channels), a few rows each.

    Raises ``OSError`` where the file ends too early, ``zlib.error`` where data are damaged.
    """
    planes = page.channels if page.is_planar else 1
    across, down = -(-page.size.width // page.tile.width), -(-page.size.height // page.tile.height)
    together = _strips_together(page) if across == 1 else 1
    for row in range(0, down, together):
        rows = min(together * page.tile.height, page.size.height - row * page.tile.height)
        starts = [(plane * down + row) * across for plane in range(planes)]
        ends = [start + min(together, down - row) for start in starts]
        if across == 1:
            tiles = [[_blocks(stream, page, page.places[a:b], rows)] for a, b in zip(starts, ends, strict=True)]
        else:
            tiles = [[_blocks(stream, page, [p], rows) for p in page.places[a : a + across]] for a in starts]
        for parts in zip(*(zip(*plane, strict=True) for plane in tiles), strict=True):
            found = [_side_by_side(part, page.size.width) for part in parts]
            yield found[0] if planes == 1 else np.concatenate(found, axis=2)


def _strips_together(page: Page) -> int:
    """How many strips are unpacked in one go: scanners write them as small as one row."""
    channels = 1 if page.is_planar else page.channels
    return max(1, _BAND_BYTES // (page.tile.width * page.tile.height * channels * page.dtype.itemsize))


def _side_by_side(tiles: tuple[Samples, ...], width: int) -> Samples:
    return tiles[0] if len(tiles) == 1 else np.concatenate(tiles, axis=1)[:, :width]


def _one(tags: Directory, tag: int, default: int) -> int:
    values = tags.get(tag)
    return int(values[0]) if values else default


def _page(layout: Layout, tags: Directory) -> Page | None:
    size = Size(int(tags[_WIDTH][0]), int(tags[_LENGTH][0]))
    channels = _one(tags, _SAMPLES, 1)
    bits, formats = set(tags.get(_BITS, (1,))), set(tags.get(_SAMPLE_FORMAT, (1,)))
    is_readable = _one(tags, _COMPRESSION, _NONE) in _READABLE and _one(tags, _FILL_ORDER, 1) == 1
    if len(bits) != 1 or len(formats) != 1 or not is_readable or not 1 <= channels <= 8 or size.area < 1:
        return None
    kind = f"{_KINDS.get(int(formats.pop()), '?')}{int(bits.pop()) // 8}"
    if kind not in _TYPES or any(int(each) % 8 for each in tags[_BITS]):
        return None
    is_tiled = _TILE_OFFSETS in tags
    height = min(_one(tags, _ROWS_PER_STRIP, size.height), size.height)
    tile = Size(int(tags[_TILE_WIDTH][0]), int(tags[_TILE_LENGTH][0])) if is_tiled else Size(size.width, height)
    offsets, lengths = (_TILE_OFFSETS, _TILE_BYTES) if is_tiled else (_STRIP_OFFSETS, _STRIP_BYTES)
    page = Page(
        size=size,
        dtype=np.dtype(layout.order + kind),
        channels=channels,
        photometric=_one(tags, _PHOTOMETRIC, 1),
        extra=tuple(int(each) for each in tags.get(_EXTRA_SAMPLES, ())),
        max_sample=_one(tags, _MAX_SAMPLE, 0) or None,
        profile=bytes(int(each) & 0xFF for each in tags[_PROFILE]) if _PROFILE in tags else None,
        compression=_one(tags, _COMPRESSION, _NONE),
        predictor=_one(tags, _PREDICTOR, 1),
        is_planar=_one(tags, _PLANAR, 1) == 2 and channels > 1,
        tile=tile,
        places=tuple(zip(map(int, tags[offsets]), map(int, tags[lengths]), strict=False)),
    )
    return page if _is_whole(page) else None


def _is_whole(page: Page) -> bool:
    tiles = -(-page.size.width // page.tile.width) * -(-page.size.height // page.tile.height)
    expected = tiles * (page.channels if page.is_planar else 1)
    row_bytes = page.tile.width * page.channels * page.dtype.itemsize
    return len(page.places) >= expected and page.predictor in (1, 2, 3) and 0 < row_bytes <= _MOST_ROW_BYTES


def _blocks(stream: IO[bytes], page: Page, places: Sequence[tuple[int, int]], rows: int) -> Iterator[Samples]:
    """Strips below each other, or one tile, ``rows`` high together, as samples (n, width, channels of the plane)."""
    channels = 1 if page.is_planar else page.channels
    row_bytes = page.tile.width * channels * page.dtype.itemsize
    at_once = max(1, _BAND_BYTES // row_bytes)
    if page.compression in (_LZW, _PACK_BITS):
        parts = [_read(stream, *place) for place in places]
        blocks = _by_pillow(parts, page.compression, Size(row_bytes, rows), min(rows, page.tile.height), at_once)
    else:
        blocks = _unpacked(stream, page, places, row_bytes, rows, at_once)
    for data in blocks:
        yield _unpredicted(data, page, channels)


def _unpacked(
    stream: IO[bytes], page: Page, places: Sequence[tuple[int, int]], row_bytes: int, rows: int, at_once: int
) -> Iterator[bytes]:
    """The bytes of the rows, at most ``at_once`` rows at a time."""
    for number, (offset, length) in enumerate(places):
        unpack = None if page.compression == _NONE else zlib.decompressobj()
        packed = b"" if unpack is None else _read(stream, offset, length)
        height = min(page.tile.height, rows - number * page.tile.height)
        for start in range(0, height, at_once):
            wanted = min(at_once, height - start) * row_bytes
            if unpack is None:
                data = _read(stream, offset + start * row_bytes, wanted)
            else:
                data = unpack.decompress(packed, wanted)
                packed = unpack.unconsumed_tail
            if len(data) < wanted:
                raise OSError("image file is truncated")
            yield data


def _by_pillow(parts: Sequence[bytes], compression: int, size: Size, strip: int, at_once: int) -> Iterator[bytes]:
    """Unpacks with libtiff by way of a small TIFF around the strips in which each byte is a grey pixel. ``size`` is in
    bytes and rows, ``strip`` the rows of one."""
    count, table_end = len(parts), 122
    lengths = [len(part) for part in parts]
    first = table_end + (8 * count if count > 1 else 0)
    offsets = [first + before for before in accumulate(lengths, initial=0)][:count]
    entries = {_WIDTH: size.width, _LENGTH: size.height, _BITS: 8, _COMPRESSION: compression, _PHOTOMETRIC: 1,
               _SAMPLES: 1, _ROWS_PER_STRIP: strip}  # fmt: skip
    rows = [(tag, 1, value) for tag, value in entries.items()]
    rows.append((_STRIP_OFFSETS, count, table_end if count > 1 else offsets[0]))
    rows.append((_STRIP_BYTES, count, table_end + 4 * count if count > 1 else lengths[0]))
    table = b"".join(struct.pack("<HHII", tag, 4, number, value) for tag, number, value in sorted(rows))
    lists = struct.pack(f"<{2 * count}I", *offsets, *lengths) if count > 1 else b""
    head = struct.pack("<2sHIH", b"II", 42, 8, len(rows))
    with Image.open(io.BytesIO(b"".join([head, table, bytes(4), lists, *parts])), formats=("TIFF",)) as image:
        for start in range(0, size.height, at_once):
            yield image.crop((0, start, size.width, min(start + at_once, size.height))).tobytes()


def _unpredicted(data: bytes, page: Page, channels: int) -> Samples:
    """Undoes the predictor (TIFF 6.0, section 14; Adobe's TIFF technical note 3)."""
    shape = (-1, page.tile.width, channels)
    if page.predictor == 3:
        return _float_unpredicted(data, page, channels)
    samples = np.frombuffer(data, page.dtype).reshape(shape)
    if page.predictor == 2 and page.dtype.kind in "ui":
        native = samples.astype(page.dtype.newbyteorder("="))
        return np.cumsum(native, axis=1, dtype=native.dtype)
    return samples


def _float_unpredicted(data: bytes, page: Page, channels: int) -> Samples:
    width, size = page.tile.width * channels, page.dtype.itemsize
    differences = np.frombuffer(data, np.uint8).reshape(-1, width * size // channels, channels)
    planes = np.cumsum(differences, axis=1, dtype=np.uint8).reshape(-1, size, width)
    ordered = np.ascontiguousarray(planes.transpose(0, 2, 1))
    return ordered.view(page.dtype.newbyteorder(">")).reshape(-1, page.tile.width, channels)


def _read(stream: IO[bytes], offset: int, length: int) -> bytes:
    stream.seek(offset)
    data = stream.read(length)
    if len(data) < length:
        raise OSError("image file is truncated")
    return data

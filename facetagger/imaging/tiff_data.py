"""The picture of a TIFF (TIFF 6.0; BigTIFF): per page the tags that say how strips are read, and the strips."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from facetagger.imaging.image_data import Malformed, read_blocks, read_exactly

# Orientation is missing on purpose: it is metadata, and programs write it.
_PICTURE_TAGS: Final = (
    254, 256, 257, 258, 259, 262, 266, 277, 284, 292, 293, 301, 317, 320, 322, 323, 332, 338, 339, 347, 512, 515,
    529, 530, 531, 532,
)  # fmt: skip
"""NewSubfileType, ImageWidth, ImageLength, BitsPerSample, Compression, Photometric, FillOrder, SamplesPerPixel,
PlanarConfiguration, T4Options, T6Options, TransferFunction, Predictor, ColorMap, TileWidth, TileLength, InkSet,
ExtraSamples, SampleFormat, JPEGTables, JPEGProc, JPEGRestartInterval, YCbCrCoefficients, YCbCrSubSampling,
YCbCrPositioning, ReferenceBlackWhite."""

_PLACES: Final = ((273, 279), (324, 325), (513, 514))
"""Offsets and byte counts of strips, of tiles, of an old-style JPEG stream."""

_TYPES: Final = {
    1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I",
    16: "Q", 17: "q", 18: "Q",
}  # fmt: skip

_PAGE_LIMIT: Final = 1000
_VALUE_LIMIT: Final = 4_000_000
_REPEAT_LIMIT: Final = 4
"""A hostile file points many strips at one place; no real one holds several times its own size."""

_Number = int | float
_Directory = dict[int, tuple[_Number, ...]]


@dataclass(frozen=True, slots=True)
class _Layout:
    order: str
    is_big: bool

    def unpack(self, codes: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + codes, data)


def tiff_data(stream: IO[bytes]) -> Iterator[bytes]:
    """Every page in order. Raises ``Malformed``."""
    budget = stream.seek(0, os.SEEK_END) * _REPEAT_LIMIT
    layout, offset = _header(stream)
    seen: set[int] = set()
    while offset and offset not in seen and len(seen) < _PAGE_LIMIT:
        seen.add(offset)
        directory, offset = _directory(stream, layout, offset)
        yield repr([(tag, directory[tag]) for tag in _PICTURE_TAGS if tag in directory]).encode()
        for place, length in _strips(directory):
            budget -= length
            if budget < 0:
                raise Malformed
            stream.seek(place)
            yield from read_blocks(stream, length)


def _header(stream: IO[bytes]) -> tuple[_Layout, int]:
    stream.seek(0)
    order = "<" if read_exactly(stream, 2) == b"II" else ">"
    (version,) = struct.unpack(order + "H", read_exactly(stream, 2))
    layout = _Layout(order, version == 43)
    if layout.is_big:
        read_exactly(stream, 4)
    return layout, _pointer(stream, layout)


def _pointer(stream: IO[bytes], layout: _Layout) -> int:
    return (
        layout.unpack("Q", read_exactly(stream, 8))[0]
        if layout.is_big
        else layout.unpack("I", read_exactly(stream, 4))[0]
    )


def _directory(stream: IO[bytes], layout: _Layout, offset: int) -> tuple[_Directory, int]:
    """The wanted tags of the directory at ``offset`` and the offset of the next one."""
    wanted = {*_PICTURE_TAGS, *(tag for pair in _PLACES for tag in pair)}
    _seek(stream, offset)
    (count,) = (
        layout.unpack("Q", read_exactly(stream, 8)) if layout.is_big else layout.unpack("H", read_exactly(stream, 2))
    )
    if count > 0xFFFF:
        raise Malformed
    size = 20 if layout.is_big else 12
    entries = read_exactly(stream, count * size)
    following = _pointer(stream, layout)
    directory: _Directory = {}
    for start in range(0, len(entries), size):
        tag, kind = layout.unpack("HH", entries[start : start + 4])
        if tag in wanted:
            directory[tag] = _values(stream, layout, kind, entries[start + 4 : start + size])
    return directory, following


def _values(stream: IO[bytes], layout: _Layout, kind: int, rest: bytes) -> tuple[_Number, ...]:
    half = len(rest) // 2
    (count,) = layout.unpack("Q" if layout.is_big else "I", rest[:half])
    codes = _TYPES.get(kind)
    if codes is None or count > _VALUE_LIMIT:
        raise Malformed
    length = struct.calcsize("=" + codes) * count
    if length <= half:
        data = rest[half : half + length]
    else:
        (place,) = layout.unpack("Q" if layout.is_big else "I", rest[half:])
        _seek(stream, place)
        data = read_exactly(stream, length)
    return layout.unpack(f"{count * len(codes)}{codes[0]}", data)


def _strips(directory: _Directory) -> Iterator[tuple[int, int]]:
    for places, lengths in _PLACES:
        if places in directory:
            if len(directory[places]) != len(directory.get(lengths, ())):
                raise Malformed
            for place, length in zip(directory[places], directory[lengths], strict=True):
                yield int(place), int(length)


def _seek(stream: IO[bytes], offset: int) -> None:
    if offset >= 1 << 62:
        raise Malformed
    stream.seek(offset)

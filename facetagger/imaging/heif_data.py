"""The picture of a HEIC or AVIF file (ISO/IEC 23008-12): its properties and the items that are not metadata."""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Final

from facetagger.imaging.image_data import Malformed, read_blocks, read_exactly

_METADATA_ITEMS: Final = frozenset({b"Exif", b"mime", b"uri "})
_META_LIMIT: Final = 16_000_000
"""Bytes of the box that lists the items; real ones have some thousand."""


@dataclass(frozen=True, slots=True)
class _Extent:
    is_in_idat: bool
    offset: int
    length: int


def heif_data(stream: IO[bytes]) -> Iterator[bytes]:
    """Properties (size, turning, decoder setup), then every coded item in the order of ids. Raises ``Malformed``."""
    file_size = stream.seek(0, os.SEEK_END)
    meta = _meta_box(stream, file_size)
    boxes = dict(_boxes(meta, 4))
    kinds = _item_kinds(boxes.get(b"iinf", b""))
    idat = boxes.get(b"idat", b"")
    yield boxes.get(b"iprp", b"")
    budget = file_size
    for item, extents in sorted(_locations(boxes.get(b"iloc", b"")).items()):
        if kinds.get(item) in _METADATA_ITEMS:
            continue
        for extent in extents:
            budget -= extent.length
            if budget < 0:
                raise Malformed
            source = io.BytesIO(idat) if extent.is_in_idat else stream
            source.seek(extent.offset)
            yield from read_blocks(source, extent.length)


def _meta_box(stream: IO[bytes], file_size: int) -> bytes:
    position = 0
    while position + 8 <= file_size:
        stream.seek(position)
        length, kind = struct.unpack(">I4s", read_exactly(stream, 8))
        head = 8
        if length == 1:
            (length,) = struct.unpack(">Q", read_exactly(stream, 8))
            head = 16
        if kind == b"meta":
            if not head < length <= _META_LIMIT:
                raise Malformed
            return read_exactly(stream, length - head)
        if length < head:
            raise Malformed
        position += length
    raise Malformed


def _boxes(data: bytes, start: int = 0) -> Iterator[tuple[bytes, bytes]]:
    while start + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, start)
        if length < 8 or start + length > len(data):
            raise Malformed
        yield kind, data[start + 8 : start + length]
        start += length


def _item_kinds(iinf: bytes) -> dict[int, bytes]:
    reader = _Reader(iinf)
    version = reader.number(4) >> 24
    reader.number(2 if version == 0 else 4)
    kinds: dict[int, bytes] = {}
    for _, entry in _boxes(iinf, reader.position):
        item = _Reader(entry)
        entry_version = item.number(4) >> 24
        item_id = item.number(2 if entry_version < 3 else 4)
        item.number(2)
        kinds[item_id] = item.take(4)
    return kinds


def _locations(iloc: bytes) -> dict[int, list[_Extent]]:
    reader = _Reader(iloc)
    version = reader.number(4) >> 24
    sizes = reader.number(2)
    offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
    index_size = sizes & 15 if version else 0
    found: dict[int, list[_Extent]] = {}
    for _ in range(reader.number(2 if version < 2 else 4)):
        item_id = reader.number(2 if version < 2 else 4)
        method = reader.number(2) & 15 if version else 0
        reader.number(2)
        base = reader.number(base_size)
        if method > 1:
            raise Malformed
        found[item_id] = []
        for _ in range(reader.number(2)):
            reader.number(index_size)
            offset = base + reader.number(offset_size)
            found[item_id].append(_Extent(method == 1, offset, reader.number(length_size)))
    return found


class _Reader:
    """Big-endian numbers one after the other; past the end is ``Malformed``."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def take(self, length: int) -> bytes:
        taken = self._data[self.position : self.position + length]
        if len(taken) != length:
            raise Malformed
        self.position += length
        return taken

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")

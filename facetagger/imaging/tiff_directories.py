"""The directories of a TIFF, one per page (TIFF 6.0; BigTIFF): their tags as plain numbers."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import IO, Final

from facetagger.imaging.image_data import Malformed, read_exactly

_TYPES: Final = {
    1: "B", 2: "B", 3: "H", 4: "I", 5: "II", 6: "b", 7: "B", 8: "h", 9: "i", 10: "ii", 11: "f", 12: "d", 13: "I",
    16: "Q", 17: "q", 18: "Q",
}  # fmt: skip

_PAGE_LIMIT: Final = 1000
_VALUE_LIMIT: Final = 4_000_000

Number = int | float
Directory = dict[int, tuple[Number, ...]]


@dataclass(frozen=True, slots=True)
class Layout:
    """``order`` is ``<`` or ``>``, as ``struct`` and numpy spell it."""

    order: str
    is_big: bool

    def unpack(self, codes: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + codes, data)


def directories(stream: IO[bytes], wanted: Collection[int]) -> Iterator[tuple[Layout, Directory]]:
    """Every page in order, with the ``wanted`` tags it has. Raises ``Malformed`` or ``struct.error``."""
    layout, offset = _header(stream)
    seen: set[int] = set()
    while offset and offset not in seen and len(seen) < _PAGE_LIMIT:
        seen.add(offset)
        directory, offset = _directory(stream, layout, offset, wanted)
        yield layout, directory


def _header(stream: IO[bytes]) -> tuple[Layout, int]:
    stream.seek(0)
    order = "<" if read_exactly(stream, 2) == b"II" else ">"
    (version,) = struct.unpack(order + "H", read_exactly(stream, 2))
    layout = Layout(order, version == 43)
    if layout.is_big:
        read_exactly(stream, 4)
    return layout, _pointer(stream, layout)


def _pointer(stream: IO[bytes], layout: Layout) -> int:
    return (
        layout.unpack("Q", read_exactly(stream, 8))[0]
        if layout.is_big
        else layout.unpack("I", read_exactly(stream, 4))[0]
    )


def _directory(stream: IO[bytes], layout: Layout, offset: int, wanted: Collection[int]) -> tuple[Directory, int]:
    """The wanted tags of the directory at ``offset`` and the offset of the next one."""
    _seek(stream, offset)
    (count,) = (
        layout.unpack("Q", read_exactly(stream, 8)) if layout.is_big else layout.unpack("H", read_exactly(stream, 2))
    )
    if count > 0xFFFF:
        raise Malformed
    size = 20 if layout.is_big else 12
    entries = read_exactly(stream, count * size)
    following = _pointer(stream, layout)
    directory: Directory = {}
    for start in range(0, len(entries), size):
        tag, kind = layout.unpack("HH", entries[start : start + 4])
        if tag in wanted:
            directory[tag] = _values(stream, layout, kind, entries[start + 4 : start + size])
    return directory, following


def _values(stream: IO[bytes], layout: Layout, kind: int, rest: bytes) -> tuple[Number, ...]:
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


def _seek(stream: IO[bytes], offset: int) -> None:
    if offset >= 1 << 62:
        raise Malformed
    stream.seek(offset)

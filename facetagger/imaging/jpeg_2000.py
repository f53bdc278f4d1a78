"""JPEG 2000 (ISO/IEC 15444-1): the boxes that make the picture, and how often it can be halved for less work."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from typing import IO, Final

from facetagger.imaging.image_data import Malformed, read_blocks, read_exactly

_SIGNATURE: Final = b"\0\0\0\x0cjP  "
_PICTURE_BOXES: Final = frozenset({b"jp2h", b"jp2c"})
_START, _CODING_STYLE, _TILE = 0xFF4F, 0xFF52, 0xFF90


def jpeg_2000_data(stream: IO[bytes]) -> Iterator[bytes]:
    """Header and codestream, without the boxes of metadata; a bare codestream whole. Raises ``Malformed``."""
    for kind, place, length in _boxes(stream):
        if kind in _PICTURE_BOXES:
            yield kind
            stream.seek(place)
            yield from read_blocks(stream, length)


def resolution_levels(stream: IO[bytes]) -> int:
    """How many times the picture can be halved by decoding less of it; 0 where that is not known."""
    try:
        place = next(place for kind, place, _ in _boxes(stream) if kind == b"jp2c")
        stream.seek(place)
        (marker,) = struct.unpack(">H", read_exactly(stream, 2))
        while marker == _START or _START < marker < _TILE:
            if marker != _START:
                (length,) = struct.unpack(">H", read_exactly(stream, 2))
                segment = read_exactly(stream, max(length, 2) - 2)
                if marker == _CODING_STYLE:
                    return segment[5]
            (marker,) = struct.unpack(">H", read_exactly(stream, 2))
    except (Malformed, StopIteration, IndexError):
        pass
    return 0


def _boxes(stream: IO[bytes]) -> Iterator[tuple[bytes, int, int]]:
    """Kind, place and length of the contents of every box; a bare codestream counts as one."""
    end = stream.seek(0, os.SEEK_END)
    stream.seek(0)
    if read_exactly(stream, len(_SIGNATURE)) != _SIGNATURE:
        yield b"jp2c", 0, end
        return
    position = 0
    while position + 8 <= end:
        stream.seek(position)
        length, kind = struct.unpack(">I4s", read_exactly(stream, 8))
        head = 8
        if length == 1:
            (length,) = struct.unpack(">Q", read_exactly(stream, 8))
            head = 16
        length = length or end - position
        if length < head or position + length > end:
            raise Malformed
        yield kind, position + head, length - head
        position += length

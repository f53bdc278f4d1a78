"""The parts of a JPEG, PNG, WebP or GIF that make its picture, passed by in order, metadata left out.

Each function takes a stream at the start of the file and yields bytes. ``Malformed`` means that the structure could
not be followed; that says nothing about whether a decoder can make something of the file.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import IO, Final

_BLOCK: Final = 1 << 20

_SOS, _EOI, _COM, _APP0, _APP14, _APP15 = 0xDA, 0xD9, 0xFE, 0xE0, 0xEE, 0xEF
_WITHOUT_LENGTH: Final = frozenset({0x01, *range(0xD0, 0xD9)})
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE_FRAMES: Final = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
# Inside a scan a 0xFF is followed by a stuffed zero, a restart marker or another 0xFF; anything else ends the scan.
_END_OF_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

_PNG_CHUNKS: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT"})
_WEBP_CHUNKS: Final = frozenset({b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF"})


class Malformed(Exception):  # noqa: N818 - a verdict, caught where the file is hashed another way
    """The file does not have the structure that its first bytes promise."""


def read_exactly(stream: IO[bytes], length: int) -> bytes:
    data = stream.read(length)
    if len(data) != length:
        raise Malformed
    return data


def read_blocks(stream: IO[bytes], length: int) -> Iterator[bytes]:
    """``length`` bytes from where the stream stands, without holding them all."""
    while length:
        block = read_exactly(stream, min(length, _BLOCK))
        length -= len(block)
        yield block


def jpeg_data(stream: IO[bytes]) -> Iterator[bytes]:
    """Tables, frame and scans (ITU T.81, annex B), without comments and APPn segments but for Adobe's APP14, which
    says how colours are stored. Ends at the first EOI: what phones append is not the picture."""
    for marker, segment in _jpeg_segments(stream):
        if not _is_jpeg_metadata(marker, segment):
            yield struct.pack(">BBH", 0xFF, marker, len(segment)) + segment
        if marker == _SOS:
            yield from _scan(stream)


def jpeg_effort(stream: IO[bytes]) -> int:
    """Pixels times scans: how much work the file makes a decoder do. Raises as ``jpeg_data``.

    A baseline picture whose first scan holds all its components is decoded from that one; it ends the search.
    """
    area = components = scans = 0
    is_progressive = False
    for marker, segment in _jpeg_segments(stream):
        if marker in _FRAMES:
            height, width, components = struct.unpack(">xHHB", segment[:6])
            area, is_progressive = height * width, marker in _PROGRESSIVE_FRAMES
        elif marker == _SOS:
            scans += 1
            if not is_progressive and segment[0] == components:
                break
            for _ in _scan(stream):
                pass
    return area * scans


def png_data(stream: IO[bytes]) -> Iterator[bytes]:
    """The chunks that make the picture. Where one IDAT ends and the next begins is left out."""
    read_exactly(stream, 8)
    previous = b""
    while True:
        length, kind = struct.unpack(">I4s", read_exactly(stream, 8))
        if kind == b"IEND":
            return
        if kind not in _PNG_CHUNKS:
            stream.seek(length, 1)
        else:
            if kind != previous:
                yield kind
            previous = kind
            yield from read_blocks(stream, length)
        read_exactly(stream, 4)


def webp_data(stream: IO[bytes]) -> Iterator[bytes]:
    """The bitstreams. VP8X, which appears with the first tag that is written, only lists what else there is."""
    read_exactly(stream, 12)
    while header := stream.read(8):
        if len(header) != 8:
            raise Malformed
        kind, length = struct.unpack("<4sI", header)
        if kind in _WEBP_CHUNKS:
            yield header
            yield from read_blocks(stream, length)
            stream.seek(length & 1, 1)
        else:
            stream.seek(length + (length & 1), 1)


def gif_data(stream: IO[bytes]) -> Iterator[bytes]:
    """Screen, palettes, frames and their timing. The version is left out: writing XMP makes a GIF87a a GIF89a."""
    read_exactly(stream, 6)
    screen = read_exactly(stream, 7)
    yield screen + read_exactly(stream, _palette_length(screen[4]))
    while (introducer := read_exactly(stream, 1)) != b";":
        if introducer == b",":
            descriptor = read_exactly(stream, 9)
            yield descriptor + read_exactly(stream, _palette_length(descriptor[8])) + read_exactly(stream, 1)
            yield from _gif_blocks(stream)
        elif introducer == b"!":
            is_control = read_exactly(stream, 1) == b"\xf9"
            for block in _gif_blocks(stream):
                if is_control:
                    yield block
        else:
            raise Malformed


def _jpeg_segments(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Markers and what they carry, up to the first EOI. At an SOS the caller reads the scan before going on."""
    read_exactly(stream, 2)
    while (marker := _next_marker(stream)) != _EOI:
        if marker not in _WITHOUT_LENGTH:
            (length,) = struct.unpack(">H", read_exactly(stream, 2))
            yield marker, read_exactly(stream, max(length - 2, 0))


def _next_marker(stream: IO[bytes]) -> int:
    if read_exactly(stream, 1) != b"\xff":
        raise Malformed
    code = 0xFF
    while code == 0xFF:
        code = read_exactly(stream, 1)[0]
    return code


def _is_jpeg_metadata(marker: int, segment: bytes) -> bool:
    if marker == _APP14:
        return not segment.startswith(b"Adobe")
    return marker == _COM or _APP0 <= marker <= _APP15


def _scan(stream: IO[bytes]) -> Iterator[bytes]:
    """Entropy-coded bytes; leaves the stream at the marker behind them, or at the end of a file that lacks it."""
    carried = b""
    while block := stream.read(_BLOCK):
        data = carried + block
        if end := _END_OF_SCAN.search(data):
            stream.seek(end.start() - len(data), 1)
            yield data[: end.start()]
            return
        carried = b"\xff" if data.endswith(b"\xff") else b""
        yield data[: len(data) - len(carried)]
    raise Malformed


def _palette_length(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_blocks(stream: IO[bytes]) -> Iterator[bytes]:
    while length := read_exactly(stream, 1)[0]:
        yield read_exactly(stream, length)

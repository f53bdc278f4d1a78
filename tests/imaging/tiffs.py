"""TIFF files byte by byte (TIFF 6.0; BigTIFF), in the layouts that Pillow does not write."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

GREY_FROM_WHITE, GREY, RGB, CMYK, CIELAB, ICCLAB = 0, 1, 2, 5, 8, 9
UINT, INT, FLOAT = 1, 2, 3
NONE, LZW, DEFLATE, PACK_BITS = 1, 5, 8, 32773
_FORMATS: Final = {"u": UINT, "i": INT, "f": FLOAT}
_CODES: Final = {3: "H", 4: "I", 7: "B"}

Entry = tuple[int, int, Sequence[int]]


@dataclass(frozen=True)
class Tiff:
    """How samples of shape (h, w, channels) are laid out."""

    photometric: int
    order: str = "<"
    compression: int = NONE
    rows: int = 7
    """Rows of a strip."""
    is_planar: bool = False
    is_big: bool = False
    predictor: int = 1
    tile: int = 0
    """Side of the tiles; 0 for strips."""
    tags: Sequence[Entry] = field(default_factory=tuple)

    def encode(self, samples: NDArray[Any]) -> bytes:
        height, width, channels = samples.shape
        parts = [self._packed(part) for part in self._parts(samples)]
        places, lengths = (324, 325) if self.tile else (273, 279)
        entries: list[Entry] = [
            *((256, 4, [width]), (257, 4, [height]), (258, 3, [samples.dtype.itemsize * 8] * channels)),
            *((259, 3, [self.compression]), (262, 3, [self.photometric]), (277, 3, [channels])),
            *((284, 3, [1 + self.is_planar]), (317, 3, [self.predictor])),
            *((339, 3, [_FORMATS[samples.dtype.kind]] * channels), (lengths, 4, [len(part) for part in parts])),
            *([(322, 3, [self.tile]), (323, 3, [self.tile])] if self.tile else [(278, 4, [self.rows])]),
            *self.tags,
        ]
        start = len(self._directory([*entries, (places, 4, [0] * len(parts))]))
        offsets = [start + sum(map(len, parts[:row])) for row in range(len(parts))]
        return self._directory([*entries, (places, 4, offsets)]) + b"".join(parts)

    def _parts(self, samples: NDArray[Any]) -> Iterator[NDArray[Any]]:
        planes = np.split(samples, samples.shape[2], axis=2) if self.is_planar else [samples]
        for plane in planes:
            height, width, channels = plane.shape
            if not self.tile:
                yield from (plane[top : top + self.rows] for top in range(0, height, self.rows))
                continue
            for top in range(0, height, self.tile):
                for left in range(0, width, self.tile):
                    whole = np.zeros((self.tile, self.tile, channels), plane.dtype)
                    piece = plane[top : top + self.tile, left : left + self.tile]
                    whole[: piece.shape[0], : piece.shape[1]] = piece
                    yield whole

    def _packed(self, part: NDArray[Any]) -> bytes:
        data = self._predicted(part)
        if self.compression == DEFLATE:
            return zlib.compress(data)
        if self.compression == PACK_BITS:
            return b"".join(bytes([len(run) - 1]) + run for run in _runs(data, 128))
        return _lzw(data) if self.compression == LZW else data

    def _predicted(self, part: NDArray[Any]) -> bytes:
        if self.predictor == 3:
            size = part.dtype.itemsize
            rows, width, channels = part.shape
            ordered = part.astype(part.dtype.newbyteorder(">")).view(np.uint8).reshape(rows, width * channels, size)
            planes = ordered.transpose(0, 2, 1).reshape(rows, -1, channels)
            return np.diff(planes, axis=1, prepend=np.zeros((rows, 1, channels), np.uint8)).astype(np.uint8).tobytes()
        if self.predictor == 2:
            part = np.diff(part, axis=1, prepend=np.zeros_like(part[:, :1]))
        return part.astype(part.dtype.newbyteorder(self.order)).tobytes()  # type: ignore[arg-type]

    def _directory(self, entries: list[Entry]) -> bytes:
        order, count, word = self.order, "Q" if self.is_big else "H", "Q" if self.is_big else "I"
        mark = b"II" if order == "<" else b"MM"
        head = mark + (struct.pack(order + "HHHQ", 43, 8, 0, 16) if self.is_big else struct.pack(order + "HI", 42, 8))
        table = struct.pack(order + count, len(entries))
        rest, room = b"", struct.calcsize("=" + word)
        place = len(head) + len(table) + len(entries) * (4 + 2 * room) + room
        for tag, kind, values in sorted(entries):
            data = struct.pack(f"{order}{len(values)}{_CODES[kind]}", *values)
            table += struct.pack(f"{order}HH{word}", tag, kind, len(values))
            table += data.ljust(room, b"\0") if len(data) <= room else struct.pack(order + word, place + len(rest))
            rest += b"" if len(data) <= room else data + bytes(len(data) % 2)
        return head + table + bytes(room) + rest


def _runs(data: bytes, length: int) -> Iterator[bytes]:
    return (data[start : start + length] for start in range(0, len(data), length))


def _lzw(data: bytes) -> bytes:
    """Literal codes only, the table cleared before it makes codes longer than 9 bits."""
    codes = []
    for run in _runs(data, 200):
        codes += [256, *run]
    bits = "".join(f"{code:09b}" for code in [*codes, 257])
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")

"""The primitive encodings of dlib's serialisation (dlib/serialize.h, dlib/float_details.h, dlib/cuda/tensor.h)."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import ModelError

_LONGEST_STRING: Final = 64
_SPECIAL_EXPONENT: Final = 32000


def expect(condition: bool, what: str) -> None:
    """Raises ``ModelError`` naming ``what`` unless the condition holds."""
    if not condition:
        raise ModelError("The face recognition model cannot be read.", f"Unexpected {what} in the file.")


class DlibReader:
    """Reads forward through bytes; every method raises ``ModelError`` where they end or are not what they must be.

    Counts are bounded by the bytes that are left before anything is allocated.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._position = 0

    @property
    def is_at_end(self) -> bool:
        return self._position == len(self._content)

    def integer(self) -> int:
        """A control byte (sign, number of bytes), then the magnitude, little-endian."""
        control = self._take(1)[0]
        length = control & 0x0F
        expect(control & 0x70 == 0 and 1 <= length <= 8, "integer")
        magnitude = int.from_bytes(self._take(length), "little")
        return -magnitude if control & 0x80 else magnitude

    def boolean(self) -> bool:
        value = self._take(1)
        expect(value in (b"0", b"1"), "boolean")
        return value == b"1"

    def string(self) -> str:
        length = self.integer()
        expect(0 < length <= _LONGEST_STRING, "string length")
        raw = self._take(length)
        expect(raw.isascii(), "string")
        return raw.decode("ascii")

    def number(self) -> float:
        """A scalar: mantissa, then exponent of two (the comment in dlib's source has them the other way round)."""
        mantissa, exponent = self.integer(), self.integer()
        expect(abs(mantissa) < 1 << 53 and abs(exponent) < _SPECIAL_EXPONENT, "number")
        try:
            return math.ldexp(mantissa, exponent)
        except OverflowError as error:
            raise ModelError("The face recognition model cannot be read.", "A number is out of range.") from error

    def shape(self) -> tuple[int, ...]:
        """An alias tensor: four dimensions (samples, channels, rows, columns) without data."""
        expect(self.integer() == 1, "version of an alias tensor")
        return self._dimensions()

    def tensor(self) -> NDArray[np.float32]:
        """Four dimensions and their float32 values, row-major; a view of the file's bytes."""
        expect(self.integer() == 2, "version of a tensor")
        dimensions = self._dimensions()
        data = self._take(4 * math.prod(dimensions))
        return np.frombuffer(data, "<f4").reshape(dimensions)

    def skip_empty_tensor(self) -> None:
        expect(self.tensor().size == 0, "state of a network in training")

    def _dimensions(self) -> tuple[int, ...]:
        dimensions = tuple(self.integer() for _ in range(4))
        expect(all(0 <= each <= len(self._content) for each in dimensions), "dimension")
        return dimensions

    def _take(self, count: int) -> bytes:
        end = self._position + count
        expect(end <= len(self._content), "end")
        taken = self._content[self._position : end]
        self._position = end
        return taken

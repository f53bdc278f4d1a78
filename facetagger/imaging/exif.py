"""The two things of a photograph's Exif block that decide how it is shown and sorted."""

from __future__ import annotations

import re
import struct
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Final

from PIL import ExifTags, Image

from facetagger.imaging.formats import Format

# DateTime (0x0132) is left out on purpose: scanners and editors write the day of the scan or edit there.
_TAKEN_TAGS: Final = (ExifTags.Base.DateTimeOriginal, ExifTags.Base.DateTimeDigitized)
_TIME: Final = re.compile(r"\s*(\d{4})[:\-/.](\d\d)[:\-/.](\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?")
_EARLIEST_YEAR: Final = 1826
"""The year of the oldest photograph there is."""


@dataclass(frozen=True, slots=True)
class ExifFacts:
    """``orientation`` is 1 to 8; ``taken`` a naive local time ``YYYY-MM-DDTHH:MM:SS``."""

    orientation: int = 1
    taken: str | None = None


def read_exif(image: Image.Image, found: Format, stream: IO[bytes] | None = None) -> ExifFacts:
    """The Exif facts of an opened image's current page. A damaged block counts as none, never as an error.

    Only Exif is asked: Pillow's own ``getexif`` would also take an orientation from XMP, which other programs ignore,
    and would decode a PNG to look for a block behind the pixels; ``stream`` is searched for that one instead.
    """
    exif = Image.Exif()
    try:
        if found is Format.TIFF:
            image.info.pop("xmp", None)
            exif = image.getexif()
        elif block := image.info.get("exif") or (found is Format.PNG and stream and _png_block(stream)):
            exif.load(block)
        sub = exif.get_ifd(ExifTags.IFD.Exif)
        return ExifFacts(_orientation(exif.get(ExifTags.Base.Orientation)), _taken(dict(exif) | dict(sub)))
    except Exception:  # noqa: BLE001 - the edge to Pillow's parser; a broken block must not cost the photo
        return ExifFacts()


def parse_time(text: object) -> str | None:
    """An Exif time as ISO text; None for the blanks, zeros and impossible dates that cameras write."""
    if isinstance(text, bytes):
        text = text.decode("ascii", "replace")
    match = _TIME.match(text) if isinstance(text, str) else None
    if not match:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        moment = datetime(year, month, day, hour, minute, min(second, 59))
    except ValueError:
        return None
    return moment.isoformat(timespec="seconds") if year >= _EARLIEST_YEAR else None


def _orientation(value: object) -> int:
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _taken(tags: dict[int, object]) -> str | None:
    for tag in _TAKEN_TAGS:
        if taken := parse_time(tags.get(tag)):
            return taken
    return None


def _png_block(stream: IO[bytes]) -> bytes | None:
    """The eXIf chunk of a PNG, wherever it stands (PNG specification, third edition, 11.3.4.5)."""
    before = stream.tell()
    stream.seek(8)
    with suppress(struct.error, OSError):
        while True:
            length, kind = struct.unpack(">I4s", stream.read(8))
            if kind == b"eXIf":
                block = stream.read(length)
                stream.seek(before)
                return block
            stream.seek(length + 4, 1)
    stream.seek(before)
    return None

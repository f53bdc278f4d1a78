"""What a file's header tells, before anything is decoded."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from PIL import Image, TiffImagePlugin

from facetagger.errors import PhotoError
from facetagger.geometry import Size, is_transposed
from facetagger.imaging import isolation
from facetagger.imaging.exif import ExifFacts, read_exif
from facetagger.imaging.formats import Format, sniff
from facetagger.imaging.hazards import is_risky_to_open
from facetagger.imaging.image_data import Malformed
from facetagger.imaging.opening import check_size, display_name, open_image, open_stream
from facetagger.imaging.tiff_picture import is_ours
from facetagger.imaging.tiff_samples import read_outlines, read_page

PAGE_LIMIT: Final = 1000

_NEW_SUBFILE_TYPE: Final = 254
_REDUCED_OR_MASK: Final = 0b101
"""Bits of NewSubfileType (TIFF 6.0, page 36): a small copy of another page; a transparency mask."""


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One picture of a file. ``page`` counts from 0; ``orientation`` is the EXIF value (1 to 8);
    ``taken`` the naive local time ``YYYY-MM-DDTHH:MM:SS`` from the metadata.

    For HEIC, whose decoder turns the picture itself, ``stored_size`` is the turned size and ``orientation`` 1.
    """

    page: int
    stored_size: Size
    orientation: int
    taken: str | None


def probe(path: Path) -> tuple[PageInfo, ...]:
    """The pictures of a file: every page of a TIFF (small copies and masks left out), one of any other.

    Raises:
        PhotoError: no photograph, damaged, empty, too large, or not readable; title and hint say so to the user.
    """
    if is_risky_to_open(path):
        return isolation.call(path, _probe, path)
    return _probe(path)


def _probe(path: Path) -> tuple[PageInfo, ...]:
    try:
        return _pages(path)
    except PhotoError:
        pages = _pages_without_pillow(path)
        if not pages:
            raise
        return pages


def _pages_without_pillow(path: Path) -> tuple[PageInfo, ...]:
    """Of a TIFF with a page that Pillow refuses and ``tiff_picture`` reads; without a date. Empty for any other."""
    with open_stream(path) as stream:
        if sniff(stream.read(12)) is not Format.TIFF:
            return ()
        try:
            outlines = read_outlines(stream)
        except (Malformed, struct.error):
            return ()
        readable = [read_page(stream, number) for number in range(len(outlines))]
    if not any(page is not None and is_ours(page) for page in readable):
        return ()
    for outline in outlines:
        check_size(path, outline.size)
    return tuple(
        PageInfo(number, outline.size, outline.orientation, None)
        for number, outline in enumerate(outlines)
        if not outline.is_copy_or_mask
    )


def _pages(path: Path) -> tuple[PageInfo, ...]:
    with open_image(path) as (image, found):
        if isinstance(image, TiffImagePlugin.TiffImageFile):
            return _tiff_pages(path, image)
        with open_stream(path) as stream:
            return (_page_info(image, found, 0, stream),)


def _tiff_pages(path: Path, image: TiffImagePlugin.TiffImageFile) -> tuple[PageInfo, ...]:
    pages: list[PageInfo] = []
    for page in range(PAGE_LIMIT):
        try:
            image.seek(page)
        except EOFError:
            break
        check_size(path, Size(*image.size))
        if not _is_copy_or_mask(image):
            pages.append(_page_info(image, Format.TIFF, page, None))
    if not pages:
        raise PhotoError(
            f"“{display_name(path)}” holds no picture.", "It has only previews.", "Scan or save the picture again."
        )
    return tuple(pages)


def _is_copy_or_mask(image: TiffImagePlugin.TiffImageFile) -> bool:
    kind = image.tag_v2.get(_NEW_SUBFILE_TYPE, 0)
    return isinstance(kind, int) and bool(kind & _REDUCED_OR_MASK)


def _page_info(image: Image.Image, found: Format, page: int, stream: IO[bytes] | None) -> PageInfo:
    exif = ExifFacts() if found is Format.GIF or found is Format.BMP else read_exif(image, found, stream)
    size = Size(*image.size)
    if found is Format.TIFF and is_transposed(tiff_orientation(image)):
        size = size.transposed()
    orientation = 1 if found is Format.HEIF else exif.orientation
    return PageInfo(page, size, orientation, exif.taken)


def tiff_orientation(image: Image.Image) -> int:
    """The orientation that Pillow applies to a TIFF by itself, to its size at once and to its pixels on loading."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return 1
    value = image.tag_v2.get(0x0112, 1)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1

"""Pixels of a photograph: RGB, upright, no larger than asked."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.errors import PhotoError
from facetagger.geometry import Size
from facetagger.imaging import isolation
from facetagger.imaging.formats import Format, sniff
from facetagger.imaging.hazards import is_risky_to_decode
from facetagger.imaging.jpeg_2000 import resolution_levels
from facetagger.imaging.opening import check_size, display_name, open_image, open_stream
from facetagger.imaging.pixels import bounded_size, orient, to_rgb
from facetagger.imaging.probe import tiff_orientation
from facetagger.imaging.tiff_picture import is_ours, read_picture
from facetagger.imaging.tiff_samples import read_page

_INVERSE_ORIENTATION: Final = {6: 8, 8: 6}

# Of a 12-megapixel photo bounded to 2048 pixels, four fifths of the time would go into scaling 4000 pixels by 1.95
# rather than decoding at 1/2. Small bounds are those of thumbnails, which are all to be of one size.
_CLOSE_ENOUGH: Final = 0.9
_CLOSE_ENOUGH_FROM: Final = 1024


def decode(
    path: Path, *, page: int = 0, orientation: int, max_side: int | None = None, is_quick: bool = False
) -> NDArray[np.uint8]:
    """The picture as uint8 RGB of shape (h, w, 3), C-contiguous and writable, in the upright frame.

    ``orientation`` is the EXIF value (1 to 8) that leads there from the stored frame; the file's own is not looked
    at. The long side is at most ``max_side`` pixels, never enlarged. A JPEG is then decoded at one of the scales 1/1,
    1/2, 1/4, 1/8 that its blocks offer, in a fraction of the memory and time; from a bound of 1024 on, a scale that
    comes within a tenth of it is taken as it is. ``is_quick`` asks for pixels that are to be analysed, not looked at:
    the rest is scaled as fast as it can be.

    Raises:
        PhotoError: the file cannot be read, is truncated, damaged, too large, or has no such page.
    """
    if is_risky_to_decode(path):
        return isolation.call(path, _decode, path, page, orientation, max_side, is_quick)
    return _decode(path, page, orientation, max_side, is_quick)


def _decode(path: Path, page: int, orientation: int, max_side: int | None, is_quick: bool) -> NDArray[np.uint8]:
    picture = _read_tiff(path, page, max_side)
    if picture is not None:
        return np.array(orient(picture, orientation), order="C")
    with open_image(path) as (image, found):
        applied = _seek(path, image, found, page)
        stored = Size(*image.size)
        size = bounded_size(stored, max_side)
        if found is Format.JPEG and max_side and size != stored:
            size = _draft(image, size, max_side)
        elif found is Format.JPEG_2000:
            _reduce(path, image, size)
        image.load()
        if found is Format.HEIF and Size(*image.size) != stored:
            check_size(path, Size(*image.size))
            size = bounded_size(Size(*image.size), max_side)
        pixels = to_rgb(image, size, is_quick=is_quick)
        pixels = orient(orient(pixels, _INVERSE_ORIENTATION.get(applied, applied)), orientation)
        return np.array(pixels, order="C")


def _read_tiff(path: Path, number: int, max_side: int | None) -> NDArray[np.uint8] | None:
    """A page of a TIFF as stored, RGB and bounded, read in bands; None where that is for Pillow."""
    with open_stream(path) as stream:
        if sniff(stream.read(12)) is not Format.TIFF:
            return None
        page = read_page(stream, number)
        if page is None or not is_ours(page):
            return None
        check_size(path, page.size)
        size = bounded_size(page.size, max_side)
        return to_rgb(read_picture(stream, page, size), size)


def _reduce(path: Path, image: Image.Image, size: Size) -> None:
    """Has a JPEG 2000 decoded at a half, a quarter … of its size, of which it has some, as far as ``size`` allows: its
    decoder takes 16 bytes a pixel."""
    halvings = int(math.log2(max(1, min(image.width // size.width, image.height // size.height))))
    with open_stream(path) as stream:
        image.reduce = min(halvings, resolution_levels(stream))  # type: ignore[method-assign, assignment]


def _draft(image: Image.Image, size: Size, max_side: int) -> Size:
    """Has a JPEG decoded at the smallest scale that ``size`` allows; returns the size to scale the outcome to."""
    width, height = image.size
    for scale in (2, 4, 8):
        side = math.ceil(max(width, height) / scale)
        if max_side >= _CLOSE_ENOUGH_FROM and _CLOSE_ENOUGH * max_side <= side <= max_side:
            image.draft(None, (max(1, width // scale), max(1, height // scale)))
            return Size(*image.size) if max(image.size) <= max_side else size
    image.draft(None, (size.width, size.height))
    return size


def _seek(path: Path, image: Image.Image, found: Format, page: int) -> int:
    """Goes to a page; returns the orientation that Pillow will have applied when the page is loaded."""
    if found is not Format.TIFF:
        if page:
            raise _no_such_page(path, page)
        return 1
    try:
        image.seek(page)
    except EOFError as error:
        raise _no_such_page(path, page) from error
    check_size(path, Size(*image.size))
    # Without the tag Pillow would go by an orientation in XMP instead.
    for key in ("xmp", "XML:com.adobe.xmp"):
        image.info.pop(key, None)
    return tiff_orientation(image)


def _no_such_page(path: Path, page: int) -> PhotoError:
    return PhotoError(
        f"“{display_name(path)}” has no page {page + 1}.", "It had one when it was imported.", "Import the file again."
    )

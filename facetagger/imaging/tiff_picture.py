"""A TIFF page as a picture of 8 bits, scaled down while it is read: right tones from whatever the samples count in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.geometry import Size
from facetagger.imaging.tiff_samples import Page, Samples, bands

_MIN_IS_WHITE, _GREY, _RGB, _CMYK, _CIELAB, _ICCLAB = 0, 1, 2, 5, 8, 9
_COLOURS: Final = {_MIN_IS_WHITE: 1, _GREY: 1, _RGB: 3, _CMYK: 4, _CIELAB: 3, _ICCLAB: 3}
_MODES: Final = {_MIN_IS_WHITE: "L", _GREY: "L", _RGB: "RGB", _CMYK: "CMYK", _CIELAB: "LAB", _ICCLAB: "LAB"}
_PREMULTIPLIED, _ALPHA = 1, 2

_FULL_SCALES: Final = (255.0, 1023.0, 4095.0, 65535.0, 4294967295.0)
"""What samples of 8, 10, 12, 16 and 32 bits count to, whatever they are stored in. 14 bits are missing: an underexposed
scan of 16 bits looks the same."""
_FLOAT_SCALES: Final = (1.0, 255.0, 65535.0)

_REDUCING_GAP: Final = 2
"""How many times larger than asked the picture stays, so that the last step can be a good one."""

_ROOM: Final = 48_000_000
"""Pixels, of four bytes each, that it may have for that."""


def is_ours(page: Page) -> bool:
    """Whether the colours of the page are made here; the others are for Pillow."""
    colours = _COLOURS.get(page.photometric)
    if page.photometric in (_CIELAB, _ICCLAB) and (page.dtype.kind == "f" or page.dtype.itemsize > 2):
        return False
    return colours is not None and page.channels >= colours


def read_picture(stream: IO[bytes], page: Page, size: Size) -> Image.Image:
    """The page, mode L, LA, RGB, RGBA, CMYK or LAB, at least ``size`` and at most a few times larger.

    Its profile is in ``info``. Raises what ``bands`` raises.
    """
    factor = _factor(page.size, size)
    scale = _scale(stream, page)
    picture: Image.Image | None = None
    top = 0
    for rows in _in_multiples(bands(stream, page), factor):
        band = _image(rows, page, scale)
        if factor > 1:
            band = band.reduce(factor)
        if picture is None:
            picture = Image.new(band.mode, (band.width, -(-page.size.height // factor)))
        picture.paste(band, (0, top))
        top += band.height
    assert picture is not None
    if page.profile is not None:
        picture.info["icc_profile"] = page.profile
    return picture


def _factor(stored: Size, size: Size) -> int:
    """By how much the picture is reduced while it is read: with a gap where there is room for that."""
    ratio = max(1, min(stored.width // size.width, stored.height // size.height))
    gently = max(1, ratio // _REDUCING_GAP)
    return gently if stored.area <= _ROOM * gently * gently else ratio


def _in_multiples(parts: Iterator[Samples], factor: int) -> Iterator[Samples]:
    """The same rows in parts whose height is a multiple of ``factor``, but for the last."""
    rest: Samples | None = None
    for part in parts:
        rows = part if rest is None else np.concatenate([rest, part])
        whole = len(rows) // factor * factor
        rest = rows[whole:] if whole < len(rows) else None
        if whole:
            yield rows[:whole]
    if rest is not None:
        yield rest


def _scale(stream: IO[bytes], page: Page) -> tuple[float, float]:
    """The samples that mean 0 and full. Only where the type does not tell are all of them looked at."""
    if page.dtype.kind == "u" and page.dtype.itemsize == 1:
        return 0.0, 255.0
    low, high = np.inf, -np.inf
    for rows in bands(stream, page):
        finite = rows if page.dtype.kind != "f" else rows[np.isfinite(rows)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
        if page.dtype.kind == "u" and page.dtype.itemsize == 2 and high > max(_FULL_SCALES[2], page.max_sample or 0):
            return 0.0, 65535.0
    if low > high:
        return 0.0, 1.0
    return _range_of(page, low, high)


def _range_of(page: Page, low: float, high: float) -> tuple[float, float]:
    """Samples below 0 or beyond every usual scale are spread from the darkest to the brightest."""
    if page.photometric in (_CIELAB, _ICCLAB):
        return 0.0, float(np.iinfo(page.dtype).max)
    if page.max_sample is not None and high <= page.max_sample and low >= 0 and page.dtype.kind == "u":
        return 0.0, float(page.max_sample)
    scales = _FLOAT_SCALES if page.dtype.kind == "f" else _FULL_SCALES
    full = next((scale for scale in scales if low >= 0 and high <= scale), None)
    return (0.0, full) if full is not None else (low, high)


def _image(rows: Samples, page: Page, scale: tuple[float, float]) -> Image.Image:
    colours = _COLOURS[page.photometric]
    grey = _to_bytes(rows[:, :, :colours], scale)
    if page.photometric == _MIN_IS_WHITE:
        grey = 255 - grey
    elif page.photometric in (_CIELAB, _ICCLAB):
        grey = _lab(rows[:, :, :3], grey, is_signed=page.photometric == _CIELAB)
    alpha = next((row for row, kind in enumerate(page.extra) if kind in (_PREMULTIPLIED, _ALPHA)), None)
    if alpha is None or colours + alpha >= page.channels or colours == 4 or page.photometric in (_CIELAB, _ICCLAB):
        plain = grey[:, :, 0] if colours == 1 else grey
        return Image.frombuffer(_MODES[page.photometric], plain.shape[1::-1], np.ascontiguousarray(plain))
    opacity = _to_bytes(rows[:, :, colours + alpha : colours + alpha + 1], scale)
    return _transparent(grey, opacity, is_premultiplied=page.extra[alpha] == _PREMULTIPLIED)


def _transparent(colours: NDArray[np.uint8], opacity: NDArray[np.uint8], *, is_premultiplied: bool) -> Image.Image:
    if colours.shape[2] == 1 and not is_premultiplied:
        return Image.frombuffer("LA", colours.shape[1::-1], np.concatenate([colours, opacity], axis=2))
    colours = np.repeat(colours, 3, axis=2) if colours.shape[2] == 1 else colours
    mode = "RGBa" if is_premultiplied else "RGBA"
    return Image.frombuffer(mode, colours.shape[1::-1], np.concatenate([colours, opacity], axis=2)).convert("RGBA")


def _lab(rows: Samples, lightness: NDArray[np.uint8], *, is_signed: bool) -> NDArray[np.uint8]:
    """CIELAB counts its two colours from -128, and so does Pillow where it takes bytes; ICCLAB counts from 0."""
    colours = (rows[:, :, 1:] if rows.dtype.itemsize == 1 else rows[:, :, 1:] >> 8).astype(np.uint8)
    return np.concatenate([lightness[:, :, :1], colours if is_signed else colours ^ np.uint8(128)], axis=2)


def _to_bytes(rows: Samples, scale: tuple[float, float]) -> NDArray[np.uint8]:
    low, high = scale
    pixels: NDArray[np.uint8]
    if rows.dtype.kind == "u" and rows.dtype.itemsize == 1:
        pixels = rows
    elif scale == (0.0, 65535.0) and rows.dtype.kind == "u":
        pixels = (np.minimum(rows, 65535) >> 8).astype(np.uint8)
    else:
        values = np.nan_to_num(rows.astype(np.float32), posinf=high, neginf=low)
        pixels = np.clip((values - low) * (255.0 / max(high - low, 1e-30)), 0, 255).round().astype(np.uint8)
    return pixels

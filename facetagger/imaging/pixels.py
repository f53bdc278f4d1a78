"""From any mode that Pillow has to RGB as a screen shows it: bounded, on white, in sRGB."""

from __future__ import annotations

import functools
import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageCms, TiffImagePlugin

from facetagger.geometry import Size
from facetagger.imaging.opencv_runtime import load_opencv

_WHITE: Final = (255, 255, 255, 255)
_PROFILE_SPACES: Final = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}

# Hamming weighs each source pixel about once: when making smaller as sharp as bicubic, at half the time of Lanczos.
# In two steps, a coarse one to twice the size and a good one for the rest, large factors cost a third.
SHRINKING: Final = Image.Resampling.HAMMING
REDUCING_GAP: Final = 2.0

_ROWS: Final = 256
_CUBE_SIDE: Final = 18


def bounded_size(size: Size, max_side: int | None) -> Size:
    """``size`` scaled so that the long side is at most ``max_side``; never enlarged, never less than a pixel."""
    if max_side is None or size.long_side <= max_side:
        return size
    scale = max_side / size.long_side
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def to_rgb(image: Image.Image, size: Size, *, is_quick: bool = False) -> NDArray[np.uint8]:
    """The loaded image's picture (h, w, 3) at ``size`` (not larger than it is): RGB, sRGB, transparency on white.

    ``is_quick`` allows for linear scaling down to half the size, at a fifth of the time: a network does not mind.
    """
    profile, is_grey = image.info.get("icc_profile"), image.mode in ("LA", "La")
    image = _plain(image)
    if image.size != (size.width, size.height):
        if is_quick and image.mode == "RGB" and 2 * size.width >= image.width and 2 * size.height >= image.height:
            pixels = load_opencv().resize(np.asarray(image), (size.width, size.height))
            to_srgb = _transform(profile, "RGB")
            return pixels if to_srgb is None else np.asarray(_to_srgb(Image.fromarray(pixels), to_srgb))
        image = image.resize((size.width, size.height), SHRINKING, reducing_gap=REDUCING_GAP)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image).convert("L" if is_grey else "RGB")
    to_srgb = _transform(profile, image.mode)
    if to_srgb is not None:
        image = _to_srgb(image, to_srgb)
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def orient(pixels: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """Applies an EXIF orientation (1 to 8) to pixels of shape (h, w, 3); a view where that is possible."""
    if orientation >= 5:
        pixels = pixels.swapaxes(0, 1)
    flips = {2: (1,), 3: (0, 1), 4: (0,), 6: (1,), 7: (0, 1), 8: (0,)}.get(orientation, ())
    return np.flip(pixels, flips) if flips else pixels


def _plain(image: Image.Image) -> Image.Image:
    """The image in one of the modes that can be scaled and converted further: L, RGB, RGBA, CMYK."""
    if image.mode.startswith("I;16"):
        return _from_16_bits(image)
    if image.mode.startswith(("I", "F")):
        return _from_deep(image)
    if image.mode == "RGBA" and "transparency" not in image.info:
        return image
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        return image.convert("RGBA")
    if image.mode in ("L", "RGB", "CMYK"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _from_16_bits(image: Image.Image) -> Image.Image:
    """8-bit grey, a few rows at a time: a large scan is not in memory twice."""
    grey = Image.new("L", image.size)
    for top in range(0, image.height, _ROWS):
        rows = np.asarray(image.crop((0, top, image.width, min(top + _ROWS, image.height))))
        grey.paste(Image.fromarray((rows >> 8).astype(np.uint8)), (0, top))
    return ImageChops.invert(grey) if _is_min_white(image) else grey


def _from_deep(image: Image.Image) -> Image.Image:
    """8-bit grey from 32-bit or floating point grey, whose range nothing tells: from darkest to brightest."""
    finite = np.nan_to_num(np.asarray(image).astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(finite.min()), float(finite.max())
    if image.mode == "I" and low >= 0 and 255 < high < 65536:
        low, high = 0.0, 65535.0
    grey: NDArray[np.uint8] = np.clip((finite - low) / max(high - low, 1e-12) * 255.0, 0, 255).round().astype(np.uint8)
    if _is_min_white(image):
        grey = 255 - grey
    return Image.fromarray(grey)


def _is_min_white(image: Image.Image) -> bool:
    """Whether a TIFF counts from white; Pillow turns that round for 8 bits but not for more."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return False
    return bool(image.tag_v2.get(TiffImagePlugin.PHOTOMETRIC_INTERPRETATION) == 0)


def _to_srgb(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    try:
        converted = ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, ValueError):
        return image
    return image if converted is None else converted


@functools.lru_cache(maxsize=16)
def _transform(profile: object, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From an embedded ICC profile to sRGB.

    None where it would change nothing to speak of, as sRGB has many names, and where the profile is damaged or for
    another kind of pixels.
    """
    if not isinstance(profile, bytes):
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _PROFILE_SPACES.get(source.profile.xcolor_space) != mode:
            return None
        transform = ImageCms.buildTransform(
            source,
            ImageCms.createProfile("sRGB"),
            mode,
            "RGB",
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
        return None if mode == "RGB" and _changes_little(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


def _changes_little(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether no colour of a cube of them changes by more than one level, which rounding does."""
    levels = np.linspace(0, 255, _CUBE_SIDE).astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(1, -1, 3)
    converted = ImageCms.applyTransform(Image.fromarray(cube), transform)
    return converted is not None and int(np.abs(np.asarray(converted).astype(int) - cube).max()) <= 1

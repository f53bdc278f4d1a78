"""From any mode that Pillow has to RGB as a screen shows it: bounded, on white, in sRGB."""

from __future__ import annotations

import io
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageCms, TiffImagePlugin

from facetagger.geometry import Size

_WHITE: Final = (255, 255, 255, 255)
_PROFILE_SPACES: Final = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK"}

# Hamming weighs each source pixel about once: when making smaller as sharp as bicubic, at half the time of Lanczos.
# In two steps, a coarse one to twice the size and a good one for the rest, large factors cost a third.
SHRINKING: Final = Image.Resampling.HAMMING
REDUCING_GAP: Final = 2.0

_ROWS: Final = 256


def bounded_size(size: Size, max_side: int | None) -> Size:
    """``size`` scaled so that the long side is at most ``max_side``; never enlarged, never less than a pixel."""
    if max_side is None or size.long_side <= max_side:
        return size
    scale = max_side / size.long_side
    return Size(max(1, round(size.width * scale)), max(1, round(size.height * scale)))


def to_rgb(image: Image.Image, size: Size) -> Image.Image:
    """The loaded image's picture at ``size`` (not larger than it is), mode RGB, sRGB, transparency on white."""
    profile, is_grey = image.info.get("icc_profile"), image.mode in ("LA", "La")
    image = _plain(image)
    if image.size != (size.width, size.height):
        image = image.resize((size.width, size.height), SHRINKING, reducing_gap=REDUCING_GAP)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, _WHITE), image).convert("L" if is_grey else "RGB")
    if isinstance(profile, bytes):
        image = _to_srgb(image, profile)
    return image if image.mode == "RGB" else image.convert("RGB")


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


def _to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Converts by an embedded ICC profile. One that is damaged, or for another kind of pixels, is ignored."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = _PROFILE_SPACES.get(source.profile.xcolor_space)
        if space != image.mode or _is_srgb(source):
            return image
        converted = ImageCms.profileToProfile(
            image,
            source,
            ImageCms.createProfile("sRGB"),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image
    return converted if converted is not None else image


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    description = profile.profile.profile_description or ""
    return "srgb" in description.lower()

"""An album to try the program with: 22 prints of two women, made from portraits that installed libraries carry.

The sources are the public-domain portraits of Grace Hopper (U.S. Navy, in matplotlib) and Eileen Collins (NASA, in
scikit-image). Nothing is downloaded. The prints differ as prints in a shoe box do: tone, fading, size, how straight
they lay on the scanner. The same call always makes the same files.
"""

from __future__ import annotations

import importlib.util
import os
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageEnhance, ImageFilter, ImageOps

from facetagger.errors import FaceTaggerError

GRACE: Final = "Grace Hopper"
EILEEN: Final = "Eileen Collins"

_SOURCES: Final = {
    GRACE: ("matplotlib", "mpl-data/sample_data/grace_hopper.jpg"),
    EILEEN: ("skimage", "data/astronaut.png"),
}
_NEAR: Final = {GRACE: (0.1, 0.0, 0.9, 0.68), EILEEN: (0.14, 0.0, 0.74, 0.6)}
"""Head and shoulders in each source, as fractions: left, top, right, bottom."""

_PAPER: Final = (250, 248, 242)
_SCANNER_LID: Final = (214, 214, 212)
_GRAIN: Final = 2.0
_QUALITY: Final = 90


class _Tone(StrEnum):
    COLOUR = "colour"
    GREY = "grey"
    SEPIA = "sepia"
    FADED = "faded"


@dataclass(frozen=True, slots=True)
class _Print:
    """How one print is made. ``height`` in pixels before tilting, ``tilt`` in degrees, ``blur`` a radius in pixels,
    ``border`` a fraction of the height; ``taken`` is a day, empty where the file has no date."""

    file: str
    who: tuple[str, ...]
    taken: str = ""
    tone: _Tone = _Tone.COLOUR
    height: int = 600
    tilt: float = 0.0
    blur: float = 0.0
    brightness: float = 1.0
    border: float = 0.0
    is_near: bool = False
    is_mirrored: bool = False

    @property
    def left_to_right(self) -> tuple[str, ...]:
        return self.who[::-1] if self.is_mirrored else self.who


_GREY, _SEPIA, _FADED = _Tone.GREY, _Tone.SEPIA, _Tone.FADED
_PRINTS: Final = (
    _Print("Shoe box/print 01.jpg", (GRACE,), "1984-01-20"),
    _Print("Shoe box/print 02.jpg", (EILEEN,), "1992-02-01"),
    _Print("Shoe box/print 03.jpg", (GRACE,), "1985-05-11", _FADED, border=0.05),
    _Print("Shoe box/print 04.jpg", (EILEEN,), "1992-06-14", _GREY, 520, is_near=True),
    _Print("Shoe box/print 05.jpg", (GRACE,), tone=_GREY, tilt=6.0, border=0.06),
    _Print("Shoe box/print 06.jpg", (EILEEN,), "1993-03-07", tilt=-8.0),
    _Print("Shoe box/print 07.png", (GRACE,), "1985-12-24", _SEPIA, 420, is_near=True),
    _Print("Shoe box/print 08.jpg", (EILEEN,), "1993-08-19", brightness=1.25, is_mirrored=True),
    _Print("Shoe box/print 09.jpg", (GRACE,), "1986-08-14", height=400, blur=0.8, is_mirrored=True),
    _Print("Shoe box/print 10.tif", (EILEEN,), tone=_SEPIA, border=0.05),
    _Print("Shoe box/print 11.jpg", (GRACE, EILEEN), "1992-10-03", border=0.04),
    _Print("Shoe box/print 12.jpg", (EILEEN,), "1994-01-30", _FADED, 700, blur=1.0, is_near=True),
    _Print("Album page/print 13.jpg", (GRACE,), "1986-08-14", tilt=-18.0, border=0.05),
    _Print("Album page/print 14.jpg", (EILEEN,), "1995-02-03", tilt=15.0, border=0.05),
    _Print("Album page/print 15.webp", (GRACE,), "1987-04-02", brightness=1.2, is_near=True),
    _Print("Album page/print 16.jpg", (EILEEN,), "1995-02-11", _GREY, 360, blur=0.6, is_near=True),
    _Print("Album page/print 17.jpg", (EILEEN, GRACE), "1995-07-21", _GREY, 520, tilt=3.0),
    _Print("Album page/print 18.jpg", (GRACE,), tone=_SEPIA, height=800, tilt=4.0, border=0.08),
    _Print("Album page/print 19.webp", (EILEEN,), "1997-05-15", brightness=0.8),
    _Print("Album page/print 20.tif", (GRACE,), "1988-09-09", _GREY, 640, brightness=0.85),
    _Print("Album page/print 21.png", (EILEEN,), "1999-07-23", height=480, is_near=True, is_mirrored=True),
    _Print("Album page/print 22.jpg", (GRACE, EILEEN), "1999-07-27", _FADED, 560, tilt=-4.0, is_mirrored=True),
)


def make_sample_album(folder: Path) -> Path:
    """Makes the prints in two sub-folders of ``folder`` and returns it; prints that are there already are kept.

    Raises:
        FaceTaggerError: a portrait is not installed, or the folder cannot be written.
    """
    try:
        missing = [each for each in _PRINTS if not (folder / each.file).exists()]
        portraits = {name: portrait(name) for name in _SOURCES} if missing else {}
        for each in missing:
            path = folder / each.file
            path.parent.mkdir(parents=True, exist_ok=True)
            seed = _PRINTS.index(each)
            _save(_developed(each, portraits, seed), path, each.taken)
    except OSError as error:
        raise FaceTaggerError(
            "The sample album cannot be written.", str(error), "Choose another folder, or make room on the disk."
        ) from error
    return folder


def sample_people() -> dict[str, tuple[str, ...]]:
    """Who is on each print, left to right, by its path relative to the album (with ``/``)."""
    return {each.file: each.left_to_right for each in _PRINTS}


def portrait(name: str) -> Image.Image:
    """The source of ``GRACE``'s or ``EILEEN``'s prints. Raises ``FaceTaggerError`` where it is not installed."""
    package, inside = _SOURCES[name]
    found = importlib.util.find_spec(package)
    for place in (found.submodule_search_locations or ()) if found else ():
        path = Path(place) / inside
        if path.is_file():
            with Image.open(path) as image:
                return image.convert("RGB")
    raise FaceTaggerError(
        "The sample album cannot be made.",
        f"The portrait of {name} that comes with {package} is not installed.",
        "Install matplotlib and scikit-image again, or import photographs of your own.",
    )


def _developed(recipe: _Print, portraits: dict[str, Image.Image], seed: int) -> Image.Image:
    """One print as it lies on the scanner."""
    image = _beside([_framed(portraits[name], name, recipe) for name in recipe.who])
    if recipe.is_mirrored:
        image = ImageOps.mirror(image)
    image = _toned(image, recipe.tone)
    image = ImageEnhance.Brightness(image).enhance(recipe.brightness)
    if recipe.blur:
        image = image.filter(ImageFilter.GaussianBlur(recipe.blur))
    if recipe.border:
        image = ImageOps.expand(image, round(recipe.height * recipe.border), _PAPER)
    if recipe.tilt:
        image = image.rotate(recipe.tilt, Image.Resampling.BICUBIC, expand=True, fillcolor=_SCANNER_LID)
    return _grainy(image, seed)


def _framed(portrait: Image.Image, name: str, recipe: _Print) -> Image.Image:
    if recipe.is_near or len(recipe.who) > 1:
        left, top, right, bottom = _NEAR[name]
        width, height = portrait.size
        portrait = portrait.crop(
            (round(left * width), round(top * height), round(right * width), round(bottom * height))
        )
    width = round(portrait.width * recipe.height / portrait.height)
    return portrait.resize((width, recipe.height), Image.Resampling.LANCZOS)


def _beside(images: list[Image.Image]) -> Image.Image:
    row = Image.new("RGB", (sum(image.width for image in images), images[0].height))
    left = 0
    for image in images:
        row.paste(image, (left, 0))
        left += image.width
    return row


def _toned(image: Image.Image, tone: _Tone) -> Image.Image:
    grey = ImageOps.grayscale(image)
    if tone is _Tone.GREY:
        return grey.convert("RGB")
    if tone is _Tone.SEPIA:
        return ImageOps.colorize(grey, black=(38, 24, 12), mid=(150, 118, 84), white=(250, 238, 214))
    if tone is _Tone.FADED:
        pale = Image.blend(image, grey.convert("RGB"), 0.35)
        return Image.blend(pale, Image.new("RGB", image.size, (236, 214, 196)), 0.4)
    return image


def _grainy(image: Image.Image, seed: int) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32)
    grain = np.random.default_rng(seed).normal(0.0, _GRAIN, pixels.shape[:2]).astype(np.float32)
    grained: NDArray[np.uint8] = np.clip(pixels + grain[:, :, None], 0, 255).astype(np.uint8)
    return Image.fromarray(grained)


def _save(image: Image.Image, path: Path, taken: str) -> None:
    handle, temporary = tempfile.mkstemp(suffix=path.suffix, prefix=".", dir=path.parent)
    os.close(handle)
    try:
        # Pillow refuses a quality for TIFF, and an Exif directory for a compressed one.
        options: dict[str, Any] = {} if path.suffix == ".tif" else {"quality": _QUALITY}
        image.save(temporary, exif=_exif(taken), **options)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _exif(taken: str) -> bytes:
    block = Image.Exif()
    block[ExifTags.Base.Software] = "facetagger sample album"
    if taken:
        block[ExifTags.IFD.Exif] = {int(ExifTags.Base.DateTimeOriginal): f"{taken.replace('-', ':')} 12:00:00"}
    return block.tobytes()

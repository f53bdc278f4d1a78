"""The faces on which a new model is tried: the two portraits of the sample album, each developed in three ways."""

from __future__ import annotations

from typing import Final

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from facetagger.faces.packs.inspection import TrialFace
from facetagger.geometry import Box
from facetagger.operations.sample_album import EILEEN, GRACE, portrait

# Where the built-in detector sees the faces, in pixels of the portraits (512 x 600 and 512 x 512).
_BOXES: Final = {GRACE: Box(175.8, 118.3, 176.1, 219.4), EILEEN: Box(180.7, 64.1, 85.0, 108.3)}
_LANDMARKS: Final = {
    GRACE: ((223.3, 193.6), (306.9, 189.2), (268.9, 239.9), (233.9, 279.3), (307.0, 275.3)),
    EILEEN: ((203.7, 100.8), (246.9, 103.6), (224.6, 128.4), (201.5, 139.1), (245.3, 141.4)),
}
_DARKER: Final = 0.7
_BLUR: Final = 1.0


def trial_faces() -> list[TrialFace]:
    """Raises ``FaceTaggerError`` where a portrait is not installed."""
    return [face for name in (GRACE, EILEEN) for face in _developed(name)]


def _developed(name: str) -> list[TrialFace]:
    image = portrait(name)
    dark = ImageEnhance.Brightness(image).enhance(_DARKER)
    soft = ImageOps.grayscale(image.filter(ImageFilter.GaussianBlur(_BLUR))).convert("RGB")
    landmarks = np.array(_LANDMARKS[name], np.float32)
    return [TrialFace(name, _pixels(each), _BOXES[name], landmarks) for each in (image, dark, soft)]


def _pixels(image: Image.Image) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.ascontiguousarray(image)

"""What a network wants done to the pixels of a chip before it reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.packs.manifest import Normalisation

if TYPE_CHECKING:
    from facetagger.faces.embedder import Chips
    from facetagger.faces.packs.manifest import Manifest


def prepared(chips: Chips, manifest: Manifest) -> NDArray[np.float32]:
    """Chips uint8 (n, s, s, 3), RGB, as float32 in the colour order and range of the network."""
    pixels = chips[..., ::-1] if manifest.colours == "bgr" else chips
    numbers = pixels.astype(np.float32)
    if manifest.normalisation is Normalisation.FIXED:
        return (numbers - np.float32(manifest.mean)) / np.float32(manifest.scale)
    mean = numbers.mean(axis=(1, 2, 3), keepdims=True)
    spread = numbers.std(axis=(1, 2, 3), keepdims=True)
    # The floor is that of the FaceNet code: the deviation of noise of one grey level.
    floor = 1.0 / np.sqrt(float(np.prod(chips.shape[1:])))
    return np.asarray((numbers - mean) / np.maximum(spread, floor), np.float32)

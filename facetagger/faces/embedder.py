"""What an embedder is, whichever network stands behind it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from facetagger.faces.alignment import Alignment

Chips = NDArray[np.uint8]
"""Aligned RGB faces, shape (n, s, s, 3) where the embedder's alignment has the size s."""

Embeddings = NDArray[np.float32]
"""One L2-normalised row for each chip, shape (n, d)."""


class Embedder(Protocol):
    """Maps chips to vectors whose distance says how alike two faces are."""

    @property
    def model_id(self) -> str:
        """Stored with each embedding; vectors of different ids are never compared."""
        ...

    @property
    def alignment(self) -> Alignment:
        """How its chips are cut."""
        ...

    def embed(self, chips: Chips) -> Embeddings:
        """One row for each chip; there may be none."""
        ...

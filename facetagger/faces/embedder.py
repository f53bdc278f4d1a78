"""What an embedder is, whichever network stands behind it."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Chips = NDArray[np.uint8]
"""Aligned RGB faces, shape (n, 150, 150, 3)."""

Embeddings = NDArray[np.float32]
"""One L2-normalised row for each chip, shape (n, d)."""


class Embedder(Protocol):
    """Maps chips to vectors whose distance says how alike two faces are."""

    @property
    def model_id(self) -> str:
        """Stored with each embedding; vectors of different ids are never compared."""
        ...

    def embed(self, chips: Chips) -> Embeddings: ...

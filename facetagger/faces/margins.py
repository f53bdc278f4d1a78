"""How much of the surroundings an embedder sees, for those that read the square around the box of a face."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from facetagger.errors import ModelError
from facetagger.faces.alignment import Alignment
from facetagger.faces.embedder import Chips, Embedder, Embeddings

MARGINS: Final = (0, 32, 40, 80)
"""Those that evaluations compare, in pixels of the chip: half of it on each side of the box."""


def takes_margin(embedder: Embedder) -> bool:
    """Only chips cut by the box have a margin; landmarks say themselves how large a chip is."""
    return embedder.alignment.template is None


class WithMargin:
    """The same network on chips with another margin; its vectors are compared with none of another margin."""

    def __init__(self, embedder: Embedder, margin: int) -> None:
        """``margin`` is 0 or more, and less than the chip. Raises ``ModelError`` where the embedder takes none."""
        size = embedder.alignment.size
        if not takes_margin(embedder) or not 0 <= margin < size:
            raise ModelError(f"The model {embedder.model_id} cannot be used with a margin of {margin}.")
        self._embedder = embedder
        self._margin = margin
        self._alignment = replace(embedder.alignment, padding=margin / 2 / (size - margin))

    @property
    def model_id(self) -> str:
        return f"{self._embedder.model_id}+margin-{self._margin}"

    @property
    def alignment(self) -> Alignment:
        return self._alignment

    def embed(self, chips: Chips) -> Embeddings:
        return self._embedder.embed(chips)

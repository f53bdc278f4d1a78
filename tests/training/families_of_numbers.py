"""Families whose faces are made up: relatives share a part of their vectors, as the truth to be found."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from facetagger.training.families import Families, Pair

SIZE = 128


def made_up(families: int, seed: int = 0) -> tuple[Families, dict[str, NDArray[np.float32]]]:
    """Three people a family, the first the parent of the others; three faces each."""
    rng = np.random.default_rng(seed)
    people: dict[str, tuple[Path, ...]] = {}
    embeddings: dict[str, NDArray[np.float32]] = {}
    kin: list[Pair] = []
    for family in range(families):
        shared = rng.normal(size=SIZE)
        names = [f"F{family:04}/MID{number}" for number in (1, 2, 3)]
        for name in names:
            own = 0.6 * shared + rng.normal(size=SIZE)
            rows = own + 0.4 * rng.normal(size=(3, SIZE))
            embeddings[name] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
            people[name] = tuple(Path(f"{name}/{number}.jpg") for number in range(3))
        kin += [(names[0], names[1]), (names[0], names[2])]
    return Families(people, tuple(kin)), embeddings

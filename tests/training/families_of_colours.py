"""Families whose faces are colours, and a network small enough to learn from them in seconds."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from facetagger.faces.alignment import Alignment
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.training.families import Pair, family_of
from facetagger.training.siamese_network import Twin
from facetagger.training.siamese_pairs import PeoplesChips

SIDE: Final = 16
CHIPS: Final = Alignment(SIDE, None, 0.1)


def families_of_colours(families: int = 60, seed: int = 0) -> tuple[list[str], list[Pair], PeoplesChips]:
    """Three people a family, two photos each: noise over a colour that relatives share, as the truth to be found."""
    rng = np.random.default_rng(seed)
    chips: list[Any] = []
    rows: dict[str, Any] = {}
    kin: list[Pair] = []
    for family in range(families):
        colour = rng.uniform(40, 215, 3)
        people = [f"F{family:04}/MID{number}" for number in (1, 2, 3)]
        for person in people:
            own = colour + rng.normal(0, 6, 3)
            rows[person] = np.arange(len(chips), len(chips) + 2)
            chips += [own + rng.normal(0, 12, (SIDE, SIDE, 3)) for _ in range(2)]
        kin += [(people[0], people[1]), (people[0], people[2])]
    pixels = np.clip(np.stack(chips), 0, 255).astype(np.uint8)
    return sorted({family_of(person) for person in rows}), kin, PeoplesChips(pixels, rows)


def tiny_twin() -> Twin:
    load_tensorflow()
    import keras

    keras.utils.set_random_seed(1)
    pixels = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.Rescaling(1 / 127.5, -1.0)(pixels)
    x = keras.layers.AveragePooling2D(8)(x)
    return Twin(keras.Model(pixels, keras.layers.Conv2D(16, 1, activation="relu")(x)), CHIPS)

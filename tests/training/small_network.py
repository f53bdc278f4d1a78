"""Three convolutions in the place of the published backbones, which take minutes to learn anything.

``python -m tests.training.small_network ARGUMENTS`` is the program's command line with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from facetagger.training import embedder_training
from facetagger.training.triplets import with_embedding


@contextmanager
def small_network() -> Iterator[None]:
    def build(name: str, side: int, dimensions: int, *, width: float = 1.0, weights: Path | None = None) -> Any:
        import keras

        inputs = keras.Input((side, side, 3))
        x = keras.layers.Rescaling(1 / 127.5, -1)(inputs)
        for filters in (8, 16, 32):
            x = keras.layers.Conv2D(filters, 5, 2, padding="same", use_bias=False)(x)
            x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
        return with_embedding(keras.Model(inputs, x), dimensions)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embedder_training, "build_embedder", build)
        yield


if __name__ == "__main__":
    from facetagger.__main__ import main

    with small_network():
        main()

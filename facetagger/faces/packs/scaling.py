"""Makes the distances of one network read like those of another, so that one set of thresholds serves all.

A constant coordinate is put beside a unit vector and the rest is shrunk: ``(sqrt(1 - a²), a v)`` is a unit vector
again, and every distance has become exactly ``a`` times what it was.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

BUILT_IN_THRESHOLD: Final = 0.44
"""The distance at which two vectors of the built-in model are as likely of one person as of two."""


def scaled(vectors: NDArray[np.float32], threshold: float) -> NDArray[np.float32]:
    """L2-normalises rows (n, d) and brings their ``threshold`` to the built-in model's; shape (n, d + 1).

    Where ``threshold`` is less than that, distances stay as they are.
    """
    share = min(1.0, BUILT_IN_THRESHOLD / threshold)
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    constant = np.full((len(vectors), 1), math.sqrt(1.0 - share * share), np.float32)
    return np.concatenate([constant, np.float32(share) * vectors / norms], axis=1).astype(np.float32)

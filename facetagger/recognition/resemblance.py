"""How much a face resembles a person, as numbers: what the calibration weighs."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

FEATURES: Final = 6

_HIGHEST_DECISION: Final = 2.0
_MOST_FACES: Final = 30
_WIDEST_GAP: Final = 0.1
_LEAST_WEIGHT: Final = 0.1
_UNKNOWN_QUALITY: Final = 0.5
# The decision value that a pair with a classifier has on average, as a line in the similarity to the person's mean.
_USUAL_DECISION: Final = -7.5
_USUAL_SLOPE: Final = 7.2

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]


def features(distance: Float32s, likeness: Float32s, decision: Float32s, faces: Int64s, gap: Float32s) -> Float64s:
    """The row (1, -distance, likeness, decision, log of faces, gap) of each pair, shape (..., FEATURES).

    ``distance`` is that to the nearest of the person's confirmed ``faces``, ``likeness`` the inner product with their
    ``mean_face``, ``decision`` the classifier's value, NaN where there is none. ``gap`` is how much farther the
    nearest ignored face is, or one that was denied to be the person.
    """
    usual = _USUAL_DECISION + _USUAL_SLOPE * likeness
    columns = (
        np.ones(distance.shape),
        -distance,
        likeness,
        np.clip(np.where(np.isnan(decision), usual, decision), -_HIGHEST_DECISION, _HIGHEST_DECISION),
        np.log(np.clip(faces, 1, _MOST_FACES)),
        np.clip(gap, -_WIDEST_GAP, _WIDEST_GAP),
    )
    return np.stack(columns, axis=-1).astype(np.float64)


def mean_face(embeddings: Float32s, quality: Float32s) -> Float32s:
    """The direction of a person's confirmed faces (n, d), shape (d,); blurred, small and averted ones count less.

    ``quality`` (n,) is 0 to 1, NaN where it is not known.
    """
    weights = np.clip(np.nan_to_num(quality, nan=_UNKNOWN_QUALITY), _LEAST_WEIGHT, 1.0).astype(np.float32)
    total = weights @ embeddings
    result: Float32s = total / max(float(np.linalg.norm(total)), 1e-6)
    return result

"""What a recogniser remembers beside its classifiers, as plain arrays: with them it goes on where another one stopped.

It is a cache. Lists and calibration are those that a recogniser has that learnt the same faces from the beginning; what
has changed since is followed as after any decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.calibration import PRIOR, Calibration
from facetagger.recognition.neighbours import COUNT
from facetagger.recognition.shortlist import KEPT
from facetagger.recognition.taught import Taught

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Memory:
    """Of n faces: ``face_ids`` int64, ascending, their ``labels`` int64 and ``marks`` float32 (see ``Taught``).

    ``listed`` (m,) are the rows of those that were open, and their lists: ``listed_labels``, ``listed_distances``
    (m, KEPT) and ``reach`` (m,) of ``Shortlist``; ``neighbours`` and ``similarities`` (m, COUNT) of ``Neighbours``.
    ``first``, ``final`` and ``known`` (1,) make the calibration, which was found on ``calibrated_on`` (1,) faces.
    """

    face_ids: NDArray[np.int64]
    labels: NDArray[np.int64]
    marks: NDArray[np.float32]
    listed: NDArray[np.int64]
    listed_labels: NDArray[np.int64]
    listed_distances: NDArray[np.float32]
    reach: NDArray[np.float32]
    neighbours: NDArray[np.int64]
    similarities: NDArray[np.float32]
    first: NDArray[np.float64]
    final: NDArray[np.float64]
    known: NDArray[np.float64]
    calibrated_on: NDArray[np.int64]

    @property
    def taught(self) -> Taught:
        return Taught(self.face_ids, self.labels, self.marks)

    @property
    def calibration(self) -> Calibration:
        return Calibration(self.first, self.final, float(self.known[0]))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """By name; whole numbers with half the digits (ids are below 2^31)."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: array.astype(np.int32) if array.dtype == np.int64 else array for name, array in found.items()}

    @classmethod
    def of(cls, arrays: Arrays) -> Self | None:
        """The inverse; None where the arrays are not such as this program makes."""
        if arrays.keys() != {each.name for each in fields(cls)}:
            return None
        wide: dict[str, Any] = {
            name: array.astype(np.int64) if array.dtype == np.int32 else array for name, array in arrays.items()
        }
        found = cls(**wide)
        faces, listed = len(found.face_ids), len(found.listed)
        shapes = {
            "labels": (faces,),
            "marks": (faces,),
            "listed_labels": (listed, KEPT),
            "listed_distances": (listed, KEPT),
            "reach": (listed,),
            "neighbours": (listed, COUNT),
            "similarities": (listed, COUNT),
            "first": PRIOR.first.shape,
            "final": PRIOR.final.shape,
            "known": (1,),
            "calibrated_on": (1,),
        }
        is_sound = all(getattr(found, name).shape == shape for name, shape in shapes.items())
        rows = (found.listed, found.neighbours)
        return found if is_sound and all((each < faces).all() for each in rows) else None

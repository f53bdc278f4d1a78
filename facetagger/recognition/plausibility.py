"""What speaks against a person beside the face: who else is on the photo, and when it was taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import PersonId
from facetagger.recognition.evidence import Lifetime

ALREADY_IN_PHOTO: Final = 3.0
"""Log odds lost where the person is confirmed in the same photo: two faces are two people, but for mirrors."""

_UNBORN: Final = 5.0
"""Log odds lost where the photo was taken before the person was born: soft, because dates are typed by hand."""
_DEAD: Final = 1.0
"""Log odds lost where it was taken after the person's death: little, because a scan carries the day of the scan."""

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]


def against(taken: Float64s, people: Int64s, lifetimes: Mapping[PersonId, Lifetime]) -> Float64s:
    """Log odds that each pair of a photo's date (years, NaN where unknown) and a person loses; shape (n,)."""
    lost = np.zeros(len(people))
    listed = set(people.tolist()) if lifetimes else set()
    for person, lifetime in lifetimes.items():
        if person in listed:
            is_pair = people == person
            lost += _UNBORN * (is_pair & (taken < lifetime.born)) + _DEAD * (is_pair & (taken > lifetime.died))
    return lost

"""From what the user wrote about a person's birth and death to the years between which photos can show them."""

from __future__ import annotations

import math
import re
from typing import Final

from facetagger.recognition.evidence import Lifetime

_DATE: Final = re.compile(r"(?<!\d)(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?!\d)")
_ABOUT: Final = 5.0
"""Years by which a date that is not plain (``c. 1930``) may be off."""


def lifetime(born: str, died: str) -> Lifetime:
    """``born`` and ``died`` are free text: ``1965``, ``1965-04``, ``1965-04-12``, ``c. 1930``."""
    first, last = _span(born), _span(died)
    return Lifetime(first[0], last[1])


def _span(text: str) -> tuple[float, float]:
    """The first and the last moment that is meant, in years; NaN where the text has no year."""
    found = _DATE.search(text)
    if found is None:
        return math.nan, math.nan
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    start, length = float(year), 1.0
    if month is not None:
        start, length = start + (month - 1) / 12, 1 / 12
    if day is not None:
        start, length = start + (day - 1) / 365, 1 / 365
    margin = 0.0 if found.group() == text.strip() else _ABOUT
    return start - margin, start + length + margin

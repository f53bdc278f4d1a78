"""The words in which the program speaks of certainty, age and number: a person's words, never figures."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QCoreApplication

from facetagger.entities import FoundIn

_ALMOST_CERTAIN: Final = 0.95
_PROBABLE: Final = 0.75
_POSSIBLE: Final = 0.3

_DATE: Final = re.compile(r"(\d{4})(?:-(\d{2})-(\d{2}))?")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Wording", text)


def is_worth_marking(probability: float) -> bool:
    """Whether Enter may take a candidate of this calibrated probability that nobody pointed at."""
    return probability >= _POSSIBLE


def certainty(probability: float) -> str:
    """How sure the machine is, in words; ``probability`` is calibrated, 0 to 1."""
    if probability >= _ALMOST_CERTAIN:
        return _tr("almost certainly")
    if probability >= _PROBABLE:
        return _tr("probably")
    if probability >= _POSSIBLE:
        return _tr("perhaps")
    return _tr("unlikely")


def age_at(born: str, taken: str | None) -> int | None:
    """Full years from ``born`` (free text that begins with a year) to ``taken``; None where either is unknown.

    Without month and day on both sides it is the difference of the years. None before birth as well.
    """
    birth, photo = _DATE.match(born), _DATE.match(taken or "")
    if birth is None or photo is None:
        return None
    age = int(photo[1]) - int(birth[1])
    if birth[2] and photo[2] and (photo[2], photo[3]) < (birth[2], birth[3]):
        age -= 1
    return age if age >= 0 else None


def age_text(born: str, taken: str | None) -> str:
    """``age 31``, ``a baby`` in the first year, empty where it is not known."""
    age = age_at(born, taken)
    if age is None:
        return ""
    return _tr("a baby") if age == 0 else _tr("age {age}").format(age=age)


def born_text(born: str) -> str:
    return _tr("born {date}").format(date=born) if born else ""


def found_text(found_in: FoundIn) -> str:
    """Where a name comes from that another program has for a face."""
    match found_in:
        case FoundIn.FILE:
            return _tr("named in the file")
        case FoundIn.SIDECAR:
            return _tr("named in its sidecar")
        case FoundIn.PICASA:
            return _tr("named in Picasa")


def photos_text(count: int) -> str:
    if count == 0:
        return _tr("no photos yet")
    return _tr("1 photo") if count == 1 else _tr("{count} photos").format(count=f"{count:,}")

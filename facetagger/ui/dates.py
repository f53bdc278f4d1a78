"""Dates as the window says them. Those of photos are naive local times ``YYYY-MM-DDTHH:MM:SS``."""

from __future__ import annotations

import re
from typing import Final

from PySide6.QtCore import QDateTime, QLocale, Qt

_EXACT: Final = re.compile(r"(\d{4})-\d{2}(-\d{2})?")


def day_text(taken: str | None) -> str:
    """A day in the user's own language; empty where it is not known, as written where it is no date."""
    if not taken:
        return ""
    moment = QDateTime.fromString(taken, Qt.DateFormat.ISODate)
    return QLocale().toString(moment.date(), QLocale.FormatType.LongFormat) if moment.isValid() else taken


def short_date(written: str) -> str:
    """What somebody wrote about a birth or death, for a narrow line: the year of an exact date, else as written."""
    exact = _EXACT.fullmatch(written.strip())
    return exact[1] if exact else written

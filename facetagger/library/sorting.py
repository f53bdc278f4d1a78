"""The order in which people expect names: scan2 before scan10, whatever the case."""

from __future__ import annotations

import re
from typing import Final

from facetagger.entities import name_key

_DIGITS: Final = re.compile(r"[0-9]+")


def natural_key(text: str) -> bytes:
    """A key whose byte order is the natural order of ``text``: each number is led by the count of its digits."""
    return _DIGITS.sub(_counted, name_key(text)).encode("utf-8", "surrogatepass")


def _counted(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0") or "0"
    return f"{min(len(digits), 99):02d}{digits}"


def storable(text: str) -> str:
    """Text as SQLite takes it: what is not Unicode (bytes of a path, say) becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")

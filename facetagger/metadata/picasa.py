"""Picasa's own files: ``.picasa.ini`` in each folder, with names in it or in the program's ``contacts.xml``.

A rectangle is 64 bits, left, top, right and bottom in 1/65535 of the stored image, with leading zeros dropped.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.dom import minidom
from xml.parsers.expat import ExpatError

from facetagger.entities import FoundIn, NamedRegion
from facetagger.geometry import Box

INI_NAMES: Final = (".picasa.ini", "Picasa.ini", "picasa.ini")
UNNAMED: Final = "ffffffffffffffff"
_FACE: Final = re.compile(r"rect64\(([0-9a-fA-F]{1,16})\)\s*,\s*([0-9a-fA-F]{1,16})")
_MAX_BYTES: Final = 8_000_000


def read_picasa(photo: Path) -> list[NamedRegion]:
    """The regions that the folder's ini file has for a photo; unnamed ones have an empty name. Raises ``OSError``."""
    ini = next((each for name in INI_NAMES if (each := photo.with_name(name)).is_file()), None)
    if ini is None or ini.stat().st_size > _MAX_BYTES:
        return []
    sections = _parsed(ini, ini.stat().st_mtime_ns)
    faces = _FACE.findall(sections.get(photo.name.casefold(), {}).get("faces", ""))
    if not faces:
        return []
    names = _contacts_of_ini(sections) | _contacts_of_program()
    regions = [(_rectangle(rectangle), names.get(_contact(contact), "")) for rectangle, contact in faces]
    return [NamedRegion(box, name, FoundIn.PICASA) for box, name in regions if box.area > 0]


@lru_cache(maxsize=2)
def _parsed(ini: Path, _mtime_ns: int) -> dict[str, dict[str, str]]:
    """Kept for the next photo of the folder: the file of a large one is larger than all it says about one photo."""
    return dict(_sections(ini.read_text(encoding="utf-8-sig", errors="replace")))


def _sections(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Section -> key -> value, all but the values in casefold. Picasa writes what ``configparser`` refuses."""
    for block in re.split(r"^\[", text, flags=re.MULTILINE)[1:]:
        title, *lines = block.splitlines()
        pairs = (line.partition("=") for line in lines if "=" in line)
        yield title.rpartition("]")[0].casefold(), {key.strip().casefold(): value.strip() for key, _, value in pairs}


def _contacts_of_ini(sections: dict[str, dict[str, str]]) -> dict[str, str]:
    older, newer = (sections.get(title, {}) for title in ("contacts", "contacts2"))
    pairs = ((_contact(key), value.split(";")[0]) for key, value in (older | newer).items())
    return {key: " ".join(value.split()) for key, value in pairs}


def _contacts_of_program() -> dict[str, str]:
    """Names from Picasa itself, where it is or was installed."""
    place = os.environ.get("LOCALAPPDATA")
    if not place:
        return {}
    file = Path(place, "Google", "Picasa2", "contacts", "contacts.xml")
    if not file.is_file() or file.stat().st_size > _MAX_BYTES:
        return {}
    try:
        contacts = minidom.parseString(file.read_bytes()).getElementsByTagName("contact")
    except (ExpatError, ValueError, LookupError):
        return {}
    pairs = ((_contact(each.getAttribute("id")), each.getAttribute("name").strip()) for each in contacts)
    return {key: name for key, name in pairs if name}


def _contact(identifier: str) -> str:
    """The one form of a contact's id, whichever zeros were dropped; strangers get one that nobody has."""
    known = identifier.strip().casefold().zfill(16)
    return "" if known == UNNAMED else known


def _rectangle(digits: str) -> Box:
    digits = digits.zfill(16)
    left, top, right, bottom = (int(digits[start : start + 4], 16) / 65535 for start in (0, 4, 8, 12))
    return Box.from_corners(left, top, right, bottom)

"""A ``PhotoQuery`` as SQL over the table ``photo``."""

from __future__ import annotations

from typing import Final

from facetagger.entities import name_key
from facetagger.library.database import Value
from facetagger.library.records import PhotoQuery, Sort
from facetagger.library.sorting import storable

_ORDERS: Final[dict[Sort, str]] = {
    "date": "ifnull(taken, '9999'), sort_name, page, photo.id",
    "name": "sort_name, page, photo.id",
    "added": "photo.id DESC",
}
_HAS_PERSON: Final = "photo.id IN (SELECT photo_id FROM face WHERE person_id = ?)"
_HAS_OPEN: Final = "EXISTS (SELECT 1 FROM face WHERE face.photo_id = photo.id AND face.state = 'open')"


def order(sort: Sort) -> str:
    return _ORDERS[sort]


def conditions(query: PhotoQuery) -> tuple[str, list[Value]]:
    """The WHERE clause and its parameters."""
    found: list[tuple[str, tuple[Value, ...]]] = [("is_visible = 1", ())]
    if query.album is not None:
        found.append(("photo.id IN (SELECT photo_id FROM album_photo WHERE album_id = ?)", (query.album,)))
    found += [(_HAS_PERSON, (person,)) for person in query.people]
    found += [(f"NOT ({_HAS_PERSON})", (person,)) for person in query.without]
    if query.only:
        found.append(_nobody_but(query))
    if query.unnamed:
        found.append((_HAS_OPEN, ()))
    if query.suggested_below is not None:
        sql = "SELECT photo_id FROM suggestion CROSS JOIN face ON face.id = face_id WHERE probability < ?"
        found.append((f"photo.id IN ({sql})", (query.suggested_below,)))
    if query.years is not None:
        first, last = query.years
        found.append(("ifnull(taken, '9999') BETWEEN ? AND ?", (f"{first:04d}", f"{last:04d}~")))
        found.append(("taken IS NOT NULL", ()))
    if query.text.strip():
        found.append(("instr(file_name, ?) > 0", (storable(name_key(query.text)),)))
    if query.missing is not None:
        found.append(("is_missing = ?", (int(query.missing),)))
    return " AND ".join(sql for sql, _ in found), [value for _, values in found for value in values]


def _nobody_but(query: PhotoQuery) -> tuple[str, tuple[Value, ...]]:
    marks = ", ".join("?" for _ in query.people)
    others = f"face.state = 'confirmed' AND face.person_id NOT IN ({marks})"
    sql = f"SELECT 1 FROM face WHERE face.photo_id = photo.id AND (face.state = 'open' OR {others})"
    return f"NOT EXISTS ({sql})", query.people

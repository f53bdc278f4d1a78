"""All faces as a table for spreadsheet programs, or as a JSON document that outlives this program.

The CSV file is UTF-8 with a byte order mark, comma separated, one row a face; its columns are ``COLUMNS``. Boxes are
whole pixels of the photo as the user sees it. Text that a spreadsheet program would take for a formula gets an
apostrophe.

The JSON document is one object:

- ``format``: ``"facetagger"``; ``version``: 1, raised when the meaning of a key changes
- ``people``: ``[{"id", "name", "aliases", "born", "died"}]``, those who occur below
- ``photos``: ``[{"path", "file_name", "album", "page", "image_hash", "taken", "orientation", "rotation",
  "stored_size", "upright_size", "faces"}]``; sizes are ``[width, height]`` in pixels, the hash is hexadecimal
- ``faces``: ``[{"id", "box", "stored_box", "score", "origin", "state", "person", "suggestion"}]``; ``box`` is
  ``[left, top, width, height]`` in upright pixels, ``stored_box`` the same as shares of the stored frame; ``person`` is
  ``{"id", "name"}`` or null, ``suggestion`` the same with ``probability``, or null
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from facetagger.entities import Person, Photo
from facetagger.exporters.items import ExportFace, ExportItem
from facetagger.geometry import Box, Size, box_to_upright

VERSION: Final = 1
COLUMNS: Final = (
    "photo",
    "file_name",
    "album",
    "left",
    "top",
    "width",
    "height",
    "person",
    "state",
    "suggestion",
    "probability",
    "taken",
    "page",
    "upright_width",
    "upright_height",
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write_csv(items: Iterable[ExportItem], file: TextIO) -> None:
    """``file`` is opened with ``newline=""`` and ``utf-8-sig``."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for item in items:
        for face in item.faces:
            writer.writerow([_guarded(cell) for cell in _row(item, face)])


def write_json(items: Iterable[ExportItem], file: TextIO) -> None:
    items = list(items)
    people = {each.id: each for item in items for face in item.faces for each in _people(face)}
    document = {
        "format": "facetagger",
        "version": VERSION,
        "people": [_person_record(people[key]) for key in sorted(people)],
        "photos": [_photo_record(item) for item in items],
    }
    json.dump(document, file, ensure_ascii=False, indent=1)
    file.write("\n")


def _row(item: ExportItem, face: ExportFace) -> Iterator[str | int | float]:
    photo = item.photo
    box = _upright_pixels(face.face.box, photo)
    yield _shown(str(photo.path))
    yield _shown(photo.path.name)
    yield item.album
    yield from (round(each) for each in (box.left, box.top, box.width, box.height))
    yield face.person.name if face.person else ""
    yield face.face.state.value
    yield face.suggested.name if face.suggested else ""
    yield round(face.probability, 4) if face.probability is not None else ""
    yield photo.taken or ""
    yield photo.page
    yield photo.upright_size.width
    yield photo.upright_size.height


def _guarded(cell: str | int | float) -> str | int | float:
    """See https://owasp.org/www-community/attacks/CSV_Injection."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS) else cell


def _photo_record(item: ExportItem) -> dict[str, Any]:
    photo = item.photo
    return {
        "path": _shown(str(photo.path)),
        "file_name": _shown(photo.path.name),
        "album": item.album,
        "page": photo.page,
        "image_hash": photo.image_hash.hex(),
        "taken": photo.taken,
        "orientation": photo.orientation,
        "rotation": photo.rotation,
        "stored_size": _pair(photo.stored_size),
        "upright_size": _pair(photo.upright_size),
        "faces": [_face_record(each, photo) for each in item.faces],
    }


def _face_record(each: ExportFace, photo: Photo) -> dict[str, Any]:
    suggestion = None
    if each.suggested is not None:
        suggestion = {"id": each.suggested.id, "name": each.suggested.name, "probability": each.probability}
    return {
        "id": each.face.id,
        "box": [round(side, 2) for side in _sides(_upright_pixels(each.face.box, photo))],
        "stored_box": [round(side, 9) for side in _sides(each.face.box)],
        "score": each.face.score,
        "origin": each.face.origin.value,
        "state": each.face.state.value,
        "person": {"id": each.person.id, "name": each.person.name} if each.person else None,
        "suggestion": suggestion,
    }


def _person_record(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "aliases": list(person.aliases),
        "born": person.born,
        "died": person.died,
    }


def _people(face: ExportFace) -> Iterator[Person]:
    return (each for each in (face.person, face.suggested) if each is not None)


def _upright_pixels(box: Box, photo: Photo) -> Box:
    return box_to_upright(box, photo.view_orientation).to_pixels(photo.upright_size)


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.width, box.height


def _pair(size: Size) -> list[int]:
    return [size.width, size.height]


def _shown(path: str | Path) -> str:
    """Paths are bytes; what is not UTF-8 in them is written as an escape."""
    return str(path).encode("utf-8", "backslashreplace").decode("utf-8")

"""Export items around real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PIL import Image

from facetagger.entities import Face, FaceId, FaceOrigin, FaceState, Person, PersonId, Photo, PhotoId
from facetagger.exporters.export import ExportFace, ExportItem
from facetagger.geometry import Box, Size
from facetagger.imaging.hashing import image_hash
from tests.metadata.samples import make_photo

ANNA = Person(PersonId(1), "Anna Müller")
BOB = Person(PersonId(2), "Bob", aliases=("Bobby",), born="1950")
BOX = Box(0.1, 0.2, 0.2, 0.3)


def face(number: int = 1, person: Person | None = ANNA, box: Box = BOX, suggested: Person | None = None) -> ExportFace:
    state = FaceState.CONFIRMED if person else FaceState.OPEN
    person_id = person.id if person else None
    known = Face(FaceId(number), PhotoId(1), box, None, 0.99, FaceOrigin.DETECTED, state, person_id)
    return ExportFace(known, person, suggested, 0.87654 if suggested else None)


def item(path: Path, *faces: ExportFace, album: str = "Beach", **changes: Any) -> ExportItem:
    with Image.open(path) as image:
        size = Size(*image.size)
    facts: dict[str, Any] = {
        "id": PhotoId(1),
        "image_hash": image_hash(path),
        "page": 0,
        "crop": None,
        "stored_size": size,
        "orientation": 1,
        "rotation": 0,
        "taken": "1961-07-02T12:00:00",
        "path": path,
    }
    return ExportItem(Photo(**(facts | changes)), album, faces)


def original(folder: Path, name: str = "photo.jpg", seed: int = 1, **options: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return make_photo(folder / name, seed=seed, **options)


def contents(folder: Path) -> dict[str, bytes]:
    """Relative path -> bytes of every file below a folder, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def stamps(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {name: (data, (folder / name).stat().st_mtime_ns) for name, data in contents(folder).items()}

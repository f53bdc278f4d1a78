"""An album of six scans with two detected faces each, as an import would leave it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facetagger.entities import AlbumId, FaceId, FaceOrigin, FaceState, Landmarks, PersonId, PhotoId
from facetagger.geometry import Box, Size
from facetagger.library import Act, Library

MODEL = "model-a"
SIZE = Size(400, 300)


@dataclass(frozen=True, slots=True)
class Sample:
    album: AlbumId
    photos: tuple[PhotoId, ...]
    faces: tuple[FaceId, ...]


def image_hash(number: int) -> bytes:
    return number.to_bytes(32, "big")


def landmarks() -> Landmarks:
    return np.linspace(0.1, 0.3, 10, dtype=np.float32).reshape(5, 2)


def add_photo(act: Act, number: int, path: Path, taken: str | None = None) -> PhotoId:
    photo_id = act.photos.add(image_hash(number), 0, SIZE, 1, taken)
    act.photos.put_file(path, image_hash(number), 1000 + number, 5000 + number)
    return photo_id


def add_face(act: Act, photo_id: PhotoId, origin: FaceOrigin = FaceOrigin.DETECTED, left: float = 0.1) -> FaceId:
    points = None if origin is FaceOrigin.METADATA else landmarks()
    return act.faces.add(photo_id, Box(left, 0.1, 0.2, 0.25), points, 0.9, origin, SIZE)


def fill(library: Library) -> Sample:
    with library.transaction() as act:
        album = act.albums.add("Shoe box 1", Path("/photos/box"))
        photos = tuple(add_photo(act, number, Path(f"/photos/box/scan{number}.jpg")) for number in range(1, 7))
        act.albums.add_photos(album, photos)
        faces = tuple(add_face(act, photo, left=left) for photo in photos for left in (0.1, 0.6))
        act.embeddings.put(faces, MODEL, np.eye(len(faces), 128, dtype=np.float32))
    return Sample(album, photos, faces)


def name(library: Library, faces: Sequence[FaceId], who: PersonId | str) -> PersonId:
    with library.transaction("Name a face") as act:
        person_id = act.people.add(who) if isinstance(who, str) else who
        act.faces.set_state(faces, FaceState.CONFIRMED, person_id)
    return person_id

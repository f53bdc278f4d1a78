"""A library of made-up people: photos that are drawn, embeddings that lie as those of photographs do."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from facetagger.entities import FaceId, FaceOrigin, PersonId
from facetagger.faces.models import DLIB_RESNET
from facetagger.geometry import Box, Size
from facetagger.operations.session import Session
from tests.recognition.faces_of_people import make_album

_SIZE = Size(60, 60)
_LANDMARKS = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.5], [0.4, 0.6], [0.6, 0.6]], np.float32)


@dataclass(frozen=True, slots=True)
class MadeUpPeople:
    """``faces`` are person by person, in photos of their own, one a year from 1950 on; none is named yet."""

    session: Session
    faces: tuple[FaceId, ...]
    names: tuple[str, ...]
    """Of each face: whom it shows."""

    def name_all(self, wrong: dict[int, str] | None = None) -> None:
        """Names every face rightly but those at the places in ``wrong``."""
        given = [(wrong or {}).get(place, name) for place, name in enumerate(self.names)]
        for name in sorted(set(given)):
            self.session.naming.name([face for face, each in zip(self.faces, given, strict=True) if each == name], name)

    def person(self, name: str) -> PersonId:
        return self.session.library.people.resolve(name).id


def make_library(session: Session, pictures: Path, people: int, faces: int, photo: float = 0.045) -> MadeUpPeople:
    """``photo`` is the spread within one person, as in ``make_album``."""
    album = make_album(people, faces, photo=photo)
    pictures.mkdir()
    with session.library.transaction("set up") as act:
        ids = []
        photos = []
        for row in range(len(album.people)):
            path = pictures / f"{row:04}.jpg"
            _draw(path, row)
            digest = hashlib.sha256(path.name.encode()).digest()
            photo_id = act.photos.add(digest, 0, _SIZE, 1, f"{1950 + row % faces}-07-01T12:00:00", None)
            stamp = path.stat()
            act.photos.put_file(path, digest, stamp.st_size, stamp.st_mtime_ns)
            box = Box(0.25, 0.25, 0.5, 0.5)
            ids.append(act.faces.add(photo_id, box, _LANDMARKS, 0.99, FaceOrigin.DETECTED, _SIZE))
            photos.append(photo_id)
        act.albums.add_photos(act.albums.add("Made up", None), photos)
        act.embeddings.put(ids, DLIB_RESNET, album.embeddings)
    return MadeUpPeople(session, tuple(ids), tuple(f"Person {person:02}" for person in album.people.tolist()))


def _draw(path: Path, row: int) -> None:
    picture = Image.new("RGB", (_SIZE.width, _SIZE.height), (40 + row * 7 % 200, 120, 200 - row * 11 % 150))
    ImageDraw.Draw(picture).ellipse((15, 15, 45, 45), fill=(230, 200, 170))
    picture.save(path, quality=90)

"""A library of drawn photos with one face each, whose embeddings lie in clusters as those of people do."""

from __future__ import annotations

import hashlib
import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.entities import FaceId, FaceOrigin, PersonId, PhotoId
from facetagger.faces.models import DLIB_RESNET
from facetagger.geometry import Box, Size
from facetagger.library import Act
from facetagger.operations.session import Session

_SIZE = Size(64, 48)
_BOX = Box(0.3, 0.2, 0.4, 0.5)
_LANDMARKS = np.array([[0.4, 0.4], [0.6, 0.4], [0.5, 0.5], [0.42, 0.6], [0.58, 0.6]], dtype=np.float32)
_SPREAD = 0.012
"""Standard deviation of each number around a person's mean."""


@dataclass(frozen=True, slots=True)
class Family:
    """Peter and Emil have confirmed and open faces; two groups have nobody's name; suggestions are up to date."""

    session: Session
    peter: PersonId
    emil: PersonId
    peters: tuple[FaceId, ...]
    """Open faces that are suggested as Peter."""
    emils: tuple[FaceId, ...]
    largest_group: tuple[FaceId, ...]
    small_group: tuple[FaceId, ...]
    strangers: tuple[FaceId, ...]
    """Faces like no other."""

    def name_of(self, face_id: FaceId) -> str | None:
        person_id = self.session.library.faces.get(face_id).person_id
        return None if person_id is None else self.session.library.people.get(person_id).name


def make_family(folder: Path, peters: int = 10, group: int = 5, strangers: int = 0) -> Family:
    session = Session.open(folder / "library")
    rng = np.random.default_rng(7)
    with session.library.transaction() as act:
        sizes = (peters, 7, group, 3, *(1,) * strangers)
        starts = itertools.accumulate(sizes, initial=0)
        clusters = [
            _add_cluster(act, rng, folder / "scans", start, size) for start, size in zip(starts, sizes, strict=False)
        ]
        photos = [photo for cluster in clusters for photo in cluster[1]]
        album = act.albums.add("Scans", folder / "scans")
        act.albums.add_photos(album, photos)
    peter, emil, largest, other, *lone = (cluster[0] for cluster in clusters)
    session.naming.name(peter[:4], "Peter Lind")
    session.naming.name(emil[:4], "Emil")
    session.suggesting.refresh()
    people = session.library.people
    return Family(
        session,
        people.resolve("Peter Lind").id,
        people.resolve("Emil").id,
        tuple(peter[4:]),
        tuple(emil[4:]),
        tuple(largest),
        tuple(other),
        tuple(itertools.chain.from_iterable(lone)),
    )


def _add_cluster(
    act: Act, rng: np.random.Generator, folder: Path, start: int, size: int
) -> tuple[list[FaceId], list[PhotoId]]:
    centre = rng.normal(size=128)
    centre /= np.linalg.norm(centre)
    matrix = centre + rng.normal(scale=_SPREAD, size=(size, 128))
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return _add_faces(act, folder, start, matrix.astype(np.float32))


def _add_faces(
    act: Act, folder: Path, start: int, embeddings: NDArray[np.float32]
) -> tuple[list[FaceId], list[PhotoId]]:
    folder.mkdir(exist_ok=True)
    faces: list[FaceId] = []
    photos: list[PhotoId] = []
    for number in range(start, start + len(embeddings)):
        path = folder / f"scan_{number:02}.jpg"
        Image.new("RGB", (_SIZE.width, _SIZE.height), (number * 9 % 256, 120, 90)).save(path)
        image_hash = hashlib.sha256(path.name.encode()).digest()
        photo_id = act.photos.add(image_hash, 0, _SIZE, 1, f"{1950 + number}-05-01T10:00:00", None)
        stamp = path.stat()
        act.photos.put_file(path, image_hash, stamp.st_size, stamp.st_mtime_ns)
        act.photos.set_analysed(photo_id, DLIB_RESNET)
        photos.append(photo_id)
        faces.append(act.faces.add(photo_id, _BOX, _LANDMARKS, 0.99, FaceOrigin.DETECTED, _SIZE))
    act.embeddings.put(faces, DLIB_RESNET, embeddings)
    return faces, photos

"""Libraries of made-up faces that lie as the embeddings of real ones do: for measuring at sizes no album here has.

Of two pictures of one person the distance is about 0.32, of two people about 0.7; one person in five has a sibling who
is as near as real ones are. A few people have thousands of faces, most have a few dozen, as in a family's albums.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import AlbumId, FaceId, FaceOrigin, FaceState, PersonId, PhotoId
from facetagger.faces.models import DLIB_RESNET, EMBEDDING_SIZE
from facetagger.geometry import Box, Size
from facetagger.library import Library

_COMMON, _OWN, _NOISE = 0.755, 0.194, 0.051
"""Shares of the squared length: what all faces have in common, what a person's have, what one picture has."""
_DIRECTIONS: Final = 40
"""In which people differ."""
_LIKE_A_SIBLING: Final = 0.85
_FACES_A_PHOTO: Final = 4
_CONFIRMED: Final = 0.6
_SIZE: Final = Size(1600, 1200)
_BATCH: Final = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """``truth`` is who each face shows; ``open_faces`` and ``confirmed`` are the rest and the part that has names."""

    people: list[PersonId]
    truth: dict[FaceId, PersonId]
    open_faces: list[FaceId]
    confirmed: list[FaceId]


def make_library(folder: Path, faces: int, people: int, seed: int = 0) -> Made:
    """Makes the library and closes it again."""
    rng = np.random.default_rng(seed)
    who = _who(faces, people, rng)
    embeddings = embeddings_of(who, people, rng)
    is_confirmed = rng.random(faces) < _CONFIRMED
    is_confirmed[np.unique(who, return_index=True)[1]] = True
    with Library.open(folder) as library:
        with library.transaction() as act:
            album = act.albums.add("Everything", Path("/photos"))
        ids: list[FaceId] = []
        for start in range(0, faces, _BATCH):
            ids += _add(library, album, embeddings[start : start + _BATCH], start)
        numbers = np.array(ids)
        with library.transaction() as act:
            persons = [act.people.add(f"Person {number}") for number in range(people)]
        for number, person in enumerate(persons):
            with library.transaction("name") as act:
                mine = numbers[(who == number) & is_confirmed]
                act.faces.set_state([FaceId(each) for each in mine.tolist()], FaceState.CONFIRMED, person)
    truth = {face: persons[number] for face, number in zip(ids, who.tolist(), strict=True)}
    confirmed = [face for face, is_named in zip(ids, is_confirmed.tolist(), strict=True) if is_named]
    open_faces = [face for face, is_named in zip(ids, is_confirmed.tolist(), strict=True) if not is_named]
    return Made(persons, truth, open_faces, confirmed)


def embeddings_of(who: NDArray[np.int64], people: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Unit vectors, float32 (n, 128), of the people ``who`` (n,)."""
    basis = np.linalg.qr(rng.normal(size=(EMBEDDING_SIZE, _DIRECTIONS + 1)))[0].T
    spread = np.linspace(1.5, 0.5, _DIRECTIONS)
    own = rng.normal(size=(people, _DIRECTIONS)) * spread
    for number in range(0, people - 1, 10):
        own[number + 1] = _LIKE_A_SIBLING * own[number] + np.sqrt(1 - _LIKE_A_SIBLING**2) * own[number + 1]
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    noise = rng.normal(size=(len(who), EMBEDDING_SIZE)) / np.sqrt(EMBEDDING_SIZE)
    noise *= rng.gamma(4.0, 0.25, (len(who), 1)) ** 0.5
    rows = np.sqrt(_COMMON) * basis[0] + np.sqrt(_OWN) * own[who] @ basis[1:] + np.sqrt(_NOISE) * noise
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def _who(faces: int, people: int, rng: np.random.Generator) -> NDArray[np.int64]:
    weight = 1.0 / (np.arange(people) + 10.0)
    who = rng.choice(people, faces, p=weight / weight.sum())
    who[:people] = np.arange(people)
    return rng.permutation(who).astype(np.int64)


def _add(library: Library, album: AlbumId, embeddings: NDArray[np.float32], start: int) -> list[FaceId]:
    faces: list[FaceId] = []
    photos: list[PhotoId] = []
    landmarks = np.full((5, 2), 0.5, np.float32)
    with library.transaction() as act:
        for number in range(len(embeddings)):
            place = number % _FACES_A_PHOTO
            if place == 0:
                name = (start + number).to_bytes(8, "big")
                photos.append(act.photos.add(name, 0, _SIZE, 1, None))
                act.photos.put_file(Path(f"/photos/{start + number}.jpg"), name, 1, 1)
            box = Box(0.05 + 0.24 * place, 0.3, 0.15, 0.2)
            faces.append(act.faces.add(photos[-1], box, landmarks, 0.999, FaceOrigin.DETECTED, _SIZE))
        # One by one they would each ask the album anew.
        act.albums.add_photos(album, photos)
        act.embeddings.put(faces, DLIB_RESNET, embeddings)
    return faces

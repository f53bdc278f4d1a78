"""The chips that a kinship network reads: of a dataset's photos, and of people of the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Landmarks, Person, Photo
from facetagger.errors import FaceTaggerError, PhotoError
from facetagger.faces.alignment import Alignment, extract_centre_chip, extract_chip
from facetagger.faces.detector import Pixels
from facetagger.faces.pipeline import ANALYSIS_SIDE, FaceAnalyser
from facetagger.geometry import Box, Size, box_to_upright, points_to_upright
from facetagger.imaging.thumbnails import photo_pixels
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.library import Library
from facetagger.log import logger
from facetagger.operations.main_faces import MainFaces, Place, embed_main_faces, load_photo, load_with_room
from facetagger.training.families import Families
from facetagger.training.siamese_pairs import PeoplesChips

Float32s = NDArray[np.float32]

FILE: Final = "faces.npz"

_MOST_FACES: Final = 8
"""Of a person of the library; more hardly change the mean."""


@dataclass(frozen=True, slots=True, eq=False)
class PeoplesFaces:
    """The chips of each person, and the embeddings (n, d) of the same photos, by the model ``model_id``."""

    chips: PeoplesChips
    embeddings: dict[str, Float32s]
    model_id: str


def faces_of_families(
    families: Families,
    most: int,
    analyser: FaceAnalyser,
    alignment: Alignment,
    folder: Path,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> PeoplesFaces:
    """The main faces of up to ``most`` photos of everybody who has kin, kept in ``folder`` for a training that goes on.

    Raises:
        FaceTaggerError: They cannot be kept.
        Cancelled: ``cancel`` was cancelled.
    """
    path = folder / FILE
    if path.is_file():
        return _stored(path)
    people = sorted({person for pair in families.kin for person in pair})
    chosen = {photo: person for person in people for photo in _some(families.people[person], most)}
    found = embed_main_faces(list(chosen), analyser, is_cropped=True, progress=progress, cancel=cancel)
    photos = [photo for photo in chosen if photo in found.embeddings]
    chips = cut_main_faces(photos, found, alignment)
    embeddings = np.stack([found.embeddings[photo] for photo in photos])
    owners = np.array([chosen[photo] for photo in photos])
    try:
        with path.with_name(f"partial-{FILE}").open("wb") as file:
            np.savez(file, chips=chips, embeddings=embeddings, owners=owners, model_id=np.array(analyser.model_id))
        Path(file.name).replace(path)
    except OSError as error:
        raise FaceTaggerError(
            "The faces cannot be kept.", error.strerror or str(error), "Make room on the disk."
        ) from error
    return _by_owner(chips, embeddings, owners, analyser.model_id)


def cut_main_faces(photos: Sequence[Path], found: MainFaces, alignment: Alignment) -> NDArray[np.uint8]:
    """Chips uint8 (n, s, s, 3) of the main faces, of faceless photos their middle; n may be 0."""
    with ThreadPoolExecutor(2, "decode") as pool:
        chips = list(pool.map(lambda photo: _cut(photo, found.places.get(photo), alignment), photos))
    return np.stack(chips) if chips else np.empty((0, alignment.size, alignment.size, 3), np.uint8)


def chips_of_person(
    library: Library, person: Person, alignment: Alignment, verify: Callable[[Photo], None]
) -> NDArray[np.uint8]:
    """Chips uint8 (n, s, s, 3) of a person's clearest confirmed faces.

    Raises:
        FaceTaggerError: There is none whose photo can be read.
    """
    ids = library.faces.ids(person=person.id, hidden=True)
    faces = library.faces.get_many(ids)
    faces.sort(key=lambda face: face.quality.score if face.quality is not None else 0.0, reverse=True)
    photos = {photo.id: photo for photo in library.photos.get_many([face.photo_id for face in faces])}
    chips: list[Pixels] = []
    for face in faces:
        if (landmarks := face.landmarks) is None:
            continue
        try:
            verify(photos[face.photo_id])
            chips.append(_chip_of(face.box, landmarks, photos[face.photo_id], alignment))
        except PhotoError as error:
            logger.info("A face is not compared, for its photo cannot be read: %s", error)
        if len(chips) == _MOST_FACES:
            break
    if not chips:
        raise FaceTaggerError(
            f"{person.name} has no confirmed face that can be compared.",
            "Its photo must be there to be read.",
            "Confirm a face first.",
        )
    return np.stack(chips)


def _chip_of(box: Box, landmarks: Landmarks, photo: Photo, alignment: Alignment) -> Pixels:
    pixels = photo_pixels(photo, ANALYSIS_SIDE, is_quick=True)
    points = points_to_upright(landmarks, photo.view_orientation).astype(np.float32)
    return _extracted(pixels, box_to_upright(box, photo.view_orientation), points, alignment)


def _cut(photo: Path, place: Place | None, alignment: Alignment) -> Pixels:
    if place is None:
        return extract_centre_chip(load_photo(photo), alignment.size)
    pixels = load_with_room(photo) if place.has_room else load_photo(photo)
    return _extracted(pixels, place.box, place.landmarks, alignment)


def _extracted(pixels: Pixels, box: Box, points: Landmarks, alignment: Alignment) -> Pixels:
    size = Size(pixels.shape[1], pixels.shape[0])
    scaled = (points * [size.width, size.height]).astype(np.float32)
    return extract_chip(pixels, scaled, box.to_pixels(size), alignment)


def _some(photos: Sequence[Path], most: int) -> list[Path]:
    """Spread over all of them, for photos that follow one another look alike."""
    places = np.linspace(0, len(photos) - 1, min(most, len(photos)))
    return [photos[round(place)] for place in places.tolist()]


def _stored(path: Path) -> PeoplesFaces:
    try:
        with np.load(path, allow_pickle=False) as kept:
            return _by_owner(kept["chips"], kept["embeddings"], kept["owners"], str(kept["model_id"]))
    except Exception as error:
        raise FaceTaggerError(f"{path} is damaged.", hint="Delete it, then go on: the faces are read again.") from error


def _by_owner(chips: NDArray[np.uint8], embeddings: Float32s, owners: NDArray[np.str_], model_id: str) -> PeoplesFaces:
    rows = {str(person): np.flatnonzero(owners == person) for person in np.unique(owners)}
    return PeoplesFaces(
        PeoplesChips(chips, rows), {person: embeddings[each] for person, each in rows.items()}, model_id
    )

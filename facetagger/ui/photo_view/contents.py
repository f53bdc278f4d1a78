"""What one photo shows, read in one go off the window's thread: the photo, its faces, who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QCoreApplication

from facetagger import geometry
from facetagger.entities import (
    Album,
    Face,
    FaceId,
    FaceState,
    FoundName,
    Person,
    PersonId,
    Photo,
    PhotoId,
    Suggestion,
)
from facetagger.geometry import Box
from facetagger.library import Library

_SAME_FACE_IOU: Final = 0.5


class Look(Enum):
    """How a face's box is drawn."""

    CONFIRMED = auto()
    SUGGESTED = auto()
    UNNAMED = auto()
    ASIDE = auto()
    """A stranger or not a face: seen only under the pointer."""


@dataclass(frozen=True, slots=True)
class ShownFace:
    """One face with the names that belong to it; ``box`` is normalised in the *upright* frame."""

    face: Face
    box: Box
    person: Person | None = None
    suggestion: Suggestion | None = None
    suggested: Person | None = None
    """Whom the machine suggests, or who carries the name that another program has for an open face."""
    found: FoundName | None = None
    """That name; it goes before what the machine suggests."""

    @property
    def offered(self) -> str:
        """The name a face is offered under; empty for none."""
        if self.suggested is not None:
            return self.suggested.name
        return "" if self.found is None else self.found.name

    @property
    def id(self) -> FaceId:
        return self.face.id

    @property
    def look(self) -> Look:
        if self.face.state is FaceState.CONFIRMED:
            return Look.CONFIRMED
        if self.face.state is not FaceState.OPEN:
            return Look.ASIDE
        return Look.SUGGESTED if self.offered else Look.UNNAMED

    @property
    def is_open(self) -> bool:
        return self.face.state is FaceState.OPEN


@dataclass(frozen=True, slots=True)
class PhotoContents:
    """A photo as the page shows it; ``faces`` run from left to right, ``album`` is the first that holds it."""

    photo: Photo
    faces: tuple[ShownFace, ...]
    album: Album | None = None
    pages: int = 1
    """How many photos its file holds."""

    @property
    def name(self) -> str:
        """The photo by its file, and by its page where that has several."""
        if self.pages < 2:
            return self.photo.path.name
        text = QCoreApplication.translate("PhotoContents", "{file}, page {number} of {count}")
        return text.format(file=self.photo.path.name, number=self.photo.page + 1, count=self.pages)

    @property
    def people(self) -> frozenset[PersonId]:
        """Everybody named or suggested on the photo."""
        return frozenset(who.id for each in self.faces for who in (each.person, each.suggested) if who is not None)

    def face(self, face_id: FaceId | None) -> ShownFace | None:
        return next((each for each in self.faces if each.id == face_id), None)

    def face_around(self, box: Box) -> ShownFace | None:
        """The face that a hand-drawn ``box`` (normalised upright) is a second frame of."""
        nearest = max(self.faces, key=lambda each: each.box.iou(box), default=None)
        return nearest if nearest is not None and nearest.box.iou(box) >= _SAME_FACE_IOU else None

    def open_after(self, face_id: FaceId | None, skipped: frozenset[FaceId] = frozenset()) -> FaceId | None:
        """The next face that wants a name, to the right of ``face_id`` and then again from the left."""
        return _first_open(self.faces, face_id, skipped)

    def open_before(self, face_id: FaceId | None, skipped: frozenset[FaceId] = frozenset()) -> FaceId | None:
        return _first_open(self.faces[::-1], face_id, skipped)


def read_contents(library: Library, photo_id: PhotoId) -> PhotoContents:
    """Reads the photo and everything drawn on it.

    Raises:
        LibraryError: when the photo is not in the library any more.
    """
    photo = library.photos.get(photo_id)
    faces = library.faces.of_photo(photo_id)
    suggestions = library.suggestions.of_faces([face.id for face in faces])
    wanted = {face.person_id for face in faces} | {each.person_id for each in suggestions.values()}
    people = {each.id: each for each in library.people.get_many([who for who in wanted if who is not None])}
    found = {each.face_id: each for each in library.found_names.offered([face.id for face in faces])}
    shown = [
        _shown_as_found(library, face, photo, found[face.id])
        if face.id in found
        else _shown(face, photo, people, suggestions.get(face.id))
        for face in faces
    ]
    album = next(iter(library.albums.of_photo(photo_id)), None)
    pages = sum(other.crop is None for other in library.photos.find(photo.image_hash))
    return PhotoContents(photo, _left_to_right(shown), album, pages)


def _shown(face: Face, photo: Photo, people: dict[PersonId, Person], suggestion: Suggestion | None) -> ShownFace:
    person = people.get(face.person_id) if face.person_id is not None else None
    if face.state is not FaceState.OPEN or suggestion is None:
        return ShownFace(face, _upright(face, photo), person)
    return ShownFace(face, _upright(face, photo), person, suggestion, people.get(suggestion.person_id))


def _shown_as_found(library: Library, face: Face, photo: Photo, found: FoundName) -> ShownFace:
    """The name is somebody's only where one person carries it."""
    carriers = library.people.find(found.name)
    return ShownFace(face, _upright(face, photo), suggested=carriers[0] if len(carriers) == 1 else None, found=found)


def _upright(face: Face, photo: Photo) -> Box:
    return geometry.box_to_upright(face.box, photo.view_orientation)


def _left_to_right(faces: Sequence[ShownFace]) -> tuple[ShownFace, ...]:
    return tuple(sorted(faces, key=lambda each: (each.box.center, each.id)))


def _first_open(faces: Sequence[ShownFace], start: FaceId | None, skipped: frozenset[FaceId]) -> FaceId | None:
    place = next((row + 1 for row, each in enumerate(faces) if each.id == start), 0)
    around = [*faces[place:], *faces[:place]]
    return next((each.id for each in around if each.is_open and each.id != start and each.id not in skipped), None)

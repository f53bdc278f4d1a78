"""The words of the program as data: one frozen dataclass per thing, shared by every floor.

Ids are ``NewType`` integers. Boxes and landmarks are normalised; the name of each field says in which frame
(see ``geometry``). Text compares by ``name_key``.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, NewType

import numpy as np
from numpy.typing import NDArray

from facetagger import geometry
from facetagger.geometry import Box, Size

PhotoId = NewType("PhotoId", int)
AlbumId = NewType("AlbumId", int)
FaceId = NewType("FaceId", int)
PersonId = NewType("PersonId", int)
GroupId = NewType("GroupId", int)
EntryId = NewType("EntryId", int)

Landmarks = NDArray[np.float32]
"""Five points, shape (5, 2): image-left eye, image-right eye, nose tip, image-left and image-right mouth corner,
as they lie in the upright photo."""

Embedding = NDArray[np.float32]
"""One L2-normalised vector, shape (d,)."""


Floats = NDArray[np.floating]

_FULL_SIZE: Final = 110.0
"""Short side in pixels from which a face has all the detail that its chip can show."""

_FULL_SHARPNESS: Final = 450.0
"""Of a face in focus: the median of the faces of press photographs."""


class FaceState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    IGNORED = "ignored"
    NOT_A_FACE = "not_a_face"


class FaceOrigin(StrEnum):
    DETECTED = "detected"
    DRAWN = "drawn"
    METADATA = "metadata"


@dataclass(frozen=True, slots=True)
class Photo:
    """One picture as the user thinks of it: (image hash, page, crop).

    ``orientation`` is the file's EXIF value (1 to 8), ``rotation`` the view rotation in clockwise quarter turns,
    which the file knows nothing of. ``path`` is a file that holds the photo now, or the last one that did when
    ``is_missing``.
    ``taken`` is the naive local time ``YYYY-MM-DDTHH:MM:SS`` from the metadata.
    """

    id: PhotoId
    image_hash: bytes
    page: int
    crop: Box | None
    stored_size: Size
    orientation: int
    rotation: int
    taken: str | None
    path: Path
    is_missing: bool = False
    is_rotation_chosen: bool = False
    """Whether the user turned the photo; the machine's proposal is no more than that."""

    @property
    def view_orientation(self) -> int:
        """The EXIF value that leads from stored to upright, view rotation included."""
        return geometry.rotated_orientation(self.orientation, self.rotation)

    @property
    def upright_size(self) -> Size:
        return geometry.upright_size(self.stored_size, self.view_orientation)


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """How much a face shows of its person.

    ``size``: short side of the box in pixels. ``sharpness``: variance of the chip's Laplacian over its contrast.
    ``yaw`` and ``pitch`` are in degrees, estimated from the five landmarks: 0 looks at the camera, positive yaw to the
    right of the picture, positive pitch down. ``roll`` is the clockwise tilt, -180 to 180.
    """

    size: float
    sharpness: float
    yaw: float
    pitch: float
    roll: float

    @property
    def score(self) -> float:
        """0 to 1, the product of what size, sharpness and pose each leave of a face."""
        return float(quality_scores(np.array([[self.size, self.sharpness, self.yaw, self.pitch]]))[0])


def quality_scores(measures: Floats) -> Floats:
    """``FaceQuality.score`` of many faces, shape (n,): ``measures`` (n, 4) are size, sharpness, yaw and pitch. NaN
    where one of them is."""
    size, sharpness, yaw, pitch = measures.T
    detail = np.minimum(1.0, size / _FULL_SIZE) * np.sqrt(np.minimum(1.0, sharpness / _FULL_SHARPNESS))
    scores: Floats = detail * _frontal(yaw) * _frontal(pitch)
    return scores


def _frontal(degrees: Floats) -> Floats:
    cosine: Floats = np.cos(np.radians(np.minimum(np.abs(degrees), 90.0)))
    return cosine


@dataclass(frozen=True, slots=True)
class Face:
    """A region of a photo. ``box`` and ``landmarks`` are normalised in the photo's *stored* frame."""

    id: FaceId
    photo_id: PhotoId
    box: Box
    landmarks: Landmarks | None = field(compare=False)
    score: float
    origin: FaceOrigin
    state: FaceState
    person_id: PersonId | None
    quality: FaceQuality | None = field(default=None, compare=False)
    """None where it was never measured: without landmarks, or in an older library."""

    @property
    def is_trainable(self) -> bool:
        """Without landmarks a face is named but never teaches the classifier."""
        return self.state is FaceState.CONFIRMED and self.landmarks is not None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody. ``born`` and ``died`` are free text that begins with a year where one is known."""

    id: PersonId
    name: str
    aliases: tuple[str, ...] = ()
    born: str = ""
    died: str = ""
    portrait: FaceId | None = None


@dataclass(frozen=True, slots=True)
class Album:
    """A folder that was imported (``folder`` set), or a selection the user made."""

    id: AlbumId
    name: str
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The machine's guess for an open face; ``probability`` is calibrated, 0 to 1."""

    face_id: FaceId
    person_id: PersonId
    probability: float


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One act of the user, as the undo menu shows it. ``faces`` are the faces it touched."""

    id: EntryId
    text: str
    at: str
    faces: tuple[FaceId, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What an operation changed: the ids whose rows a view must read again, and the history entry it made."""

    photos: frozenset[PhotoId] = frozenset()
    faces: frozenset[FaceId] = frozenset()
    people: frozenset[PersonId] = frozenset()
    albums: frozenset[AlbumId] = frozenset()
    entry: HistoryEntry | None = None

    def __or__(self, other: Change) -> Change:
        return Change(
            self.photos | other.photos,
            self.faces | other.faces,
            self.people | other.people,
            self.albums | other.albums,
            other.entry or self.entry,
        )

    def __bool__(self) -> bool:
        return bool(self.photos or self.faces or self.people or self.albums or self.entry)


class FoundIn(StrEnum):
    """Where another program keeps what it knows about a photo."""

    FILE = "file"
    SIDECAR = "sidecar"
    PICASA = "picasa"


@dataclass(frozen=True, slots=True)
class NamedRegion:
    """A region as it crosses the metadata border: ``box`` normalised in the *stored* frame of a file."""

    box: Box
    name: str
    """Empty where the region has no name."""
    found_in: FoundIn = field(default=FoundIn.FILE, compare=False)


@dataclass(frozen=True, slots=True)
class FoundName:
    """A name that another program has for a face. It names nobody until the user takes it over."""

    face_id: FaceId
    name: str
    found_in: FoundIn
    is_declined: bool = False


@dataclass(frozen=True, slots=True)
class SkippedFile:
    """A file that a job passed over, and why, in a sentence for the user."""

    path: Path
    reason: str


def name_key(name: str) -> str:
    """The form in which two spellings of one name are equal: NFC, casefold, single spaces."""
    return unicodedata.normalize("NFC", " ".join(name.split()).casefold())

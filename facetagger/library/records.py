"""What the library's readers are asked and what they answer, beyond the entities everybody shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Album, AlbumId, FaceId, GroupId, Person, PersonId, Photo

Sort = Literal["date", "name", "added"]


@dataclass(frozen=True, slots=True)
class PhotoQuery:
    """Which visible photos, in which order. Every condition given must hold."""

    album: AlbumId | None = None
    people: tuple[PersonId, ...] = ()
    """All of these are named in the photo."""
    without: tuple[PersonId, ...] = ()
    only: bool = False
    """Nobody but ``people``: no other name and no open face. Strangers do not count."""
    unnamed: bool = False
    """With at least one open face."""
    suggested_below: float | None = None
    """With a suggestion whose probability is lower."""
    years: tuple[int, int] | None = None
    """First and last year, inclusive; a photo without a date is in no year."""
    text: str = ""
    """Part of the file name."""
    sort: Sort = "date"
    """``date`` and ``name`` ascending, undated photos last; ``added`` newest first."""
    missing: bool | None = None


@dataclass(frozen=True, slots=True)
class PhotoSummary:
    """A photo with the numbers a tile shows. ``suggested`` are those of the ``unnamed`` (open) faces that have a
    suggestion, ``strangers`` the ignored ones; ``faces`` counts all but those that are not a face."""

    photo: Photo
    unnamed: int
    suggested: int
    strangers: int
    faces: int


@dataclass(frozen=True, slots=True)
class PersonSummary:
    """A person with the numbers of visible faces confirmed and suggested, and of photos with a confirmed face."""

    person: Person
    confirmed: int
    suggested: int
    photos: int


@dataclass(frozen=True, slots=True)
class AlbumSummary:
    """An album with the numbers of its photos and of its open faces."""

    album: Album
    photos: int
    unnamed: int


@dataclass(frozen=True, slots=True)
class AlbumDetails:
    """What a heading says beyond the summary: people named in the album, first and last year where any is known."""

    people: int
    years: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Group:
    """Open faces the machine holds to be one person."""

    id: GroupId
    faces: tuple[FaceId, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StoredClassifier:
    """One person's linear classifier: ``coef`` float64 (d,), decision = coef · embedding + intercept.

    ``highest_intercept`` is the upper end of the interval of optimal intercepts, ``active`` int64 (m,) are the faces on
    which the classifier rests; None where that was not stored.
    """

    person_id: PersonId
    coef: NDArray[np.float64]
    intercept: float
    highest_intercept: float | None = None
    active: NDArray[np.int64] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RecognitionRows:
    """The faces as recognition wants them, ascending by face id.

    ``face_ids`` and ``photo_ids`` int64 (n,); ``person_ids`` int64 (n,): -1 open, -2 ignored, else who is confirmed;
    ``trainable`` bool (n,); ``embeddings`` float32 (n, d); ``quality`` float32 (n,): ``FaceQuality.score``, NaN where
    it was not measured; ``taken`` float64 (n,): the photo's date in years and parts of one, NaN where it has none.
    Faces that are not a face are left out, and so are the open faces of photos that no visible album holds: nothing is
    asked about what the user removed.
    """

    face_ids: NDArray[np.int64]
    photo_ids: NDArray[np.int64]
    person_ids: NDArray[np.int64]
    trainable: NDArray[np.bool_]
    embeddings: NDArray[np.float32]
    quality: NDArray[np.float32]
    taken: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A path as it was last seen; ``byte_hash`` empty where it was never computed."""

    image_hash: bytes
    byte_size: int
    mtime_ns: int
    byte_hash: bytes
    is_missing: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """Totals over visible photos. ``faces`` leaves out what is not a face; ``unnamed`` counts the photos with an open
    face, ``missing`` the photos without a file; ``suggested`` is a part of ``open``; ``groups``
    are those that no suggestion reaches."""

    photos: int
    faces: int
    people: int
    confirmed: int
    open: int
    suggested: int
    ignored: int
    not_a_face: int
    groups: int
    missing: int
    unnamed: int

"""What goes into an export and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from facetagger.entities import Face, FaceState, NamedRegion, Person, Photo, SkippedFile


class ExportFormat(StrEnum):
    PHOTOS = "photos"
    SIDECARS = "sidecars"
    CSV = "csv"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class ExportFace:
    """A face with the person it is confirmed as, or the one that is suggested with a probability from 0 to 1."""

    face: Face
    person: Person | None = None
    suggested: Person | None = None
    probability: float | None = None


@dataclass(frozen=True, slots=True)
class ExportItem:
    """A photo as it is in one album. ``album`` is a name; slashes in it make folders."""

    photo: Photo
    album: str
    faces: tuple[ExportFace, ...] = ()

    @property
    def regions(self) -> tuple[NamedRegion, ...]:
        """The confirmed faces, boxes in the stored frame."""
        return tuple(
            NamedRegion(each.face.box, each.person.name)
            for each in self.faces
            if each.person is not None and each.face.state is FaceState.CONFIRMED
        )


@dataclass(frozen=True, slots=True)
class ExportReport:
    """``written`` has every file that now says what was exported, also those that said it already."""

    written: tuple[Path, ...]
    skipped: tuple[SkippedFile, ...]

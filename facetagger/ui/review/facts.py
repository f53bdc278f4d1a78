"""What a view must know of a face to show its crop: the photo it is in and when that was taken."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from facetagger.entities import Face, FaceId, Photo, PhotoId
from facetagger.library import Library
from facetagger.ui.dates import day_text
from facetagger.ui.words import joined


@dataclass(frozen=True, slots=True)
class FaceFacts:
    """A face and its photo as a caption needs them."""

    face: Face
    photo: Photo

    @property
    def photo_id(self) -> PhotoId:
        return self.photo.id

    @property
    def caption(self) -> str:
        """The year, or the file's name where the photo has no date."""
        return year(self.photo.taken) or self.photo.path.name

    @property
    def detail(self) -> str:
        """For tool tips and screen readers: the day and the file."""
        return joined(day_text(self.photo.taken), self.photo.path.name)


def year(taken: str | None) -> str:
    """The year of a naive local time ``YYYY-MM-DDTHH:MM:SS``; empty where it is not known."""
    return taken[:4] if taken else ""


def read_facts(library: Library, faces: Iterable[FaceId]) -> dict[FaceId, FaceFacts]:
    """Facts of the faces that are (still) in the library; on a worker."""
    found = library.faces.get_many(list(dict.fromkeys(faces)))
    photos = {each.id: each for each in library.photos.get_many(list({face.photo_id for face in found}))}
    return {face.id: FaceFacts(face, photos[face.photo_id]) for face in found if face.photo_id in photos}


def by_date(facts: Iterable[FaceFacts]) -> list[FaceFacts]:
    """Oldest first; photos without a date come last, in the order of their files."""
    return sorted(facts, key=_date_rank)


def _date_rank(facts: FaceFacts) -> tuple[bool, str, Path, int]:
    taken = facts.photo.taken
    return taken is None, taken or "", facts.photo.path, facts.face.id


def spread(facts: Iterable[FaceFacts], count: int) -> list[FaceFacts]:
    """``count`` of the faces, by date, evenly taken from the first to the last: of neighbours the one that shows most
    of the person."""
    ordered = by_date(facts)
    if len(ordered) <= count:
        return ordered
    edges = [round(place * len(ordered) / count) for place in range(count + 1)]
    return [max(ordered[start:end], key=_quality) for start, end in pairwise(edges)]


def _quality(facts: FaceFacts) -> float:
    quality = facts.face.quality
    return 0.0 if quality is None else quality.score

"""Where in the window one can be."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from facetagger.entities import AlbumId, PersonId


class Place(StrEnum):
    PHOTOS = "photos"
    REVIEW = "review"
    PEOPLE = "people"
    GROUPS = "groups"
    STRANGERS = "strangers"
    NOT_FACES = "not_faces"
    CHECK_NAMES = "check_names"
    ALBUM = "album"
    PERSON = "person"
    SEARCH = "search"


@dataclass(frozen=True, slots=True)
class Destination:
    """``album`` with ``Place.ALBUM``, ``person`` with ``Place.PERSON``, ``text`` with ``Place.SEARCH``."""

    place: Place
    album: AlbumId | None = None
    person: PersonId | None = None
    text: str = ""


ALL_PHOTOS = Destination(Place.PHOTOS)

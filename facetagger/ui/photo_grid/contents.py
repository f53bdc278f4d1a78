"""Which photos the grid shows: a scope, a filter and an order in, sections of ids out. Runs on a worker."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from facetagger.entities import AlbumId, PersonId, PhotoId
from facetagger.errors import UnknownNameError
from facetagger.library.records import PhotoQuery, Sort

if TYPE_CHECKING:
    from facetagger.operations.session import Session

UNSURE_BELOW: Final = 0.9
"""A suggestion less probable than this is worth looking at."""


class GridFilter(StrEnum):
    ALL = "all"
    UNNAMED = "unnamed"
    UNSURE = "unsure"


SORTS: Final[tuple[Sort, ...]] = ("date", "name", "added")
"""The values of ``Settings.sort``."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What the user went to: everything, an album, a person, or what a search found."""

    title: str
    album: AlbumId | None = None
    person: PersonId | None = None
    search: str = ""

    @property
    def is_everything(self) -> bool:
        return self.album is None and self.person is None and not self.search


@dataclass(frozen=True, slots=True)
class Section:
    """Photos under one heading. Where the photos are a whole album: how many people are named in it, how many of its
    faces are not, and the first and last year."""

    title: str
    photo_ids: tuple[PhotoId, ...]
    people: int = 0
    unnamed: int = 0
    years: tuple[int, int] | None = None


def load_sections(session: Session, scope: Scope, only: GridFilter, sort: Sort) -> tuple[Section, ...]:
    """The sections that are not empty: one per album for everything, else a single one.

    Raises ``FaceTaggerError`` for a search that can mean two things.
    """
    query = replace(
        _asked_for(session, scope),
        unnamed=only is GridFilter.UNNAMED,
        suggested_below=UNSURE_BELOW if only is GridFilter.UNSURE else None,
        sort=sort,
    )
    if scope.is_everything or scope.album is not None:
        sections = _albums(session, query, only)
    else:
        sections = [Section(scope.title, tuple(session.library.photos.ids(query)))]
    return tuple(section for section in sections if section.photo_ids)


def _albums(session: Session, query: PhotoQuery, only: GridFilter) -> list[Section]:
    library = session.library
    summaries = {each.album.id: each for each in library.albums.all()}
    details = library.albums.details() if only is GridFilter.ALL else {}
    sections = []
    for album_id, photo_ids in library.photos.sections(query):
        summary, detail = summaries[album_id], details.get(album_id)
        section = Section(summary.album.name, tuple(photo_ids))
        if detail is not None:
            section = replace(section, people=detail.people, unnamed=summary.unnamed, years=detail.years)
        sections.append(section)
    return sections


def _asked_for(session: Session, scope: Scope) -> PhotoQuery:
    """Words that nobody is called are looked for in the file names."""
    if scope.search:
        try:
            return session.searching.query(scope.search)
        except UnknownNameError:
            return PhotoQuery(text=scope.search)
    people = () if scope.person is None else (scope.person,)
    return PhotoQuery(album=scope.album, people=people)

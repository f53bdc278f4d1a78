"""What the pages of people and groups read in one go, on a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from facetagger.entities import FaceId, FaceState, PersonId, name_key
from facetagger.library import Group, Library, PersonSummary
from facetagger.ui.dates import short_date
from facetagger.ui.review.facts import FaceFacts, by_date, read_facts
from facetagger.ui.review.portrait_choice import read_portraits


class Order(StrEnum):
    PHOTOS = "photos"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Everybody:
    """All people with the face that stands for each, and the groups nobody has named, the largest first."""

    people: Mapping[PersonId, PersonSummary]
    portraits: Mapping[PersonId, FaceId]
    groups: Sequence[Group]
    has_photos: bool


@dataclass(frozen=True, slots=True)
class PersonFaces:
    """One person and their confirmed faces, oldest first."""

    summary: PersonSummary
    portrait: FaceId | None
    faces: Sequence[FaceFacts]


def read_everybody(library: Library) -> Everybody:
    people = {each.person.id: each for each in library.people.all()}
    portraits = read_portraits(library, (each.person for each in people.values()))
    return Everybody(people, portraits, read_groups(library), library.counts().photos > 0)


def read_groups(library: Library) -> list[Group]:
    """Largest first; a group of one face is no group."""
    groups = [each for each in library.groups.unknown() if len(each.faces) > 1]
    return sorted(groups, key=lambda each: (-len(each.faces), each.id))


def read_person(library: Library, person_id: PersonId) -> PersonFaces | None:
    """None when the person is not in the library any more."""
    found = [each for each in library.people.all() if each.person.id == person_id]
    if not found:
        return None
    faces = library.faces.ids(state=FaceState.CONFIRMED, person=person_id)
    portrait = read_portraits(library, [found[0].person]).get(person_id)
    return PersonFaces(found[0], portrait, by_date(read_facts(library, faces).values()))


def ordered(people: Mapping[PersonId, PersonSummary], order: Order) -> list[PersonId]:
    """The people as they stand on the page; ties go by name, then by id."""

    def rank(person_id: PersonId) -> tuple[int, str, int]:
        summary = people[person_id]
        photos = -summary.photos if order is Order.PHOTOS else 0
        return photos, name_key(summary.person.name), person_id

    return sorted(people, key=rank)


def life_span(summary: PersonSummary) -> str:
    """``1965``, ``1939 – 2004``, ``† 2004``, or nothing: the second half of the line below a portrait."""
    born, died = short_date(summary.person.born), short_date(summary.person.died)
    if born and died:
        return f"{born} – {died}"
    return born or (f"† {died}" if died else "")

"""Which face stands for somebody."""

from __future__ import annotations

from collections.abc import Iterable

from facetagger.entities import FaceId, Person, PersonId
from facetagger.library import Library


def read_portraits(library: Library, people: Iterable[Person]) -> dict[PersonId, FaceId]:
    """The chosen portrait of each person, else the face that shows them best; nobody without a face."""
    wanted = list(people)
    best = library.faces.best_of_people(person.id for person in wanted if person.portrait is None)
    return best | {person.id: person.portrait for person in wanted if person.portrait is not None}

"""Search expressions: who is in the photo, who is not, and when. ``'Anna "Aunt Rosa" -Carlos 1950..1965'``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from facetagger.entities import PersonId, Photo, name_key
from facetagger.errors import AmbiguousNameError, FaceTaggerError, UnknownNameError
from facetagger.library import Library, PhotoQuery

_TOKEN = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
_YEARS = re.compile(r"(\d{4})?(\.\.)?(\d{4})?")


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    is_quoted: bool
    is_excluded: bool


class Searching:
    def __init__(self, library: Library) -> None:
        self._library = library

    def photos(self, expression: str) -> list[Photo]:
        """The photos that match, by date."""
        return self._library.photos.get_many(self._library.photos.ids(self.query(expression)))

    def query(self, expression: str) -> PhotoQuery:
        """What the expression asks for. Unquoted words that together are a name count as one.

        Raises ``UnknownNameError``, ``AmbiguousNameError``, or ``FaceTaggerError`` for years that make no sense.
        """
        people: list[PersonId] = []
        without: list[PersonId] = []
        years: tuple[int, int] | None = None
        terms = list(_terms(expression))
        while terms:
            span = _years(terms[0])
            if span is not None:
                years, terms = span, terms[1:]
                continue
            person_id, used = self._person(terms)
            (without if terms[0].is_excluded else people).append(person_id)
            terms = terms[used:]
        return PhotoQuery(people=tuple(people), without=tuple(without), years=years)

    def _person(self, terms: list[_Term]) -> tuple[PersonId, int]:
        """The person at the head of the terms, and how many terms name them: the longest name that is known."""
        longest = 1
        if not terms[0].is_quoted:
            while longest < len(terms) and not (terms[longest].is_quoted or terms[longest].is_excluded):
                longest += 1
        for used in range(longest, 0, -1):
            found = self._library.people.find(" ".join(term.text for term in terms[:used]))
            if len(found) == 1:
                return found[0].id, used
        return self._nearly(terms[0].text), 1

    def _nearly(self, text: str) -> PersonId:
        """Somebody whose id it is, or one word of whose name begins like this."""
        try:
            return self._library.people.resolve(text).id
        except UnknownNameError:
            wanted = _plain(text)
            people = [row.person for row in self._library.people.all()]
            near = [person for person in people if any(word.startswith(wanted) for word in _plain(person.name).split())]
            if not near:
                raise
            if len(near) > 1:
                names = ", ".join(sorted(f"{person.name} (#{person.id})" for person in near))
                raise AmbiguousNameError(
                    f"“{text}” may be {names}.", hint="Write the whole name in quotes, or the id."
                ) from None
            return near[0].id


def _terms(expression: str) -> Iterator[_Term]:
    for minus, quoted, plain in _TOKEN.findall(expression):
        if quoted or plain:
            yield _Term(quoted or plain, bool(quoted), bool(minus))


def _years(term: _Term) -> tuple[int, int] | None:
    match = _YEARS.fullmatch(term.text)
    if term.is_quoted or match is None or not (match[1] or match[3]):
        return None
    first = int(match[1]) if match[1] else 0
    last = int(match[3]) if match[3] else (9999 if match[2] else first)
    if last < first:
        raise FaceTaggerError(f"The years {term.text} run backwards.", hint=f"Write {last}..{first}.")
    return first, last


def _plain(text: str) -> str:
    """The name key without accents, so that ``Müller`` is found by ``muller``."""
    decomposed = unicodedata.normalize("NFD", name_key(text))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))

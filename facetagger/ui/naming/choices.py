"""Which people the name field offers for a typed text, in which order, and what it says about each.

Pure functions: the people known, the machine's candidates and the surroundings of the face in, rows out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from facetagger.entities import FaceId, FoundName, Person, PersonId, name_key
from facetagger.ui.naming import wording

MAX_PEOPLE: Final = 5
"""People offered for a typed text; more are a letter away."""
MAX_KEYS: Final = 3
"""People offered before anything is typed: each has a number key, and the field covers little of the photo."""

_WORD: Final = re.compile(r"[^\W_]+")
# Letters that Unicode does not decompose into a base letter and an accent.
_LETTERS: Final = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})


@dataclass(frozen=True, slots=True)
class Acquaintance:
    """Somebody in the library, with the number of photos that show them and the face to show beside the name."""

    person: Person
    photos: int = 0
    portrait: FaceId | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known about the face that is asked about. ``candidates`` run from the likeliest down."""

    candidates: tuple[tuple[PersonId, float], ...] = ()
    nearby: tuple[PersonId, ...] = ()
    """People of the same album, the most frequent first."""
    in_photo: frozenset[PersonId] = frozenset()
    """People already named elsewhere in the same photo."""
    recent: tuple[PersonId, ...] = ()
    """People named lately, the latest first."""
    taken: str | None = None
    excluded: frozenset[PersonId] = frozenset()
    """People the face is known not to be."""
    found: FoundName | None = None
    """The name that another program has for the face."""
    found_person: PersonId | None = None
    """Who carries it, where that is one person."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row. ``person`` is None for the last row, which makes a new person of ``name``."""

    person: Person | None
    name: str
    detail: str = ""
    portrait: FaceId | None = None
    probability: float | None = None

    @property
    def is_new_person(self) -> bool:
        return self.person is None


def words(text: str) -> tuple[str, ...]:
    """The words of ``text`` without accents and case: what typing is compared with."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    return tuple(_WORD.findall(plain.translate(_LETTERS)))


def matches(typed: Sequence[str], name: Sequence[str]) -> bool:
    """Whether every typed word begins a word of its own in ``name``, in any order."""
    left = list(name)
    for start in sorted(typed, key=len, reverse=True):
        found = next((word for word in left if word.startswith(start)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def choices(people: Sequence[Acquaintance], surroundings: Surroundings, text: str = "") -> tuple[Choice, ...]:
    """The rows for a typed ``text``; the last one always makes a new person of it (its name is empty with the text).

    Until a text is typed it offers the name that another program has for the face, where nobody carries that.

    Order: exactly the typed name, who carries the found name, the machine's candidates, people of the album, people
    named lately, the alphabet.
    With nothing typed, only people there is a reason to offer.
    """
    typed = words(text)
    found = [each for each in people if each.person.id not in surroundings.excluded and _fits(each.person, typed)]
    if not typed:
        found = _with_a_reason(found, surroundings)
    found.sort(key=lambda each: _rank(each.person, surroundings, text))
    spellings = Counter(name_key(each.person.name) for each in people)
    rows = [
        _row(each, surroundings, typed, is_double=spellings[name_key(each.person.name)] > 1)
        for each in found[: _limit(found, text)]
    ]
    return (*rows, _new_person(surroundings, text))


def preselected(rows: Sequence[Choice], text: str) -> int | None:
    """The row that Enter takes before anybody points at one; None where taking one would be a guess."""
    if not text.strip():
        first, last = rows[0], rows[-1]
        if last.name:
            return len(rows) - 1
        return 0 if first.probability is not None and wording.is_worth_marking(first.probability) else None
    meant = _meant(rows, text)
    if len(meant) != 1:
        return None
    return None if rows[meant[0]].is_new_person and is_slip(text) else meant[0]


def namesakes(rows: Sequence[Choice], text: str) -> tuple[Choice, ...]:
    """The people between whom a typed ``text`` does not tell; empty where it does."""
    meant = _meant(rows, text)
    return tuple(rows[row] for row in meant) if len(meant) > 1 else ()


def exactly_named(rows: Sequence[Choice], text: str) -> tuple[int, ...]:
    """The rows of people who are called just as typed, by their name or another one of theirs."""
    return tuple(row for row, each in enumerate(rows) if each.person is not None and _is_called(each.person, text))


def is_slip(text: str) -> bool:
    """A single letter is rather a key pressed in the wrong place than somebody's name."""
    return len(text.strip()) == 1 and not text.strip().isdecimal()


def _new_person(surroundings: Surroundings, text: str) -> Choice:
    found = surroundings.found
    if text.strip() or found is None or surroundings.found_person is not None:
        return Choice(None, " ".join(text.split()))
    return Choice(None, found.name, wording.found_text(found.found_in))


def _meant(rows: Sequence[Choice], text: str) -> tuple[int, ...]:
    """The rows a typed text may mean: whoever is called just so, else the first row and its namesakes."""
    exact = exactly_named(rows, text)
    if exact:
        return exact
    first = name_key(rows[0].name)
    return tuple(row for row, each in enumerate(rows) if row == 0 or (each.person and name_key(each.name) == first))


def _is_called(person: Person, text: str) -> bool:
    return name_key(text) in {name_key(name) for name in (person.name, *person.aliases)}


def _fits(person: Person, typed: Sequence[str]) -> bool:
    return any(matches(typed, words(name)) for name in (person.name, *person.aliases))


def _with_a_reason(found: Iterable[Acquaintance], surroundings: Surroundings) -> list[Acquaintance]:
    known = {person_id for person_id, _ in surroundings.candidates}
    known.update(surroundings.nearby, surroundings.recent)
    return [each for each in found if each.person.id in known or each.person.id == surroundings.found_person]


def _rank(
    person: Person, surroundings: Surroundings, text: str
) -> tuple[bool, bool, int, bool, bool, int, int, str, int]:
    candidates = [person_id for person_id, _ in surroundings.candidates]
    return (
        not _is_called(person, text),
        person.id != surroundings.found_person,
        _place(person.id, candidates),
        # Two faces of one photo are two people: whoever is already named here is offered later.
        person.id in surroundings.in_photo,
        person.id not in surroundings.nearby,
        _place(person.id, surroundings.recent),
        _place(person.id, surroundings.nearby),
        name_key(person.name),
        person.id,
    )


def _place(person_id: PersonId, order: Sequence[PersonId]) -> int:
    return order.index(person_id) if person_id in order else len(order)


def _limit(found: Sequence[Acquaintance], text: str) -> int:
    """Everybody who is called just as typed is shown, however many they are."""
    if not text.strip():
        return MAX_KEYS
    return max(MAX_PEOPLE, sum(_is_called(each.person, text) for each in found))


def _row(each: Acquaintance, surroundings: Surroundings, typed: Sequence[str], *, is_double: bool) -> Choice:
    person = each.person
    probability = dict(surroundings.candidates).get(person.id)
    parts = [wording.certainty(probability)] if probability is not None else []
    if surroundings.found is not None and person.id == surroundings.found_person:
        # What the user said elsewhere needs no guess beside it.
        probability, parts = 1.0, [wording.found_text(surroundings.found.found_in)]
    if person.id in surroundings.in_photo:
        parts.append(QCoreApplication.translate("Choices", "already here"))
    if typed and not matches(typed, words(person.name)):
        parts.append(QCoreApplication.translate("Choices", "also {alias}").format(alias=_alias(person, typed)))
    parts.append(wording.age_text(person.born, surroundings.taken))
    if is_double:
        parts += [wording.born_text(person.born), wording.photos_text(each.photos)]
    if not any(parts):
        parts = [wording.photos_text(each.photos)]
    return Choice(person, person.name, " · ".join(part for part in parts if part), each.portrait, probability)


def _alias(person: Person, typed: Sequence[str]) -> str:
    return next(alias for alias in person.aliases if matches(typed, words(alias)))

"""People and their aliases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from facetagger.entities import FaceId, Person, PersonId, name_key
from facetagger.errors import AmbiguousNameError, LibraryError, UnknownNameError
from facetagger.library.database import VISIBLE, Connection, Value, ids_parameter
from facetagger.library.records import PersonSummary
from facetagger.library.sorting import natural_key, storable

_NUMBER: Final = re.compile(r"#([0-9]{1,18})")


class PeopleReader:
    def __init__(self, connection: Callable[[], Connection]) -> None:
        self._connection = connection

    def get(self, person_id: PersonId) -> Person:
        """Raises ``UnknownNameError`` where there is no such person."""
        found = self.get_many([person_id])
        if not found:
            raise UnknownNameError(f"There is no person #{person_id} in the library.")
        return found[0]

    def get_many(self, ids: Iterable[PersonId]) -> list[Person]:
        """The people in the order of ``ids``; those that do not exist are left out."""
        wanted = list(ids)
        chosen = (ids_parameter(wanted),)
        people = {each.id: each for each in self._load("WHERE {} IN (SELECT value FROM json_each(?))", chosen)}
        return [people[each] for each in wanted if each in people]

    def all(self) -> list[PersonSummary]:
        """Everybody, by name, with the numbers of their visible faces and photos."""
        database = self._connection()
        numbers = {
            person_id: (confirmed, photos)
            for person_id, confirmed, photos in database.rows(
                "SELECT person_id, count(*), count(DISTINCT photo_id) FROM face "
                f"WHERE person_id IS NOT NULL AND {VISIBLE} GROUP BY person_id"
            )
        }
        suggested: dict[int, int] = dict(
            database.rows(
                "SELECT suggestion.person_id, count(*) FROM suggestion CROSS JOIN face ON face.id = suggestion.face_id "
                f"WHERE {VISIBLE} GROUP BY suggestion.person_id"
            )
        )
        people = sorted(self._load("", ()), key=lambda person: (natural_key(person.name), person.id))
        return [
            PersonSummary(each, confirmed, suggested.get(each.id, 0), photos)
            for each in people
            for confirmed, photos in [numbers.get(each.id, (0, 0))]
        ]

    def find(self, name: str) -> list[Person]:
        """Those who carry the name, or have it as an alias, by id."""
        key = storable(name_key(name))
        ids = self._connection().column(
            "SELECT id FROM person WHERE name_key = ?1 "
            "UNION SELECT person_id FROM alias WHERE name_key = ?1 ORDER BY 1",
            (key,),
        )
        return self.get_many(ids)

    def resolve(self, text: str) -> Person:
        """The one person a name, an alias or ``#12`` means. Raises ``UnknownNameError``, ``AmbiguousNameError``."""
        number = _NUMBER.fullmatch(text.strip())
        if number is not None:
            return self.get(PersonId(int(number[1])))
        found = self.find(text)
        if not found:
            raise UnknownNameError(f"Nobody in the library is called “{text.strip()}”.")
        if len(found) > 1:
            choices = ", ".join(f"#{each.id} ({each.name})" for each in found)
            raise AmbiguousNameError(
                f"More than one person is called “{text.strip()}”.", hint=f"Say which one is meant: {choices}."
            )
        return found[0]

    def names(self) -> list[str]:
        """Every name and alias once, in natural order."""
        names = self._connection().column("SELECT name FROM person UNION SELECT name FROM alias")
        return sorted(names, key=natural_key)

    def dates(self) -> dict[PersonId, tuple[str, str]]:
        """When people were born and died, as text: of those of whom either is known."""
        rows = self._connection().rows("SELECT id, born, died FROM person WHERE born <> '' OR died <> '' ORDER BY id")
        return {person_id: (born, died) for person_id, born, died in rows}

    def _load(self, where: str, parameters: Sequence[Value]) -> list[Person]:
        database = self._connection()
        aliases: defaultdict[int, list[str]] = defaultdict(list)
        for person_id, name in database.rows(
            f"SELECT person_id, name FROM alias {where.format('person_id')} ORDER BY position", parameters
        ):
            aliases[person_id].append(name)
        rows = database.rows(f"SELECT id, name, born, died, portrait FROM person {where.format('id')}", parameters)
        return [Person(id, name, tuple(aliases[id]), born, died, portrait) for id, name, born, died, portrait in rows]


class PeopleWriter:
    def __init__(self, database: Connection) -> None:
        self._database = database

    def add(self, name: str) -> PersonId:
        """Adds a person, also where somebody has the name already. Raises ``LibraryError`` for an empty name."""
        clean = clean_name(name)
        return PersonId(
            self._database.insert("INSERT INTO person (name, name_key) VALUES (?, ?)", (clean, name_key(clean)))
        )

    def rename(self, person_id: PersonId, name: str) -> None:
        """Raises ``LibraryError`` for an empty name."""
        clean = clean_name(name)
        self._database.run("UPDATE person SET name = ?, name_key = ? WHERE id = ?", (clean, name_key(clean), person_id))

    def set_dates(self, person_id: PersonId, born: str, died: str) -> None:
        dates = (storable(born.strip()), storable(died.strip()))
        self._database.run("UPDATE person SET born = ?, died = ? WHERE id = ?", (*dates, person_id))

    def set_aliases(self, person_id: PersonId, aliases: Iterable[str]) -> None:
        """Replaces the aliases; two spellings of one name are one alias, the first."""
        clean = {name_key(alias): clean_name(alias) for alias in reversed(list(aliases)) if alias.strip()}
        rows = [(person_id, key, name, place) for place, (key, name) in enumerate(reversed(clean.items()))]
        self._database.run("DELETE FROM alias WHERE person_id = ?", (person_id,))
        self._database.run_many("INSERT INTO alias (person_id, name_key, name, position) VALUES (?, ?, ?, ?)", rows)

    def set_portrait(self, person_id: PersonId, face_id: FaceId | None) -> None:
        self._database.run("UPDATE person SET portrait = ? WHERE id = ?", (face_id, person_id))

    def delete(self, person_id: PersonId) -> None:
        """Deletes a person nobody is confirmed as any more, with aliases and rejections."""
        if self._database.value("SELECT EXISTS (SELECT 1 FROM face WHERE person_id = ?)", (person_id,)):
            raise ValueError(f"person {person_id} still has confirmed faces")
        self._database.run("DELETE FROM person WHERE id = ?", (person_id,))


def clean_name(name: str) -> str:
    """The name with single spaces; raises ``LibraryError`` where nothing is left."""
    clean = storable(" ".join(name.split()))
    if not clean:
        raise LibraryError("A name cannot be empty.", hint="Type at least one letter.")
    return clean

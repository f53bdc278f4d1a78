"""What the user says about people as such: spelling, dates, that two are one, that one is two."""

from __future__ import annotations

import re
from collections.abc import Sequence

from facetagger.entities import Change, FaceId, FaceState, Person, PersonId, name_key
from facetagger.errors import FaceTaggerError
from facetagger.library import Act, Library
from facetagger.operations.naming import existing_faces, name_of_new

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


class PeopleEditing:
    def __init__(self, library: Library) -> None:
        self._library = library

    def rename(self, person_id: PersonId, name: str) -> Change:
        """Corrects the spelling of one person. Two people may share a name; they stay two."""
        person = self._library.people.get(person_id)
        new = name_of_new(name)
        with self._library.transaction(f"rename {person.name} to {new}") as act:
            act.people.rename(person_id, new)
        return act.change

    def merge(self, into: PersonId, others: Sequence[PersonId]) -> Change:
        """Says that ``others`` are ``into``. Their confirmed faces move, their names stay as aliases; their dates and
        portrait serve where ``into`` has none.

        A rejection of one of them is a rejection of all, except on a face that is confirmed as one of them.
        """
        stays = self._library.people.get(into)
        gone = [self._library.people.get(other) for other in dict.fromkeys(others) if other != into]
        if not gone:
            raise FaceTaggerError("A person can only be merged with somebody else.", hint="Choose two people.")
        with self._library.transaction(f"merge {', '.join(each.name for each in gone)} into {stays.name}") as act:
            aliases = list(stays.aliases)
            for person in gone:
                faces = self._library.faces.ids(state=FaceState.CONFIRMED, person=person.id, hidden=True)
                act.faces.set_state(faces, FaceState.CONFIRMED, into)
                rejected = self._library.rejections.of_person(person.id)
                act.rejections.add(rejected, into)
                aliases += [person.name, *person.aliases]
                act.people.delete(person.id)
            self._take_over(act, stays, gone)
            confirmed = self._library.faces.ids(state=FaceState.CONFIRMED, person=into, hidden=True)
            act.rejections.remove(confirmed, into)
            act.people.set_aliases(into, _distinct(aliases, stays.name))
        return act.change

    @staticmethod
    def _take_over(act: Act, stays: Person, gone: Sequence[Person]) -> None:
        everybody = [stays, *gone]
        born, died = (
            next(filter(None, dates), "") for dates in zip(*((p.born, p.died) for p in everybody), strict=True)
        )
        act.people.set_dates(stays.id, born, died)
        act.people.set_portrait(stays.id, next((p.portrait for p in everybody if p.portrait is not None), None))

    def split(self, faces: Sequence[FaceId], name: str) -> Change:
        """Makes the faces a person of their own, also when somebody else has the same name."""
        if not faces:
            raise FaceTaggerError("No face was chosen.", hint="Choose the faces that are somebody else.")
        new = name_of_new(name)
        found = existing_faces(self._library, faces)
        with self._library.transaction(
            f"make {len(found)} of the faces {new}" if len(found) > 1 else f"make a face {new}"
        ) as act:
            person_id = act.people.add(new)
            act.faces.set_state([face.id for face in found], FaceState.CONFIRMED, person_id)
            for face in found:
                if face.person_id is not None:
                    act.rejections.add([face.id], face.person_id)
        return act.change

    def remove(self, person_id: PersonId) -> Change:
        """Takes somebody out who is on no photo (any more): a typing mistake, say."""
        person = self._library.people.get(person_id)
        if self._library.faces.ids(person=person_id, hidden=True):
            raise FaceTaggerError(
                f"{person.name} is on photos.", hint="Say first who those faces are, or merge the two people."
            )
        with self._library.transaction(f"remove {person.name}") as act:
            act.people.delete(person_id)
        return act.change

    def set_portrait(self, person_id: PersonId, face_id: FaceId) -> Change:
        person = self._library.people.get(person_id)
        if self._library.faces.get(face_id).person_id != person_id:
            raise FaceTaggerError(f"That face is not named {person.name}.", hint="Name it first.")
        with self._library.transaction(f"choose a portrait of {person.name}") as act:
            act.people.set_portrait(person_id, face_id)
        return act.change

    def set_dates(self, person_id: PersonId, born: str, died: str) -> Change:
        """``born`` and ``died`` as the user writes them: ``1965``, ``c. 1930``, or empty."""
        person = self._library.people.get(person_id)
        dates = _checked_dates(born, died)
        with self._library.transaction(f"set the dates of {person.name}") as act:
            act.people.set_dates(person_id, *dates)
        return act.change

    def describe(
        self,
        person_id: PersonId,
        *,
        born: str | None = None,
        died: str | None = None,
        aliases: Sequence[str] | None = None,
    ) -> Change:
        """Dates and other names in one act; None leaves what is known."""
        person = self._library.people.get(person_id)
        dates = _checked_dates(person.born if born is None else born, person.died if died is None else died)
        with self._library.transaction(f"describe {person.name}") as act:
            act.people.set_dates(person_id, *dates)
            if aliases is not None:
                act.people.set_aliases(person_id, _distinct(aliases, person.name))
        return act.change

    def set_aliases(self, person_id: PersonId, aliases: Sequence[str]) -> Change:
        person = self._library.people.get(person_id)
        with self._library.transaction(f"set other names of {person.name}") as act:
            act.people.set_aliases(person_id, _distinct(aliases, person.name))
        return act.change


def _checked_dates(born: str, died: str) -> tuple[str, str]:
    """Free text around a year, or nothing. Raises ``FaceTaggerError`` where there is no year, or they contradict."""
    years = []
    for date in (born, died):
        match = _YEAR.search(date)
        if date.strip() and match is None:
            raise FaceTaggerError(f"“{date.strip()}” has no year in it.", hint="Write 1965, 1965-04 or c. 1930.")
        years += [int(match[0])] if match else []
    if len(years) == 2 and years[1] < years[0]:
        raise FaceTaggerError(f"Nobody born in {years[0]} died in {years[1]}.", hint="Check the two years.")
    return born.strip(), died.strip()


def _distinct(aliases: Sequence[str], name: str) -> list[str]:
    """Aliases without repetitions of one another or of the name."""
    kept = {name_key(alias): alias.strip() for alias in reversed(aliases) if alias.strip()}
    kept.pop(name_key(name), None)
    return list(reversed(kept.values()))

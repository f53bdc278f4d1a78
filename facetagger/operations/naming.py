"""The decisions about faces: who somebody is, who they are not, and who stays unnamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from facetagger.entities import Change, Face, FaceId, FaceOrigin, FaceState, Person, PersonId, PhotoId
from facetagger.errors import FaceTaggerError, UnknownNameError
from facetagger.geometry import Box, box_to_stored
from facetagger.library import Act, Library


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is not in the library yet, also when somebody else there has the same name."""

    name: str


Who = PersonId | str | NewPerson
"""A person's id, or text: a name, an alias or ``#12``; a name that nobody carries makes a new person."""


class Naming:
    """Each act is one entry of the history and one ``Change``."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def name(self, faces: Sequence[FaceId], who: Who, excluded: Sequence[FaceId] = ()) -> Change:
        """The user says: these faces are this person. Takes back an earlier rejection of the same pair.

        The ``excluded`` ones, which were shown with them, are remembered not to be.
        Raises ``AmbiguousNameError`` when two people carry the name, ``UnknownNameError`` for an unknown id.
        """
        return self._settle(faces, excluded, who, "name")

    def settle(self, who: Who, faces: Sequence[FaceId], excluded: Sequence[FaceId] = ()) -> Change:
        """Confirms a handful as one person and remembers that the excluded ones are not, in one entry."""
        return self._settle(faces, excluded, who, "confirm")

    def reject(self, faces: Sequence[FaceId], who: PersonId | str) -> Change:
        """The user says: these faces are not this person. A face confirmed as that person is open again."""
        person = self._known(who)
        touched = self._existing(faces)
        with self._library.transaction(f"not {person.name}{_count(touched)}") as act:
            self._reject(act, touched, person.id)
        return act.change

    def ignore(self, faces: Sequence[FaceId]) -> Change:
        """Strangers: out of every queue, recoverable."""
        return self._set_aside(faces, FaceState.IGNORED, "set aside as strangers")

    def not_a_face(self, faces: Sequence[FaceId]) -> Change:
        """Wrong detections: out of every queue, recoverable."""
        return self._set_aside(faces, FaceState.NOT_A_FACE, "not a face")

    def reopen(self, faces: Sequence[FaceId]) -> Change:
        """Takes a name, a stranger mark or "not a face" away: the faces are unnamed again."""
        return self._set_aside(faces, FaceState.OPEN, "unname")

    def draw(self, photo_id: PhotoId, box: Box, who: Who | None = None) -> Change:
        """Adds a face the detector missed; ``box`` is normalised in the *upright* frame.

        ``Regions`` looks into it afterwards; until a face is made out there it is named but teaches nothing.
        """
        photo = self._library.photos.get(photo_id)
        inside = box.clipped()
        if inside.width * inside.height <= 0:
            raise FaceTaggerError("That box lies outside the photo.", hint="Draw it over the face.")
        stored = box_to_stored(inside, photo.view_orientation)
        person = self._find(who) if who is not None else None
        with self._library.transaction(_draw_text(who, person)) as act:
            face_id = act.faces.add(photo_id, stored, None, 1.0, FaceOrigin.DRAWN, photo.stored_size)
            if who is not None:
                person_id = person.id if person else act.people.add(name_of_new(who))
                act.faces.set_state([face_id], FaceState.CONFIRMED, person_id)
        return act.change

    def _settle(self, faces: Sequence[FaceId], excluded: Sequence[FaceId], who: Who, verb: str) -> Change:
        named, others = self._existing(faces), self._existing(excluded)
        if not named and not others:
            raise FaceTaggerError("No face was chosen.")
        person = self._find(who)
        name = person.name if person else name_of_new(who)
        text = f"{verb} {name}{_count(named)}" if named else f"not {name}{_count(others)}"
        with self._library.transaction(text) as act:
            person_id = person.id if person else act.people.add(name)
            if named:
                self._confirm(act, named, person_id)
            if others:
                self._reject(act, others, person_id)
        return act.change

    @staticmethod
    def _confirm(act: Act, faces: Sequence[Face], person_id: PersonId) -> None:
        """A correction also remembers that the face is not the person it was taken for."""
        ids = [face.id for face in faces]
        act.rejections.remove(ids, person_id)
        act.faces.set_state(ids, FaceState.CONFIRMED, person_id)
        for face in faces:
            if face.person_id not in (None, person_id):
                act.rejections.add([face.id], face.person_id)

    @staticmethod
    def _reject(act: Act, faces: Sequence[Face], person_id: PersonId) -> None:
        confirmed = [face.id for face in faces if face.person_id == person_id]
        if confirmed:
            act.faces.set_state(confirmed, FaceState.OPEN, None)
        act.rejections.add([face.id for face in faces], person_id)

    def _set_aside(self, faces: Sequence[FaceId], state: FaceState, text: str) -> Change:
        touched = self._existing(faces)
        if not touched:
            raise FaceTaggerError("No face was chosen.")
        with self._library.transaction(f"{text}{_count(touched)}") as act:
            act.faces.set_state([face.id for face in touched], state, None)
        return act.change

    def _existing(self, faces: Sequence[FaceId]) -> list[Face]:
        return existing_faces(self._library, faces)

    def _known(self, who: PersonId | str) -> Person:
        return self._library.people.get(who) if isinstance(who, int) else self._library.people.resolve(who)

    def _find(self, who: Who) -> Person | None:
        """The person meant, or None where it is somebody new."""
        if isinstance(who, int):
            return self._library.people.get(who)
        if isinstance(who, NewPerson) or not who.strip():
            return None
        try:
            return self._library.people.resolve(who)
        except UnknownNameError:
            if who.strip().startswith("#"):
                raise
            return None


def existing_faces(library: Library, faces: Sequence[FaceId]) -> list[Face]:
    """The faces, each once. Raises ``FaceTaggerError`` where one does not exist."""
    wanted = list(dict.fromkeys(faces))
    found = library.faces.get_many(wanted)
    unknown = set(wanted) - {face.id for face in found}
    if unknown:
        raise FaceTaggerError(
            f"There is no face {min(unknown)} in this library.", hint="List the faces with 'facetagger faces'."
        )
    return found


def name_of_new(who: Who) -> str:
    """The name as it is kept: on one line, single spaces. Raises ``FaceTaggerError`` for one that cannot be a name."""
    name = " ".join((who.name if isinstance(who, NewPerson) else str(who)).split())
    if not name:
        raise FaceTaggerError("The name is empty.", hint="Type the person's name.")
    if name.removeprefix("#").isdecimal():
        raise FaceTaggerError(f"“{name}” is a number, not a name.", hint="Type the person's name.")
    return name


def _count(faces: Sequence[Face]) -> str:
    return f" ({len(faces)} faces)" if len(faces) > 1 else ""


def _draw_text(who: Who | None, person: Person | None) -> str:
    return "draw a face" if who is None else f"draw and name {person.name if person else name_of_new(who)}"

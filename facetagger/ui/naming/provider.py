"""What the name field needs to know, read off the window's thread: the people, the face's surroundings, candidates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from facetagger.entities import FaceId, FoundName, Person, PersonId, PhotoId, Suggestion
from facetagger.jobs.lanes import Lane
from facetagger.library import Library, PhotoQuery
from facetagger.ui.bridge import Bridge
from facetagger.ui.naming.choices import MAX_KEYS, Acquaintance, Surroundings

_NEIGHBOURS: Final = 15
"""Photos looked at on either side: prints of one occasion lie next to each other."""
_RECENT: Final = 30
"""Acts of the history that are searched for people named lately."""

Candidates = tuple[tuple[PersonId, float], ...]


@dataclass(frozen=True, slots=True)
class Subject:
    """What the field asks about: one face, several that are taken for one person, or a frame just drawn (no face)."""

    photo_id: PhotoId | None = None
    faces: tuple[FaceId, ...] = ()
    taken: str | None = None
    named: Person | None = None
    """Who the face is confirmed to be, when the question is who it is instead."""
    suggestion: Suggestion | None = None
    suggested: Person | None = None
    """Who ``suggestion`` or ``found`` means, so that the row is there before anything is read."""
    found: FoundName | None = None
    """The name that another program has for the face."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything the rows are made from."""

    people: tuple[Acquaintance, ...] = ()
    surroundings: Surroundings = field(default_factory=Surroundings)
    is_read: bool = False
    """Whether the library has been asked since the question; until then somebody just named may be missing."""


class NamingProvider(QObject):
    """Asks library and recogniser on their lanes; keeps the people, so that the field opens with rows in it."""

    answered = Signal(object, object)
    """Subject, Answer. Comes up to twice: what the library knows, and the recogniser's candidates."""

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._subject: Subject | None = None
        self._answer = Answer()
        self._candidates: Candidates | None = None

    def ask(self, subject: Subject) -> Answer:
        """Returns what can be said at once and starts reading the rest; ``answered`` follows.

        A later question makes the answers to this one drop.
        """
        library, suggesting = self._bridge.session.library, self._bridge.session.suggesting
        portraits = {each.person.id: each.portrait for each in self._answer.people if each.portrait is not None}
        self._subject, self._candidates = subject, None
        self._answer = Answer(_with(self._answer.people, subject.suggested), _first_surroundings(subject))

        def read() -> tuple[Subject, Answer]:
            return subject, read_answer(library, subject, portraits)

        def guess() -> tuple[Subject, Candidates]:
            found = suggesting.candidates(subject.faces[0], MAX_KEYS)
            return subject, tuple((each.person_id, each.probability) for each in found)

        self._bridge.fetch(Lane.LIBRARY, read, self._take_answer, key=(id(self), "answer"))
        if subject.faces:
            self._bridge.fetch(Lane.RECOGNITION, guess, self._take_candidates, key=(id(self), "candidates"))
        return self._answer

    def _take_answer(self, read: tuple[Subject, Answer]) -> None:
        subject, self._answer = read
        self._announce(subject)

    def _take_candidates(self, guessed: tuple[Subject, Candidates]) -> None:
        subject, self._candidates = guessed
        self._announce(subject)

    def _announce(self, subject: Subject) -> None:
        if subject != self._subject:
            return
        if self._candidates is not None:
            surroundings = replace(self._answer.surroundings, candidates=self._candidates)
            self._answer = replace(self._answer, surroundings=surroundings)
        self.answered.emit(subject, self._answer)


def read_answer(library: Library, subject: Subject, portraits: Mapping[PersonId, FaceId] | None = None) -> Answer:
    """What the library knows, without the recogniser. ``portraits`` are the faces shown for people so far."""
    everybody = library.people.all()
    shown = _portraits(library, [each.person for each in everybody], portraits or {})
    people = tuple(Acquaintance(each.person, each.photos, shown.get(each.person.id)) for each in everybody)
    first = _first_surroundings(subject)
    rejected = {person_id for _, person_id in library.rejections.of_faces(subject.faces)}
    surroundings = replace(first, recent=_recent(library), excluded=first.excluded | rejected)
    if subject.photo_id is not None:
        named = _named_on(library, [subject.photo_id], besides=subject.faces)
        nearby = _named_on(library, _neighbours(library, subject.photo_id))
        surroundings = replace(surroundings, nearby=tuple(nearby), in_photo=frozenset(named))
    return Answer(people, surroundings, is_read=True)


def _with(people: tuple[Acquaintance, ...], person: Person | None) -> tuple[Acquaintance, ...]:
    if person is None or any(each.person.id == person.id for each in people):
        return people
    return (*people, Acquaintance(person))


def _first_surroundings(subject: Subject) -> Surroundings:
    suggestion, named = subject.suggestion, subject.named
    candidates = () if suggestion is None else ((suggestion.person_id, suggestion.probability),)
    excluded: frozenset[PersonId] = frozenset() if named is None else frozenset({named.id})
    carrier = subject.suggested.id if subject.found is not None and subject.suggested is not None else None
    return Surroundings(candidates, taken=subject.taken, excluded=excluded, found=subject.found, found_person=carrier)


def _neighbours(library: Library, photo_id: PhotoId) -> list[PhotoId]:
    """The photos before and after in the same album."""
    album = next(iter(library.albums.of_photo(photo_id)), None)
    ids = library.photos.ids(PhotoQuery(album=None if album is None else album.id))
    place = ids.index(photo_id) if photo_id in ids else 0
    return ids[max(place - _NEIGHBOURS, 0) : place + _NEIGHBOURS + 1]


def _named_on(library: Library, photos: Collection[PhotoId], besides: Collection[FaceId] = ()) -> list[PersonId]:
    """People confirmed on these photos, the most frequent first."""
    counts = Counter(
        face.person_id
        for face in library.faces.of_photos(photos)
        if face.person_id is not None and face.id not in besides
    )
    return [person_id for person_id, _ in counts.most_common()]


def _recent(library: Library) -> tuple[PersonId, ...]:
    """People the latest acts gave faces to, the latest first."""
    faces = [face_id for entry in library.history.entries(_RECENT) for face_id in entry.faces]
    named = library.faces.get_many(dict.fromkeys(faces))
    return tuple(dict.fromkeys(face.person_id for face in named if face.person_id is not None))


def _portraits(library: Library, people: Sequence[Person], known: Mapping[PersonId, FaceId]) -> dict[PersonId, FaceId]:
    """The portrait somebody chose, or else the best face of the person; a known one serves as long as it is theirs."""
    chosen = {face.person_id: face.id for face in library.faces.get_many(known.values()) if face.person_id is not None}
    chosen |= {person.id: person.portrait for person in people if person.portrait is not None}
    return chosen | library.faces.best_of_people(person.id for person in people if person.id not in chosen)

"""Names that other programs gave to faces: offered to the user, taken over in one act."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from facetagger.entities import Change, FaceId, FaceState, FoundName, PersonId, PhotoId, name_key
from facetagger.errors import FaceTaggerError
from facetagger.library import Act, Library


@dataclass(frozen=True, slots=True)
class Offer:
    """Names that may be taken over, by face id, and the photos they were found in."""

    names: tuple[FoundName, ...]
    photos: frozenset[PhotoId]

    @property
    def faces(self) -> frozenset[FaceId]:
        return frozenset(each.face_id for each in self.names)

    @property
    def people(self) -> int:
        """Different names."""
        return len({name_key(each.name) for each in self.names})


class FoundNames:
    """Who a name means is decided when it is taken over: whoever carries it then, or somebody new."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def offer(self) -> Offer:
        """The names of open faces that the user has neither declined nor rejected."""
        with self._library.snapshot():
            names = self._library.found_names.offered()
            faces = self._library.faces.get_many(each.face_id for each in names)
        return Offer(tuple(names), frozenset(face.photo_id for face in faces))

    def take(self, faces: Iterable[FaceId] | None = None) -> Change:
        """Names every face that a name is offered for, or those given, in one entry of the history.

        A name that two people of the library carry is left on its faces. Raises ``AmbiguousNameError`` where nothing
        else is there to take, and ``FaceTaggerError`` where no name is offered.
        """
        offered = self._library.found_names.offered(None if faces is None else list(faces))
        if not offered:
            raise FaceTaggerError("No names were found that are not taken over yet.")
        by_name: defaultdict[str, list[FoundName]] = defaultdict(list)
        for each in offered:
            by_name[name_key(each.name)].append(each)
        clear = {key: group for key, group in by_name.items() if len(self._library.people.find(group[0].name)) < 2}
        if not clear:
            self._library.people.resolve(offered[0].name)
        with self._library.transaction(_text(clear)) as act:
            for group in clear.values():
                act.faces.set_state([each.face_id for each in group], FaceState.CONFIRMED, self._person(act, group))
        return act.change

    def decline(self, faces: Sequence[FaceId]) -> Change:
        """The user says that the names found for these faces are wrong; they are not offered again."""
        names = {each.name for each in self._library.found_names.offered(faces)}
        if not names:
            raise FaceTaggerError("No name is offered for that face.")
        who = min(names) if len(names) == 1 else f"{len(names)} names that were found"
        with self._library.transaction(f"not {who}") as act:
            act.found_names.decline(faces)
        return act.change

    def _person(self, act: Act, group: Sequence[FoundName]) -> PersonId:
        known = self._library.people.find(group[0].name)
        if known:
            return known[0].id
        spellings = Counter(each.name for each in group)
        return act.people.add(max(spellings, key=lambda name: (spellings[name], name)))


def _text(by_name: dict[str, list[FoundName]]) -> str:
    faces = sum(len(group) for group in by_name.values())
    if len(by_name) == 1:
        (group,) = by_name.values()
        return f"name {group[0].name}" + (f" ({faces} faces)" if faces > 1 else "")
    return f"take over {len(by_name)} names that were found ({faces} faces)"

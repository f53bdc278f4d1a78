"""Names into a packet: ours are added or brought up to date, everybody else's statements stay.

What an earlier run wrote is known from ``facetagger:Names``, the names it added. A name among them that is written no
more was taken back by the user and leaves the packet, with its regions and keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final
from xml.dom.minidom import Element

from facetagger.entities import NamedRegion, name_key
from facetagger.geometry import Box, Size
from facetagger.metadata import dialects, rdf
from facetagger.metadata.dialects import Dialect, FoundRegion
from facetagger.metadata.rdf import Name, Packet, legal_text, name

SAME_FACE_IOU: Final = 0.5
"""Two boxes that overlap more are one face."""

_OWN_NAMES: Final = name("facetagger:Names")
_OWN_PHOTO: Final = name("facetagger:Photo")
_SUBJECT: Final = name("dc:subject")


@dataclass(frozen=True, slots=True)
class _Keywords:
    """A list of keywords with a person's name at the end of each; ``separator`` empty for plain names."""

    key: Name
    kind: str
    separator: str
    stand_in: str = ""
    """What the separator is written as inside a name."""
    older_key: Name | None = None
    """Another spelling of the key, kept up where a packet has it: two lists of one name confuse ExifTool."""

    def text(self, person: str) -> str:
        if not self.separator:
            return person
        return f"People{self.separator}{person.replace(self.separator, self.stand_in)}"

    def holds(self, entry: str, person: str) -> bool:
        """Whether an entry stands for the person already, be it below another branch of the tree."""
        if not self.separator:
            return name_key(entry) == name_key(person)
        branch, _, leaf = entry.rpartition(self.separator)
        return bool(branch) and name_key(leaf) == name_key(person.replace(self.separator, self.stand_in))


_LISTS: Final = (
    _Keywords(dialects.PERSON_IN_IMAGE, "Bag", ""),
    _Keywords(_SUBJECT, "Bag", ""),
    _Keywords(name("digiKam:TagsList"), "Seq", "/", "∕"),
    _Keywords(name("lr:hierarchicalSubject"), "Bag", "|", "¦"),
    _Keywords(name("MicrosoftPhoto:LastKeywordXMP"), "Bag", "/", "∕", name("MicrosoftPhotoOld:LastKeywordXMP")),
)
_DIALECTS: Final = (dialects.MWG, dialects.MICROSOFT, dialects.IPTC)
_PREFIXES: Final = ("dc", "digiKam", "facetagger", "Iptc4xmpExt", "lr", "MicrosoftPhoto", "MP", "MPReg", "MPRI",
                    "mwg-rs", "stArea", "stDim", "xmp")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """What is to be said about one file: confirmed faces, and people who are on it without a box."""

    regions: tuple[NamedRegion, ...]
    without_box: tuple[str, ...] = ()

    @classmethod
    def of(cls, regions: Iterable[NamedRegion], without_box: Iterable[str] = ()) -> Names:
        """Leaves out what has no name or lies outside the photo, and trims boxes to it."""
        cleaned = (replace(each, box=each.box.clipped(), name=_clean(each.name)) for each in regions)
        return cls(
            tuple(each for each in cleaned if each.name and each.box.area > 0),
            tuple(filter(None, map(_clean, without_box))),
        )

    @property
    def people(self) -> list[str]:
        """Everybody once, in order."""
        everybody = [each.name for each in self.regions] + list(self.without_box)
        return list({name_key(each): each for each in everybody}.values())


def is_own(packet: Packet) -> bool:
    """Whether an earlier run wrote names into this packet."""
    return packet.property(_OWN_NAMES) is not None or bool(photo_mark(packet))


def photo_mark(packet: Packet) -> str:
    """The mark of the photo that an earlier run said the packet is about."""
    return packet.text(_OWN_PHOTO)


def merge(packet: Packet, names: Names, stored_size: Size, mark: str = "") -> None:
    """Brings ``names`` into the packet; merging the same again changes nothing.

    ``stored_size`` is the size in stored pixels that the boxes refer to, ``mark`` an identity of the photo to record.
    """
    people = {name_key(each): each for each in names.people}
    if not people and not is_own(packet):
        return
    recorded = _texts(packet, _OWN_NAMES)
    foreign = _people_of(packet) - {name_key(each) for each in recorded}
    gone = {name_key(each) for each in recorded} - people.keys()
    for dialect in _DIALECTS:
        gone |= _merge_regions(packet, dialect, names.regions, gone) - people.keys()
    if names.regions:
        dialects.set_applied_size(packet, stored_size)
    for keywords in (_spelled_as_in(packet, each) for each in _LISTS):
        _remove_people(packet, keywords, gone)
        _add_people(packet, keywords, people.values())
    _record(packet, [text for key, text in people.items() if key not in foreign], mark)
    packet.declare(*_PREFIXES)


def _merge_regions(packet: Packet, dialect: Dialect, regions: Sequence[NamedRegion], gone: set[str]) -> set[str]:
    """Returns the keys of names that a face had before and that no entry of the list has any more."""
    assert dialect.fill is not None
    entries = dialect.entries(packet)
    if not regions and not entries:
        return set()
    array = dialect.obtain_list(packet)
    found = [dialect.parse(each, None) for each in entries]
    matches = _matches(found, regions)
    before = {name_key(each.name) for each in found if each.is_face}
    for index, (entry, known) in enumerate(zip(entries, found, strict=True)):
        if index not in matches.values() and known.is_face and name_key(known.name) in gone:
            array.removeChild(entry)
    for number, region in enumerate(regions):
        match = matches.get(number)
        if match is not None and _says(found[match], region):
            continue
        target = entries[match] if match is not None else rdf.add_field(array, name("rdf:li"))
        dialect.fill(rdf.obtain_struct(target), region)
    after = {name_key(dialect.parse(each, None).name) for each in dialect.entries(packet)}
    return before - after - {""}


def _matches(found: Sequence[FoundRegion], regions: Sequence[NamedRegion]) -> dict[int, int]:
    """Index of a region -> index of the entry about the same face: first by the box, then by the name."""
    pairs = [
        (-each.box.iou(region.box), number, index)
        for number, region in enumerate(regions)
        for index, each in enumerate(found)
        if each.is_face and each.box is not None and each.box.iou(region.box) > SAME_FACE_IOU
    ]
    named = [
        (0.0, number, index)
        for number, region in enumerate(regions)
        for index, each in enumerate(found)
        if each.is_face and name_key(each.name) == name_key(region.name)
    ]
    matches: dict[int, int] = {}
    for _, number, index in [*sorted(pairs), *named]:
        if number not in matches and index not in matches.values():
            matches[number] = index
    return matches


def _says(found: FoundRegion, region: NamedRegion) -> bool:
    """Whether an entry states the region already, apart from the rounding of its decimals."""
    if found.name != region.name or found.box is None:
        return False
    pairs = zip(_sides(found.box), _sides(region.box), strict=True)
    return all(abs(one - other) < 2e-9 for one, other in pairs)


def _spelled_as_in(packet: Packet, keywords: _Keywords) -> _Keywords:
    older = keywords.older_key
    return replace(keywords, key=older) if older is not None and _texts(packet, older) else keywords


def _add_people(packet: Packet, keywords: _Keywords, people: Iterable[str]) -> None:
    held = _texts(packet, keywords.key)
    missing = [each for each in people if not any(keywords.holds(entry, each) for entry in held)]
    if missing:
        array = rdf.obtain_array(packet.obtain(keywords.key), keywords.kind)
        for each in missing:
            rdf.add_field(array, name("rdf:li"), keywords.text(each))


def _remove_people(packet: Packet, keywords: _Keywords, gone: set[str]) -> None:
    array = _array(packet, keywords.key)
    for entry in rdf.elements(array) if array is not None else []:
        text = rdf.text_of(entry)
        if any(name_key(text) == name_key(keywords.text(each)) for each in gone) and array is not None:
            array.removeChild(entry)


def _record(packet: Packet, own: Sequence[str], mark: str) -> None:
    array = rdf.obtain_array(packet.obtain(_OWN_NAMES), "Bag")
    for entry in rdf.elements(array):
        array.removeChild(entry)
    for each in own:
        rdf.add_field(array, name("rdf:li"), each)
    if mark and photo_mark(packet) != mark:
        packet.set_text(_OWN_PHOTO, mark)


def _people_of(packet: Packet) -> set[str]:
    """The keys of everybody the packet names as a person or as a keyword."""
    texts = [each for key in (dialects.PERSON_IN_IMAGE, _SUBJECT) for each in _texts(packet, key)]
    regions = [dialect.parse(each, None).name for dialect in _DIALECTS for each in dialect.entries(packet)]
    return {name_key(each) for each in (*texts, *regions)}


def _array(packet: Packet, key: Name) -> Element | None:
    element = packet.property(key)
    return rdf.array(element) if element is not None else None


def _texts(packet: Packet, key: Name) -> list[str]:
    """An array's items; one text where a careless program wrote a simple value."""
    if _array(packet, key) is not None:
        return [rdf.text_of(each) for each in rdf.items(packet.property(key))]
    text = packet.text(key)
    return [text] if text else []


def _sides(box: Box) -> tuple[float, float, float, float]:
    return box.left, box.top, box.width, box.height


def _clean(text: str) -> str:
    return " ".join(legal_text(text).split())

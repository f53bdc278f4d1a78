"""How each standard words a named region in XMP: MWG, Microsoft, IPTC, and (read only) ACDSee.

A dialect turns one struct of its region list into a ``NamedRegion`` and back. Sources: MWG Guidelines 2.0 section 5;
the Microsoft People Tagging schema; IPTC Photo Metadata Standard 2019.1 (Image Region); ExifTool's ``acdsee.config``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from xml.dom.minidom import Element

from facetagger.entities import NamedRegion
from facetagger.geometry import Box, Size
from facetagger.metadata import rdf
from facetagger.metadata.rdf import Name, Packet, name

_AREA: Final = name("mwg-rs:Area")
_MWG_NAME: Final = name("mwg-rs:Name")
_MWG_TYPE: Final = name("mwg-rs:Type")
_RECTANGLE: Final = name("MPReg:Rectangle")
_DISPLAY_NAME: Final = name("MPReg:PersonDisplayName")
_BOUNDARY: Final = name("Iptc4xmpExt:RegionBoundary")
_IPTC_NAME: Final = name("Iptc4xmpExt:Name")
PERSON_IN_IMAGE: Final = name("Iptc4xmpExt:PersonInImage")
_HUMAN: Final = "http://cv.iptc.org/newscodes/imageregiontype/human"


@dataclass(frozen=True, slots=True)
class FoundRegion:
    """A region as it stands in a packet. ``box`` is None where the entry names somebody without saying where."""

    name: str
    box: Box | None
    is_face: bool = True


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where a standard keeps its list (a path of structs, the last one holds the array) and how it words an entry."""

    path: tuple[Name, ...]
    parse: Callable[[Element, Size | None], FoundRegion]
    fill: Callable[[Element, NamedRegion], None] | None = None
    """Writes name and box into an entry, leaving its other fields; None for a dialect that is only read."""

    def entries(self, packet: Packet) -> list[Element]:
        element = packet.property(self.path[0])
        for step in self.path[1:]:
            element = rdf.field(element, step) if element is not None else None
        return rdf.items(element)

    def obtain_list(self, packet: Packet) -> Element:
        element = packet.obtain(self.path[0])
        for step in self.path[1:]:
            holder = rdf.obtain_struct(element)
            found = rdf.child(holder, step)
            element = found if found is not None else rdf.add_field(holder, step)
        return rdf.obtain_array(element, "Bag")


def regions(packet: Packet, stored_size: Size | None) -> list[list[NamedRegion]]:
    """The face regions of each dialect, in the order of trust. ``stored_size`` resolves boxes given in pixels."""
    found = [
        [each.parse(entry, stored_size) for entry in each.entries(packet)] for each in (MWG, MICROSOFT, IPTC, ACDSEE)
    ]
    return [[NamedRegion(each.box, each.name) for each in one if each.is_face and each.box] for one in found]


def applied_size(packet: Packet) -> Size | None:
    """The size that the MWG regions were made for."""
    element = packet.property(MWG.path[0])
    applied = rdf.field(element, name("mwg-rs:AppliedToDimensions")) if element is not None else None
    if applied is None:
        return None
    width, height = (_number(rdf.field_text(applied, name(f"stDim:{side}"))) for side in "wh")
    return Size(round(width), round(height)) if width and height and width >= 1 and height >= 1 else None


def set_applied_size(packet: Packet, stored_size: Size) -> None:
    """Other programs ignore regions that do not say for which size they were made."""
    holder = rdf.obtain_struct(packet.obtain(MWG.path[0]))
    if applied_size(packet) == stored_size:
        return
    applied = rdf.obtain_struct(rdf.replace_field(holder, name("mwg-rs:AppliedToDimensions")))
    _set(applied, "stDim:w", str(stored_size.width))
    _set(applied, "stDim:h", str(stored_size.height))
    _set(applied, "stDim:unit", "pixel")


def _parse_mwg(entry: Element, size: Size | None) -> FoundRegion:
    kind = rdf.field_text(entry, _MWG_TYPE)
    area = rdf.field(entry, _AREA)
    box = _centred(area, "stArea", size) if area is not None else None
    return FoundRegion(_single_spaced(rdf.field_text(entry, _MWG_NAME)), box, kind.casefold() in ("", "face"))


def _fill_mwg(entry: Element, region: NamedRegion) -> None:
    area = rdf.obtain_struct(rdf.replace_field(entry, _AREA))
    x, y = region.box.center
    for key, value in zip("xywh", (x, y, region.box.width, region.box.height), strict=True):
        _set(area, f"stArea:{key}", _decimal(value))
    _set(area, "stArea:unit", "normalized")
    _set(entry, "mwg-rs:Name", region.name)
    _set(entry, "mwg-rs:Type", "Face")


def _parse_microsoft(entry: Element, _: Size | None) -> FoundRegion:
    numbers = [_number(part) for part in rdf.field_text(entry, _RECTANGLE).split(",")]
    return FoundRegion(_single_spaced(rdf.field_text(entry, _DISPLAY_NAME)), _box(numbers))


def _fill_microsoft(entry: Element, region: NamedRegion) -> None:
    box = region.box
    _set(entry, "MPReg:Rectangle", ", ".join(map(_decimal, (box.left, box.top, box.width, box.height))))
    _set(entry, "MPReg:PersonDisplayName", region.name)


def _parse_iptc(entry: Element, size: Size | None) -> FoundRegion:
    boundary = rdf.field(entry, _BOUNDARY)
    people = rdf.items(rdf.field(entry, PERSON_IN_IMAGE))
    details = rdf.items(rdf.field(entry, name("Iptc4xmpExt:PersonInImageWDetails")))
    kinds = [rdf.text_of(each) for kind in rdf.items(rdf.field(entry, name("Iptc4xmpExt:rCtype"))) for each in
             rdf.items(rdf.field(kind, name("xmp:Identifier")))]  # fmt: skip
    texts = [rdf.text_of(each) for each in people]
    texts += [rdf.field_text(each, name("Iptc4xmpExt:PersonName")) for each in details]
    is_face = _HUMAN in kinds or any(texts) or not kinds
    texts.append(rdf.field_text(entry, _IPTC_NAME))
    return FoundRegion(_single_spaced(next(filter(None, texts), "")), _boundary_box(boundary, size), is_face)


def _fill_iptc(entry: Element, region: NamedRegion) -> None:
    boundary = rdf.obtain_struct(rdf.replace_field(entry, _BOUNDARY))
    _set(boundary, "Iptc4xmpExt:rbShape", "rectangle")
    _set(boundary, "Iptc4xmpExt:rbUnit", "relative")
    box = region.box
    for key, value in zip("XYWH", (box.left, box.top, box.width, box.height), strict=True):
        _set(boundary, f"Iptc4xmpExt:rb{key}", _decimal(value))
    title = rdf.obtain_array(rdf.replace_field(entry, _IPTC_NAME), "Alt")
    rdf.add_field(title, name("rdf:li"), region.name).setAttributeNS(rdf.XML, "xml:lang", "x-default")
    people = rdf.obtain_array(rdf.replace_field(entry, PERSON_IN_IMAGE), "Bag")
    rdf.add_field(people, name("rdf:li"), region.name)
    if rdf.field(entry, name("Iptc4xmpExt:rCtype")) is None:
        kinds = rdf.obtain_array(rdf.add_field(entry, name("Iptc4xmpExt:rCtype")), "Bag")
        kind = rdf.obtain_struct(rdf.add_field(kinds, name("rdf:li")))
        identifiers = rdf.obtain_array(rdf.add_field(kind, name("xmp:Identifier")), "Bag")
        rdf.add_field(identifiers, name("rdf:li"), _HUMAN)


def _parse_acdsee(entry: Element, size: Size | None) -> FoundRegion:
    """The shown area goes before the detected one. A name the program gave by itself was confirmed by nobody."""
    areas = [rdf.field(entry, name(f"acdsee-rs:{kind}")) for kind in ("DLYArea", "ALGArea")]
    boxes = [_centred(area, "acdsee-stArea", size) for area in areas if area is not None]
    text = rdf.field_text(entry, name("acdsee-rs:Name"))
    if rdf.field_text(entry, name("acdsee-rs:NameAssignType")).casefold() == "auto":
        text = ""
    kind = rdf.field_text(entry, name("acdsee-rs:Type"))
    box = next((each for each in boxes if each is not None), None)
    return FoundRegion(_single_spaced(text), box, kind.casefold() in ("", "face"))


MWG: Final = Dialect((name("mwg-rs:Regions"), name("mwg-rs:RegionList")), _parse_mwg, _fill_mwg)
MICROSOFT: Final = Dialect((name("MP:RegionInfo"), name("MPRI:Regions")), _parse_microsoft, _fill_microsoft)
IPTC: Final = Dialect((name("Iptc4xmpExt:ImageRegion"),), _parse_iptc, _fill_iptc)
ACDSEE: Final = Dialect((name("acdsee-rs:Regions"), name("acdsee-rs:RegionList")), _parse_acdsee)


def _centred(area: Element, prefix: str, size: Size | None) -> Box | None:
    x, y, width, height, diameter = (_number(rdf.field_text(area, name(f"{prefix}:{key}"))) for key in "xywhd")
    if diameter is not None and width is None and height is None:
        # A circle's diameter is a share of the shorter side (MWG guidelines 2.0, section 5.9).
        short = min(size.width, size.height) if size else 1
        width = diameter * short / size.width if size else diameter
        height = diameter * short / size.height if size else diameter
    if x is None or y is None or width is None or height is None:
        return None
    box = _box([x - width / 2, y - height / 2, width, height])
    return _from_unit(box, rdf.field_text(area, name(f"{prefix}:unit")), size)


def _boundary_box(boundary: Element | None, size: Size | None) -> Box | None:
    if boundary is None or rdf.field_text(boundary, name("Iptc4xmpExt:rbShape")).casefold() not in ("", "rectangle"):
        return None
    box = _box([_number(rdf.field_text(boundary, name(f"Iptc4xmpExt:rb{key}"))) for key in "XYWH"])
    return _from_unit(box, rdf.field_text(boundary, name("Iptc4xmpExt:rbUnit")), size)


def _from_unit(box: Box | None, unit: str, size: Size | None) -> Box | None:
    if box is None or unit.casefold() != "pixel":
        return box
    return box.to_normalised(size) if size is not None else None


def _box(numbers: Sequence[float | None]) -> Box | None:
    """Left, top, width, height; None unless all four are there and the box has an area."""
    values = [each for each in numbers if each is not None]
    if len(numbers) != 4 or len(values) != 4 or values[2] <= 0 or values[3] <= 0:
        return None
    return Box(*values)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _decimal(value: float) -> str:
    """At most nine decimals, which is what Picasa can read."""
    return f"{value:.9f}".rstrip("0").rstrip(".") or "0"


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


def _set(struct: Element, key: str, text: str) -> None:
    rdf.set_text(rdf.replace_field(struct, name(key)), text)

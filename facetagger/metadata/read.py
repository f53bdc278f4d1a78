"""The named regions that other programs left in, beside or around a photo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from facetagger.entities import FoundIn, NamedRegion, name_key
from facetagger.geometry import Size
from facetagger.log import logger
from facetagger.metadata.container import read_packet
from facetagger.metadata.dialects import applied_size, regions
from facetagger.metadata.errors import DamagedXmpError
from facetagger.metadata.merge import SAME_FACE_IOU
from facetagger.metadata.picasa import read_picasa
from facetagger.metadata.rdf import Packet
from facetagger.metadata.sidecar import find_sidecars, read_sidecar

SHAPE_TOLERANCE: Final = 0.02
"""How far two aspect ratios may differ by rounding; the smallest crop that moves a face is larger."""

Statements = list[list[NamedRegion]]
"""What several sources say, the most trusted first."""


def read_regions(path: Path, stored_size: Size | None = None) -> list[NamedRegion]:
    """Every face region known for a photo, each face once; boxes normalised in the stored frame.

    In the order of trust: MWG, Microsoft, IPTC and ACDSee regions in the file, the same in its sidecars, Picasa's file.
    ``stored_size`` is the photo's size in stored pixels: it resolves boxes given in pixels (left out without it), and
    tells boxes that were made before the photo was cropped (left out with it). A region without a name has an empty
    one. Damaged metadata gives nothing and a line in the log; nothing is raised for it.
    """
    found = _tried(path, partial(_embedded, path, stored_size))
    for sidecar in find_sidecars(path):
        found += _tried(sidecar, partial(_beside, sidecar, stored_size))
    found += _tried(path, partial(_picasa, path))
    return _each_face_once(found)


def _embedded(path: Path, stored_size: Size | None) -> Statements:
    packet = read_packet(path)
    return _of_packet(Packet.parse(packet), path, stored_size) if packet else []


def _beside(sidecar: Path, stored_size: Size | None) -> Statements:
    found = _of_packet(read_sidecar(sidecar), sidecar, stored_size)
    return [[replace(each, found_in=FoundIn.SIDECAR) for each in one] for one in found]


def _of_packet(packet: Packet, path: Path, stored_size: Size | None) -> Statements:
    made_for = applied_size(packet)
    if stored_size is None or made_for is None or _is_same_shape(made_for, stored_size):
        return regions(packet, stored_size)
    logger.warning("The regions in %s were made for another shape of the photo; they are left out.", path)
    return []


def _is_same_shape(one: Size, other: Size) -> bool:
    """Whether one size may be the other, scaled. Lightroom gives the upright size with boxes of the stored frame."""
    tolerance = SHAPE_TOLERANCE + 1 / min(one.width, one.height, other.width, other.height)
    return any(
        abs(each.width * other.height - each.height * other.width) <= tolerance * each.width * other.height
        for each in (one, one.transposed())
    )


def _picasa(path: Path) -> Statements:
    return [read_picasa(path)]


def _tried(path: Path, read: Callable[[], Statements]) -> Statements:
    try:
        return read()
    except (DamagedXmpError, OSError) as error:
        logger.warning("The regions in %s cannot be read: %s", path, error)
        return []


def _each_face_once(sources: Iterable[Sequence[NamedRegion]]) -> list[NamedRegion]:
    """A source adds the people whom no earlier one has placed: programs that turn or crop a photo leave the boxes of
    the dialects they do not know behind. One source may show somebody twice, in a mirror or a collage."""
    kept: list[NamedRegion] = []
    for source in sources:
        placed = {name_key(each.name) for each in kept if each.name}
        for region in source:
            trimmed = replace(region, box=region.box.clipped())
            if trimmed.box.area > 0 and name_key(region.name) not in placed:
                _keep(kept, trimmed)
    return kept


def _keep(kept: list[NamedRegion], region: NamedRegion) -> None:
    """Adds a region unless it repeats one; a name settles an unnamed region at the same place."""
    same = [each for each in kept if each.box.iou(region.box) > SAME_FACE_IOU]
    if same and (not region.name or any(name_key(each.name) == name_key(region.name) for each in same)):
        return
    unnamed = next((each for each in same if not each.name), None)
    if unnamed is None:
        kept.append(region)
    else:
        kept[kept.index(unnamed)] = region

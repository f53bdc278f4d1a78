"""XMP sidecars: ``photo.jpg.xmp`` beside ``photo.jpg`` (digiKam's default), or ``photo.xmp`` (Lightroom); the first is
written, both are read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from facetagger.entities import NamedRegion
from facetagger.geometry import Size
from facetagger.metadata.errors import DamagedXmpError
from facetagger.metadata.merge import Names, is_own, merge, photo_mark
from facetagger.metadata.rdf import MAX_PACKET_BYTES, Packet
from facetagger.metadata.replacing import replace_bytes

SUFFIX = ".xmp"


def sidecar_path(photo: Path) -> Path:
    return photo.with_name(photo.name + SUFFIX)


def find_sidecars(photo: Path) -> list[Path]:
    """The sidecars a photo has, the one we would write first."""
    candidates = (sidecar_path(photo), photo.with_name(photo.name + SUFFIX.upper()), photo.with_suffix(SUFFIX))
    # Unlike Path.is_file, this answers for a name that is too long to exist.
    return [each for each in dict.fromkeys(candidates) if each != photo and os.path.isfile(each)]  # noqa: PTH113


def read_sidecar(path: Path) -> Packet:
    """Raises ``DamagedXmpError`` for what is not XMP and ``OSError`` for what cannot be read."""
    if path.stat().st_size > MAX_PACKET_BYTES:
        raise DamagedXmpError(f"{path.name} is too large for a sidecar.")
    return Packet.parse(path.read_bytes())


def marked_photo(path: Path) -> str | None:
    """The mark that ``write_sidecar`` recorded; empty in a sidecar of somebody else, None where it cannot be read."""
    try:
        return photo_mark(read_sidecar(path))
    except (DamagedXmpError, OSError):
        return None


def write_sidecar(
    path: Path,
    regions: Iterable[NamedRegion],
    stored_size: Size,
    extra_names: Iterable[str] = (),
    *,
    seed: Path | None = None,
    mark: str = "",
) -> bool:
    """Brings names into the sidecar ``path``; what else it says stays. False where there is nothing to write.

    ``regions`` are confirmed faces, boxes normalised in the stored frame; ``stored_size`` is the photo's size in stored
    pixels; ``extra_names`` are people on the photo without a box. A new sidecar starts as a copy of ``seed``, the one
    the photo has elsewhere. ``mark`` is an identity of the photo, kept for ``marked_photo``.

    Raises ``DamagedXmpError`` when the sidecar that is there is not understood (it is left alone), ``OSError`` when it
    cannot be written.
    """
    source = path if path.exists() else seed
    packet = read_sidecar(source) if source is not None else Packet.empty()
    names = Names.of(regions, extra_names)
    if not names.people and not is_own(packet) and source is None:
        return False
    before = path.read_bytes() if path.exists() else None
    merge(packet, names, stored_size, mark)
    after = packet.serialise().encode("utf-8")
    if after != before:
        replace_bytes(path, after)
    return True

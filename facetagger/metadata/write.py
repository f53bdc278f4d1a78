"""Names into a photograph: always a copy, never the user's own file, and never a pixel changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

from facetagger.entities import NamedRegion
from facetagger.errors import PhotoError
from facetagger.geometry import Size
from facetagger.imaging.hashing import image_hash
from facetagger.metadata.container import embed_packet, read_packet
from facetagger.metadata.errors import DamagedXmpError, UnwritableError
from facetagger.metadata.merge import Names, is_own, merge
from facetagger.metadata.rdf import Packet
from facetagger.metadata.replacing import replace_bytes

SUFFIXES_WRITABLE: Final = frozenset({".jpg", ".jpeg", ".jpe", ".tif", ".tiff", ".png", ".webp"})


def write_names(path: Path, regions: Iterable[NamedRegion], stored_size: Size, extra_names: Iterable[str] = ()) -> bool:
    """Brings names into the metadata of the file ``path``, which must be a copy. False where it said them already.

    ``regions`` are confirmed faces, boxes normalised in the stored frame; ``stored_size`` is the photo's size in stored
    pixels; ``extra_names`` are people on the photo without a box. Existing keywords, regions and everything else stay.
    Writing the same again leaves the file as it is, byte for byte.

    Raises ``UnwritableError`` where the file cannot carry names (its format, damaged or too much metadata): use a
    sidecar. Raises ``OSError`` when the disk does not take it. The file is as it was then.
    """
    if path.suffix.casefold() not in SUFFIXES_WRITABLE:
        raise UnwritableError(
            f"{path.name} cannot carry names.",
            f"Names are not written into {path.suffix.lstrip('.').upper() or 'such'} files.",
            "Keep them in a sidecar beside it.",
        )
    before = read_packet(path)
    packet = Packet.parse(before) if before else Packet.empty()
    unchanged = packet.serialise()
    merge(packet, Names.of(regions, extra_names), stored_size)
    after = packet.serialise()
    if after == unchanged:
        return False
    replace_bytes(path, embed_packet(path, after), partial(_verify, path, after))
    return True


def carries_own_names(path: Path) -> bool:
    """Whether ``write_names`` wrote into this file before."""
    try:
        before = read_packet(path)
        return bool(before) and is_own(Packet.parse(before))
    except (DamagedXmpError, OSError):
        return False


def _verify(original: Path, packet: str, written: Path) -> None:
    """Refuses a file whose picture is not that of the original, or that does not say what it was given."""
    try:
        is_same_picture = image_hash(written) == image_hash(original)
    except PhotoError as error:
        raise _unverified(original, str(error)) from error
    if not is_same_picture:
        raise _unverified(original, "Writing them would change the picture itself.")
    if read_packet(written) != packet.encode("utf-8"):
        raise _unverified(original, "They could not be read back after writing.")


def _unverified(original: Path, reason: str) -> UnwritableError:
    return UnwritableError(f"{original.name} cannot carry names.", reason, "Keep them in a sidecar beside it.")

"""XMP packets in and out of image files, through exiv2.

Files are handed to exiv2 as memory: its own file access cannot open every path (bytes that are not UTF-8, letters
outside the Windows code page). For reading that is a map of the file, not a copy.
"""

from __future__ import annotations

import logging
import mmap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from facetagger.log import logger
from facetagger.metadata.errors import UnwritableError

MIME_TYPES_WRITABLE: Final = frozenset({"image/jpeg", "image/tiff", "image/png", "image/webp"})

_TIFF_PACKET: Final = "Exif.Image.XMLPacket"

_exiv2_lock = threading.Lock()


@contextmanager
def _exiv2() -> Iterator[Any]:
    """The exiv2 module, to one thread at a time."""
    import exiv2

    with _exiv2_lock:
        logging.getLogger("exiv2").addFilter(_divert)
        yield exiv2


def _divert(record: logging.LogRecord) -> bool:
    """exiv2 warns about every odd tag of every file; that is for our log, not for the terminal."""
    logger.debug("exiv2: %s", record.getMessage().strip())
    return False


def read_packet(path: Path) -> bytes:
    """The XMP packet of an image file as it stands there; empty where it has none or exiv2 does not know the format.

    Raises ``OSError`` when the file cannot be read.
    """
    with path.open("rb") as file:
        if not path.stat().st_size:
            return b""
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data, _exiv2() as exiv2:
            return _packet_of(exiv2, data)


def _packet_of(exiv2: Any, data: mmap.mmap) -> bytes:
    try:
        image = exiv2.ImageFactory.open(data)
        image.readMetadata()
        # Without this exiv2 answers with its own wording of what it understood of the packet.
        image.writeXmpFromPacket(True)
        packet = _as_bytes(image.xmpPacket())
        exif = image.exifData()
        if not packet and _TIFF_PACKET in exif:
            return bytes(exif[_TIFF_PACKET].value().data())
        return packet
    except exiv2.Exiv2Error as error:
        logger.debug("exiv2 reads no metadata: %s", str(error))
        return b""


def embed_packet(source: Path, packet: str) -> bytes:
    """The bytes of the image file ``source`` with ``packet`` for its XMP and everything else as it was.

    Raises ``UnwritableError`` where exiv2 cannot write the format, the file is damaged or the packet too large for it,
    and ``OSError`` when the file cannot be read.
    """
    with source.open("rb") as file:
        data = file.read()
    with _exiv2() as exiv2:
        try:
            image = exiv2.ImageFactory.open(data)
            if image.mimeType() not in MIME_TYPES_WRITABLE:
                raise UnwritableError(
                    f"{source.name} cannot carry names.",
                    f"Names are not written into files of the type {image.mimeType()}.",
                    "Keep them in a sidecar beside it.",
                )
            image.readMetadata()
            image.setXmpPacket(packet)
            image.writeXmpFromPacket(True)
            image.writeMetadata()
            return _bytes_of(image)
        except exiv2.Exiv2Error as error:
            raise UnwritableError(
                f"{source.name} cannot carry names.", str(error), "Keep them in a sidecar beside it."
            ) from error


def _bytes_of(image: Any) -> bytes:
    stream = image.io()
    stream.open()
    try:
        return bytes(stream.data())
    finally:
        stream.close()


def _as_bytes(packet: str | bytes) -> bytes:
    return packet.encode("utf-8", "surrogateescape") if isinstance(packet, str) else bytes(packet)

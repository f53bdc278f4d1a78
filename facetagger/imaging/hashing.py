"""What a photo is, apart from what is written about it: a hash of the image data that no tag changes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final

from facetagger.imaging.decode import decode
from facetagger.imaging.formats import Format, sniff
from facetagger.imaging.heif_data import heif_data
from facetagger.imaging.image_data import Malformed, gif_data, jpeg_data, png_data, webp_data
from facetagger.imaging.jpeg_2000 import jpeg_2000_data
from facetagger.imaging.opening import open_stream
from facetagger.imaging.probe import probe
from facetagger.imaging.tiff_data import tiff_data

_READERS: Final[dict[Format, Callable[[IO[bytes]], Iterator[bytes]]]] = {
    Format.JPEG: jpeg_data,
    Format.PNG: png_data,
    Format.WEBP: webp_data,
    Format.GIF: gif_data,
    Format.TIFF: tiff_data,
    Format.HEIF: heif_data,
    Format.AVIF: heif_data,
    Format.JPEG_2000: jpeg_2000_data,
}


def image_hash(path: Path) -> bytes:
    """SHA-256 of the file's image data, 32 bytes: the same before and after any program writes metadata.

    Compressed data are hashed as they are, so nothing is decoded and no decoder's version matters. BMP has no
    metadata and is hashed whole. Only a file whose structure cannot be followed is hashed by its decoded pixels.

    Raises:
        PhotoError: the file cannot be read, or not be decoded where that is needed.
    """
    with open_stream(path) as stream:
        found = sniff(stream.read(12))
        stream.seek(0)
        if found is Format.BMP:
            return hashlib.file_digest(stream, "sha256").digest()
        digest = hashlib.sha256(found.encode() if found else b"")
        if found is not None:
            try:
                for part in _READERS[found](stream):
                    digest.update(part)
            except (Malformed, struct.error):
                pass
            else:
                return digest.digest()
    return _pixel_hash(path)


def byte_hash(path: Path) -> bytes:
    """SHA-256 of the whole file, 32 bytes; tells that a file changed. Raises ``PhotoError`` as ``image_hash``."""
    with open_stream(path) as stream:
        return hashlib.file_digest(stream, "sha256").digest()


def _pixel_hash(path: Path) -> bytes:
    digest = hashlib.sha256(b"pixels")
    for page in probe(path):
        pixels = decode(path, page=page.page, orientation=1)
        digest.update(repr(pixels.shape).encode())
        digest.update(pixels.data)
    return digest.digest()

"""The one door to Pillow and pillow-heif: our limits in front of it, every error behind it turned into a sentence."""

from __future__ import annotations

import errno
import io
import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from PIL import Image

from facetagger.errors import PhotoError
from facetagger.geometry import Size
from facetagger.imaging.formats import Format, sniff
from facetagger.log import logger

PIXEL_LIMIT: Final = 200_000_000
"""Pixels of one page. The largest real scans have about 143 million; Pillow's own limit would refuse half of that."""

SIDE_LIMIT: Final = 100_000

_COPY_AGAIN: Final = "Copy it again from where it came from, or scan the print again."
_NOT_A_PHOTO_HINT: Final = "facetagger reads JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP and GIF."


def display_name(path: Path) -> str:
    """The file's name for a sentence; bytes that are not UTF-8 show as a replacement character."""
    return os.fsencode(path.name or str(path)).decode("utf-8", "replace")


@contextmanager
def open_stream(path: Path) -> Iterator[io.BufferedReader]:
    """Opens a file for reading; any failure inside the block leaves it as a ``PhotoError`` about this file."""
    try:
        with path.open("rb") as stream:
            if not stream.read(1):
                raise PhotoError(f"“{display_name(path)}” is empty.", "The file has no contents.", _COPY_AGAIN)
            stream.seek(0)
            yield stream
    except PhotoError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error
    except Image.DecompressionBombError as error:
        raise too_large(path) from error
    except Exception as error:  # the edge to foreign decoders, which raise nearly anything on damaged files
        raise _damaged(path, error) from error


@contextmanager
def open_image(path: Path) -> Iterator[tuple[Image.Image, Format]]:
    """Opens a photograph's header with only the decoder that its first bytes ask for; nothing is decoded yet.

    The image stands at its first page. Sizes are checked here for that page; ``check_size`` is for the others.

    Raises:
        PhotoError: the file cannot be opened, is none of our formats, exceeds our limits, or is damaged; also for
            whatever the decoders raise inside the block.
    """
    with _pillow_kept_quiet(), open_stream(path) as stream:
        found = sniff(stream.read(12))
        stream.seek(0)
        if found is None:
            raise PhotoError(
                f"“{display_name(path)}” is not a photograph.",
                "Its contents are in no known format.",
                _NOT_A_PHOTO_HINT,
            )
        with _open_with(found, stream) as image:
            check_size(path, Size(*image.size))
            yield image, found


def check_size(path: Path, size: Size) -> None:
    """Raises ``PhotoError`` where a page is larger than anything we decode, or has no pixels."""
    if size.width < 1 or size.height < 1:
        raise PhotoError(f"“{display_name(path)}” has no pixels.", "Its header gives no size.", _COPY_AGAIN)
    if size.area > PIXEL_LIMIT or size.long_side > SIDE_LIMIT:
        raise too_large(path, size)


def too_large(path: Path, size: Size | None = None) -> PhotoError:
    claim = f"Its header says {size.width} × {size.height} pixels." if size else ""
    limit = f"Save it with at most {PIXEL_LIMIT // 1_000_000} megapixels if it really is that large."
    return PhotoError(f"“{display_name(path)}” is too large.", claim, limit)


def _open_with(found: Format, stream: IO[bytes]) -> Image.Image:
    if found is Format.HEIF:
        from pillow_heif import HeifImageFile

        heif: Image.Image = HeifImageFile(stream)
        return heif
    # Pillow's own limit stays, at ours: it also guards what we cannot look at before decoding.
    Image.MAX_IMAGE_PIXELS = PIXEL_LIMIT
    return Image.open(stream, formats=(found,))


def _unreadable(path: Path, error: OSError) -> PhotoError:
    name = display_name(path)
    if isinstance(error, FileNotFoundError):
        return PhotoError(f"“{name}” does not exist.", "", "It may have been moved; import the folder it is in now.")
    if isinstance(error, IsADirectoryError):
        return PhotoError(
            f"The folder “{name}” cannot be opened.", "", "Check that you are allowed to read it, then import again."
        )
    if isinstance(error, PermissionError):
        return PhotoError(f"“{name}” may not be read.", "", "Give yourself permission to read it, then import again.")
    if error.errno in (errno.EIO, errno.ENXIO, errno.ETIMEDOUT):
        return PhotoError(f"“{name}” cannot be read from the disk.", str(error), "Check the disk or the network.")
    return _damaged(path, error)


def _damaged(path: Path, error: Exception) -> PhotoError:
    logger.debug("A decoder refused a file: %s: %s", type(error).__name__, error)
    said = str(error).lower()
    name = display_name(path)
    if any(word in said for word in ("truncated", "not enough image data", "unexpected end", "end of file")):
        return PhotoError(f"“{name}” is incomplete.", "The file ends before the picture does.", _COPY_AGAIN)
    if isinstance(error, MemoryError):
        return PhotoError(f"“{name}” needs more memory than there is.", "", "Close other programs, or save it smaller.")
    return PhotoError(f"“{name}” is damaged.", "Its picture cannot be decoded.", _COPY_AGAIN)


_quiet_lock = threading.Lock()
_quiet_count = 0
_quiet_scope = warnings.catch_warnings()


@contextmanager
def _pillow_kept_quiet() -> Iterator[None]:
    """Ignores Pillow's warnings about odd files, on any number of threads at once.

    ``catch_warnings`` alone swaps a list of the whole process: two threads that leave in the order they came would
    put each other's filters back. So the first in swaps, the last out restores.
    """
    global _quiet_count, _quiet_scope
    with _quiet_lock:
        _quiet_count += 1
        if _quiet_count == 1:
            _quiet_scope = warnings.catch_warnings()
            _quiet_scope.__enter__()
            warnings.filterwarnings("ignore", module=r"PIL\.|pillow_heif\.")
    try:
        yield
    finally:
        with _quiet_lock:
            _quiet_count -= 1
            if _quiet_count == 0:
                _quiet_scope.__exit__(None, None, None)

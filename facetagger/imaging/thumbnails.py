"""Small pictures on disk: thumbnails of photos and square crops of faces, made once and found again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from facetagger.entities import Face, Photo
from facetagger.errors import FaceTaggerError
from facetagger.geometry import Box, Size, box_to_upright
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import CACHE_MARK
from facetagger.imaging.pixels import REDUCING_GAP, SHRINKING, bounded_size, orient

Pixels = NDArray[np.uint8]

FACE_MARGIN: Final = 1.6
"""Side of a face crop over the long side of the face's box."""

_MOST_SHIFT: Final = 0.19
"""As a part of the crop's side: brings a square box at the very edge wholly into view, and no more."""

_PAPER: Final = (226, 222, 214)

_QUALITY: Final = 88
_VERSION: Final = 1
"""Goes up when thumbnails are made differently, so that the old ones are not found any more."""

_CACHE_MARK_TEXT: Final = b"Signature: 8a477f597d28d172789f06886806bc55\n# Thumbnails of facetagger. May be deleted.\n"


class ThumbnailStore:
    """JPEG files in a folder that may be deleted at any time. May be used from several threads.

    A file's name is a hash over everything that decides what it shows (image hash, page, crop, orientation, box,
    side), so nothing ever needs to be invalidated, and a moved photo keeps its thumbnails.
    """

    def __init__(self, folder: Path, verify: Callable[[Photo], None] | None = None) -> None:
        """The folder is made with the first thumbnail. ``verify`` is asked before a photo's file is read, and raises
        ``PhotoError`` where that holds another picture by now: a wrong thumbnail would be kept for ever."""
        self._folder = folder
        self._verify = verify

    def photo(self, photo: Photo, side: int) -> Path:
        """The photo upright, its long side at most ``side`` pixels.

        Raises:
            PhotoError: there is none yet and the photo cannot be read.
            FaceTaggerError: it cannot be stored.
        """
        return self._kept(("photo", *_identity(photo), side), lambda: photo_pixels(self._verified(photo), side))

    def face(self, photo: Photo, face: Face, side: int) -> Path:
        """The face with some of its surroundings, upright, ``side`` pixels square. Raises as ``photo``."""
        box = box_to_upright(face.box, photo.view_orientation)
        return self._kept(self._face_key(photo, box, side), lambda: _face_pixels(self._verified(photo), box, side))

    def keep_face(self, photo: Photo, face: Face, side: int, pixels: Pixels) -> Path:
        """``face`` for a photo that is decoded already: ``pixels`` is all of it, upright, of any size."""
        box = box_to_upright(face.box, photo.view_orientation)
        return self._kept(self._face_key(photo, box, side), lambda: crop_face(pixels, box, side))

    def _verified(self, photo: Photo) -> Photo:
        if self._verify is not None:
            self._verify(photo)
        return photo

    def _face_key(self, photo: Photo, box: Box, side: int) -> tuple[object, ...]:
        return ("face", *_identity(photo), *_rounded(box), side)

    def _kept(self, key: tuple[object, ...], make: Callable[[], Pixels]) -> Path:
        name = hashlib.sha256(repr((_VERSION, *key)).encode()).hexdigest()
        path = self._folder / name[:2] / f"{name}.jpg"
        if not _is_whole_jpeg(path):
            pixels = make()
            try:
                self._write(path, pixels)
            except OSError as error:
                raise FaceTaggerError(
                    "A thumbnail cannot be stored.", str(error), "Make room on the disk that holds the library."
                ) from error
        return path

    def _write(self, path: Path, pixels: Pixels) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        mark = self._folder / CACHE_MARK
        if not mark.exists():
            mark.write_bytes(_CACHE_MARK_TEXT)
        handle, temporary = tempfile.mkstemp(suffix=".tmp", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                Image.fromarray(pixels).save(stream, "JPEG", quality=_QUALITY)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def photo_pixels(photo: Photo, side: int, *, is_quick: bool = False) -> Pixels:
    """The photo as the user sees it, shape (h, w, 3), the long side at most ``side`` pixels; ``is_quick`` as in decode.

    Raises:
        PhotoError: As ``decode`` does.
    """
    if photo.crop is None:
        return decode(photo.path, page=photo.page, orientation=photo.view_orientation, max_side=side, is_quick=is_quick)
    # Boxes refer to the crop's own pixels, so stored_size is the crop's, and the file's follows from the fraction.
    whole = photo.stored_size.width / photo.crop.width, photo.stored_size.height / photo.crop.height
    bound = side * max(whole) / photo.stored_size.long_side
    stored = decode(photo.path, page=photo.page, orientation=1, max_side=max(1, round(bound)), is_quick=is_quick)
    area = photo.crop.clipped().to_pixels(Size(stored.shape[1], stored.shape[0]))
    left, top = int(area.left), int(area.top)
    piece = stored[top : max(top + 1, round(area.bottom)), left : max(left + 1, round(area.right))]
    upright = orient(piece, photo.view_orientation)
    size = bounded_size(Size(upright.shape[1], upright.shape[0]), side)
    return _resized(np.ascontiguousarray(upright), size)


def crop_face(pixels: Pixels, box: Box, side: int) -> Pixels:
    """A square around a face, shape (side, side, 3), enlarged where the photo has fewer pixels.

    ``pixels`` is the whole upright photo, shape (h, w, 3), at any scale; ``box`` is normalised in its frame. The
    square is ``FACE_MARGIN`` times the box's long side, less where the photo is narrower. At the photo's edge it is
    shifted a little, never so far that a neighbour would come into the middle; what is left beyond the edge is paper.
    """
    size = Size(pixels.shape[1], pixels.shape[0])
    face = box.to_pixels(size)
    long_side = max(face.width, face.height)
    length = max(1, round(min(long_side * FACE_MARGIN, max(size.width, long_side), max(size.height, long_side))))
    left, top = _start(face.center[0], length, size.width), _start(face.center[1], length, size.height)
    square = np.full((length, length, 3), _PAPER, dtype=np.uint8)
    inside = pixels[max(top, 0) : top + length, max(left, 0) : left + length]
    square[max(-top, 0) :, max(-left, 0) :][: inside.shape[0], : inside.shape[1]] = inside
    return _resized(square, Size(side, side))


def _start(center: float, length: int, limit: int) -> int:
    """Where a span of ``length`` around ``center`` begins, moved towards 0 to ``limit``, but not far."""
    start = round(center - length / 2)
    inside = min(max(start, 0), limit - length) if length <= limit else (limit - length) // 2
    most = round(length * _MOST_SHIFT)
    return min(max(inside, start - most), start + most)


def _face_pixels(photo: Photo, box: Box, side: int) -> Pixels:
    size = photo.upright_size
    face = box.to_pixels(size)
    length = max(1.0, max(face.width, face.height) * FACE_MARGIN)
    scale = min(1.0, side / length)
    return crop_face(photo_pixels(photo, max(1, round(size.long_side * scale))), box, side)


def _resized(pixels: Pixels, size: Size) -> Pixels:
    if (pixels.shape[1], pixels.shape[0]) == (size.width, size.height):
        return pixels
    is_enlarged = size.width > pixels.shape[1] or size.height > pixels.shape[0]
    resampling = Image.Resampling.BICUBIC if is_enlarged else SHRINKING
    image = Image.fromarray(pixels).resize((size.width, size.height), resampling, reducing_gap=REDUCING_GAP)
    return np.array(image)


def _identity(photo: Photo) -> tuple[object, ...]:
    crop = _rounded(photo.crop) if photo.crop else None
    return photo.image_hash.hex(), photo.page, crop, photo.view_orientation


def _rounded(box: Box) -> tuple[float, ...]:
    return tuple(round(value, 6) for value in (box.left, box.top, box.width, box.height))


def _is_whole_jpeg(path: Path) -> bool:
    """Whether the file begins and ends as a JPEG does; a power cut leaves zeros or nothing at the end."""
    try:
        with path.open("rb") as stream:
            if stream.read(2) != b"\xff\xd8":
                return False
            stream.seek(-2, os.SEEK_END)
            return stream.read(2) == b"\xff\xd9"
    except OSError:
        return False

"""The pixels of the photo being looked at: a thumbnail at once, then as much detail as the zoom can show."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from facetagger.entities import Photo, PhotoId
from facetagger.errors import PhotoError
from facetagger.jobs.lanes import Lane
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageKey, ImageLoader, photo_key

_STEPS: Final = (1024, 1536, 2048, 3072, 4096, 6144)
"""Long sides that are decoded on the way to full resolution, so that a slow zoom does not decode at every notch."""
FULL: Final = 8192
"""The most that is held: 8192 × 6144 pixels are 200 MB."""
_THUMBNAILS: Final = (100, 384)
"""Logical pixels: the one the grid and the filmstrip have already, and one that bears a look."""


@dataclass(frozen=True, slots=True)
class _View:
    """Which pixels are meant: the same photo turned, or touched up, has others."""

    photo_id: PhotoId
    orientation: int
    image_hash: bytes


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no picture: the file is gone, it cannot be read, or it holds another picture by now."""

    error: PhotoError
    is_missing: bool
    is_replaced: bool = False


@dataclass(frozen=True, slots=True)
class _Decoded:
    view: _View
    image: QImage | None
    failure: Failure | None = None


class PictureLoader(QObject):
    """Serves one photo at a time; what arrives for another one is dropped."""

    arrived = Signal(object)
    """A QPixmap of the upright photo, each with more detail than the one before."""
    failed = Signal(object)
    """Failure"""

    def __init__(self, bridge: Bridge, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._images = images
        self._photo: Photo | None = None
        self._thumbnails: tuple[ImageKey, ...] = ()
        self._asked = 0
        self._has_detail = False
        images.loaded.connect(self._thumbnail_came)

    def show(self, photo: Photo, ratio: float, long_side: int) -> None:
        """Thumbnails as they are at hand, and pixels for a long side of ``long_side`` device pixels."""
        self._photo, self._asked, self._has_detail = photo, 0, False
        self.want(long_side)
        self._thumbnails = tuple(photo_key(photo.id, side, ratio) for side in _THUMBNAILS)
        for key in self._thumbnails:
            self._offer_thumbnail(key)

    def stop(self) -> None:
        self._photo = None
        self._thumbnails = ()

    def want(self, long_side: int) -> None:
        """Decodes so that the long side has at least this many pixels, as far as the photo has them."""
        if self._photo is None:
            return
        photo, side = self._photo, step(long_side, self._photo.upright_size.long_side)
        if side <= self._asked:
            return
        self._asked = side
        verify = self._bridge.session.checking.verify
        self._bridge.fetch(Lane.DECODE, lambda: _decode(photo, side, verify), self._take, key=(id(self), "picture"))

    def _take(self, decoded: _Decoded) -> None:
        if self._photo is None or decoded.view != _view(self._photo):
            return
        if decoded.image is None:
            self.failed.emit(decoded.failure)
            return
        self._has_detail = True
        self.arrived.emit(QPixmap.fromImage(decoded.image))

    def _thumbnail_came(self, key: ImageKey) -> None:
        if key in self._thumbnails:
            self._offer_thumbnail(key)

    def _offer_thumbnail(self, key: ImageKey) -> None:
        if self._photo is None or self._has_detail:
            return
        picture = self._images.request(key)
        if picture is not None and _has_shape(picture, self._photo):
            self.arrived.emit(picture)


def step(long_side: int, available: int) -> int:
    """The long side to decode for one that is shown; never more than ``available`` or ``FULL``."""
    wanted = next((each for each in _STEPS if each >= long_side), FULL)
    return min(wanted, available, FULL)


def sharpest(pictures: Sequence[QPixmap], long_side: int) -> QPixmap | None:
    """The smallest picture that has ``long_side`` pixels: shrinking a much larger one would flicker."""
    by_size = sorted(pictures, key=_long_side)
    return next((each for each in by_size if _long_side(each) >= long_side), by_size[-1] if by_size else None)


def _long_side(picture: QPixmap) -> int:
    return max(picture.width(), picture.height())


def _has_shape(picture: QPixmap, photo: Photo) -> bool:
    """A thumbnail from before the photo was turned must not flash."""
    size = photo.upright_size
    return size.width == size.height or (picture.width() > picture.height()) == (size.width > size.height)


def _view(photo: Photo) -> _View:
    return _View(photo.id, photo.view_orientation, photo.image_hash)


def _decode(photo: Photo, side: int, verify: Callable[[Photo], None]) -> _Decoded:
    """On a worker: pixels as a QImage, or why there are none."""
    from facetagger.imaging.decode import decode

    try:
        verify(photo)
    except PhotoError as error:
        # Of a photo that is missing it is known already, and something else may have been added from its place.
        failure = Failure(error, photo.is_missing, is_replaced=not photo.is_missing)
        return _Decoded(_view(photo), None, failure)
    try:
        pixels = decode(photo.path, page=photo.page, orientation=photo.view_orientation, max_side=side)
    except PhotoError as error:
        return _Decoded(_view(photo), None, Failure(error, is_missing=not photo.path.is_file()))
    return _Decoded(_view(photo), _to_image(pixels))


def _to_image(pixels: NDArray[np.uint8]) -> QImage:
    """``pixels`` uint8 RGB (h, w, 3), C-contiguous; the image owns a copy in the format that paints fastest."""
    height, width, _ = pixels.shape
    image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)

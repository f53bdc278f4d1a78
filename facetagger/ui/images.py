"""Pictures for painters: photo thumbnails and face crops, decoded off the window's thread, kept within a budget.

A painter asks for a key; it gets a pixmap or None at once, and ``loaded`` names the key when asking again is worth it.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSizeF, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap

from facetagger.entities import Change, FaceId, PhotoId
from facetagger.errors import PhotoError
from facetagger.jobs.lanes import Lane
from facetagger.jobs.results import Err, Result
from facetagger.ui.bridge import Bridge

_SIDES: Final = (64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)
"""Device pixels. Few sizes, so that neighbours share a file and a pixmap; painters scale the rest."""
_SMEARED: Final = 1.5
"""A picture painted this much larger than its pixels looks soft."""
_IN_FLIGHT: Final = 4
_WAITING: Final = 400
"""More than any screen shows; what was asked for longest ago is dropped, and asked for again when it is painted."""


class ImageKind(StrEnum):
    PHOTO = "photo"
    FACE = "face"


@dataclass(frozen=True, slots=True)
class ImageKey:
    """``side`` is one of a few steps, in device pixels: the long side of a photo, the side of a square face crop."""

    kind: ImageKind
    id: int
    side: int


@dataclass(frozen=True, slots=True)
class _Loaded:
    file: Path
    image: QImage | None
    """None where ``file`` is the one that was known already."""


@dataclass(slots=True)
class _Entry:
    file: Path | None
    pixmap: QPixmap | None
    is_stale: bool = False

    @property
    def size(self) -> int:
        return 0 if self.pixmap is None else self.pixmap.width() * self.pixmap.height() * 4


class ImageLoader(QObject):
    """Least recently used pixmaps within ``budget`` bytes; the newest requests are served first.

    A picture that changed (a rotated photo) keeps showing its old pixmap until the new one is there.
    """

    loaded = Signal(object)
    """Carries an ``ImageKey``, also when there is no picture to be had (``is_broken``)."""

    def __init__(self, bridge: Bridge, budget: int = 256 * 1024 * 1024) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._budget = budget
        self._used = 0
        self._entries: OrderedDict[ImageKey, _Entry] = OrderedDict()
        self._waiting: OrderedDict[ImageKey, None] = OrderedDict()
        self._running: set[ImageKey] = set()
        bridge.changed.connect(self._mark_stale)

    def photo(self, photo_id: PhotoId, side: int, ratio: float = 1.0) -> QPixmap | None:
        """A photo, upright, its long side at least ``side`` logical pixels (less where the file has less)."""
        return self.request(photo_key(photo_id, side, ratio))

    def filling(self, photo_id: PhotoId, size: QSizeF, ratio: float = 1.0) -> QPixmap | None:
        """A photo that fills a rectangle of ``size`` logical pixels and is cut there: of a panorama or a tall strip
        that takes more pixels than its long side has in the rectangle, or it would be smeared."""
        key = photo_key(photo_id, round(max(size.width(), size.height())), ratio)
        first = self.request(key)
        if first is None:
            return None
        grown = max(size.width() * ratio / first.width(), size.height() * ratio / first.height())
        wanted = _step(grown * max(first.width(), first.height()))
        if grown <= _SMEARED or wanted == key.side or max(first.width(), first.height()) < key.side:
            return first
        return self.request(ImageKey(key.kind, key.id, wanted)) or first

    def face(self, face_id: FaceId, side: int, ratio: float = 1.0) -> QPixmap | None:
        """A square crop around a face, upright, at least ``side`` logical pixels."""
        return self.request(face_key(face_id, side, ratio))

    def request(self, key: ImageKey) -> QPixmap | None:
        """The pixmap, with a device pixel ratio of 1: paint it into a target rectangle. None while it is not there."""
        entry = self._entries.get(key)
        if entry is not None:
            self._entries.move_to_end(key)
        if (entry is None or entry.is_stale) and key not in self._running:
            self._queue(key)
        return None if entry is None else entry.pixmap

    def is_broken(self, key: ImageKey) -> bool:
        """Whether loading was tried and the file is missing or unreadable."""
        entry = self._entries.get(key)
        return entry is not None and entry.pixmap is None

    def drop_waiting(self) -> None:
        """Forgets requests that have not begun: the view shows something else now."""
        self._waiting.clear()

    def _queue(self, key: ImageKey) -> None:
        self._waiting[key] = None
        self._waiting.move_to_end(key)
        if len(self._waiting) > _WAITING:
            self._waiting.popitem(last=False)
        self._start_next()

    def _start_next(self) -> None:
        while self._waiting and len(self._running) < _IN_FLIGHT:
            key, _ = self._waiting.popitem(last=True)
            self._running.add(key)
            entry = self._entries.get(key)
            known = None if entry is None else entry.file
            if entry is not None:
                entry.is_stale = False
            self._bridge.submit(
                Lane.DECODE,
                lambda key=key, known=known: self._load(key, known),  # type: ignore[misc]
                lambda result, key=key: self._finish(key, result),  # type: ignore[misc]
            )

    def _load(self, key: ImageKey, known: Path | None) -> _Loaded:
        """On a worker. Raises ``PhotoError`` where the file cannot be read."""
        session = self._bridge.session
        if key.kind is ImageKind.PHOTO:
            file = session.thumbnails.photo(session.library.photos.get(PhotoId(key.id)), key.side)
        else:
            face = session.library.faces.get(FaceId(key.id))
            file = session.thumbnails.face(session.library.photos.get(face.photo_id), face, key.side)
        return _Loaded(file, None if file == known else _read(file))

    def _finish(self, key: ImageKey, result: Result[_Loaded]) -> None:
        self._running.discard(key)
        if isinstance(result, Err):
            self._put(key, _Entry(None, None))
        elif result.value.image is not None:
            self._put(key, _Entry(result.value.file, QPixmap.fromImage(result.value.image)))
        self._start_next()
        self.loaded.emit(key)

    def _put(self, key: ImageKey, entry: _Entry) -> None:
        old = self._entries.pop(key, None)
        self._used += entry.size - (0 if old is None else old.size)
        self._entries[key] = entry
        while self._used > self._budget and len(self._entries) > 1:
            _, dropped = self._entries.popitem(last=False)
            self._used -= dropped.size

    def _mark_stale(self, change: Change) -> None:
        """A changed photo may have been turned, its faces with it; whether it was, the worker finds out."""
        for key, entry in self._entries.items():
            is_photo = key.kind is ImageKind.PHOTO
            is_touched = key.id in change.photos if is_photo else bool(change.photos) or key.id in change.faces
            entry.is_stale = entry.is_stale or is_touched


def photo_key(photo_id: PhotoId, side: int, ratio: float = 1.0) -> ImageKey:
    return ImageKey(ImageKind.PHOTO, photo_id, _step(side * ratio))


def face_key(face_id: FaceId, side: int, ratio: float = 1.0) -> ImageKey:
    return ImageKey(ImageKind.FACE, face_id, _step(side * ratio))


def _step(device_pixels: float) -> int:
    return next((step for step in _SIDES if step >= device_pixels), _SIDES[-1])


def _read(file: Path) -> QImage:
    reader = QImageReader(str(file))
    image = reader.read()
    if image.isNull():
        raise PhotoError("A thumbnail cannot be read.", f"{file.name}: {reader.errorString()}")
    return image.convertToFormat(QImage.Format.Format_RGB32)

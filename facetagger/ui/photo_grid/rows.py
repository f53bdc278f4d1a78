"""What the grid knows about single photos: shapes for all of them, badges for those that are painted."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from facetagger.entities import Change, PhotoId
from facetagger.jobs.lanes import Lane
from facetagger.library.records import PhotoSummary
from facetagger.ui.bridge import Bridge

_FIRST_CHUNK: Final = 500
"""What the user sees, and is told of at once."""
_CHUNK: Final = 10_000
"""Some hundredths of a second on the library's lane."""
_KEPT: Final = 4000
_DEFAULT_ASPECT: Final = 1.4


class Shapes(QObject):
    """Width over height of every photo asked for, read in chunks so that acts of the user come in between."""

    changed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._known: dict[PhotoId, float] = {}
        self._missing: OrderedDict[PhotoId, None] = OrderedDict()
        self._is_reading = False
        self._is_first = True
        bridge.changed.connect(self._forget)

    def of(self, ids: Sequence[PhotoId]) -> NDArray[np.float64]:
        """Shape (n,); a common shape stands in for photos not read yet, and ``changed`` tells when they are."""
        known = self._known
        self._missing = OrderedDict.fromkeys(each for each in ids if each not in known)
        self._is_first = True
        self._read_next()
        return self.known(ids)

    def known(self, ids: Sequence[PhotoId]) -> NDArray[np.float64]:
        """What ``of`` gives, without reading more."""
        known = self._known
        return np.fromiter((known.get(each, _DEFAULT_ASPECT) for each in ids), np.float64, len(ids))

    def _read_next(self) -> None:
        if self._is_reading or not self._missing:
            return
        self._is_reading = True
        chunk = list(islice(self._missing, _FIRST_CHUNK if self._is_first else _CHUNK))
        photos = self._bridge.session.library.photos

        def read() -> dict[PhotoId, float]:
            return {photo_id: size.width / size.height for photo_id, size in photos.upright_sizes(chunk).items()}

        self._bridge.fetch(Lane.LIBRARY, read, lambda known: self._take(chunk, known))

    def _take(self, chunk: Sequence[PhotoId], known: dict[PhotoId, float]) -> None:
        self._is_reading = False
        self._known |= known
        for each in chunk:
            self._missing.pop(each, None)
        # A new layout of very many photos costs some milliseconds, so that the others are told of together.
        if self._is_first or not self._missing:
            self.changed.emit()
        self._is_first = False
        self._read_next()

    def _forget(self, change: Change) -> None:
        """A photo that was turned has another shape; its old one stands until the new one is read."""
        turned = [each for each in change.photos if each in self._known]
        for each in turned:
            self._missing[each] = None
        self._read_next()


class Summaries(QObject):
    """Counts of faces per photo, fetched in one go for all that a paint asked for."""

    changed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._known: OrderedDict[PhotoId, PhotoSummary] = OrderedDict()
        self._stale: set[PhotoId] = set()
        self._wanted: set[PhotoId] = set()
        self._asked: set[PhotoId] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._fetch)
        bridge.changed.connect(self._mark_stale)

    def get(self, photo_id: PhotoId) -> PhotoSummary | None:
        """None, or an older one, while a newer is on its way."""
        summary = self._known.get(photo_id)
        if (summary is None or photo_id in self._stale) and photo_id not in self._asked:
            self._wanted.add(photo_id)
            self._timer.start()
        if summary is not None:
            self._known.move_to_end(photo_id)
        return summary

    def _fetch(self) -> None:
        wanted, self._wanted = self._wanted, set()
        self._asked |= wanted
        self._stale -= wanted
        ids = list(wanted)
        photos = self._bridge.session.library.photos
        self._bridge.fetch(Lane.LIBRARY, lambda: photos.summaries(ids), lambda rows: self._take(ids, rows))

    def _take(self, ids: Sequence[PhotoId], summaries: Iterable[PhotoSummary]) -> None:
        self._asked.difference_update(ids)
        for each in summaries:
            self._known[each.photo.id] = each
            self._known.move_to_end(each.photo.id)
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)
        self.changed.emit()

    def _mark_stale(self, change: Change) -> None:
        # A change may name faces without their photos; only what is painted is read again, so all is cheap.
        if change.faces or change.photos:
            self._stale.update(self._known)

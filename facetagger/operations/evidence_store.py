"""The evidence of a library, kept in memory: after an act only what it touched is read again."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId
from facetagger.library import Library, News, RecognitionRows
from facetagger.operations.lifetimes import lifetime
from facetagger.recognition.evidence import Evidence, Lifetime

_BEGINNING: Final = -1
_ROWS: Final = tuple(each.name for each in fields(RecognitionRows))


@dataclass(frozen=True, slots=True)
class Dropped:
    """The ``faces`` (None: all) and the ``people`` whose derived rows the library may have dropped by itself."""

    faces: frozenset[FaceId] | None
    people: frozenset[PersonId]

    def and_then(self, faces: frozenset[FaceId] | None, people: frozenset[PersonId]) -> Dropped:
        return Dropped(None if self.faces is None or faces is None else self.faces | faces, self.people | people)


class EvidenceStore:
    """Of one embedding model. Its methods may be called from any thread."""

    def __init__(self, library: Library, model_id: str) -> None:
        self._library = library
        self._model_id = model_id
        self._lock = threading.Lock()
        self._mark = _BEGINNING
        self._evidence = Evidence.empty()
        self._dropped = Dropped(None, frozenset())

    def evidence(self) -> Evidence:
        """What the library knows now."""
        with self._lock, self._library.snapshot():
            # Asked first: what is written meanwhile is read twice rather than not at all.
            news = self._library.news(self._mark)
            if news.is_whole:
                touched = None
                self._evidence = load_evidence(self._library, self._model_id)
            else:
                self._evidence, touched = self._followed(news)
            self._dropped = self._dropped.and_then(touched, news.people)
            self._mark = news.mark
            return self._evidence

    def take_dropped(self) -> Dropped:
        """What may have been dropped since this was asked last, as far as ``evidence`` has seen."""
        with self._lock:
            dropped, self._dropped = self._dropped, Dropped(frozenset(), frozenset())
            return dropped

    def _followed(self, news: News) -> tuple[Evidence, frozenset[FaceId]]:
        known = self._evidence
        lifetimes = _lifetimes(self._library)
        if not (news.faces or news.photos):
            return (known if lifetimes == known.lifetimes else replace(known, lifetimes=lifetimes)), frozenset()
        rows = self._library.faces.for_recognition(self._model_id, news.faces, news.photos)
        in_photos = known.face_ids[np.isin(known.photo_ids, np.array(sorted(news.photos), dtype=np.int64))]
        touched = news.faces | frozenset(rows.face_ids.tolist()) | frozenset(in_photos.tolist())
        rejections = frozenset(each for each in known.rejections if each[0] not in touched)
        rejections |= self._library.rejections.of_faces(touched)
        if rejections == known.rejections:
            rejections = known.rejections
        return replace(_merged(known, rows, touched), rejections=rejections, lifetimes=lifetimes), touched


def load_evidence(library: Library, model_id: str) -> Evidence:
    """What the library knows, as recognition wants it, read as a whole."""
    with library.snapshot():
        rows = library.faces.all_for_recognition(model_id)
        columns = {name: getattr(rows, name) for name in _ROWS}
        return Evidence(**columns, rejections=library.rejections.all(), lifetimes=_lifetimes(library))


def _lifetimes(library: Library) -> dict[PersonId, Lifetime]:
    return {person_id: lifetime(born, died) for person_id, (born, died) in library.people.dates().items()}


def _merged(known: Evidence, rows: RecognitionRows, touched: Iterable[int]) -> Evidence:
    """The evidence with the touched faces as ``rows`` has them; the arrays that stay alike stay the same objects."""
    place = np.searchsorted(known.face_ids, rows.face_ids)
    found = np.minimum(place, max(len(known.face_ids) - 1, 0))
    is_known = known.face_ids[found] == rows.face_ids if len(known.face_ids) else np.zeros(len(place), np.bool_)
    gone = np.setdiff1d(np.array(sorted(touched), dtype=np.int64), rows.face_ids)
    if is_known.all() and not np.isin(gone, known.face_ids).any():
        columns: dict[str, Any] = {name: _replaced(getattr(known, name), found, getattr(rows, name)) for name in _ROWS}
        return replace(known, **columns)
    stays = ~np.isin(known.face_ids, np.concatenate([gone, rows.face_ids]))
    order = np.argsort(np.concatenate([known.face_ids[stays], rows.face_ids]), kind="stable")
    merged: dict[str, Any] = {}
    for name in _ROWS:
        old, new = getattr(known, name)[stays], getattr(rows, name)
        # No rows have no width, so that there is nothing that others could be joined to.
        merged[name] = np.concatenate([old, new] if len(old) else [new])[order] if len(new) else old
    return replace(known, **merged)


def _replaced(old: NDArray[Any], places: NDArray[np.intp], new: NDArray[Any]) -> NDArray[Any]:
    is_same = (old[places] == new) | ((old[places] != old[places]) & (new != new))
    if is_same.all():
        return old
    result = old.copy()
    result[places] = new
    return result

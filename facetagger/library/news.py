"""What transactions touched of that which recognition knows, so that it need not read everything after each act."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import Final

from facetagger.entities import FaceId, PersonId, PhotoId
from facetagger.library.recording import Recorder

_MOST_IDS: Final = 50_000
"""Kept in memory; who asks about more than that reads everything."""


@dataclass(frozen=True, slots=True)
class News:
    """``mark`` is where to ask from the next time.

    ``faces`` were written themselves, those of ``photos`` may have come or gone with their album; what was derived for
    ``people`` who are gone is gone too. ``is_whole`` says that anything may have changed.
    """

    mark: int
    faces: frozenset[FaceId] = frozenset()
    photos: frozenset[PhotoId] = frozenset()
    people: frozenset[PersonId] = frozenset()
    is_whole: bool = False


class NewsLog:
    """Numbered notes of the transactions of one process. Safe to use from any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._notes: deque[News] = deque()
        self._mark = 0
        self._size = 0

    def note(self, recorder: Recorder) -> None:
        """Takes up what a transaction that was committed wrote."""
        faces = {key[0] for table in ("face", "rejection") for key, _, _ in recorder.touched(table)}
        faces |= {key[1] for key, _, _ in recorder.touched("embedding")}
        photos = {key[1] for key, _, _ in recorder.touched("album_photo")}
        people = {key[0] for key, before, after in recorder.touched("person") if before is not None and after is None}
        is_whole = _moves_everything(recorder)
        if not (faces or photos or people or is_whole):
            return
        with self._guard:
            self._mark += 1
            self._notes.append(News(self._mark, frozenset(faces), frozenset(photos), frozenset(people), is_whole))
            self._size += len(faces) + len(photos)
            while self._size > _MOST_IDS:
                oldest = self._notes.popleft()
                self._size -= len(oldest.faces) + len(oldest.photos)

    def since(self, mark: int) -> News:
        """Everything after ``mark``; from the beginning where it is negative."""
        with self._guard:
            first = self._notes[0].mark if self._notes else self._mark + 1
            if mark < first - 1:
                return News(self._mark, is_whole=True)
            news = [each for each in self._notes if each.mark > mark]
        return News(
            self._mark,
            frozenset[FaceId]().union(*(each.faces for each in news)),
            frozenset[PhotoId]().union(*(each.photos for each in news)),
            frozenset[PersonId]().union(*(each.people for each in news)),
            any(each.is_whole for each in news),
        )


def _moves_everything(recorder: Recorder) -> bool:
    """An album that appears or goes takes its photos along, a date changes what a photo says."""
    for table, column in (("album", "is_removed"), ("photo", "taken")):
        place = recorder.columns[table].index(column)
        for _, before, after in recorder.touched(table):
            if before is not None and (after is None or before[place] != after[place]):
                return True
    return False

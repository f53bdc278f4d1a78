"""The suggestions as the library has them, so that a refresh writes only those that differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, PersonId, Suggestion
from facetagger.library import Act, Library
from facetagger.operations.evidence_store import Dropped
from facetagger.recognition.leads import Guesses

_NOTEWORTHY: Final = 0.005
"""A probability that moved by less is not written again."""


class WrittenSuggestions:
    """Not thread-safe."""

    def __init__(self) -> None:
        self._guesses: Guesses | None = None

    def write(self, act: Act, library: Library, wanted: Guesses, dropped: Dropped) -> None:
        """Makes ``wanted`` the suggestions. What is ``dropped`` may be gone already."""
        touched = dropped.faces
        if self._guesses is None or touched is None:
            self._guesses, touched = _read(library), frozenset()
        self._guesses = _without(self._guesses, touched, dropped.people)
        gone, put, self._guesses = _differences(self._guesses, wanted)
        differing = [*gone, *(each.face_id for each in put), *touched]
        if differing:
            act.suggestions.replace(put, for_faces=differing)

    def forget(self) -> None:
        """To be called when what was written may not have been kept."""
        self._guesses = None


def _read(library: Library) -> Guesses:
    rows = sorted(library.suggestions.all(hidden=True), key=lambda each: each.face_id)
    return Guesses(
        np.array([each.face_id for each in rows], dtype=np.int64),
        np.array([each.person_id for each in rows], dtype=np.int64),
        np.array([each.probability for each in rows], dtype=np.float64),
    )


def _without(guesses: Guesses, faces: Iterable[FaceId], people: Iterable[PersonId]) -> Guesses:
    gone = np.array(sorted(people), dtype=np.int64)
    touched = np.array(sorted(faces), dtype=np.int64)
    if not len(gone) and not len(touched):
        return guesses
    return guesses.keep(~(np.isin(guesses.face_ids, touched) | np.isin(guesses.person_ids, gone)))


def _differences(old: Guesses, new: Guesses) -> tuple[list[FaceId], list[Suggestion], Guesses]:
    """The faces that lose theirs, those that get another one, and what the library has then; both by face id."""
    place = np.searchsorted(old.face_ids, new.face_ids)
    found = np.minimum(place, max(len(old.face_ids) - 1, 0))
    is_known = _at(old.face_ids, found) == new.face_ids
    moved = np.abs(_at(old.probabilities, found) - new.probabilities) > _NOTEWORTHY
    is_other = ~is_known | (_at(old.person_ids, found) != new.person_ids) | moved
    gone = np.setdiff1d(old.face_ids, new.face_ids, assume_unique=True)
    put = new.keep(is_other)
    kept = np.where(is_other, new.probabilities, _at(old.probabilities, found))
    return gone.tolist(), put.suggestions(), Guesses(new.face_ids, new.person_ids, kept)


def _at(values: NDArray[Any], places: NDArray[np.intp]) -> NDArray[Any]:
    """The values at places; where there are none at all, zeros, which no face id is."""
    return values[places] if len(values) else np.zeros(len(places), dtype=values.dtype)

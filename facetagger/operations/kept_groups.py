"""The groups as the library has them, so that a refresh reads and writes only those that differ."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import FaceId, GroupId
from facetagger.library import Act, Library

Group = tuple[FaceId, ...]


class KeptGroups:
    """Not thread-safe."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._homes: dict[FaceId, GroupId] | None = None
        self._unsure: frozenset[FaceId] = frozenset()

    def follow(self, touched: frozenset[FaceId] | None) -> None:
        """Reads again what may have changed by itself: the groups of these faces, or all."""
        if touched is None or self._homes is None:
            self._homes = self._library.groups.homes()
        else:
            again = touched | self._unsure
            homes = self._library.groups.of_faces(again) if again else {}
            for face in again:
                self._homes.pop(face, None)
            self._homes.update(homes)
        self._unsure = frozenset()

    def of(self, face_ids: NDArray[np.int64]) -> list[Group]:
        """The groups of two or more of these faces, which ascend."""
        homes = self._homes or {}
        known = np.fromiter(homes, dtype=np.int64, count=len(homes))
        groups = np.fromiter(homes.values(), dtype=np.int64, count=len(homes))
        is_there = np.isin(known, face_ids)
        known, groups = known[is_there], groups[is_there]
        order = np.lexsort((known, groups))
        parts = np.split(known[order], np.flatnonzero(np.diff(groups[order])) + 1)
        return [tuple(map(FaceId, part.tolist())) for part in parts if len(part) > 1]

    def write(self, act: Act, old: Sequence[Group], new: Sequence[Group]) -> None:
        """Makes the ``new`` groups of what were the ``old`` ones."""
        before = set(old)
        changed = [group for group in new if group not in before]
        gone = before.difference(new)
        faces = frozenset(face for group in (*changed, *gone) for face in group)
        if faces:
            act.groups.replace(changed, for_faces=faces)
        self._unsure |= faces

    def forget(self) -> None:
        """To be called when what was written may not have been kept."""
        self._homes = None

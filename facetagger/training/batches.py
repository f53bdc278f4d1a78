"""Which faces are trained on together: so many people, so many faces of each ("P × K"), for triplets need both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class LabelledChips:
    """``chips`` uint8 (n, s, s, 3), RGB, and whose each is: ``people`` (n,), any numbers."""

    chips: NDArray[np.uint8]
    people: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.people)

    def of(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> LabelledChips:
        return LabelledChips(self.chips[rows], self.people[rows])


def batches_of(people: NDArray[np.int64], people_each: int, faces_each: int, rng: np.random.Generator) -> list[Rows]:
    """Rows for batches of ``people_each`` people with ``faces_each`` faces each, enough to see all faces about once.

    Everybody with two faces at least takes part, the ones with many faces as much more often. Who has fewer than
    ``faces_each`` comes with faces twice, which differ once they are augmented.
    """
    names, counts = np.unique(people, return_counts=True)
    names, counts = names[counts > 1], counts[counts > 1]
    turns = np.repeat(names, np.ceil(counts / faces_each).astype(int))
    order = rng.permutation(turns)
    decks = {name: _Deck(np.flatnonzero(people == name), rng) for name in names.tolist()}
    batches = [order[start : start + people_each] for start in range(0, len(order), people_each)]
    return [
        np.concatenate([decks[name].take(faces_each) for name in dict.fromkeys(batch.tolist())])
        for batch in batches
        if len(set(batch.tolist())) > 1
    ]


class _Deck:
    """A person's faces, dealt until all were seen, then shuffled anew."""

    def __init__(self, rows: Rows, rng: np.random.Generator) -> None:
        self._rows, self._rng = rows, rng
        self._left: list[int] = []

    def take(self, count: int) -> Rows:
        taken: list[int] = []
        while len(taken) < count:
            if not self._left:
                self._left = self._rng.permutation(self._rows).tolist()
            taken.append(self._left.pop())
        return np.array(taken, dtype=np.intp)

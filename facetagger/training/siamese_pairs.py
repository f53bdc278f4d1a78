"""Which pairs of photos a siamese network learns from, and how it judges pairs of people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from facetagger.training.families import Pair, strangers_for
from facetagger.training.kinship_network import KinshipNetwork
from facetagger.training.siamese_plan import SiamesePlan

Float64s = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class PeoplesChips:
    """``chips`` uint8 (n, s, s, 3), RGB, and the rows of each person's."""

    chips: NDArray[np.uint8]
    rows: Mapping[str, NDArray[np.intp]]


@dataclass(frozen=True, slots=True, eq=False)
class PairBatch:
    """Photos by their rows, (n,) each, and whether those on them are kin."""

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    is_kin: NDArray[np.bool_]


def steps_of(kin: Sequence[Pair], plan: SiamesePlan) -> int:
    """The batches of an epoch, in which each kin pair comes once at least."""
    return -(-len(kin) // plan.kin_in_batch)


def batches_of_pairs(
    kin: Sequence[Pair], rows: Mapping[str, NDArray[np.intp]], plan: SiamesePlan, epoch: int
) -> Iterator[PairBatch]:
    """An epoch's batches: ``plan.kin_in_batch`` kin pairs and strangers made of the same people, one photo of each.

    The same plan and epoch give the same batches.
    """
    rng = np.random.default_rng([plan.seed, epoch])
    related = {frozenset(pair) for pair in kin}
    kin_deck, stranger_deck = _Deck(kin, rng), _Deck((), rng)
    for _ in range(steps_of(kin, plan)):
        chosen = kin_deck.take(plan.kin_in_batch)
        while len(stranger_deck) < plan.batch - plan.kin_in_batch:
            stranger_deck.add(strangers_for(kin, related, rng))
        pairs = chosen + stranger_deck.take(plan.batch - plan.kin_in_batch)
        sides = [np.array([rng.choice(rows[pair[side]]) for pair in pairs], dtype=np.intp) for side in (0, 1)]
        yield PairBatch(sides[0], sides[1], np.arange(len(pairs)) < len(chosen))


def judge(network: KinshipNetwork, faces: PeoplesChips, pairs: Sequence[Pair]) -> Float64s:
    """The log odds (n,) of pairs of people, averaged over their photos."""
    people = sorted({person for pair in pairs for person in pair})
    rows = np.concatenate([faces.rows[person] for person in people])
    features = network.features(faces.chips[rows])
    ends = np.cumsum([len(faces.rows[person]) for person in people])
    seen = dict(zip(people, np.split(features, ends[:-1]), strict=True))
    return np.array([network.log_odds(seen[one], seen[other]) for one, other in pairs], dtype=np.float64)


class _Deck:
    """Pairs in an order of chance; begun anew when all were dealt."""

    def __init__(self, pairs: Sequence[Pair], rng: np.random.Generator) -> None:
        self._pairs, self._rng = list(pairs), rng
        self._left: list[Pair] = []

    def __len__(self) -> int:
        return len(self._left)

    def add(self, pairs: Sequence[Pair]) -> None:
        self._left += [pairs[place] for place in self._rng.permutation(len(pairs)).tolist()]

    def take(self, count: int) -> list[Pair]:
        while len(self._left) < count:
            self.add(self._pairs)
        taken, self._left = self._left[:count], self._left[count:]
        return taken

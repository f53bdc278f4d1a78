"""What a siamese training follows, and which families it learns from, stops by and is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from facetagger.errors import FaceTaggerError
from facetagger.training.families import Pair, family_of, folds_of

LOSSES: Final = ("crossentropy", "focal")
OPTIMIZERS: Final = ("adam", "rmsprop")

_PARTS: Final = 10
_HELD_OUT: Final = (0, 1)
_VALIDATION: Final = 2
"""Of ten parts of the families, two are measured on, by one the best epoch is chosen and the odds are calibrated."""


@dataclass(frozen=True, slots=True)
class SiamesePlan:
    """The same plan on the same faces gives the same network.

    ``side`` counts for the backbones of ``keras.applications``, others read chips of one size. ``kin_share`` of the
    ``batch`` pairs that are learnt from at once are kin. ``photos`` is the most that count of each person, ``penalty``
    the L2 factor of the dense layers, ``patience`` the epochs without a better area under the curve before the end.
    ``warm_up`` is for how many epochs the dense layers alone learn before, for at a rate that leaves the twins what
    they know, layers that begin with chance would take days; with 0 there is none, as in the paper.
    """

    backbone: str = "dlib"
    weights: str | None = None
    side: int = 112
    loss: str = "crossentropy"
    optimizer: str = "adam"
    learning_rate: float = 1e-5
    kin_share: float = 0.5
    batch: int = 32
    epochs: int = 10
    patience: int = 4
    photos: int = 4
    penalty: float = 1e-4
    warm_up: int = 10
    seed: int = 0

    @property
    def kin_in_batch(self) -> int:
        return round(self.kin_share * self.batch)

    def check(self) -> None:
        """Raises ``FaceTaggerError`` for a value that cannot be; the backbone checks its own."""
        for what, value, known in (("loss", self.loss, LOSSES), ("optimizer", self.optimizer, OPTIMIZERS)):
            if value not in known:
                raise FaceTaggerError(f"There is no {what} “{value}”.", hint=f"There are {' and '.join(known)}.")
        if not 0 < self.learning_rate <= 1:
            raise FaceTaggerError(f"The learning rate must be above 0 and at most 1, not {self.learning_rate:g}.")
        for what, number, least in (
            ("pairs in a batch", self.batch, 2),
            ("epochs", self.epochs, 1),
            ("patience", self.patience, 1),
            ("photos of a person", self.photos, 1),
            ("penalty", self.penalty, 0),
            ("warm-up", self.warm_up, 0),
        ):
            if number < least:
                raise FaceTaggerError(f"The {what} must be {least} at least, not {number:g}.")
        if not 0 < self.kin_in_batch < self.batch:
            raise FaceTaggerError(
                f"A share of kin of {self.kin_share:g} leaves one kind of pairs out of batches of {self.batch}.",
                hint="Both are needed: give a share between 0 and 1, such as 0.5.",
            )


@dataclass(frozen=True, slots=True)
class KinSplit:
    """Kin pairs; no family is in two parts."""

    training: tuple[Pair, ...]
    validation: tuple[Pair, ...]
    held_out: tuple[Pair, ...]


def split_by_family(families: Sequence[str], kin: Sequence[Pair], seed: int) -> KinSplit:
    """Deals the families out; pairs across parts are left out.

    Raises:
        FaceTaggerError: A part has kin of fewer than two families.
    """
    part_of = folds_of(families, _PARTS, np.random.default_rng(seed))
    parts: dict[str, list[Pair]] = {"training": [], "validation": [], "held_out": []}
    for pair in kin:
        names = {_part_name(part_of[family_of(each)]) for each in pair}
        if len(names) == 1:
            parts[names.pop()].append(pair)
    if any(len({family_of(one) for one, _ in pairs}) < 2 for pairs in parts.values()):
        raise FaceTaggerError(
            "There are too few families to learn from some and measure on others.",
            "The families that are held out must have kin in two of them at least.",
            "Give some 20 families or more.",
        )
    return KinSplit(tuple(parts["training"]), tuple(parts["validation"]), tuple(parts["held_out"]))


def _part_name(part: int) -> str:
    return "held_out" if part in _HELD_OUT else "validation" if part == _VALIDATION else "training"

"""The Families-in-the-Wild layout: ``Fxxxx/MIDy/*.jpg`` and a table of the people who are kin (Robinson et al. 2018).

A person is ``"Fxxxx/MIDy"``, a family ``"Fxxxx"``.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from facetagger.errors import FaceTaggerError

TABLE: Final = "train_relationships.csv"
_COLUMNS: Final = 2

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Families:
    """``people`` and their photos; ``kin`` pairs, each once, of people who have photos."""

    people: dict[str, tuple[Path, ...]]
    kin: tuple[Pair, ...]

    @property
    def families(self) -> tuple[str, ...]:
        return tuple(sorted({family_of(person) for person in self.people}))


def family_of(person: str) -> str:
    return person.split("/")[0]


def read_families(folder: Path, photos: Sequence[Path]) -> Families:
    """The people that ``photos`` (below ``folder``) show, and who is kin by the table in ``folder``.

    Raises:
        FaceTaggerError: The layout or the table is not the one described, or hardly anybody is kin to anybody.
    """
    people: dict[str, list[Path]] = {}
    for path in photos:
        parts = path.relative_to(folder).parts
        if len(parts) == 3:
            people.setdefault(f"{parts[0]}/{parts[1]}", []).append(path)
    if not people:
        raise FaceTaggerError(
            f"{folder} has no families in it.",
            "Photos are looked for as FAMILY/PERSON/photo.jpg.",
            "Give the folder that holds the families' folders.",
        )
    listed = read_pairs(folder / TABLE)
    kin = {tuple(sorted(pair)) for pair in listed if pair[0] != pair[1] and people.keys() >= set(pair)}
    pairs = tuple((one, other) for one, other in sorted(kin))
    if len({family_of(one) for one, _ in pairs}) < 2:
        raise FaceTaggerError(
            f"{folder / TABLE} relates hardly anybody.",
            "Kin pairs in at least two families are needed.",
            "Check that its rows name people as FAMILY/PERSON.",
        )
    return Families({person: tuple(sorted(paths)) for person, paths in people.items()}, pairs)


def read_pairs(table: Path) -> list[Pair]:
    """The pairs in a table with a header row: two columns, or one with ``a-b`` in it as the test pairs have it.

    Raises:
        FaceTaggerError: It cannot be read; the sentence names the line.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FaceTaggerError(f"The table {table.name} cannot be read.", str(error), f"Put it at {table}.") from error
    pairs = []
    for number, row in enumerate(rows[1:], start=2):
        cells = row[0].split("-") if row and "-" in row[0] else row[:_COLUMNS]
        if not any(cell.strip() for cell in row):
            continue
        if len(cells) != _COLUMNS or not all(cell.strip() for cell in cells):
            raise FaceTaggerError(f"Line {number} of {table.name} is no pair: {','.join(row)}.")
        pairs.append((cells[0].strip(), cells[1].strip()))
    return pairs


def folds_of(families: Sequence[str], count: int, rng: np.random.Generator) -> dict[str, int]:
    """Deals the families out at random, so that nobody's relative is both trained and measured on."""
    order = rng.permutation(len(families))
    return {families[place]: number % count for number, place in enumerate(order.tolist())}


def strangers_for(kin: Sequence[Pair], related: Collection[frozenset[str]], rng: np.random.Generator) -> list[Pair]:
    """As many pairs of people of different families: each first person beside somebody else's relative.

    So both kinds of pairs are made of the same people, as often, and only their belonging together differs.
    ``related`` are pairs that must not come out.
    """
    others = [other for _, other in kin]
    if len({family_of(each) for each in others} | {family_of(one) for one, _ in kin}) < 2:
        raise ValueError("the pairs are all of one family")
    pairs: list[Pair] = []
    for one, _ in kin:
        candidates = [each for each in others if family_of(each) != family_of(one)]
        free = [each for each in candidates if frozenset((one, each)) not in related] or candidates
        if free:
            pairs.append((one, free[int(rng.integers(len(free)))]))
    return pairs

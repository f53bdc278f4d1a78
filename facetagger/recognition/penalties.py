"""How the penalty C of a linear support vector machine bears on accuracy: one machine per person against the rest."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.evaluation import stratified_folds, stratified_split
from facetagger.recognition.hinge import most_steps

Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]

PENALTIES: Final = (0.01, 0.1, 1.0, 10.0, 100.0)
HELD_OUT: Final = 0.25
"""Of the one split."""


@dataclass(frozen=True, slots=True)
class PenaltyReport:
    """Of the machine alone, without nearness and calibration: the mean ``accuracy`` and standard deviation ``std`` over
    the folds, and the accuracy on the ``split`` that holds out a quarter of each person's faces."""

    c: float
    accuracy: float
    std: float
    split: float


def penalty_table(
    embeddings: Float32s, people: Int64s, folds: int, seed: int, step: Callable[[int], None]
) -> list[PenaltyReport]:
    """``embeddings`` (n, d) L2-normalised, ``people`` (n,). ``step`` is called with 1 after each of the
    ``penalty_steps`` and may raise to stop."""
    parts = stratified_folds(people, folds, seed)
    held_out = [parts == fold for fold in np.unique(parts[parts >= 0])]
    split = stratified_split(people, HELD_OUT, seed)
    table = []
    for c in PENALTIES:
        accuracies = []
        for rows in (*held_out, split):
            accuracies.append(_accuracy(embeddings, people, rows, c))
            step(1)
        table.append(PenaltyReport(c, float(np.mean(accuracies[:-1])), float(np.std(accuracies[:-1])), accuracies[-1]))
    return table


def penalty_steps(folds: int) -> int:
    return len(PENALTIES) * (folds + 1)


def _accuracy(embeddings: Float32s, people: Int64s, held_out: Bools, c: float) -> float:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import SVC

    rows, asked = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    known = np.unique(people[rows])
    decisions = np.empty((len(asked), len(known)))
    for place, person in enumerate(known):
        machine = SVC(kernel="linear", C=c, cache_size=200, max_iter=most_steps(len(rows)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            machine.fit(embeddings[rows], people[rows] == person)
        decisions[:, place] = machine.decision_function(embeddings[asked])
    return float(np.mean(known[decisions.argmax(axis=1)] == people[asked]))

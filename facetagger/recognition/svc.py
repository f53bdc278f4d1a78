"""Linear support vector machines that learn and forget one face at a time, and end where starting afresh would end.

The problem of one class against the rest is the hinge loss with C = 10 (Cortes & Vapnik 1995): minimise
``|w|²/2 + C Σ max(0, 1 - y (w·x + b))``. Its ``w`` is unique and depends only on the rows on or inside the margin, so
a row outside may come and go without a trace: ``reached`` tells whose optimum a row bears on. Its ``b`` is unique only
where a support vector is free; otherwise it is an interval, and the midpoint is taken, as libsvm does.

``IncrementalSVC`` keeps one such problem per class; ``hinge`` solves one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.hinge import PENALTY, Classifier, fit, fit_many, longest, reached

__all__ = ["BACKGROUND", "PENALTY", "UNLABELLED", "Classifier", "IncrementalSVC", "fit", "reached"]

UNLABELLED: Final = -1
"""The label of a row that teaches nothing, as in scikit-learn's semi-supervised estimators."""
BACKGROUND: Final = -2
"""The label of rows that are against every class and make none of their own: strangers."""

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Labels = NDArray[np.integer[Any]]


class IncrementalSVC:
    """One linear SVC per class against all other rows, in scikit-learn's manner.

    Adding or removing examples refits the classes that gained or lost one and those whose optimum it can change, each
    on an active set that grows until no row outside violates its margin. Whatever the order of calls, the result is
    that of fitting the present examples at once.

    Labels are integers from 0 on, ``BACKGROUND`` or ``UNLABELLED``. Rows are known by ``keys``, int64, by which they
    are forgotten again; they count up from 0 where none are given. A class that nothing stands against has no
    classifier and the decision value 0, as scikit-learn's constant predictor has.
    """

    def __init__(self, C: float = PENALTY) -> None:  # noqa: N803 - scikit-learn's name
        self.C = C
        self._embeddings: Float32s = np.empty((0, 0), dtype=np.float32)
        self._labels: Int64s = np.empty(0, dtype=np.int64)
        self._keys: Int64s = np.empty(0, dtype=np.int64)
        self._reach = 0.0
        self._counts: dict[int, int] = {}
        self._classifiers: dict[int, Classifier] = {}
        self._hints: dict[int, Classifier] = {}

    def get_params(self, deep: bool = True) -> dict[str, float]:
        return {"C": self.C}

    def set_params(self, **params: float) -> Self:
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"{name!r} is no parameter of IncrementalSVC")
            setattr(self, name, value)
        return self

    @property
    def classes_(self) -> Int64s:
        """The classes that have an example, ascending."""
        return np.array(sorted(self._counts), dtype=np.int64)

    @property
    def classifiers(self) -> Mapping[int, Classifier]:
        """By class; those that nothing stands against are missing."""
        return self._classifiers

    @property
    def counts(self) -> Mapping[int, int]:
        """The number of examples of each class."""
        return self._counts

    def fit(self, X: Float32s, y: Labels, keys: Int64s | None = None) -> Self:  # noqa: N803
        """Learns these examples alone: ``X`` (n, d), ``y`` (n,)."""
        self._forget_everything()
        return self.partial_fit(X, y, keys)

    def partial_fit(self, X: Float32s, y: Labels, keys: Int64s | None = None) -> Self:  # noqa: N803
        """Learns further examples; one whose key is known takes the place of the earlier one."""
        rows, labels = np.asarray(X, dtype=np.float32), np.asarray(y, dtype=np.int64)
        if keys is None:
            first = int(self._keys.max(initial=-1)) + 1
            keys = np.arange(first, first + len(labels), dtype=np.int64)
        stays = ~np.isin(self._keys, keys)
        known = self._embeddings[stays] if self._embeddings.size else rows[:0]
        self._move_to(
            np.concatenate([known, rows]),
            np.concatenate([self._labels[stays], labels]),
            np.concatenate([self._keys[stays], keys]),
        )
        return self

    def forget(self, keys: Int64s) -> Self:
        """Drops the examples of these keys; unknown ones are ignored."""
        stays = ~np.isin(self._keys, keys)
        self._move_to(self._embeddings[stays], self._labels[stays], self._keys[stays])
        return self

    def decision_function(self, X: Float32s) -> Float64s:  # noqa: N803
        """Decision values, float64 (n, number of classes), in the order of ``classes_``."""
        rows = np.asarray(X, dtype=np.float64)
        values = np.zeros((len(rows), len(self._counts)))
        for column, label in enumerate(self.classes_.tolist()):
            if label in self._classifiers:
                solved = self._classifiers[label]
                values[:, column] = rows @ solved.coef + solved.intercept
        return values

    def predict(self, X: Float32s) -> Int64s:  # noqa: N803
        """The class of the highest decision value for each row, int64 (n,)."""
        best: Int64s = self.classes_[np.argmax(self.decision_function(X), axis=1)]
        return best

    def follow(
        self, embeddings: Float32s, labels: Int64s, keys: Int64s, touched: Collection[int], crossing: Float32s
    ) -> frozenset[int]:
        """Goes over to other rows, which are kept by reference: for who keeps the rows anyway.

        ``touched`` are the labels that gained or lost a row; ``crossing`` (m, d) the rows that began or ceased to
        teach at all. A row that goes from one class to another stays against all others. Gives the classes whose
        classifier changed, came or went.
        """
        if embeddings is not self._embeddings:
            self._reach = longest(embeddings)
        if any(each.coef.shape != embeddings.shape[1:] for each in self._classifiers.values()):
            self._classifiers = {}
        self._embeddings, self._labels, self._keys = embeddings, labels, keys
        taught, counts = np.unique(labels[labels != UNLABELLED], return_counts=True)
        self._counts = {label: n for label, n in zip(taught.tolist(), counts.tolist(), strict=True) if label >= 0}
        solvable = set(self._counts) if len(taught) > 1 else set()
        changed = self._classifiers.keys() - solvable
        for label in changed:
            del self._classifiers[label]
        stale = (self._reached(crossing) | set(touched) | (solvable - self._classifiers.keys())) & solvable
        return frozenset(changed | self._refit(sorted(stale)))

    def restore(self, classifiers: Mapping[int, Classifier]) -> None:
        """Takes classifiers of an earlier session as where to begin."""
        self._hints.update(classifiers)

    def resume(self, classifiers: Mapping[int, Classifier], lost: Int64s) -> set[int]:
        """Takes classifiers of an earlier session for its own, to ``follow`` from there; gives the stale ones.

        ``lost`` are the keys of rows that taught then and are not known any more: what rested on one is stale.
        """
        self._classifiers = dict(classifiers)
        return (
            {label for label, each in classifiers.items() if np.isin(each.active, lost).any()} if len(lost) else set()
        )

    def _forget_everything(self) -> None:
        self._labels, self._keys = self._labels[:0], self._keys[:0]
        self._embeddings = np.empty((0, 0), dtype=np.float32)
        self._counts, self._classifiers, self._hints = {}, {}, {}

    def _move_to(self, embeddings: Float32s, labels: Int64s, keys: Int64s) -> None:
        touched, crossing = _difference((self._keys, self._labels, self._embeddings), (keys, labels, embeddings))
        self.follow(embeddings, labels, keys, touched, crossing)

    def _reached(self, crossing: Float32s) -> set[int]:
        labels = list(self._classifiers)
        if not labels or not len(crossing):
            return set()
        is_reached = reached([self._classifiers[label] for label in labels], crossing)
        return {label for label, hit in zip(labels, is_reached.tolist(), strict=True) if hit}

    def _refit(self, stale: Sequence[int]) -> set[int]:
        hints = [self._classifiers.get(label) or self._hints.pop(label, None) for label in stale]
        changed = set()
        solved_all = fit_many(self._embeddings, self._labels, stale, hints, self.C, self._reach)
        for label, hint, solved in zip(stale, hints, solved_all, strict=True):
            self._classifiers[label] = replace(solved, active=self._keys[solved.active])
            if hint is None or not solved.agrees(hint):
                changed.add(label)
        return changed


Rows = tuple[Int64s, Int64s, Float32s]


def _difference(old: Rows, new: Rows) -> tuple[set[int], Float32s]:
    """The labels that gained or lost an example, and the examples that began or ceased to teach; by key."""
    _, old_place, new_place = np.intersect1d(old[0], new[0], assume_unique=True, return_indices=True)
    is_same = np.zeros(len(old_place), dtype=np.bool_)
    if len(old_place):
        is_same = (old[1][old_place] == new[1][new_place]) & (old[2][old_place] == new[2][new_place]).all(axis=1)
    parts = []
    for (_, labels, embeddings), place in ((old, old_place[is_same]), (new, new_place[is_same])):
        differs = np.ones(len(labels), dtype=np.bool_)
        differs[place] = False
        parts.append((labels[differs], embeddings[differs & (labels != UNLABELLED)]))
    touched = {int(label) for labels, _ in parts for label in np.unique(labels) if label >= 0}
    rows = [embeddings for _, embeddings in parts if embeddings.size]
    return touched, np.concatenate(rows) if rows else np.empty((0, 0), dtype=np.float32)

"""Cluster, name the clusters, ask about the nearest: what a first attempt at the task would do.

Average linkage cut at one threshold; every cluster is shown, named by whoever is on most of it, and the others are
excluded. Then each face that is left is proposed, in a handful per person, as the person whose named face is nearest,
where that is near enough. What remains of known people is named one by one. Strangers are left alone.
"""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.entities import Embedding
from tests.benchmarks.perfect_user import STRANGER, Effort

_CUT: Final = 0.42
_NEAR_ENOUGH: Final = 0.36
_SHOWN: Final = 60

Names = NDArray[np.object_]


def simple_scheme(embeddings: Embedding, names: Names, missed: int) -> Effort:
    """``embeddings`` (n, d) and true ``names`` (n,) of the central faces; ``missed`` more cost a decision each."""
    work = _Work(names)
    for rows in _clusters(embeddings):
        for start in range(0, len(rows), _SHOWN):
            work.name(rows[start : start + _SHOWN])
    for person, rows in work.proposals(embeddings):
        work.confirm(rows, person)
    for row in np.flatnonzero(~work.is_settled & (names != STRANGER)):
        work.name(np.array([row]))
    decisions = [*work.decisions, work.decisions[-1] + missed]
    return Effort(decisions, [*work.settled, work.settled[-1] + missed], 0, len(names) + missed)


class _Work:
    def __init__(self, names: Names) -> None:
        self._names = names
        self.is_settled = np.zeros(len(names), dtype=np.bool_)
        self.decisions = [0]
        self.settled = [0]

    def name(self, rows: NDArray[np.intp]) -> None:
        counted = Counter(self._names[rows].tolist())
        most = max(sorted(counted), key=lambda name: (counted[name], name != STRANGER))
        self.confirm(rows, most)

    def confirm(self, rows: NDArray[np.intp], name: str) -> None:
        is_right = self._names[rows] == name
        self.is_settled[rows[is_right]] = True
        excluded = np.count_nonzero(~is_right) if is_right.any() else 0
        self.decisions.append(self.decisions[-1] + 1 + int(excluded))
        self.settled.append(int(np.count_nonzero(self.is_settled)))

    def proposals(self, embeddings: Embedding) -> list[tuple[str, NDArray[np.intp]]]:
        named = np.flatnonzero(self.is_settled & (self._names != STRANGER))
        left = np.flatnonzero(~self.is_settled)
        similarity = embeddings[left] @ embeddings[named].T
        near = similarity.max(axis=1, initial=-1.0) >= 1.0 - _NEAR_ENOUGH**2 / 2.0
        left, proposed = left[near], self._names[named[similarity[near].argmax(axis=1)]] if near.any() else left[:0]
        return [(person, left[proposed == person]) for person in sorted(set(proposed.tolist()))]


def _clusters(embeddings: Embedding) -> list[NDArray[np.intp]]:
    """The clusters of two faces or more, largest first."""
    from sklearn.cluster import AgglomerativeClustering

    clustering = AgglomerativeClustering(n_clusters=None, distance_threshold=_CUT, linkage="average")
    labels = clustering.fit_predict(embeddings)
    clusters = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted((rows for rows in clusters if len(rows) > 1), key=len, reverse=True)

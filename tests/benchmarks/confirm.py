"""From one decision to refreshed suggestions, in libraries of 1,000, 10,000 and 100,000 faces of up to 1,000 people.

A decision is an act of the user through ``Naming`` and the refresh that follows, both written to SQLite: a face is
confirmed, a handful of 30 is, a wrong name is corrected, somebody new is named, an act is undone, in turn.

The peer refits every person with scikit-learn's ``SVC`` on all confirmed faces, which is what an exact program without
increments has to do. It is extrapolated from ten people sampled at random; ``ratio`` is its time over our median.
``growth`` has the figures of every size: median and 95th percentile, the seconds of the first refresh of a library
that knows nothing, and the memory beside the embeddings in MB. ``restart_ms`` is how long it takes from opening the
library again until its suggestions are there, ``restart_after_a_name_ms`` the same when a face was named meanwhile and
no refresh followed.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np

from facetagger.entities import FaceId, PersonId
from facetagger.faces.models import DLIB_RESNET
from facetagger.operations.evidence_store import load_evidence
from facetagger.operations.session import Session
from tests.benchmarks.data import parse_arguments, report, show_progress
from tests.benchmarks.made_up_faces import Made, make_library

_SIZES: Final = ((1_000, 40), (10_000, 250), (100_000, 1_000))
_DECISIONS: Final = 50
_HANDFUL: Final = 30
_SAMPLED: Final = 10


def run(data: Path) -> dict[str, Any]:
    """``data`` is not needed: the faces are made up."""
    growth = []
    for faces, people in _SIZES:
        with tempfile.TemporaryDirectory() as folder:
            growth.append(measure(Path(folder) / "library", faces, people))
        show_progress(f"{growth[-1]}")
    largest = growth[-1]
    return {
        **{name: largest[name] for name in ("faces", "people", "median_ms", "p95_ms", "ratio")},
        "growth": growth,
    }


def measure(folder: Path, faces: int, people: int) -> dict[str, float]:
    made = make_library(folder, faces, people)
    before = _resident()
    with Session.open(folder) as session:
        cold = _timed(session.suggesting.refresh)
        user = _User(session, made)
        user.decide()
        times = np.array([_timed(user.decide) for _ in range(_DECISIONS)]) * 1000
        evidence = load_evidence(session.library, DLIB_RESNET)
        memory = _resident() - before - 2 * evidence.embeddings.nbytes
        peer = _peer_seconds(evidence.embeddings, evidence.labels(), people)
    restart = _timed(partial(_restart, folder))
    with Session.open(folder) as session:
        session.naming.name([user.next_face()], "Somebody else")
    restart_after_a_name = _timed(partial(_restart, folder))
    median = float(np.median(times))
    return {
        "faces": faces,
        "people": people,
        "median_ms": round(median, 1),
        "p95_ms": round(float(np.percentile(times, 95)), 1),
        "ratio": round(peer * 1000 / median),
        "peer_seconds_extrapolated": round(peer, 1),
        "cold_seconds": round(cold, 2),
        "restart_ms": round(restart * 1000),
        "restart_after_a_name_ms": round(restart_after_a_name * 1000),
        "memory_mb": round(max(memory, 0) / 2**20),
    }


class _User:
    """Decides in turn in every way there is; what is open and what is named follows the library."""

    def __init__(self, session: Session, made: Made) -> None:
        self._session = session
        self._made = made
        self._rng = np.random.default_rng(1)
        self._open = [made.open_faces[place] for place in self._rng.permutation(len(made.open_faces)).tolist()]
        self._decided: set[FaceId] = set()
        self._open_of: dict[PersonId, list[FaceId]] = {}
        for face in self._open:
            self._open_of.setdefault(made.truth[face], []).append(face)
        self._turn = 0

    def decide(self) -> None:
        acts = (self._confirm, self._confirm_handful, self._confirm, self._correct, self._name_somebody_new, self._undo)
        acts[self._turn % len(acts)]()
        self._turn += 1
        self._session.suggesting.refresh()

    def next_face(self) -> FaceId:
        face: FaceId = next(face for face in iter(self._open.pop, None) if face not in self._decided)
        self._decided.add(face)
        return face

    def _confirm(self) -> None:
        face = self.next_face()
        self._session.naming.name([face], self._made.truth[face])

    def _confirm_handful(self) -> None:
        face = self.next_face()
        person = self._made.truth[face]
        others = (each for each in self._open_of[person] if each not in self._decided)
        chosen = [face, *islice(others, _HANDFUL - 1)]
        self._decided.update(chosen)
        self._session.naming.settle(person, chosen)

    def _correct(self) -> None:
        face: FaceId = self._made.confirmed[int(self._rng.integers(len(self._made.confirmed)))]
        self._session.naming.name([face], self._made.people[int(self._rng.integers(len(self._made.people)))])

    def _name_somebody_new(self) -> None:
        self._session.naming.name([self.next_face()], f"Somebody {self._turn}")

    def _undo(self) -> None:
        self._session.history.undo()


def _restart(folder: Path) -> None:
    with Session.open(folder) as session:
        session.suggesting.refresh()


def _peer_seconds(embeddings: Any, labels: Any, people: int) -> float:
    from sklearn.svm import SVC

    taught = labels >= 0
    rows, names = embeddings[taught].astype(np.float64), labels[taught]
    chosen = np.random.default_rng(2).choice(np.unique(names), _SAMPLED, replace=False)

    def refit(person: int) -> None:
        SVC(kernel="linear", C=10).fit(rows, names == person)

    seconds = [_timed(partial(refit, person)) for person in chosen.tolist()]
    return float(np.mean(seconds)) * people


def _timed(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return time.perf_counter() - started


def _resident() -> int:
    """Bytes of memory in use by this process."""
    with Path("/proc/self/statm").open(encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    report(run(parse_arguments(__doc__ or "")))

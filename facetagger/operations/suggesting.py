"""Keeps classifiers, suggestions and groups in agreement with what the user has said.

The recogniser lives in memory and learns the difference to what it knew; what it knows is stored as plain arrays.
Only rows that differ are written, and nothing here ever touches a name.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

import numpy as np

from facetagger.entities import Change, FaceId, PersonId
from facetagger.faces.models import DLIB_RESNET
from facetagger.library import Library
from facetagger.operations.evidence_store import Dropped, EvidenceStore
from facetagger.operations.kept_groups import Group, KeptGroups
from facetagger.operations.kept_memory import KeptMemory
from facetagger.operations.suggestion_threshold import suggestion_threshold
from facetagger.operations.written_suggestions import WrittenSuggestions
from facetagger.recognition.evidence import OPEN, Evidence
from facetagger.recognition.grouping import Grouper
from facetagger.recognition.leads import Leads
from facetagger.recognition.recogniser import Candidate, Recogniser

_NOTHING_DROPPED: Final = Dropped(frozenset(), frozenset())


class Suggesting:
    """Its methods may be called from any thread; they run one at a time."""

    def __init__(self, library: Library, chosen_model: Callable[[], str] = lambda: DLIB_RESNET) -> None:
        """``chosen_model`` tells the id of the embeddings that count now; it may change at any time."""
        self._library = library
        self._chosen_model = chosen_model
        self._lock = threading.Lock()
        self._start_over(chosen_model())

    def _start_over(self, model_id: str) -> None:
        self._model_id = model_id
        self._store = EvidenceStore(self._library, model_id)
        self._recogniser = Recogniser()
        self._grouper = Grouper()
        self._is_resumed = False
        self._written = WrittenSuggestions()
        self._groups = KeptGroups(self._library)
        self._kept = KeptMemory(self._library, model_id)
        # What the library has yet to be told: it stays until a refresh has been written.
        self._unwritten: frozenset[PersonId] = frozenset()
        self._dropped = _NOTHING_DROPPED

    @property
    def model_id(self) -> str:
        """Of the embeddings that count now."""
        return self._chosen_model()

    def refresh(self) -> Change:
        """Brings suggestions and groups up to date; the ``Change`` names the faces and people whose rows differ."""
        with self._lock:
            self._follow_the_choice()
            evidence = self._learn()
            taken = self._store.take_dropped()
            self._dropped = self._dropped.and_then(taken.faces, taken.people)
            guesses = self._recogniser.guesses(suggestion_threshold(self._library))
            groups, grouped = self._group(evidence, self._dropped.faces)
            try:
                with self._library.transaction() as act:
                    self._written.write(act, self._library, guesses, self._dropped)
                    self._groups.write(act, groups, grouped)
                    self._kept.write(act, self._recogniser, evidence, self._unwritten)
            except BaseException:
                self._written.forget()
                self._groups.forget()
                raise
            self._kept.written()
            self._unwritten, self._dropped = frozenset(), _NOTHING_DROPPED
            return act.change

    def evidence(self) -> Evidence:
        """What is known of all faces now."""
        with self._lock:
            self._follow_the_choice()
            return self._store.evidence()

    def candidates(self, face_id: FaceId, limit: int = 3) -> list[Candidate]:
        """The people a face may be, best first, those below the gate too; never one the user has ruled out.

        As of the last ``refresh``; empty for a face that has no embedding, or is newer than that.
        """
        with self._lock:
            self._be_ready()
            try:
                return self._recogniser.candidates(face_id, limit)
            except KeyError:
                return []

    def leads(self) -> Leads:
        """Whom each open face may be, as of the last ``refresh``."""
        with self._lock:
            self._be_ready()
            return self._recogniser.leads()

    def _follow_the_choice(self) -> None:
        if self._chosen_model() != self._model_id:
            self._start_over(self._chosen_model())

    def _be_ready(self) -> None:
        self._follow_the_choice()
        if not self._is_resumed:
            self._learn()

    def _learn(self) -> Evidence:
        evidence = self._store.evidence()
        if self._is_resumed:
            self._unwritten |= self._recogniser.learn(evidence)
        else:
            self._unwritten |= self._kept.resume(self._recogniser, evidence)
            self._is_resumed = True
        return evidence

    def _group(self, evidence: Evidence, touched: frozenset[FaceId] | None) -> tuple[list[Group], list[Group]]:
        """The groups as they are, and anew: where an open face came; faces that only leave take nothing else along."""
        self._groups.follow(touched)
        rows = np.flatnonzero(evidence.person_ids == OPEN)
        if touched is not None:
            came = evidence.rows_of(np.array(sorted(touched), dtype=np.int64))
            if not np.isin(came, rows).any():
                return [], []
        faces, photos = evidence.face_ids[rows], evidence.photo_ids[rows]
        known = self._groups.of(faces)
        return known, self._grouper.group(faces, evidence.embeddings[rows], photos, known)

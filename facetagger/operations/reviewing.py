"""What to ask the user next."""

from __future__ import annotations

import numpy as np

from facetagger.entities import FaceId
from facetagger.library import Library
from facetagger.operations.suggesting import load_evidence
from facetagger.recognition.questions import Question, questions


class Reviewing:
    def __init__(self, library: Library) -> None:
        self._library = library

    def questions(self, limit: int = 20, skipped: frozenset[frozenset[FaceId]] = frozenset()) -> list[Question]:
        """The questions that settle most faces first, from the suggestions and groups as the library has them.

        ``skipped`` are the faces of questions the user does not want to see now.
        """
        with self._library.snapshot():
            evidence = load_evidence(self._library)
            faces = self._library.faces.get_many(map(FaceId, evidence.face_ids.tolist()))
            suggestions = self._library.suggestions.all()
            groups = [group.faces for group in self._library.groups.all()]
        areas = np.array([face.box.area for face in faces], dtype=np.float64)
        return questions(evidence, suggestions, groups, areas, limit=limit, skipped=skipped)

"""What to ask the user next."""

from __future__ import annotations

from facetagger.entities import FaceId
from facetagger.library import Library
from facetagger.operations.suggesting import Suggesting
from facetagger.operations.suggestion_threshold import chosen_threshold
from facetagger.recognition.faces_to_ask import LEAST_CHANCE
from facetagger.recognition.questions import Question, questions


class Reviewing:
    def __init__(self, library: Library, suggesting: Suggesting) -> None:
        self._library = library
        self._suggesting = suggesting

    def questions(
        self,
        limit: int = 20,
        skipped: frozenset[frozenset[FaceId]] = frozenset(),
        familiar: frozenset[FaceId] = frozenset(),
    ) -> list[Question]:
        """The questions that settle most faces per decision first, from what is known as of the last refresh.

        ``skipped`` are the faces of questions the user does not want to see now; ``familiar`` those of which the user
        said that they are no strangers. Where the user chose how probable a suggestion must be, faces that are less
        probable are not shown for confirmation.
        """
        leads = self._suggesting.leads()
        evidence = self._suggesting.evidence()
        with self._library.snapshot():
            areas = self._library.faces.areas(evidence.face_ids.tolist())
            groups = [group.faces for group in self._library.groups.all()]
            chosen = chosen_threshold(self._library)
        return questions(
            evidence,
            leads,
            groups,
            areas,
            limit=limit,
            skipped=skipped,
            familiar=familiar,
            least_chance=LEAST_CHANCE if chosen is None else max(chosen, LEAST_CHANCE),
        )

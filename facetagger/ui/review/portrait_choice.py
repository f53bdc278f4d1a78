"""Which face stands for somebody who has no chosen portrait."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from facetagger.entities import Face, FaceId, FaceState, Person, PersonId
from facetagger.library import Library

_LOOKED_AT: Final = 6
"""The faces found first: a portrait should not change with every face that is named."""


def read_portraits(library: Library, people: Iterable[Person]) -> dict[PersonId, FaceId]:
    """The chosen portrait of each person, else the best of their first confirmed faces; nobody without a face."""
    portraits: dict[PersonId, FaceId] = {}
    looked_at: dict[PersonId, list[FaceId]] = {}
    for person in people:
        if person.portrait is not None:
            portraits[person.id] = person.portrait
        else:
            looked_at[person.id] = library.faces.ids(state=FaceState.CONFIRMED, person=person.id)[:_LOOKED_AT]
    wanted = [face_id for faces in looked_at.values() for face_id in faces]
    found = {face.id: face for face in library.faces.get_many(wanted)}
    for person_id, ids in looked_at.items():
        faces = [found[each] for each in ids if each in found]
        if faces:
            portraits[person_id] = best_portrait(faces)
    return portraits


def best_portrait(faces: Iterable[Face]) -> FaceId:
    """The largest of the faces that were surely seen; a box drawn by hand only where there is nothing else."""
    return max(faces, key=lambda each: (each.landmarks is not None, each.score >= 0.9, each.box.area, -each.id)).id

"""Making a new person on purpose, also when somebody already has the name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facetagger.entities import Change, FaceId

if TYPE_CHECKING:
    from facetagger.operations.session import Session


def name_new_person(session: Session, faces: Sequence[FaceId], name: str) -> Change:
    """Names the faces as somebody new. A text alone would be resolved to the person who has the name already."""
    if session.library.people.find(name):
        return session.people.split(faces, name)
    return session.naming.name(faces, name)

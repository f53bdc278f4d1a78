"""From the faces that the analysis saw in a photo to rows of the library."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from facetagger.entities import FaceId, FaceOrigin, Landmarks, PhotoId
from facetagger.faces.detector import is_same_face
from facetagger.faces.pipeline import AnalysedFace
from facetagger.geometry import Box, Size, box_to_stored, points_to_stored
from facetagger.library import Act


def add_faces(
    act: Act, photo_id: PhotoId, faces: Sequence[AnalysedFace], orientation: int, stored_size: Size, model_id: str
) -> list[FaceId]:
    """Adds open faces with their embeddings by that model. ``orientation`` led from stored to analysed pixels."""
    ids = [
        act.faces.add(
            photo_id,
            stored_box(face, orientation),
            _stored_landmarks(face, orientation),
            face.score,
            FaceOrigin.DETECTED,
            stored_size,
            face.quality,
        )
        for face in faces
    ]
    _put_embeddings(act, ids, faces, model_id)
    return ids


def measure_anew(act: Act, face_id: FaceId, face: AnalysedFace, orientation: int, model_id: str) -> None:
    """Gives a face the measures of a better look at it. What other models saw in the old ones goes."""
    landmarks = _stored_landmarks(face, orientation)
    act.faces.set_region(face_id, stored_box(face, orientation), landmarks, face.score, face.quality)
    act.embeddings.remove([face_id])
    _put_embeddings(act, [face_id], [face], model_id)


def stored_box(face: AnalysedFace, orientation: int) -> Box:
    return box_to_stored(face.box.clipped(), orientation)


def pair_up(found: Sequence[Box], known: Sequence[Box]) -> dict[int, int]:
    """Which of the known boxes frames the same face as each found one, by place; the closest pairs first, each box in
    one pair. Found boxes without a partner are left out."""
    closest = sorted(
        (-one.iou(other), i, j)
        for i, one in enumerate(found)
        for j, other in enumerate(known)
        if is_same_face(one, other)
    )
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in closest:
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _stored_landmarks(face: AnalysedFace, orientation: int) -> Landmarks:
    return points_to_stored(face.landmarks, orientation).astype(np.float32)


def _put_embeddings(act: Act, ids: Sequence[FaceId], faces: Sequence[AnalysedFace], model_id: str) -> None:
    embedded = [
        (face_id, face.embedding) for face_id, face in zip(ids, faces, strict=True) if face.embedding is not None
    ]
    if embedded:
        act.embeddings.put([face_id for face_id, _ in embedded], model_id, np.stack([each for _, each in embedded]))

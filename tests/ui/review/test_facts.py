from __future__ import annotations

from pathlib import Path

from facetagger.entities import Face, FaceId, FaceOrigin, FaceQuality, FaceState, Photo, PhotoId
from facetagger.geometry import Box, Size
from facetagger.ui.review.facts import FaceFacts, spread


def _facts(number: int, sharpness: float | None = None) -> FaceFacts:
    """A face of the year 1900 and so many more."""
    quality = None if sharpness is None else FaceQuality(120, sharpness, yaw=0, pitch=0, roll=0)
    face = Face(
        FaceId(number), PhotoId(number), Box(0, 0, 1, 1), None, 1.0, FaceOrigin.DETECTED, FaceState.OPEN, None, quality
    )
    taken = f"{1900 + number}-01-01T00:00:00"
    return FaceFacts(face, Photo(PhotoId(number), b"", 0, None, Size(9, 9), 1, 0, taken, Path("scan.jpg")))


def test_a_few_faces_stand_for_all_the_years() -> None:
    found = [each.face.id for each in spread([_facts(number) for number in range(40)], 4)]
    assert found == sorted(found)
    assert [face_id // 10 for face_id in found] == [0, 1, 2, 3]


def test_of_neighbours_in_time_the_one_that_shows_most_is_taken() -> None:
    faces = [_facts(number, 400 if number in (3, 17) else 50) for number in range(20)]
    assert [each.face.id for each in spread(faces, 2)] == [3, 17]


def test_no_face_is_left_out_where_there_are_few() -> None:
    assert len(spread([_facts(number) for number in range(3)], 4)) == 3

"""The smallest real album: one name each, and the rest of the family is suggested, strangers are not."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from facetagger.entities import FaceId
from facetagger.geometry import box_to_upright
from facetagger.operations.session import Session

FAMILY = ("Dad", "Mom", "Son", "Daughter", "Man", "Lady")


@pytest.fixture(scope="module")
def family_library(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("family") / "library"
    with Session.open(folder) as session:
        session.importing.run([data_folder / "family"])
    return folder


def _truth(session: Session, folder: Path) -> dict[FaceId, str]:
    """Who each face is; duplicates of a photo count once. Anything found beyond the people in a photo is nobody."""
    truth: dict[FaceId, str] = {}
    with (folder / "people.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            people = row["people_left_to_right"].split(";")
            (photo,) = session.library.photos.by_path(folder / row["photo"])
            found = sorted(session.library.faces.of_photo(photo.id), key=lambda face: -face.box.area)
            faces = found[: len(people)]
            faces.sort(key=lambda face: box_to_upright(face.box, photo.view_orientation).left)
            truth.update(zip((face.id for face in faces), people, strict=True))
            truth.update({face.id: "nobody" for face in found[len(people) :]})
    return truth


@pytest.mark.parametrize("choice", range(6))
def test_one_name_each_brings_the_rest_of_the_family_and_no_stranger(
    family_library: Path, data_folder: Path, tmp_path: Path, choice: int
) -> None:
    with Session.open(Path(shutil.copytree(family_library, tmp_path / "library"))) as session:
        truth = _truth(session, data_folder / "family")
        faces: dict[str, list[FaceId]] = defaultdict(list)
        for face, person in truth.items():
            faces[person].append(face)
        named = {person: faces[person][choice % len(faces[person])] for person in FAMILY}
        for person, face in named.items():
            session.naming.name([face], person)
        session.suggesting.refresh()
        names = {row.person.id: row.person.name for row in session.library.people.all()}
        suggested = {each.face_id: names[each.person_id] for each in session.library.suggestions.all()}
        asked = [face for person in FAMILY for face in faces[person] if face not in named.values()]
        right = [face for face in asked if suggested.get(face) == truth[face]]
        assert len(right) >= 0.9 * len(asked)
        assert {truth[face] for face in suggested} <= set(FAMILY)

"""The promise on real photographs: one name each finds the rest of a family, and nobody else."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from facetagger.recognition.evaluation import bcubed
from facetagger.recognition.evidence import OPEN, Evidence
from facetagger.recognition.grouping import group_faces
from facetagger.recognition.recogniser import Recogniser

FAMILY = ("Dad", "Mom", "Son", "Daughter", "Man", "Lady")
ALBUM_PEOPLE, PHOTOS_EACH, STRANGERS = 6, 8, 40


@dataclass(frozen=True, slots=True, eq=False)
class RealFaces:
    """Embeddings (n, 128), photos and names (n,); a stranger's name is unique."""

    embeddings: NDArray[np.float32]
    photos: NDArray[np.int64]
    names: list[str]

    def evidence(self, person_ids: NDArray[np.int64]) -> Evidence:
        rows = np.arange(len(self.names), dtype=np.int64)
        return Evidence(rows, self.photos, person_ids, np.ones(len(rows), dtype=np.bool_), self.embeddings)

    def rows_of(self, name: str) -> NDArray[np.int64]:
        return np.array([row for row, each in enumerate(self.names) if each == name], dtype=np.int64)


def read_faces(photos: list[tuple[Path, list[str]]], *, all_faces: bool) -> RealFaces:
    """Whole photos with their people from left to right (faces beyond those listed are strangers), or main faces."""
    from facetagger.faces.pipeline import ANALYSIS_SIDE, load_analyser
    from facetagger.imaging.decode import decode

    analyser = load_analyser()
    embeddings: list[NDArray[np.float32]] = []
    photo_ids: list[int] = []
    names: list[str] = []
    for start in range(0, len(photos), 8):
        batch = photos[start : start + 8]
        pixels = [decode(path, orientation=1, max_side=ANALYSIS_SIDE) for path, _ in batch]
        for offset, faces in enumerate(analyser.analyse(pixels)):
            found = sorted(faces, key=lambda face: face.box.center[0])
            if not all_faces:
                found = sorted(faces, key=lambda face: abs(face.box.center[0] - 0.5))[:1]
            people = batch[offset][1]
            for place, face in enumerate(found):
                assert face.embedding is not None
                embeddings.append(face.embedding)
                photo_ids.append(start + offset)
                known = people[place] if place < len(people) else "stranger"
                names.append(known if known != "stranger" else f"stranger {len(names)}")
    return RealFaces(np.stack(embeddings), np.array(photo_ids, dtype=np.int64), names)


@pytest.fixture(scope="module")
def family(data_folder: Path) -> RealFaces:
    with (data_folder / "family" / "people.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    photos = [(data_folder / "family" / row["photo"], row["people_left_to_right"].split(";")) for row in rows]
    return read_faces(photos, all_faces=True)


@pytest.fixture(scope="module")
def album(data_folder: Path) -> RealFaces:
    people = sorted(each for each in (data_folder / "album").iterdir() if each.is_dir())[::4][:ALBUM_PEOPLE]
    photos = [(path, [each.name]) for each in people for path in sorted(each.iterdir())[:PHOTOS_EACH]]
    strangers = sorted((data_folder / "strangers").iterdir())[:STRANGERS]
    return read_faces([*photos, *((path, ["stranger"]) for path in strangers)], all_faces=False)


@pytest.mark.parametrize("seed", range(12))
def test_naming_one_face_of_each_finds_the_rest_of_the_family_and_nobody_else(family: RealFaces, seed: int) -> None:
    rng = np.random.default_rng(seed)
    person_ids = np.full(len(family.names), OPEN, dtype=np.int64)
    for person, name in enumerate(FAMILY):
        person_ids[rng.choice(family.rows_of(name))] = person
    recogniser = Recogniser()
    recogniser.learn(family.evidence(person_ids))
    suggested = {int(each.face_id): FAMILY[each.person_id] for each in recogniser.suggest()}
    expected = {row: name for row, name in enumerate(family.names) if name in FAMILY and person_ids[row] == OPEN}
    assert suggested.items() <= expected.items()
    assert len(suggested) >= 0.9 * len(expected)


@pytest.mark.parametrize("faces", [1, 3, 5])
def test_people_of_an_album_are_found_and_strangers_are_left_alone(album: RealFaces, faces: int) -> None:
    people = sorted({name for name in album.names if not name.startswith("stranger")})
    person_ids = np.full(len(album.names), OPEN, dtype=np.int64)
    for person, name in enumerate(people):
        person_ids[album.rows_of(name)[:faces]] = person
    recogniser = Recogniser()
    recogniser.learn(album.evidence(person_ids))
    suggested = {int(each.face_id): people[each.person_id] for each in recogniser.suggest()}
    expected = {row: name for row, name in enumerate(album.names) if name in people and person_ids[row] == OPEN}
    right = sum(expected.get(row) == name for row, name in suggested.items())
    assert right >= 0.9 * len(expected)
    assert len(suggested) - right <= 1


def test_groups_of_an_album_hold_one_person_each(album: RealFaces) -> None:
    rows = np.arange(len(album.names), dtype=np.int64)
    clusters = rows.copy()
    for number, group in enumerate(group_faces(rows, album.embeddings, album.photos)):
        clusters[list(group)] = len(rows) + number
    _, people = np.unique(np.array(album.names), return_inverse=True)
    precision, recall, _ = bcubed(clusters, people.astype(np.int64))
    assert precision >= 0.99
    assert recall >= 0.9

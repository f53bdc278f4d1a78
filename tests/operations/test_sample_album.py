"""The sample album: the same for everybody, readable by the program, its two women told apart."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos
from facetagger.imaging.probe import probe
from facetagger.operations.sample_album import EILEEN, GRACE, make_sample_album, sample_people


@pytest.fixture(scope="module")
def album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_sample_album(tmp_path_factory.mktemp("sample"))


def test_every_print_is_found_and_readable(album: Path) -> None:
    found = {path.relative_to(album).as_posix() for path in find_photos([album])}
    assert found == set(sample_people())
    for name in found:
        (page,) = probe(album / name)
        assert decode(album / name, orientation=page.orientation, max_side=400).shape[2] == 3


def test_no_file_name_gives_a_name_away(album: Path) -> None:
    text = " ".join(sample_people()).lower()
    assert not any(part.lower() in text for name in (GRACE, EILEEN) for part in name.split())


def test_both_women_are_on_some_prints_and_each_on_several_alone() -> None:
    people = list(sample_people().values())
    assert sum(set(who) == {GRACE, EILEEN} for who in people) >= 2
    assert people.count((GRACE,)) >= 5
    assert people.count((EILEEN,)) >= 5


def test_most_prints_have_a_date_and_some_have_none(album: Path) -> None:
    dates = [probe(path)[0].taken for path in find_photos([album])]
    assert dates.count(None) >= 2
    assert sum(date is not None and "1984" <= date < "2000" for date in dates) >= 15


def test_the_album_is_the_same_every_time(album: Path, tmp_path: Path) -> None:
    again = make_sample_album(tmp_path)
    for name in sample_people():
        assert (again / name).read_bytes() == (album / name).read_bytes()


def test_making_it_again_replaces_only_what_is_missing(tmp_path: Path) -> None:
    album = make_sample_album(tmp_path)
    first, *others = find_photos([album])
    stamps = {path: path.stat().st_mtime_ns for path in others}
    whole = first.read_bytes()
    first.unlink()
    make_sample_album(tmp_path)
    assert first.read_bytes() == whole
    assert {path: path.stat().st_mtime_ns for path in others} == stamps


def test_a_missing_portrait_is_told_with_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(FaceTaggerError, match="cannot be made") as caught:
        make_sample_album(tmp_path)
    assert "Install" in caught.value.hint


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FaceTaggerError, match="cannot be written") as caught:
        make_sample_album(tmp_path / "file")
    assert caught.value.hint


def test_every_face_is_found_and_the_two_women_are_told_apart(album: Path) -> None:
    from facetagger.faces.pipeline import load_analyser

    analyser = load_analyser()
    embeddings, names = [], []
    for path, who in sample_people().items():
        (faces,) = analyser.analyse([decode(album / path, orientation=1)])
        faces.sort(key=lambda face: face.box.left)
        assert len(faces) == len(who), path
        for face, name in zip(faces, who, strict=True):
            assert face.embedding is not None
            embeddings.append(face.embedding)
            names.append(name)
    distances = np.linalg.norm(np.array(embeddings)[:, None] - np.array(embeddings), axis=2)
    np.fill_diagonal(distances, np.inf)
    is_same = np.array(names)[:, None] == np.array(names)
    nearest_of_her_own = np.where(is_same, distances, np.inf).min(axis=1)
    assert distances[~is_same].min() > nearest_of_her_own.max()

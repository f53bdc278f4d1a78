"""A file that holds another picture than when it was added: both answers, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from facetagger.entities import FaceId
from facetagger.errors import FaceTaggerError
from facetagger.operations.session import Session
from tests.imaging.pictures import noise
from tests.operations.one_face_each import open_session


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "Beach" / "scan.png"
    path.parent.mkdir()
    noise(300, 200).save(path)
    return path


@pytest.fixture
def opened(scan: Path, tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path / "library") as session:
        session.importing.run([scan.parent])
        session.naming.name(session.library.faces.ids(), "Grace")
        yield session


def _face(session: Session) -> FaceId:
    return session.library.faces.ids(person=session.library.people.resolve("Grace").id)[0]


def test_an_import_asks_about_a_changed_file_and_leaves_it(opened: Session, scan: Path) -> None:
    ImageEnhance.Brightness(Image.open(scan)).enhance(1.4).save(scan)
    report = opened.importing.run([scan.parent])
    assert report.changed == (scan,)
    assert report.added == 0


def test_a_photo_that_was_touched_up_keeps_its_names(opened: Session, scan: Path) -> None:
    face = _face(opened)
    (before,) = opened.library.photos.by_path(scan)
    ImageEnhance.Brightness(Image.open(scan)).enhance(1.4).save(scan)
    opened.replacing.keep_names([scan])
    (photo,) = opened.library.photos.by_path(scan)
    assert photo.id == before.id
    assert photo.image_hash != before.image_hash
    assert _face(opened) == face
    assert opened.importing.run([scan.parent]).unchanged == 1
    assert opened.checking.run().is_clean
    opened.history.undo()
    assert opened.library.photos.get(photo.id) == before


def test_a_new_photo_in_an_old_file_leaves_the_names_with_the_old_one(opened: Session, scan: Path) -> None:
    (before,) = opened.library.photos.by_path(scan)
    noise(120, 180).save(scan)
    opened.replacing.let_go([scan])
    report = opened.importing.run([scan.parent])
    assert report.added == 1
    assert opened.library.photos.get(before.id).is_missing
    assert opened.library.faces.get(_face(opened)).photo_id == before.id
    (new,) = opened.library.photos.by_path(scan)
    assert new.id != before.id


def test_a_picture_of_another_shape_is_not_taken_for_the_same_photo(opened: Session, scan: Path) -> None:
    noise(200, 300).save(scan)
    with pytest.raises(FaceTaggerError, match="another shape"):
        opened.replacing.keep_names([scan])

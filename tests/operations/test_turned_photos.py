"""Prints that lay sideways on the scanner: found, shown upright everywhere, and never changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.entities import Face, Photo
from facetagger.exporters.items import ExportFormat
from facetagger.geometry import Box, box_to_upright, points_to_upright
from facetagger.imaging.thumbnails import photo_pixels
from facetagger.operations.session import Session
from tests.imaging.portrait import grace_hopper
from tests.metadata.samples import exiftool

ORIENTATIONS = (1, 3, 6, 7)
TURNS = (1, 2, 3)
_STORED = {
    1: None,
    3: Image.Transpose.ROTATE_180,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
}
"""How a file with that EXIF orientation stores a picture (EXIF 2.32, tag 0x0112)."""


def _save(picture: Image.Image, orientation: int, path: Path, quality: int = 90) -> None:
    """With another quality it is another picture, for the library knows pictures by their stored pixels."""
    way = _STORED[orientation]
    exif = Image.Exif()
    exif[0x0112] = orientation
    (picture if way is None else picture.transpose(way)).save(path, quality=quality, exif=exif)


@pytest.fixture(scope="module")
def scans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The portrait upright, and lying in each direction in files of several orientations."""
    folder = tmp_path_factory.mktemp("scans")
    upright = grace_hopper()
    _save(upright, 1, folder / "upright.jpg")
    for turns in TURNS:
        lying = upright.rotate(90 * turns, expand=True)
        for number, orientation in enumerate(ORIENTATIONS):
            path = folder / f"turned{turns}-{orientation}.jpg"
            _save(lying, orientation, path, quality=80 + turns + number * len(TURNS))
    return folder


@pytest.fixture(scope="module")
def turned(scans: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """A library of these scans, shared: tests give names in it and do nothing else."""
    with Session.open(tmp_path_factory.mktemp("turned") / "library") as session:
        assert session.importing.run([scans]).added == 1 + len(TURNS) * len(ORIENTATIONS)
        yield session


def _of(session: Session, path: Path) -> tuple[Photo, Face]:
    (photo,) = session.library.photos.by_path(path)
    (face,) = session.library.faces.of_photo(photo.id)
    return photo, face


@pytest.mark.parametrize("turns", TURNS)
@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_a_photo_that_lies_on_its_side_is_shown_upright_with_its_face_in_place(
    turned: Session, scans: Path, turns: int, orientation: int
) -> None:
    expected, expected_face = _of(turned, scans / "upright.jpg")
    photo, face = _of(turned, scans / f"turned{turns}-{orientation}.jpg")
    assert (photo.orientation, photo.rotation) == (orientation, turns)
    shown = photo_pixels(photo, 600).astype(int)
    assert np.abs(shown - photo_pixels(expected, 600)).mean() < 6
    assert box_to_upright(face.box, photo.view_orientation).iou(expected_face.box) > 0.75
    assert face.landmarks is not None
    assert expected_face.landmarks is not None
    landmarks = points_to_upright(face.landmarks, photo.view_orientation)
    np.testing.assert_allclose(landmarks, expected_face.landmarks, atol=0.02)


def test_the_files_of_turned_photos_are_not_touched(tmp_path: Path) -> None:
    _save(grace_hopper().rotate(90, expand=True), 6, tmp_path / "scan.jpg")
    before = hashlib.sha256((tmp_path / "scan.jpg").read_bytes()).digest()
    with Session.open(tmp_path / "library") as session:
        session.importing.run([tmp_path / "scan.jpg"])
        assert session.library.photos.by_path(tmp_path / "scan.jpg")[0].rotation == 1
    assert hashlib.sha256((tmp_path / "scan.jpg").read_bytes()).digest() == before


@pytest.mark.parametrize("orientation", ORIENTATIONS)
def test_the_region_in_an_exported_copy_is_where_readers_of_the_file_see_the_face(
    turned: Session, scans: Path, tmp_path: Path, orientation: int
) -> None:
    path = scans / f"turned1-{orientation}.jpg"
    photo, face = _of(turned, path)
    turned.naming.name([face.id], f"Grace {orientation}")
    turned.exporting.run(tmp_path / "out", ExportFormat.PHOTOS)
    (copy,) = (tmp_path / "out").rglob(path.name)
    info = exiftool(copy, "-n")
    assert (info["ExifIFD:Orientation"] if "ExifIFD:Orientation" in info else info["IFD0:Orientation"]) == orientation
    regions = info["XMP-mwg-rs:RegionInfo"]
    size = regions["AppliedToDimensions"]
    with Image.open(copy) as image:
        assert (size["W"], size["H"]) == image.size
    (area,) = (each["Area"] for each in regions["RegionList"])
    box = Box(area["X"] - area["W"] / 2, area["Y"] - area["H"] / 2, area["W"], area["H"])
    assert box.iou(face.box) > 0.99
    # Without our view rotation, as every other program shows the file: the picture lies on its side.
    lying = replace(photo, rotation=0)
    expected, expected_face = _of(turned, scans / "upright.jpg")
    assert lying.upright_size == expected.stored_size.transposed()
    assert box_to_upright(box, lying.view_orientation).iou(box_to_upright(expected_face.box, 8)) > 0.75

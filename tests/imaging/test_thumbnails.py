"""Thumbnails are made once, found again, made anew when damaged, and show what they should."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.errors import FaceTaggerError, PhotoError
from facetagger.geometry import Box, Size
from facetagger.imaging.formats import find_photos
from facetagger.imaging.thumbnails import ThumbnailStore, crop_face, photo_pixels
from tests.imaging.pictures import UPRIGHT, colours, face_at, noise, photo_at, quarters, saved


@pytest.fixture
def store(tmp_path: Path) -> ThumbnailStore:
    return ThumbnailStore(tmp_path / "thumbnails")


def _read(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(path) as image:
        return np.array(image.convert("RGB"))


def test_a_thumbnail_is_upright_and_bounded(tmp_path: Path, store: ThumbnailStore) -> None:
    photo = photo_at(saved(quarters(640, 480), tmp_path / "a.jpg"), Size(640, 480), orientation=6)
    pixels = _read(store.photo(photo, 160))
    assert pixels.shape == (160, 120, 3)
    assert colours(pixels) == UPRIGHT[6]


def test_the_view_rotation_has_a_thumbnail_of_its_own(tmp_path: Path, store: ThumbnailStore) -> None:
    photo = photo_at(saved(quarters(), tmp_path / "a.png"), Size(64, 48))
    turned = replace(photo, rotation=1)
    assert colours(_read(store.photo(photo, 64))) == UPRIGHT[1]
    assert colours(_read(store.photo(turned, 64))) == UPRIGHT[6]


def test_a_thumbnail_outlives_the_file_it_shows(tmp_path: Path, store: ThumbnailStore) -> None:
    photo = photo_at(saved(quarters(), tmp_path / "a.png"), Size(64, 48))
    first = store.photo(photo, 64)
    photo.path.unlink()
    assert store.photo(photo, 64) == first
    with pytest.raises(PhotoError):
        store.photo(photo, 32)


@pytest.mark.parametrize("damage", [b"", b"\0" * 900, b"\xff\xd8\xff\xe0 cut short"])
def test_a_damaged_thumbnail_is_made_anew(tmp_path: Path, store: ThumbnailStore, damage: bytes) -> None:
    photo = photo_at(saved(quarters(), tmp_path / "a.png"), Size(64, 48))
    path = store.photo(photo, 64)
    path.write_bytes(damage)
    assert colours(_read(store.photo(photo, 64))) == UPRIGHT[1]


def test_many_threads_get_the_same_whole_file(tmp_path: Path, store: ThumbnailStore) -> None:
    photo = photo_at(saved(quarters(640, 480), tmp_path / "a.jpg"), Size(640, 480))
    with ThreadPoolExecutor(8) as pool:
        paths = list(pool.map(lambda _: store.photo(photo, 100), range(24)))
    assert len(set(paths)) == 1
    assert _read(paths[0]).shape == (75, 100, 3)
    assert [path.name for path in (tmp_path / "thumbnails").rglob("*") if path.suffix == ".tmp"] == []


def test_thumbnails_are_never_imported_as_photos(tmp_path: Path, store: ThumbnailStore) -> None:
    photo = photo_at(saved(quarters(), tmp_path / "a.png"), Size(64, 48))
    store.photo(photo, 64)
    assert find_photos([tmp_path]) == [photo.path]


def test_a_folder_that_cannot_be_written_is_told_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    photo = photo_at(saved(quarters(), tmp_path / "a.png"), Size(64, 48))
    with pytest.raises(FaceTaggerError, match="cannot be stored") as caught:
        ThumbnailStore(tmp_path / "file" / "thumbnails").photo(photo, 64)
    assert caught.value.hint


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_face_is_cut_where_it_is_seen(tmp_path: Path, store: ThumbnailStore, orientation: int) -> None:
    photo = photo_at(saved(quarters(640, 480), tmp_path / "a.jpg"), Size(640, 480), orientation=orientation)
    pixels = _read(store.face(photo, face_at(Box(0.05, 0.05, 0.2, 0.2)), 96))
    assert pixels.shape == (96, 96, 3)
    assert set(sum(colours(pixels), ())) == {"red"}


def test_a_face_cut_from_pixels_at_hand_is_the_one_cut_from_the_file(tmp_path: Path, store: ThumbnailStore) -> None:
    photo = photo_at(saved(quarters(), tmp_path / "a.png"), Size(64, 48))
    face = face_at(Box(0.4, 0.4, 0.2, 0.2))
    kept = store.keep_face(photo, face, 48, np.asarray(quarters()))
    photo.path.unlink()
    assert store.face(photo, face, 48) == kept


def test_a_crop_has_a_margin_around_the_face() -> None:
    pixels = np.zeros((400, 400, 3), np.uint8)
    pixels[150:250, 150:250] = 255
    crop = crop_face(pixels, Box(0.375, 0.375, 0.25, 0.25), 160)
    rows = np.flatnonzero(crop[80, :, 0] > 128)
    assert rows.min() == pytest.approx(30, abs=2)
    assert rows.max() == pytest.approx(129, abs=2)


def test_a_crop_at_the_edge_is_shifted_and_not_padded() -> None:
    pixels = np.asarray(noise(300, 200))
    crop = crop_face(pixels, Box(0.0, 0.0, 50 / 300, 50 / 200), 80)
    assert np.array_equal(crop, pixels[:80, :80])


def test_a_face_cut_by_the_edge_stays_in_the_middle_of_its_crop() -> None:
    pixels = np.zeros((300, 300, 3), np.uint8)
    pixels[100:200, 280:300] = (255, 0, 0)
    crop = crop_face(pixels, Box(280 / 300, 100 / 300, 20 / 300, 100 / 300), 160)
    columns = np.flatnonzero((crop[80] == (255, 0, 0)).all(axis=1))
    assert abs(columns.mean() - 80) < 0.2 * 160


def test_a_crop_larger_than_the_photo_lies_on_paper() -> None:
    pixels = np.full((100, 200, 3), 90, np.uint8)
    crop = crop_face(pixels, Box(0.0, 0.0, 1.0, 1.0), 64)
    assert crop.shape == (64, 64, 3)
    assert np.all(crop[20:44] == 90)
    assert np.all(crop[:14] > 200)


def test_a_photo_that_is_part_of_a_scan_shows_that_part(tmp_path: Path) -> None:
    path = saved(quarters(800, 600), tmp_path / "a.png")
    photo = photo_at(path, Size(400, 300), crop=Box(0.5, 0.0, 0.5, 0.5))
    pixels = photo_pixels(photo, 100)
    assert pixels.shape == (75, 100, 3)
    assert set(sum(colours(pixels), ())) == {"green"}

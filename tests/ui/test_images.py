"""Pictures come later, stay within the budget, and follow what happens to a photo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QPixmap
from pytestqt.qtbot import QtBot

from facetagger.entities import PhotoId
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageKey, ImageLoader, face_key, photo_key
from tests.ui.conftest import DrawnAlbum


def _load(qtbot: QtBot, images: ImageLoader, key: ImageKey) -> None:
    with qtbot.waitSignal(images.loaded, check_params_cb=lambda loaded: loaded == key):
        images.request(key)


def test_a_picture_is_there_once_it_has_been_loaded(qtbot: QtBot, images: ImageLoader, drawn: DrawnAlbum) -> None:
    key = photo_key(drawn.photos[0], 64)
    assert images.request(key) is None
    _load(qtbot, images, key)
    picture = images.request(key)
    assert picture is not None
    assert picture.width() > picture.height()


def test_a_face_is_cropped_square(qtbot: QtBot, images: ImageLoader, drawn: DrawnAlbum) -> None:
    key = face_key(drawn.named, 64)
    _load(qtbot, images, key)
    picture = images.request(key)
    assert picture is not None
    assert picture.width() == picture.height()
    assert picture.toImage().pixelColor(20, 40).isValid()


def test_a_denser_screen_asks_for_more_pixels() -> None:
    assert photo_key(PhotoId(1), 160, 2.0).side == 2 * photo_key(PhotoId(1), 96, 1.0).side * 2
    assert photo_key(PhotoId(1), 150) == photo_key(PhotoId(1), 180)


def test_a_photo_whose_file_is_gone_is_known_to_be_broken(qtbot: QtBot, images: ImageLoader, drawn: DrawnAlbum) -> None:
    drawn.session.library.photos.get(drawn.photos[3]).path.unlink()
    key = photo_key(drawn.photos[3], 64)
    _load(qtbot, images, key)
    assert images.request(key) is None
    assert images.is_broken(key)


def test_a_turned_photo_keeps_its_picture_until_the_new_one_is_there(
    qtbot: QtBot, bridge: Bridge, images: ImageLoader, drawn: DrawnAlbum
) -> None:
    key = photo_key(drawn.photos[0], 64)
    _load(qtbot, images, key)
    with qtbot.waitSignal(bridge.changed):
        bridge.act(lambda: drawn.session.albums.rotate(drawn.photos[0], 1))
    old = images.request(key)
    assert old is not None
    assert old.width() > old.height()
    _load(qtbot, images, key)
    new = images.request(key)
    assert new is not None
    assert new.width() < new.height()


def test_what_was_not_seen_for_longest_goes_first(qtbot: QtBot, bridge: Bridge, drawn: DrawnAlbum) -> None:
    room_for_two = 2 * 64 * 64 * 4
    images = ImageLoader(bridge, budget=room_for_two)
    first, second, third = (photo_key(photo_id, 64) for photo_id in drawn.photos[:3])
    for key in (first, second):
        _load(qtbot, images, key)
    assert images.request(first) is not None
    _load(qtbot, images, third)
    assert images.request(first) is not None
    assert images.request(third) is not None
    assert images.request(second) is None


def test_requests_that_are_not_wanted_any_more_are_dropped(
    qtbot: QtBot, images: ImageLoader, drawn: DrawnAlbum
) -> None:
    loaded: list[ImageKey] = []
    images.loaded.connect(loaded.append)
    for photo_id in drawn.photos:
        images.request(photo_key(photo_id, 64))
    images.drop_waiting()
    last = photo_key(drawn.photos[-1], 96)
    _load(qtbot, images, last)
    assert len(loaded) < len(drawn.photos)


def test_the_colours_are_those_of_the_file(qtbot: QtBot, images: ImageLoader, drawn: DrawnAlbum) -> None:
    key = photo_key(drawn.photos[0], 64)
    _load(qtbot, images, key)
    picture = images.request(key)
    assert picture is not None
    corner = picture.toImage().pixelColor(picture.width() - 4, 3)
    wanted = QColor(40, 120, 200)
    assert max(abs(corner.red() - wanted.red()), abs(corner.blue() - wanted.blue())) < 25


def test_a_panorama_is_loaded_with_the_pixels_that_its_cut_needs(
    qtbot: QtBot, images: ImageLoader, lay_pictures: Callable[[str, int], Path], bridge: Bridge
) -> None:
    folder = lay_pictures("wide", 1)
    (file,) = folder.iterdir()
    Image.open(file).resize((2000, 200)).save(file)
    with qtbot.waitSignal(bridge.import_finished, timeout=60_000):
        bridge.start_import([folder])
    (photo,) = bridge.session.library.photos.by_path(file)
    room = QSizeF(96, 80)
    qtbot.waitUntil(lambda: _height(images.filling(photo.id, room)) >= 60)


def _height(picture: QPixmap | None) -> int:
    return 0 if picture is None else picture.height()

"""The parts of the window over a small library of drawn pictures: no network is loaded, so these tests are quick."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger import paths
from facetagger.entities import AlbumId, FaceId, FaceOrigin, FaceState, PersonId, PhotoId
from facetagger.geometry import Box, Size
from facetagger.jobs import garbage
from facetagger.library import Act
from facetagger.operations.session import Session
from facetagger.ui.bridge import Bridge
from facetagger.ui.executor import qthread_executors
from facetagger.ui.images import ImageLoader
from facetagger.ui.main_window import MainWindow
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import ThemeChoice, ThemeManager

_SIZES = ((90, 60), (60, 90), (80, 80))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Qt's offscreen platform warns about everything it need not do; any other warning of Qt fails a test."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.qt_log_ignore("This plugin does not support"))


@pytest.fixture(autouse=True)
def _garbage_is_left_to_this_thread() -> Iterator[None]:
    """As in the program: no worker takes a window apart that an earlier test has dropped."""
    garbage.collect_by_hand()
    yield
    garbage.collect_by_itself()


@pytest.fixture(autouse=True)
def _no_window_is_left_open(qapp: QApplication) -> Iterator[None]:
    """A test ends with the windows it began with, and what it deleted is gone: else every later ``ThemeManager``
    would dress it again."""
    before = set(qapp.topLevelWidgets())
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [each for each in qapp.topLevelWidgets() if each not in before and each.isVisible()]
    names = ", ".join(f"{type(each).__name__} “{each.windowTitle()}”" for each in left)
    assert not left, f"still open after the test: {names}"


@dataclass(frozen=True, slots=True)
class DrawnAlbum:
    """Two albums of six photos. In "Beach" photo 0 shows Anna, photo 1 an unnamed face and a stranger, photo 2 a
    stranger and something that is no face; the photos of "Shoe box" show nobody."""

    session: Session
    beach: AlbumId
    shoe_box: AlbumId
    photos: tuple[PhotoId, ...]
    anna: PersonId
    named: FaceId
    unnamed: FaceId
    strangers: tuple[FaceId, ...]
    not_a_face: FaceId


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[DrawnAlbum]:
    with Session.open(tmp_path / "library") as session:
        with session.library.transaction("set up") as act:
            photos = [_add_photo(act, tmp_path / "pictures", number) for number in range(12)]
            beach = act.albums.add("Beach", tmp_path / "pictures")
            shoe_box = act.albums.add("Shoe box", None)
            act.albums.add_photos(beach, photos[:6])
            act.albums.add_photos(shoe_box, photos[6:])
            named, unnamed = _add_face(act, photos[0], 0.1), _add_face(act, photos[1], 0.1)
            strangers = (_add_face(act, photos[1], 0.6), _add_face(act, photos[2], 0.1))
            not_a_face = _add_face(act, photos[2], 0.6)
            act.faces.set_state(strangers, FaceState.IGNORED)
            act.faces.set_state([not_a_face], FaceState.NOT_A_FACE)
        session.naming.name([named], "Anna")
        anna = session.library.people.resolve("Anna").id
        yield DrawnAlbum(session, beach, shoe_box, tuple(photos), anna, named, unnamed, strangers, not_a_face)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[ThemeManager]:
    font = qapp.font()
    manager = ThemeManager(qapp, ThemeChoice.LIGHT)
    yield manager
    manager.deleteLater()
    qapp.setFont(font)


@pytest.fixture
def bridge(drawn: DrawnAlbum, qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(drawn.session, qthread_executors())
    yield made
    made.close()


@pytest.fixture
def images(bridge: Bridge) -> ImageLoader:
    return ImageLoader(bridge)


@pytest.fixture
def preferences() -> Preferences:
    return Preferences(paths.settings_file())


@pytest.fixture
def window(
    qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager, preferences: Preferences
) -> MainWindow:
    """Shown, its counts and its grid read."""
    made = MainWindow(bridge, images, theme, preferences)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: len(made.pages.grid.grid.photo_ids) > 0)
    return made


@pytest.fixture
def lay_pictures(tmp_path: Path) -> Callable[[str, int], Path]:
    """Makes a folder with pictures in which there is nobody."""

    def lay(folder: str, count: int) -> Path:
        for number in range(count):
            _draw(tmp_path / folder / f"print {number}.jpg", 100 + number)
        return tmp_path / folder

    return lay


def _draw(path: Path, number: int) -> Size:
    path.parent.mkdir(exist_ok=True)
    width, height = _SIZES[number % len(_SIZES)]
    picture = Image.new("RGB", (width, height), (40 + number * 7 % 200, 120, 200 - number * 11 % 150))
    ImageDraw.Draw(picture).ellipse((10, 10, 50, 55), fill=(230, 200, 170))
    picture.save(path, quality=90)
    return Size(width, height)


def _add_photo(act: Act, folder: Path, number: int) -> PhotoId:
    path = folder / f"scan_{number:02}.jpg"
    size = _draw(path, number)
    image_hash = hashlib.sha256(path.name.encode()).digest()
    photo_id = act.photos.add(image_hash, 0, size, 1, f"{1990 + number}-07-01T12:00:00", None)
    stamp = path.stat()
    act.photos.put_file(path, image_hash, stamp.st_size, stamp.st_mtime_ns)
    return photo_id


def _add_face(act: Act, photo_id: PhotoId, left: float) -> FaceId:
    return act.faces.add(photo_id, Box(left, 0.2, 0.3, 0.4), None, 0.99, FaceOrigin.DETECTED, Size(90, 60))

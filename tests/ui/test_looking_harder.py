"""How hard photos are searched: the choice when they are added, and a harder look at those that are there."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger import paths, settings
from facetagger.faces.models import DLIB_RESNET
from facetagger.jobs.executors import ManualExecutor
from facetagger.jobs.lanes import Lane
from facetagger.ui.actions import Command
from facetagger.ui.album_menu import AlbumMenu
from facetagger.ui.bridge import Bridge
from facetagger.ui.executor import QThreadExecutor
from facetagger.ui.main_window import MainWindow
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import ThemeManager
from facetagger.ui.unfinished_import import UnfinishedImport
from tests.imaging.pictures import noise
from tests.operations.one_face_each import use_quick_analyser
from tests.ui.conftest import DrawnAlbum


@pytest.fixture(autouse=True)
def _quick(drawn: DrawnAlbum) -> None:
    use_quick_analyser(drawn.session)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "Scans"
    folder.mkdir()
    noise(seed=1).save(folder / "scan.jpg")
    return folder


@pytest.fixture
def make_bridge(drawn: DrawnAlbum, qapp: QApplication) -> Callable[[], Bridge]:
    """Bridges whose imports run when the test says so."""

    def make() -> Bridge:
        lanes: dict[Lane, Executor] = {lane: QThreadExecutor(1, lane) for lane in Lane if lane is not Lane.INFERENCE}
        return Bridge(drawn.session, lanes | {Lane.INFERENCE: ManualExecutor()})

    return make


def _settings_of(drawn: DrawnAlbum, path: Path) -> set[str]:
    photos = drawn.session.library.photos
    return set(photos.settings([photo.id for photo in photos.by_path(path)], DLIB_RESNET).values())


def test_the_choice_in_the_menu_is_the_one_on_the_first_page_and_is_kept(window: MainWindow) -> None:
    action, box = window.actions_table[Command.LOOK_HARDER], window.pages.start.look_harder
    assert not action.isChecked()
    action.trigger()
    assert box.isChecked()
    assert settings.load(paths.settings_file()).look_harder
    box.click()
    assert not action.isChecked()
    assert not settings.load(paths.settings_file()).look_harder


@pytest.mark.parametrize(("is_on", "setting"), [(False, "normal"), (True, "thorough")])
def test_photos_are_added_as_the_choice_says(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum, scans: Path, is_on: bool, setting: str
) -> None:
    window.actions_table[Command.LOOK_HARDER].setChecked(is_on)
    with qtbot.waitSignal(bridge.import_finished, timeout=30_000):
        window.adding.add_dropped([scans])
    assert _settings_of(drawn, scans / "scan.jpg") == {setting}


def test_a_harder_look_at_chosen_photos_says_what_came_of_it(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    before = drawn.session.library.counts()
    for text in ("10 more faces found in 2 photos", "Nothing more was found in 2 photos"):
        with qtbot.waitSignal(bridge.import_finished, timeout=30_000):
            window.pages.grid.look_harder(drawn.photos[6:8])
        assert window.status.text == text
    after = drawn.session.library.counts()
    assert (after.photos, after.faces) == (before.photos, before.faces + 10)
    entry = drawn.session.history.undo_entry()
    assert entry is not None
    assert entry.text == "look harder at 2 photos"


def test_the_menu_of_an_album_looks_harder_at_all_of_it(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, theme: ThemeManager, drawn: DrawnAlbum
) -> None:
    menu = AlbumMenu(drawn.session.library.albums.get(drawn.beach), bridge, theme, window)
    with qtbot.waitSignal(bridge.import_finished, timeout=30_000) as blocker:
        next(each for each in menu.actions() if each.text() == "Look harder for faces").trigger()
    assert blocker.args[0].looked_again == 12


def test_harder_looks_and_plain_imports_wait_for_one_another_and_keep_their_kind(
    qtbot: QtBot, drawn: DrawnAlbum, theme: ThemeManager, tmp_path: Path, make_bridge: Callable[[], Bridge]
) -> None:
    folders = [tmp_path / name for name in ("first", "second", "third")]
    for number, folder in enumerate(folders):
        folder.mkdir()
        noise(seed=number).save(folder / "scan.jpg")
    bridge = make_bridge()
    unfinished = UnfinishedImport(bridge, theme, Preferences(paths.settings_file()), bridge)
    bridge.start_import(folders[:1])
    bridge.start_import(folders[1:2], look_harder=True)
    bridge.start_import(folders[2:])
    assert bridge.look_paths == (folders[1],)
    bridge.close()
    unfinished.bar.deleteLater()

    again = make_bridge()
    resumed = UnfinishedImport(again, theme, Preferences(paths.settings_file()), again)
    with qtbot.waitSignal(again.import_finished, timeout=30_000):
        resumed.go_on()
        inference = again.runner.executor(Lane.INFERENCE)
        assert isinstance(inference, ManualExecutor)
        inference.run_next()
        qtbot.waitUntil(lambda: len(inference) == 1)
        inference.run_next()
    found = [_settings_of(drawn, folder / "scan.jpg") for folder in folders]
    assert found == [{"normal"}, {"thorough"}, {"normal"}]
    assert settings.load(paths.settings_file()).unfinished_looks == {}
    again.close()
    resumed.bar.deleteLater()

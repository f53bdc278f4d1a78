"""What the window says around an import: nothing found, other pictures found, broken off, in the way of a removal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from facetagger import paths, settings
from facetagger.jobs.executors import ManualExecutor
from facetagger.jobs.lanes import Lane
from facetagger.operations.session import Session
from facetagger.ui.album_menu import AlbumMenu
from facetagger.ui.bridge import Bridge
from facetagger.ui.executor import QThreadExecutor
from facetagger.ui.images import ImageLoader
from facetagger.ui.main_window import MainWindow
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import ThemeManager
from tests.ui.conftest import DrawnAlbum

MakeWindow = Callable[[Bridge], MainWindow]


@pytest.fixture
def make_window(qtbot: QtBot, theme: ThemeManager) -> MakeWindow:
    def make(bridge: Bridge) -> MainWindow:
        window = MainWindow(bridge, ImageLoader(bridge), theme, Preferences(paths.settings_file()))
        qtbot.addWidget(window)
        window.show()
        return window

    return make


@pytest.fixture
def inference() -> ManualExecutor:
    """Imports wait until they are told to run."""
    return ManualExecutor()


@pytest.fixture
def empty(tmp_path: Path, inference: ManualExecutor, qapp: QApplication) -> Iterator[Bridge]:
    with Session.open(tmp_path / "empty") as session:
        bridge = Bridge(session, _lanes(inference))
        yield bridge
        bridge.close()


@pytest.fixture
def full(drawn: DrawnAlbum, inference: ManualExecutor, qapp: QApplication) -> Iterator[Bridge]:
    bridge = Bridge(drawn.session, _lanes(inference))
    yield bridge
    bridge.close()


def _lanes(inference: ManualExecutor) -> dict[Lane, Executor]:
    lanes: dict[Lane, Executor] = {lane: QThreadExecutor(1, lane) for lane in Lane if lane is not Lane.INFERENCE}
    return lanes | {Lane.INFERENCE: inference}


def _drop(window: MainWindow, *dropped: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in dropped])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(100, 100), copy, data, left, plain))
    QApplication.sendEvent(window, QDropEvent(QPointF(100, 100), copy, data, left, plain))


def _is_on_start(window: MainWindow) -> Callable[[], bool]:
    return lambda: window.pages.currentWidget() is window.pages.start


def test_a_folder_without_photos_is_told_where_the_user_looks(
    qtbot: QtBot, make_window: MakeWindow, empty: Bridge, inference: ManualExecutor, tmp_path: Path
) -> None:
    window = make_window(empty)
    qtbot.waitUntil(_is_on_start(window))
    (tmp_path / "letters").mkdir()
    with qtbot.waitSignal(empty.import_finished):
        _drop(window, tmp_path / "letters")
        inference.run_all()
    assert window.notice.text == "There are no photos in that folder."
    assert window.notice.isVisible()
    assert _is_on_start(window)()


def test_files_that_are_no_photos_do_not_replace_the_start_page(
    qtbot: QtBot, make_window: MakeWindow, empty: Bridge, inference: ManualExecutor, tmp_path: Path
) -> None:
    window = make_window(empty)
    qtbot.waitUntil(_is_on_start(window))
    (tmp_path / "letter.txt").write_text("Dear all")
    _drop(window, tmp_path / "letter.txt")
    assert window.notice.text.startswith("There is no photo among these files.")
    assert not empty.is_importing
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    with qtbot.waitSignal(empty.import_finished):
        _drop(window, tmp_path / "broken.jpg")
        # Long enough for the page of the photos to come first.
        qtbot.waitUntil(lambda: not _is_on_start(window)())
        inference.run_all()
    qtbot.waitUntil(_is_on_start(window))
    assert window.notice.text.startswith("No photo could be added. 1 file cannot be read")


def _paint_over(drawn: DrawnAlbum, count: int) -> list[Path]:
    files = [drawn.session.library.photos.get(photo).path for photo in drawn.photos[:count]]
    for file in files:
        with Image.open(file) as picture:
            size = picture.size
        Image.new("RGB", size, ("navy", "teal", "olive")[files.index(file)]).save(file)
    return files


def _answer(window: MainWindow, text: str) -> None:
    next(each for each in window.changed_files.bar.buttons if each.text() == text).click()


def _find_changed(qtbot: QtBot, bridge: Bridge, inference: ManualExecutor, files: list[Path]) -> None:
    with qtbot.waitSignal(bridge.import_finished):
        bridge.start_import(files)
        inference.run_all()


def test_files_with_other_pictures_are_asked_about_at_once(
    qtbot: QtBot, make_window: MakeWindow, full: Bridge, inference: ManualExecutor, drawn: DrawnAlbum
) -> None:
    window = make_window(full)
    files = _paint_over(drawn, 3)
    _find_changed(qtbot, full, inference, files)
    bar = window.changed_files.bar
    assert bar.text == "3 files hold other pictures than when they were added."
    before = [photo.image_hash for photo in drawn.session.library.photos.get_many(drawn.photos[:3])]
    _answer(window, "Same photos, touched up")
    qtbot.waitUntil(lambda: not bar.isVisible())
    after = [photo.image_hash for photo in drawn.session.library.photos.get_many(drawn.photos[:3])]
    assert not set(before) & set(after)


def test_files_with_other_pictures_can_be_taken_for_new_photos(
    qtbot: QtBot, make_window: MakeWindow, full: Bridge, inference: ManualExecutor, drawn: DrawnAlbum
) -> None:
    window = make_window(full)
    files = _paint_over(drawn, 1)
    _find_changed(qtbot, full, inference, files)
    assert window.changed_files.bar.text.endswith("holds another picture than when it was added.")
    _answer(window, "New photos")
    qtbot.waitUntil(lambda: full.is_importing)
    assert full.import_paths == tuple(files)
    assert drawn.session.library.photos.get(drawn.photos[0]).is_missing
    assert not window.changed_files.bar.isVisible()


def test_files_with_other_pictures_can_be_decided_about_later(
    qtbot: QtBot, make_window: MakeWindow, full: Bridge, inference: ManualExecutor, drawn: DrawnAlbum
) -> None:
    window = make_window(full)
    _find_changed(qtbot, full, inference, _paint_over(drawn, 2))
    _answer(window, "Decide later")
    assert not window.changed_files.bar.isVisible()
    assert not drawn.session.library.photos.get(drawn.photos[0]).is_missing


def test_an_answer_that_cannot_be_followed_is_explained_beside_the_question(
    qtbot: QtBot, make_window: MakeWindow, full: Bridge, inference: ManualExecutor, drawn: DrawnAlbum
) -> None:
    window = make_window(full)
    files = _paint_over(drawn, 2)
    Image.new("RGB", (300, 20), "navy").save(files[1])
    _find_changed(qtbot, full, inference, files)
    _answer(window, "Same photos, touched up")
    qtbot.waitUntil(lambda: "has another shape than before" in window.changed_files.bar.text)
    assert window.changed_files.bar.isVisible()
    assert not window.notice.isVisible()


def test_an_import_that_was_broken_off_is_offered_at_the_next_start(
    qtbot: QtBot, make_window: MakeWindow, drawn: DrawnAlbum, inference: ManualExecutor, tmp_path: Path
) -> None:
    bridge = Bridge(drawn.session, _lanes(ManualExecutor()))
    window = make_window(bridge)
    assert not window.unfinished.bar.isVisible()
    bridge.start_import([tmp_path / "pictures"])
    bridge.start_import([tmp_path / "more"])
    window.close()
    bridge.close()

    again = Bridge(drawn.session, _lanes(inference))
    window = make_window(again)
    assert window.unfinished.bar.text == "The last import was not finished."
    window.unfinished.bar.buttons[0].click()
    assert again.import_paths == (tmp_path / "pictures", tmp_path / "more")
    assert not window.unfinished.bar.isVisible()
    assert settings.load(paths.settings_file()).unfinished_imports
    with qtbot.waitSignal(again.import_finished):
        again.cancel_import()
        inference.run_all()
    assert settings.load(paths.settings_file()).unfinished_imports == {}
    again.close()


def test_an_unfinished_import_can_be_left(
    qtbot: QtBot, make_window: MakeWindow, full: Bridge, drawn: DrawnAlbum
) -> None:
    folder = str(drawn.session.library.folder.absolute())
    left = {folder: ["/photos"], "/another library": ["/elsewhere"]}
    settings.save(paths.settings_file(), settings.Settings(unfinished_imports=left))
    window = make_window(full)
    window.unfinished.bar.close_button.click()
    assert not window.unfinished.bar.isVisible()
    assert settings.load(paths.settings_file()).unfinished_imports == {"/another library": ["/elsewhere"]}


def test_removing_an_album_that_is_being_added_to_stops_that_first(
    qtbot: QtBot,
    make_window: MakeWindow,
    full: Bridge,
    inference: ManualExecutor,
    theme: ThemeManager,
    drawn: DrawnAlbum,
    tmp_path: Path,
) -> None:
    window = make_window(full)
    album = drawn.session.library.albums.get(drawn.beach)
    assert album.folder == tmp_path / "pictures"
    full.start_import([tmp_path / "pictures"])
    window.removal.remove(album)
    (box,) = window.findChildren(QMessageBox)
    next(each for each in box.findChildren(QPushButton) if each.text() == "Stop and remove").click()
    with qtbot.waitSignal(full.import_finished) as blocker:
        inference.run_all()
    assert blocker.args[0].was_cancelled
    qtbot.waitUntil(lambda: drawn.session.library.albums.is_removed(drawn.beach))


def test_an_album_at_rest_is_removed_without_a_question(
    qtbot: QtBot, make_window: MakeWindow, full: Bridge, theme: ThemeManager, drawn: DrawnAlbum, tmp_path: Path
) -> None:
    window = make_window(full)
    full.start_import([tmp_path / "elsewhere"])
    menu = AlbumMenu(drawn.session.library.albums.get(drawn.beach), full, theme, window)
    menu.remove_requested.connect(window.removal.remove)
    menu.actions()[-1].trigger()
    qtbot.waitUntil(lambda: drawn.session.library.albums.is_removed(drawn.beach))
    assert full.is_importing

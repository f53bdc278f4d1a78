"""The bars of the real window: where one can go, what can be undone, what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger import paths, settings
from facetagger.entities import Change, FaceState
from facetagger.errors import FaceTaggerError
from facetagger.jobs.executors import ManualExecutor
from facetagger.jobs.lanes import Lane
from facetagger.operations.session import Session
from facetagger.ui.actions import TABLE, Command
from facetagger.ui.album_menu import AlbumMenu
from facetagger.ui.bridge import Bridge
from facetagger.ui.destinations import ALL_PHOTOS, Destination, Place
from facetagger.ui.executor import QThreadExecutor
from facetagger.ui.images import ImageLoader
from facetagger.ui.main_window import MainWindow
from facetagger.ui.preferences import Preferences
from facetagger.ui.set_aside.page import SetAsidePage
from facetagger.ui.sidebar import SidebarRow
from facetagger.ui.theme import ThemeManager
from facetagger.ui.top_bar import LastNameCompleter
from tests.ui.conftest import DrawnAlbum


def _rows(window: MainWindow) -> list[SidebarRow]:
    return [row for row in window.sidebar.findChildren(SidebarRow) if not row.isHidden()]


def _row(window: MainWindow, text: str) -> SidebarRow:
    return next(row for row in _rows(window) if row.text() == text)


def _says(window: MainWindow, text: str, counted: str) -> Callable[[], bool]:
    return lambda: f"{text}, {counted}" in [row.accessibleName() for row in _rows(window)]


def test_the_sidebar_counts_what_there_is(qtbot: QtBot, window: MainWindow) -> None:
    for text, count in (("All photos", "12"), ("People", "1"), ("Beach", "6"), ("Strangers", "2"), ("Not a face", "1")):
        qtbot.waitUntil(_says(window, text, count))


def test_an_album_shows_its_photos_alone(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    qtbot.waitUntil(_says(window, "Beach", "6"))
    _row(window, "Beach").click()
    qtbot.waitUntil(lambda: tuple(window.pages.grid.grid.photo_ids) == drawn.photos[:6])
    assert window.destination == Destination(Place.ALBUM, album=drawn.beach)


def test_undo_names_the_act_and_takes_it_back(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    undo = window.actions_table[Command.UNDO]
    qtbot.waitUntil(lambda: undo.text() == "Undo: name Anna")
    undo.trigger()
    redo = window.actions_table[Command.REDO]
    qtbot.waitUntil(lambda: redo.text() == "Redo: name Anna")
    assert drawn.session.library.faces.get(drawn.named).state is FaceState.OPEN
    redo.trigger()
    qtbot.waitUntil(lambda: drawn.session.library.faces.get(drawn.named).state is FaceState.CONFIRMED)


def test_searching_a_name_leaves_that_persons_photos(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    QTest.keyClicks(window.top_bar.search, "anna")
    QTest.keyClick(window.top_bar.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: list(window.pages.grid.grid.photo_ids) == [drawn.photos[0]])
    QTest.keyClick(window.top_bar.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: len(window.pages.grid.grid.photo_ids) == 12)
    assert window.destination == ALL_PHOTOS


def test_searching_years_leaves_the_photos_of_those_years(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    QTest.keyClicks(window.top_bar.search, "1992..1994")
    qtbot.waitUntil(lambda: tuple(window.pages.grid.grid.photo_ids) == drawn.photos[2:5])


def test_words_that_nobody_is_called_are_looked_for_in_file_names(
    qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum
) -> None:
    QTest.keyClicks(window.top_bar.search, "scan_07")
    qtbot.waitUntil(lambda: list(window.pages.grid.grid.photo_ids) == [drawn.photos[7]])


def test_leaving_a_search_empties_its_field(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClicks(window.top_bar.search, "anna")
    qtbot.waitUntil(lambda: window.destination.place is Place.SEARCH)
    window.actions_table[Command.SHOW_PHOTOS].trigger()
    assert window.top_bar.search.text() == ""


def test_the_search_offers_the_names_there_are(qtbot: QtBot, window: MainWindow) -> None:
    completer = window.top_bar.search.completer()
    assert completer is not None
    qtbot.waitUntil(lambda: completer.model() is not None and completer.model().rowCount() == 1)
    completer.setCompletionPrefix("nn")
    assert completer.currentCompletion().strip() == '"Anna"'


def test_a_name_that_is_chosen_is_searched_for(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    field = window.top_bar.search
    completer = field.completer()
    assert completer is not None
    qtbot.waitUntil(lambda: completer.model().rowCount() == 1)
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "an")
    popup = completer.popup()
    assert popup is not None
    qtbot.waitUntil(popup.isVisible)
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert field.text() == '"Anna" '
    qtbot.waitUntil(lambda: list(window.pages.grid.grid.photo_ids) == [drawn.photos[0]])


@pytest.mark.parametrize(
    ("typed", "prefix"), [("an", "an"), ('"Anna" pe', "pe"), ("-pe", "pe"), ('"Anna" -"Pe', "Pe"), ('"Anna" ', "")]
)
def test_only_the_name_that_is_being_typed_is_completed(qapp: QApplication, typed: str, prefix: str) -> None:
    assert LastNameCompleter().splitPath(typed) == [prefix]


def test_a_removed_album_goes_and_undo_brings_it_back(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    qtbot.waitUntil(_says(window, "All photos", "12"))
    bridge.act(lambda: drawn.session.albums.remove(drawn.beach))
    qtbot.waitUntil(_says(window, "All photos", "6"))
    qtbot.waitUntil(lambda: tuple(window.pages.grid.grid.photo_ids) == drawn.photos[6:])
    window.actions_table[Command.UNDO].trigger()
    qtbot.waitUntil(_says(window, "Beach", "6"))


def test_the_window_leaves_an_album_that_is_removed(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    qtbot.waitUntil(_says(window, "Beach", "6"))
    _row(window, "Beach").click()
    bridge.act(lambda: drawn.session.albums.remove(drawn.beach))
    qtbot.waitUntil(lambda: window.destination == ALL_PHOTOS)
    qtbot.waitUntil(lambda: tuple(window.pages.grid.grid.photo_ids) == drawn.photos[6:])


def test_an_album_can_be_renamed_from_its_menu(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, theme: ThemeManager, drawn: DrawnAlbum
) -> None:
    menu = AlbumMenu(drawn.session.library.albums.get(drawn.beach), bridge, theme, window)
    assert [action.text() for action in menu.actions() if action.text()] == [
        "Rename…",
        "Look for new photos",
        "Look harder for faces",
        "Show folder",
        "The folder was moved…",
        "Remove from the library",
    ]
    menu.rename("Summer")
    qtbot.waitUntil(_says(window, "Summer", "6"))


def test_an_error_is_shown_in_its_place_and_goes_with_the_page(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    bridge.act(lambda: drawn.session.albums.rename(drawn.beach, " "))
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text == "The album's name is empty. Type a name."
    window.go(Destination(Place.STRANGERS))
    assert not window.notice.isVisible()


def test_a_long_error_wraps_instead_of_widening_the_window(window: MainWindow) -> None:
    before = window.minimumSizeHint().width()
    window.notice.show_error(FaceTaggerError("No photo is in " + "a very long folder/" * 20, hint="Choose another."))
    assert window.minimumSizeHint().width() == before


def test_an_error_goes_with_the_next_act_that_succeeds(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    bridge.act(lambda: drawn.session.albums.rename(drawn.beach, " "))
    qtbot.waitUntil(window.notice.isVisible)
    bridge.act(lambda: drawn.session.naming.ignore([drawn.unnamed]))
    qtbot.waitUntil(lambda: not window.notice.isVisible())


def test_undo_can_be_asked_for_as_soon_as_the_act_was(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    undo, redo = window.actions_table[Command.UNDO], window.actions_table[Command.REDO]
    qtbot.waitUntil(lambda: undo.text() == "Undo: name Anna")
    undo.trigger()
    redo.trigger()
    undo.trigger()
    qtbot.waitUntil(lambda: redo.text() == "Redo: name Anna")
    assert drawn.session.library.faces.get(drawn.named).state is FaceState.OPEN
    undo.trigger()
    undo.trigger()
    qtbot.waitUntil(lambda: not undo.isEnabled())
    assert not window.notice.isVisible()


def test_an_act_that_fails_leaves_nothing_to_undo(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    undo = window.actions_table[Command.UNDO]
    qtbot.waitUntil(undo.isEnabled)
    undo.trigger()
    undo.trigger()
    qtbot.waitUntil(lambda: not undo.isEnabled())
    bridge.act(lambda: drawn.session.albums.rename(drawn.beach, " "))
    assert undo.isEnabled()
    qtbot.waitUntil(lambda: not undo.isEnabled())


def test_undo_works_from_the_empty_search_field(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    undo = window.actions_table[Command.UNDO]
    qtbot.waitUntil(lambda: undo.text() == "Undo: name Anna")
    window.activateWindow()
    field = window.top_bar.search
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "anna")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == "", "its own typing comes first"
    QTest.keyClicks(field, "anna")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: drawn.session.library.faces.get(drawn.named).state is FaceState.OPEN)
    shifted = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(field, Qt.Key.Key_Z, shifted)
    qtbot.waitUntil(lambda: drawn.session.library.faces.get(drawn.named).state is FaceState.CONFIRMED)


def test_the_focus_goes_to_the_page_when_its_album_is_removed(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    qtbot.waitUntil(_says(window, "Beach", "6"))
    window.activateWindow()
    _row(window, "Beach").setFocus()
    qtbot.waitUntil(_row(window, "Beach").hasFocus)
    bridge.act(lambda: drawn.session.albums.rename(drawn.beach, "Summer"))
    qtbot.waitUntil(_says(window, "Summer", "6"))
    qtbot.waitUntil(_row(window, "Summer").hasFocus)
    bridge.act(lambda: drawn.session.albums.remove(drawn.beach))
    qtbot.waitUntil(_says(window, "All photos", "6"))
    qtbot.waitUntil(lambda: window.pages.grid.isAncestorOf(QApplication.focusWidget() or window))


@pytest.mark.parametrize("place", [Place.REVIEW, Place.PEOPLE, Place.GROUPS, Place.STRANGERS, Place.NOT_FACES])
def test_every_place_opens(qtbot: QtBot, window: MainWindow, place: Place) -> None:
    window.go(Destination(place))
    assert window.pages.currentWidget() is not window.pages.grid
    window.go(ALL_PHOTOS)
    assert window.pages.currentWidget() is window.pages.grid


def test_a_photo_opens_and_closes_onto_the_grid(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    window.open_photo(drawn.photos[2])
    assert window.pages.is_photo_open
    qtbot.waitUntil(lambda: window.pages.photo.contents is not None)
    window.pages.photo.back_wanted.emit()
    assert window.pages.currentWidget() is window.pages.grid
    assert window.pages.grid.grid.selected == [drawn.photos[2]]


def test_the_place_of_the_window_is_remembered(
    qtbot: QtBot,
    window: MainWindow,
    bridge: Bridge,
    images: ImageLoader,
    theme: ThemeManager,
) -> None:
    window.resize(781, 603)
    window.close()
    again = MainWindow(bridge, images, theme, Preferences(paths.settings_file()))
    qtbot.addWidget(again)
    assert (again.width(), again.height()) == (781, 603)


def test_every_command_has_words_and_no_shortcut_is_given_twice() -> None:
    assert {entry.command for entry in TABLE} == set(Command)
    shortcuts = [shortcut for entry in TABLE for shortcut in entry.shortcuts]
    assert len(shortcuts) == len(set(shortcuts))


def test_dropped_folders_are_added(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum, tmp_path: Path
) -> None:
    (tmp_path / "dropped").mkdir()
    (tmp_path / "dropped" / "broken.jpg").write_bytes(b"no picture")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped"))])
    copy, left, plain = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(100, 100), copy, data, left, plain))
    with qtbot.waitSignal(bridge.import_finished, timeout=30_000):
        QApplication.sendEvent(window, QDropEvent(QPointF(100, 100), copy, data, left, plain))
    assert window.status.skipped_text == "1 file skipped"


def test_a_page_that_was_hidden_is_up_to_date_when_it_comes_back(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    window.go(Destination(Place.STRANGERS))
    page = window.pages.currentWidget()
    assert isinstance(page, SetAsidePage)
    model = page.view.model()
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    window.go(ALL_PHOTOS)
    changes: list[Change] = []
    bridge.changed.connect(changes.append)
    bridge.act(lambda: drawn.session.naming.ignore([drawn.unnamed]))
    qtbot.waitUntil(lambda: bool(changes))
    window.go(Destination(Place.STRANGERS))
    qtbot.waitUntil(lambda: model.rowCount() == 3)


@pytest.fixture
def empty_window(qtbot: QtBot, qapp: QApplication, theme: ThemeManager, tmp_path: Path) -> Iterator[MainWindow]:
    with Session.open(tmp_path / "empty") as session:
        # Imports wait: what a network does with a photo is not looked at here.
        lanes: dict[Lane, Executor] = {lane: QThreadExecutor(1, lane) for lane in Lane if lane is not Lane.INFERENCE}
        bridge = Bridge(session, lanes | {Lane.INFERENCE: ManualExecutor()})
        window = MainWindow(bridge, ImageLoader(bridge), theme, Preferences(paths.settings_file()))
        qtbot.addWidget(window)
        window.show()
        qtbot.waitUntil(lambda: window.pages.currentWidget() is window.pages.start)
        yield window
        bridge.close()


def test_an_empty_library_begins_with_the_start_page(empty_window: MainWindow) -> None:
    assert not empty_window.actions_table[Command.EXPORT].isEnabled()
    assert not empty_window.actions_table[Command.UNDO].isEnabled()
    assert [row.text() for row in _rows(empty_window)] == ["All photos", "Review", "People"]


def test_the_sample_album_is_one_click_away(qtbot: QtBot, empty_window: MainWindow, tmp_path: Path) -> None:
    empty_window.pages.start.sample.click()
    qtbot.waitUntil(lambda: empty_window.status.text == "Looking for photos…", timeout=60_000)
    assert len(list((tmp_path / "empty" / "Sample album").rglob("*.jpg"))) > 10
    qtbot.waitUntil(lambda: empty_window.pages.currentWidget() is empty_window.pages.grid)


def test_preferences_change_the_theme_and_keep_it(qtbot: QtBot, window: MainWindow, theme: ThemeManager) -> None:
    from PySide6.QtWidgets import QRadioButton

    dialog = window.show_preferences()
    qtbot.addWidget(dialog)
    next(each for each in dialog.findChildren(QRadioButton) if each.text() == "Dark").click()
    assert theme.current.is_dark
    assert settings.load(paths.settings_file()).theme == "dark"


def test_the_keyboard_stands_on_the_look_that_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    from PySide6.QtWidgets import QRadioButton

    dialog = window.show_preferences()
    qtbot.addWidget(dialog)
    focused = dialog.focusWidget()
    assert isinstance(focused, QRadioButton)
    assert focused.text() == "Light"


def test_the_context_menu_of_the_sidebar_is_asked_for_at_the_album(
    qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum
) -> None:
    qtbot.waitUntil(_says(window, "Beach", "6"))
    with qtbot.waitSignal(window.sidebar.album_menu_requested) as blocker:
        _row(window, "Beach").menu_requested.emit(QPoint(5, 5))
    assert blocker.args[0] == drawn.beach
    for menu in window.findChildren(AlbumMenu):
        menu.close()

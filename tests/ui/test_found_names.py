"""The question an import asks when it has found names of other programs."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from facetagger.entities import FaceState, FoundIn
from facetagger.ui.actions import Command
from facetagger.ui.main_window import MainWindow
from tests.ui.conftest import DrawnAlbum


def _leave_names(drawn: DrawnAlbum) -> None:
    with drawn.session.library.transaction() as act:
        act.found_names.put(drawn.unnamed, "Anna", FoundIn.FILE)


def _import(window: MainWindow, qtbot: QtBot, folder: Path) -> None:
    bridge = window._bridge
    with qtbot.waitSignal(bridge.import_finished, timeout=10_000):
        bridge.start_import([folder])


def test_an_import_that_left_names_asks_once_and_takes_them_over_in_one_act(
    window: MainWindow, drawn: DrawnAlbum, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    _leave_names(drawn)
    _import(window, qtbot, tmp_path / "nothing")
    bar = window.found_names.bar
    qtbot.waitUntil(bar.isVisible)
    assert bar.text.startswith("Names from other programs were found in 1 photo: 1 face of 1 person. Take them over?")
    assert bar.text.endswith("Anna")
    bar.buttons[0].click()
    qtbot.waitUntil(lambda: not bar.isVisible())
    faces, history = drawn.session.library.faces, drawn.session.history
    assert faces.get(drawn.unnamed).person_id == drawn.anna
    history.undo()
    assert faces.get(drawn.unnamed).state is FaceState.OPEN


def test_not_now_is_not_asked_again_by_the_next_import_but_by_the_menu(
    window: MainWindow, drawn: DrawnAlbum, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    _leave_names(drawn)
    _import(window, qtbot, tmp_path / "nothing")
    bar = window.found_names.bar
    qtbot.waitUntil(bar.isVisible)
    bar.buttons[1].click()
    assert not bar.isVisible()
    assert drawn.session.library.faces.get(drawn.unnamed).state is FaceState.OPEN
    _import(window, qtbot, tmp_path / "nothing")
    window.actions_table[Command.FOUND_NAMES].trigger()
    qtbot.waitUntil(bar.isVisible)


def test_the_menu_says_so_where_no_names_wait(window: MainWindow, qtbot: QtBot) -> None:
    window.actions_table[Command.FOUND_NAMES].trigger()
    qtbot.waitUntil(window.notice.isVisible)
    assert window.notice.text.startswith("No names from other programs are waiting.")
    assert not window.found_names.bar.isVisible()

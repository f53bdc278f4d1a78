"""Looking harder at the open photo: what is said while it runs and after, and that it can be undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from facetagger.jobs.lanes import Lane
from facetagger.ui.photo_view.page import PhotoPage
from tests.operations.one_face_each import CORNERS, use_quick_analyser
from tests.ui.naming.rig import Rig


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1064, 724)
    return window


@pytest.fixture
def page(rig: Rig, window: QWidget) -> PhotoPage:
    """The beach photo, open and read; a thorough search finds a face in each of its corners."""
    use_quick_analyser(rig.session)
    page = PhotoPage(rig.bridge, rig.images, rig.theme, window)
    page.resize(window.size())
    window.show()
    page.show_photos([rig.family.beach, rig.family.garden], rig.family.beach)
    _run(rig)
    return page


def _run(rig: Rig) -> None:
    rig.run(Lane.LIBRARY, Lane.DECODE, Lane.REGIONS)


def _button(page: PhotoPage) -> QPushButton:
    (found,) = (each for each in page.panel.findChildren(QPushButton) if each.text() == "Look harder")
    return found


def test_the_key_starts_the_look_and_the_panel_says_what_came_of_it(page: PhotoPage, rig: Rig) -> None:
    before = len(rig.faces_of(rig.family.beach))
    QTest.keyClick(page.stage.canvas, Qt.Key.Key_L)
    assert page.panel.look_text == "Looking harder for faces…"
    assert _button(page).isHidden()
    _run(rig)
    assert page.panel.look_text == "4 more faces found"
    assert not _button(page).isHidden()
    assert len(rig.faces_of(rig.family.beach)) == before + len(CORNERS)
    assert page.contents is not None
    assert len(page.contents.faces) == before + len(CORNERS)


def test_a_second_look_says_that_there_is_nothing_more(page: PhotoPage, rig: Rig) -> None:
    for text in ("4 more faces found", "Nothing more was found"):
        _button(page).click()
        _run(rig)
        assert page.panel.look_text == text


def test_undo_takes_the_faces_of_a_look_away_again(page: PhotoPage, rig: Rig) -> None:
    before = rig.faces_of(rig.family.beach)
    _button(page).click()
    _run(rig)
    rig.bridge.act(rig.session.history.undo)
    _run(rig)
    assert rig.faces_of(rig.family.beach) == before
    assert page.contents is not None
    assert len(page.contents.faces) == len(before)


def test_a_look_goes_on_while_another_photo_is_open_and_says_nothing_there(page: PhotoPage, rig: Rig) -> None:
    _button(page).click()
    page.open(rig.family.garden)
    _run(rig)
    assert page.panel.look_text == ""
    assert len(rig.faces_of(rig.family.beach)) == 8
    assert len(rig.faces_of(rig.family.garden)) == 1


def test_a_photo_whose_file_is_gone_is_said_to_be_gone(page: PhotoPage, rig: Rig) -> None:
    rig.session.library.photos.get(rig.family.beach).path.unlink()
    _button(page).click()
    _run(rig)
    assert "does not exist" in page.panel.look_text

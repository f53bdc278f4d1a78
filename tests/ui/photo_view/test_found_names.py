"""A name that another program has for a face, on the photo: shown as a question, confirmed, refused."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, FaceState, FoundIn
from facetagger.ui.photo_view.contents import Look, ShownFace
from facetagger.ui.photo_view.face_menu import FaceAct, entries
from facetagger.ui.photo_view.page import PhotoPage
from tests.ui.naming.rig import Rig


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1064, 724)
    return window


@pytest.fixture
def page(rig: Rig, window: QWidget) -> PhotoPage:
    """The beach photo: Picasa says that the second face is Greta, the file that the third is Clara."""
    with rig.session.library.transaction() as act:
        act.found_names.put(rig.family.faces[1], "Greta Garbo", FoundIn.PICASA)
        act.found_names.put(rig.family.faces[2], "clara öberg", FoundIn.FILE)
    page = PhotoPage(rig.bridge, rig.images, rig.theme, window)
    page.resize(window.size())
    window.show()
    window.activateWindow()
    page.show_photos([rig.family.beach], rig.family.beach)
    rig.run()
    return page


def _shown(page: PhotoPage, face_id: FaceId) -> ShownFace:
    assert page.contents is not None
    found = page.contents.face(face_id)
    assert found is not None
    return found


def test_the_name_is_a_suggestion_that_says_where_it_comes_from(page: PhotoPage, rig: Rig) -> None:
    greta, clara = (_shown(page, face) for face in rig.family.faces[1:3])
    assert (greta.look, greta.offered) == (Look.SUGGESTED, "Greta Garbo")
    assert (clara.look, clara.offered) == (Look.SUGGESTED, "Clara Öberg"), "not Peter, whom the machine suggests"
    spoken = [page.panel.people.spoken(each.id) for each in (greta, clara)]
    assert spoken[0].startswith("Greta Garbo?, named in Picasa")
    assert spoken[1].startswith("Clara Öberg?, named in the file")


def test_enter_on_the_mark_takes_the_name_over(page: PhotoPage, rig: Rig) -> None:
    page.flow.activate(rig.family.faces[1])
    QTest.keyClick(page.stage.canvas, Qt.Key.Key_Return)
    rig.run()
    person = rig.face(rig.family.faces[1]).person_id
    assert person is not None
    assert rig.session.library.people.get(person).name == "Greta Garbo"


@pytest.mark.parametrize("number", [1, 2])
def test_the_name_stands_ready_in_the_field(page: PhotoPage, rig: Rig, number: int) -> None:
    page.flow.ask(rig.family.faces[number])
    rig.run()
    marked = page.stage.field.marked()
    assert marked is not None
    assert marked.name == ("Greta Garbo", "Clara Öberg")[number - 1]
    assert marked.detail.startswith(("named in Picasa", "named in the file")[number - 1])
    QTest.keyClick(page.stage.field.edit, Qt.Key.Key_Return)
    rig.run()
    person = rig.face(rig.family.faces[number]).person_id
    assert person is not None
    assert rig.session.library.people.get(person).name == marked.name


def test_typing_goes_before_the_found_name(page: PhotoPage, rig: Rig) -> None:
    page.flow.ask(rig.family.faces[1])
    rig.run()
    QTest.keyClicks(page.stage.field.edit, "peter")
    QTest.keyClick(page.stage.field.edit, Qt.Key.Key_Return)
    rig.run()
    assert rig.face(rig.family.faces[1]).person_id == rig.family.peter


@pytest.mark.parametrize("number", [1, 2])
def test_the_menu_refuses_the_name_and_undo_offers_it_again(page: PhotoPage, rig: Rig, number: int) -> None:
    face = _shown(page, rig.family.faces[number])
    texts = dict(entries(face))
    assert texts[FaceAct.NOT_THIS_PERSON] == f"Not {face.offered}"
    page.flow.do(FaceAct.NOT_THIS_PERSON, face)
    rig.run()
    assert _shown(page, face.id).found is None
    assert rig.face(face.id).state is FaceState.OPEN
    rig.bridge.act(rig.session.history.undo)
    rig.run()
    assert _shown(page, face.id).found == face.found

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceState
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.naming.name_field import NameField
from facetagger.ui.review.page import ReviewPage
from tests.ui.review.answering import asked, click_crop, press, skip_to, wait_for_name
from tests.ui.review.family import Family


def field_of(page: ReviewPage) -> NameField:
    return page.card.field


def caps(page: ReviewPage) -> dict[str, str]:
    footer = page.footer
    buttons = (footer.yes, footer.no, footer.not_faces, footer.unknown, footer.undo, footer.large)
    return {each.label: each.accessibleDescription() for each in buttons if each.isVisible()}


def test_where_a_name_is_typed_no_cap_is_a_letter_and_every_cap_works(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    assert caps(page) == {
        "5 strangers": "Alt+X",
        "Not faces": "Del",
        "I don’t know": "Tab",
        "Undo": "Ctrl+Z",
        "Large type for sitting together": "Ctrl+L",
    }
    edit = field_of(page).edit
    QTest.keyClick(edit, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert "Large" in caps(page)
    QTest.keyClick(edit, Qt.Key.Key_Tab)
    assert page.current is None or asked(page).question != group.question
    page.reviewer.take_back()
    QTest.keyClick(edit, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    faces = family.session.library.faces
    qtbot.waitUntil(lambda: all(faces.get(each).state is FaceState.IGNORED for each in group.faces))


def test_ctrl_z_brings_back_what_was_put_off(qtbot: QtBot, page: ReviewPage) -> None:
    before = asked(page)
    press(page, Qt.Key.Key_S)
    group = skip_to(qtbot, page, QuestionKind.NAME)
    while asked(page) != before:
        assert page.current is not None
        QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert group.kind is QuestionKind.NAME


def test_letters_on_the_crops_of_a_group_go_into_the_field(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    QTest.keyClick(field_of(page).edit, Qt.Key.Key_Escape)
    QTest.keyClick(page.card.grid, Qt.Key.Key_N)
    QTest.keyClicks(field_of(page).edit, "ils")
    assert asked(page) == group
    assert field_of(page).edit.text() == "nils"


def test_enter_takes_the_marked_row_from_the_crops(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    QTest.keyClicks(field_of(page).edit, "Hugo")
    QTest.keyClick(field_of(page).edit, Qt.Key.Key_Escape)
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, group.faces, "Hugo")


def test_a_click_on_a_crop_of_a_group_leaves_the_keyboard_in_the_field(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    QTest.keyClicks(field_of(page).edit, "Hugo")
    click_crop(page, 1)
    assert asked(page).excluded == group.faces[1:2]
    QTest.keyClick(page.window().focusWidget(), Qt.Key.Key_Return)
    wait_for_name(qtbot, family, (group.faces[0], *group.faces[2:]), "Hugo")


def test_a_field_beside_a_question_shows_no_keys_that_would_be_text(qtbot: QtBot, page: ReviewPage) -> None:
    press(page, Qt.Key.Key_T)
    assert set(caps(page).values()) == {"", "Ctrl+L"}
    QTest.keyClick(field_of(page).edit, Qt.Key.Key_Escape)
    assert caps(page)["I don’t know"] == "S"


def test_shift_enter_makes_a_new_person_of_a_name_that_somebody_has(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    QTest.keyClicks(field_of(page).edit, "Emil")
    QTest.keyClick(field_of(page).edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    wait_for_name(qtbot, family, group.faces, "Emil")
    assert len(family.session.library.people.find("Emil")) == 2


@pytest.mark.parametrize("family", [(4, 40)], indirect=True)
@pytest.mark.parametrize("key", [Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_Delete])
def test_a_group_is_answered_only_when_every_face_was_in_sight(
    qtbot: QtBot, page: ReviewPage, family: Family, key: Qt.Key
) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    page.toggle_large()
    page.resize(page.minimumSizeHint())
    page.reviewer.skip()
    page.reviewer.take_back()
    unseen = page.card.grid.unseen
    assert unseen > 0
    qtbot.waitUntil(lambda: page.footer.yes.label == f"See the other {unseen}")
    assert not page.footer.no.isVisible()
    assert not page.footer.not_faces.isVisible()
    edit = field_of(page).edit
    QTest.keyClick(edit, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    assert asked(page) == group
    while page.card.grid.unseen:
        before = page.card.grid.verticalScrollBar().value()
        QTest.keyClick(edit, key)
        assert asked(page) == group
        assert page.card.grid.verticalScrollBar().value() > before
    qtbot.waitUntil(page.footer.no.isVisible)
    QTest.keyClicks(edit, "Hugo")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, group.faces, "Hugo")


def test_a_number_is_refused_where_it_was_typed(qtbot: QtBot, page: ReviewPage) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    QTest.keyClicks(field_of(page).edit, "#12")
    QTest.keyClick(field_of(page).edit, Qt.Key.Key_Return)
    sentence = "“#12” is a number, not a name. Type the person's name."
    qtbot.waitUntil(lambda: field_of(page).notice == sentence)
    assert field_of(page).edit.text() == "#12"
    assert asked(page) == group

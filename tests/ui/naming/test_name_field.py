from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, PersonId, Suggestion
from facetagger.jobs.lanes import Lane
from facetagger.ui.naming.choice_list import ChoiceModel
from facetagger.ui.naming.choices import Choice
from facetagger.ui.naming.key_cap import KeyButton
from facetagger.ui.naming.name_field import NameField
from facetagger.ui.naming.provider import NamingProvider, Subject
from tests.ui.naming.rig import TAKEN, Rig

Key = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    page = QWidget()
    qtbot.addWidget(page)
    page.resize(400, 500)
    return page


@pytest.fixture
def field(rig: Rig, page: QWidget) -> NameField:
    """Asking about the unnamed face of the beach photo, with everything read."""
    field = NameField(NamingProvider(rig.bridge, page), rig.images, rig.theme, page)
    page.show()
    page.activateWindow()
    field.ask(_unnamed(rig))
    rig.run()
    return field


def _unnamed(rig: Rig) -> Subject:
    return Subject(rig.family.beach, (rig.family.faces[1],), TAKEN)


def _suggested(rig: Rig) -> Subject:
    face_id = rig.family.faces[2]
    peter = rig.session.library.people.get(rig.family.peter)
    suggestion = Suggestion(face_id, peter.id, 0.97)
    return Subject(rig.family.beach, (face_id,), TAKEN, suggestion=suggestion, suggested=peter)


def _add_anna(rig: Rig) -> PersonId:
    """Another Anna Lind, of whom less is known."""
    with rig.session.library.transaction() as act:
        return act.people.add("Anna Lind")


def _names(field: NameField) -> list[str]:
    return [row.name for row in field.rows()]


def _pressed(qtbot: QtBot, field: NameField, signal: str, key: Key, *, shift: bool = False) -> list[object]:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    with qtbot.waitSignal(getattr(field, signal), timeout=1000) as blocker:
        QTest.keyClick(field.edit, key, modifier)
    return list(blocker.args or [])


def test_the_field_opens_focused_and_empty(field: NameField) -> None:
    assert field.edit.hasFocus()
    assert field.edit.text() == ""
    assert field.edit.accessibleName() == "Who is this?"


def test_the_ways_out_are_never_cut(field: NameField) -> None:
    buttons = field.findChildren(KeyButton)
    assert [each.text() for each in buttons] == ["Stranger", "Not a face", "Later"]
    assert all(each.width() >= each.sizeHint().width() for each in buttons)


def test_people_of_the_album_are_offered_without_typing(field: NameField) -> None:
    assert "Peter Lind" in _names(field)


def test_a_suggestion_is_the_marked_row_before_anything_is_read(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    field.ask(_suggested(rig))
    marked = field.marked()
    assert marked is not None
    assert marked.name == "Peter Lind"
    assert _pressed(qtbot, field, "chosen", Key.Key_Return) == [rig.family.peter]


def test_enter_takes_nobody_while_nothing_is_marked(field: NameField, qtbot: QtBot) -> None:
    assert field.marked() is None
    with qtbot.assertNotEmitted(field.chosen):
        QTest.keyClick(field.edit, Key.Key_Return)


def test_number_keys_take_a_row_while_nothing_is_typed(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    field.ask(_suggested(rig))
    rig.run()
    assert _pressed(qtbot, field, "chosen", Key.Key_1) == [rig.family.peter]


def test_numbers_and_letters_are_text_once_something_is_typed(field: NameField, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "Max 2")
    assert field.edit.text() == "Max 2"


def test_alt_x_and_del_set_the_face_aside(field: NameField, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.stranger, timeout=1000):
        QTest.keyClick(field.edit, Key.Key_X, ALT)
    _pressed(qtbot, field, "not_a_face", Key.Key_Delete)


@pytest.mark.parametrize("name", ["Xenia", "xenia"])
def test_a_name_may_begin_with_an_x(field: NameField, qtbot: QtBot, name: str) -> None:
    with qtbot.assertNotEmitted(field.stranger):
        QTest.keyClicks(field.edit, name)
    assert field.edit.text() == name
    assert _pressed(qtbot, field, "new_person", Key.Key_Return) == [name]


def test_no_letter_is_a_command(field: NameField, qtbot: QtBot) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    for letter in letters:
        field.edit.clear()
        QTest.keyClicks(field.edit, letter)
        assert field.edit.text() == letter


def test_alt_x_is_a_stranger_also_after_something_was_typed(field: NameField, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "xen")
    with qtbot.waitSignal(field.stranger, timeout=1000):
        QTest.keyClick(field.edit, Key.Key_X, ALT)
    assert field.edit.text() == "xen"


def test_a_single_letter_becomes_nobody_by_a_bare_enter(field: NameField, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "s")
    with qtbot.assertNotEmitted(field.new_person), qtbot.assertNotEmitted(field.chosen):
        QTest.keyClick(field.edit, Key.Key_Return)
    assert field.notice == "Is “s” the whole name? Shift+Enter takes it."
    assert _pressed(qtbot, field, "new_person", Key.Key_Return, shift=True) == ["s"]


def test_a_single_letter_typed_in_a_hurry_becomes_nobody_either(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    fresh = _new_field(rig, field)
    QTest.keyClicks(fresh.edit, "s")
    with qtbot.assertNotEmitted(fresh.new_person):
        QTest.keyClick(fresh.edit, Key.Key_Return)
        rig.run()


def test_between_two_people_of_one_name_enter_only_asks_which(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    twin = _add_anna(rig)
    field.ask(_unnamed(rig))
    rig.run()
    QTest.keyClicks(field.edit, "anna lind")
    assert field.marked() is None
    with qtbot.assertNotEmitted(field.chosen), qtbot.assertNotEmitted(field.new_person):
        QTest.keyClick(field.edit, Key.Key_Return)
    assert field.notice == "Which Anna Lind? Choose with ↓ and Enter."
    details = [row.detail for row in field.rows()[:2]]
    assert any("born 1967" in each for each in details)
    assert all("photo" in each for each in details)
    QTest.keyClick(field.edit, Key.Key_Down)
    QTest.keyClick(field.edit, Key.Key_Down)
    second = field.rows()[1].person
    assert second is not None
    assert _pressed(qtbot, field, "chosen", Key.Key_Return) == [second.id]
    assert {row.person.id for row in field.rows()[:2] if row.person} == {rig.family.anna, twin}


def test_an_enter_in_a_hurry_asks_which_of_two_people(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    _add_anna(rig)
    fresh = _new_field(rig, field)
    QTest.keyClicks(fresh.edit, "Anna Lind")
    with qtbot.assertNotEmitted(fresh.chosen), qtbot.assertNotEmitted(fresh.new_person):
        QTest.keyClick(fresh.edit, Key.Key_Return)
        rig.run()
    assert fresh.notice.startswith("Which Anna Lind?")


@pytest.mark.parametrize("number", ["7", "#12", "1972"])
def test_a_number_is_refused_with_a_sentence_and_stays_in_the_line(field: NameField, qtbot: QtBot, number: str) -> None:
    field.edit.setText(number)
    with qtbot.assertNotEmitted(field.new_person), qtbot.assertNotEmitted(field.chosen):
        QTest.keyClick(field.edit, Key.Key_Return)
    assert field.notice == f"“{number}” is a number, not a name. Type the person's name."
    assert field.edit.text() == number
    QTest.keyClicks(field.edit, "a")
    assert field.notice == ""


def test_for_several_faces_a_number_key_takes_only_a_likely_person(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    faces = (rig.family.faces[1], rig.family.faces[3])
    field.ask(Subject(rig.family.beach, faces, TAKEN))
    rig.run()
    first = field.rows()[0]
    assert first.person is not None
    with qtbot.assertNotEmitted(field.chosen):
        QTest.keyClick(field.edit, Key.Key_1)
    assert field.marked() == first
    assert field.notice == f"Enter names all 2 faces {first.name}."
    assert _pressed(qtbot, field, "chosen", Key.Key_Return) == [first.person.id]


def test_several_faces_are_not_named_by_one_letter(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    field.ask(Subject(rig.family.beach, (rig.family.faces[1], rig.family.faces[3]), TAKEN))
    rig.run()
    QTest.keyClicks(field.edit, "p")
    assert "Peter Lind" in _names(field)
    with qtbot.assertNotEmitted(field.chosen), qtbot.assertNotEmitted(field.new_person):
        QTest.keyClick(field.edit, Key.Key_Return)
    assert field.notice == "Type more of the name, or choose with ↓ and Enter."
    QTest.keyClicks(field.edit, "e")
    assert _pressed(qtbot, field, "chosen", Key.Key_Return) == [rig.family.peter]


def test_a_held_field_answers_nothing_but_keeps_what_is_typed(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    field.ask(_suggested(rig))
    rig.run()
    field.hold("See the others first.")
    assert field.marked() is None
    answered: list[object] = []
    for signal in (field.chosen, field.new_person, field.stranger, field.not_a_face):
        signal.connect(lambda *said: answered.append(said))
    for key in (Key.Key_1, Key.Key_Return, Key.Key_Delete):
        _pressed(qtbot, field, "more_wanted", key)
    with qtbot.waitSignal(field.more_wanted, timeout=1000):
        QTest.keyClick(field.edit, Key.Key_X, ALT)
    assert not answered
    QTest.keyClicks(field.edit, "Zoe")
    assert field.notice == "See the others first."
    field.hold("")
    assert _pressed(qtbot, field, "new_person", Key.Key_Return) == ["Zoe"]


def test_typing_an_alias_without_accents_finds_the_person(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "oberg")
    assert _names(field) == ["Clara Öberg", "oberg"]
    assert _pressed(qtbot, field, "chosen", Key.Key_Return) == [rig.family.clara]


def test_shift_enter_makes_a_new_person_although_somebody_matches(field: NameField, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "Peter")
    assert _names(field) == ["Peter Lind", "Peter"]
    assert _pressed(qtbot, field, "new_person", Key.Key_Return, shift=True) == ["Peter"]


def test_arrows_move_the_mark_round_and_round(field: NameField, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "lind")
    QTest.keyClick(field.edit, Key.Key_Up)
    marked = field.marked()
    assert marked is not None
    assert marked.is_new_person
    QTest.keyClick(field.edit, Key.Key_Down)
    assert field.marked() == field.rows()[0]


def test_the_row_that_asks_for_typing_cannot_be_marked(field: NameField, qtbot: QtBot) -> None:
    QTest.keyClick(field.edit, Key.Key_Up)
    marked = field.marked()
    assert marked is not None
    assert not marked.is_new_person


def test_rows_that_arrive_late_leave_the_mark_where_it_was_put(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    field.ask(_suggested(rig))
    QTest.keyClick(field.edit, Key.Key_Down)
    before = field.marked()
    rig.run(Lane.LIBRARY, Lane.RECOGNITION)
    assert before is not None
    after = field.marked()
    assert after is not None
    assert after.name == before.name


def _new_field(rig: Rig, field: NameField) -> NameField:
    """One that has read nothing yet, asking about the unnamed face."""
    page = field.parentWidget()
    fresh = NameField(NamingProvider(rig.bridge, page), rig.images, rig.theme, page)
    fresh.ask(_unnamed(rig))
    return fresh


def test_an_enter_before_anything_is_read_waits_and_finds_the_person(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    fresh = _new_field(rig, field)
    QTest.keyClicks(fresh.edit, "peter lind")
    with qtbot.assertNotEmitted(fresh.new_person), qtbot.waitSignal(fresh.chosen, timeout=1000) as blocker:
        QTest.keyClick(fresh.edit, Key.Key_Return)
        rig.run()
    assert blocker.args == [rig.family.peter]


def test_an_enter_before_anything_is_read_makes_a_new_person_of_an_unknown_name(
    field: NameField, rig: Rig, qtbot: QtBot
) -> None:
    fresh = _new_field(rig, field)
    QTest.keyClicks(fresh.edit, "Zoe")
    with qtbot.waitSignal(fresh.new_person, timeout=1000) as blocker:
        QTest.keyClick(fresh.edit, Key.Key_Return)
        rig.run()
    assert blocker.args == ["Zoe"]


def test_an_enter_before_anything_is_read_leaves_a_choice_to_the_user(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    fresh = _new_field(rig, field)
    QTest.keyClicks(fresh.edit, "pet")
    with qtbot.assertNotEmitted(fresh.new_person), qtbot.assertNotEmitted(fresh.chosen):
        QTest.keyClick(fresh.edit, Key.Key_Return)
        rig.run()
    assert _names(fresh) == ["Peter Lind", "pet"]


def test_what_is_read_for_an_earlier_face_is_dropped(field: NameField, rig: Rig) -> None:
    field.ask(_suggested(rig))
    field.ask(Subject(rig.family.garden, (rig.family.garden_face,), TAKEN))
    rig.run()
    assert field.subject.photo_id == rig.family.garden
    assert not any(row.probability for row in field.rows())


def test_somebody_the_face_was_said_not_to_be_is_not_offered(field: NameField, rig: Rig) -> None:
    rig.session.naming.reject([rig.family.faces[1]], rig.family.peter)
    field.ask(_unnamed(rig))
    rig.run()
    assert "Peter Lind" not in _names(field)


def test_a_confirmed_face_is_asked_about_anew_with_nobody_marked(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    anna = rig.session.library.people.get(rig.family.anna)
    field.ask(Subject(rig.family.beach, (rig.family.faces[0],), TAKEN, named=anna))
    rig.run()
    assert "Anna Lind" not in _names(field)
    assert field.marked() is None
    button = next(each for each in field.findChildren(QPushButton) if each.text() == "Not Anna Lind")
    with qtbot.waitSignal(field.rejected, timeout=1000) as blocker:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert blocker.args == [rig.family.anna]


def test_tab_leaves_the_face_for_later_and_esc_closes(field: NameField, qtbot: QtBot) -> None:
    _pressed(qtbot, field, "later", Key.Key_Tab)
    _pressed(qtbot, field, "earlier", Key.Key_Backtab, shift=True)
    _pressed(qtbot, field, "closed", Key.Key_Escape)


def test_a_click_on_a_row_takes_it(field: NameField, rig: Rig, qtbot: QtBot) -> None:
    QTest.keyClicks(field.edit, "clara")
    view = field.choice_list
    spot = view.visualRect(view.model().index(0, 0)).center()
    with qtbot.waitSignal(field.chosen, timeout=1000) as blocker:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert blocker.args == [rig.family.clara]


def test_the_model_keeps_the_rules_of_item_models(qtbot: QtBot) -> None:
    model = ChoiceModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show([Choice(None, "")], has_numbers=True)
    model.show([Choice(None, "Ann", portrait=FaceId(1)), Choice(None, "")], has_numbers=False)
    assert tester.model() is model

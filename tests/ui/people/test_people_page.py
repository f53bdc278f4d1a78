from __future__ import annotations

from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QDialog, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, FaceState, Person, PersonId
from facetagger.library import PersonSummary
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.people.edit_dialog import EditPersonDialog
from facetagger.ui.people.group_cards import GroupRole
from facetagger.ui.people.merge_dialog import MergeDialog
from facetagger.ui.people.model import Index, PeopleModel, PersonRole
from facetagger.ui.people.page import PeoplePage
from facetagger.ui.people.reading import Order, ordered
from tests.ui.review.family import Family

D = TypeVar("D", bound=QDialog)


def names(page: PeoplePage) -> list[str]:
    model = page.grid.model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def index_of(page: PeoplePage, person_id: PersonId) -> QModelIndex:
    model = page.grid.model()
    return next(
        model.index(row, 0)
        for row in range(model.rowCount())
        if model.index(row, 0).data(PersonRole.PERSON) == person_id
    )


def dialog(page: PeoplePage, kind: type[D]) -> D:
    return next(each for each in page.findChildren(kind) if each.isVisible())


def summary(number: int, name: str, photos: int) -> PersonSummary:
    return PersonSummary(Person(PersonId(number), name), photos, 0, photos)


def confirmed(family: Family, person_id: PersonId) -> list[FaceId]:
    return family.session.library.faces.ids(state=FaceState.CONFIRMED, person=person_id)


def test_people_stand_by_photos_or_by_name() -> None:
    people = {each.person.id: each for each in (summary(1, "Karl", 3), summary(2, "Anna", 9), summary(3, "anna", 3))}
    assert ordered(people, Order.PHOTOS) == [2, 3, 1]
    assert ordered(people, Order.NAME) == [2, 3, 1]


def test_everybody_is_shown_with_photos_and_dates(
    qtbot: QtBot, people_page: PeoplePage, family: Family, bridge: Bridge
) -> None:
    bridge.act(lambda: family.session.people.set_dates(family.peter, "1939", "2004"))
    row = people_page.grid.model().index(names(people_page).index("Peter Lind"), 0)
    qtbot.waitUntil(lambda: row.data(PersonRole.DETAIL) == "4 photos · 1939 – 2004")


def test_enter_opens_the_photos_of_a_person(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    people_page.grid.setCurrentIndex(index_of(people_page, family.emil))
    with qtbot.waitSignal(people_page.person_opened) as opened:
        QTest.keyClick(people_page.grid, Qt.Key.Key_Return)
    assert opened.args == [family.emil]


def test_f2_renames_in_place(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    people_page.grid.setCurrentIndex(index_of(people_page, family.emil))
    QTest.keyClick(people_page.grid, Qt.Key.Key_F2)
    editor = people_page.grid.findChildren(QLineEdit)[0]
    QTest.keyClicks(editor, "Emil Lind")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Emil Lind" in names(people_page))
    assert family.session.library.people.get(family.emil).name == "Emil Lind"


def test_what_is_being_typed_survives_news_of_the_person(
    qtbot: QtBot, people_page: PeoplePage, family: Family, bridge: Bridge
) -> None:
    people_page.grid.setCurrentIndex(index_of(people_page, family.emil))
    QTest.keyClick(people_page.grid, Qt.Key.Key_F2)
    editor = people_page.grid.findChildren(QLineEdit)[0]
    QTest.keyClicks(editor, "Emil L")
    bridge.act(lambda: family.session.naming.name(family.emils, family.emil))
    with qtbot.waitSignal(bridge.busy_changed, check_params_cb=lambda is_busy: not is_busy):
        pass
    QTest.keyClicks(editor, "ind")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: sorted(names(people_page)) == ["Emil Lind", "Peter Lind"])


def test_two_people_become_one_only_after_both_were_shown(
    qtbot: QtBot, people_page: PeoplePage, family: Family
) -> None:
    model = people_page.grid.model()
    dragged = model.mimeData([index_of(people_page, family.emil)])
    target = index_of(people_page, family.peter)
    assert model.dropMimeData(dragged, Qt.DropAction.LinkAction, -1, -1, target)
    assert len(names(people_page)) == 2
    asked = dialog(people_page, MergeDialog)
    assert (asked.into, asked.others) == (family.peter, [family.emil])
    asked.merge_button.click()
    qtbot.waitUntil(lambda: names(people_page) == ["Peter Lind"])
    assert len(confirmed(family, family.peter)) == 8


def test_the_name_that_stays_can_be_chosen(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    people_page.merge([family.peter, family.emil])
    asked = dialog(people_page, MergeDialog)
    asked.keep_name_of(family.emil)
    assert asked.into == family.emil
    asked.merge_button.click()
    qtbot.waitUntil(lambda: names(people_page) == ["Emil"])


def test_people_stay_two_when_the_dialogue_is_left(people_page: PeoplePage, family: Family) -> None:
    people_page.merge([family.peter, family.emil])
    dialog(people_page, MergeDialog).reject()
    assert len(family.session.library.people.all()) == 2


def test_nobody_can_be_dropped_onto_themselves(people_page: PeoplePage, family: Family) -> None:
    model, index = people_page.grid.model(), index_of(people_page, family.emil)
    assert not model.dropMimeData(model.mimeData([index]), Qt.DropAction.LinkAction, -1, -1, index)


def test_the_dialogue_saves_name_dates_and_other_names(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    people_page.edit(family.emil)
    editor = dialog(people_page, EditPersonDialog)
    editor.name.setText("  Emil   Lind ")
    editor.aliases.setText("Uncle Emil, , E. Lind")
    editor.born.setText("c. 1931")
    editor.save_button.click()
    # The name is the last of the two acts that the dialogue makes.
    qtbot.waitUntil(lambda: family.session.library.people.get(family.emil).name == "Emil Lind")
    person = family.session.library.people.get(family.emil)
    assert (person.aliases, person.born, person.died) == (("Uncle Emil", "E. Lind"), "c. 1931", "")


def test_a_dialogue_that_changed_nothing_makes_no_entry_in_the_history(
    qtbot: QtBot, people_page: PeoplePage, family: Family
) -> None:
    before = family.session.history.undo_entry()
    people_page.edit(family.emil)
    editor = dialog(people_page, EditPersonDialog)
    with qtbot.waitSignal(editor.accepted):
        editor.save_button.click()
    assert family.session.history.undo_entry() == before


@pytest.mark.parametrize(
    ("name", "born", "died", "sentence"),
    [
        ("Emil", "in spring", "", "“in spring” has no year in it. Write 1965, 1965-04 or c. 1930."),
        ("Emil Lind", "1931", "1930", "Nobody born in 1931 died in 1930. Check the two years."),
        ("12", "1931", "", "“12” is a number, not a name. Type the person's name."),
    ],
)
def test_what_cannot_be_saved_is_said_in_the_dialogue_which_keeps_what_was_typed(
    qtbot: QtBot, people_page: PeoplePage, family: Family, name: str, born: str, died: str, sentence: str
) -> None:
    before = family.session.library.people.get(family.emil)
    people_page.edit(family.emil)
    editor = dialog(people_page, EditPersonDialog)
    for line, text in ((editor.name, name), (editor.born, born), (editor.died, died)):
        line.setText(text)
    editor.save_button.click()
    qtbot.waitUntil(lambda: editor.refusal == sentence)
    assert editor.isVisible()
    assert (editor.name.text(), editor.born.text(), editor.died.text()) == (name, born, died)
    assert family.session.library.people.get(family.emil) == before
    for line, text in ((editor.name, "Emil"), (editor.born, "1931"), (editor.died, "")):
        line.setText(text)
    with qtbot.waitSignal(editor.accepted):
        editor.save_button.click()
    assert family.session.library.people.get(family.emil).born == "1931"


def test_dates_and_other_names_are_one_act(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    people_page.edit(family.emil)
    editor = dialog(people_page, EditPersonDialog)
    editor.aliases.setText("Uncle Emil")
    editor.born.setText("1931")
    with qtbot.waitSignal(editor.accepted):
        editor.save_button.click()
    family.session.history.undo()
    person = family.session.library.people.get(family.emil)
    assert (person.aliases, person.born) == ((), "")


def menu_at(page: PeoplePage, place: QPoint) -> QMenu | None:
    page.grid.customContextMenuRequested.emit(place)
    return next((each for each in page.findChildren(QMenu) if each.isVisible()), None)


def pick(menu: QMenu, text: str) -> None:
    next(each for each in menu.actions() if each.text() == text).trigger()
    menu.close()


def test_somebody_on_no_photo_can_be_removed_and_brought_back(
    qtbot: QtBot, people_page: PeoplePage, family: Family, bridge: Bridge
) -> None:
    bridge.act(lambda: family.session.naming.ignore(confirmed(family, family.emil)))
    qtbot.waitUntil(lambda: index_of(people_page, family.emil).data(PersonRole.DETAIL) == "0 photos")
    menu = menu_at(people_page, people_page.grid.visualRect(index_of(people_page, family.emil)).center())
    assert menu is not None
    pick(menu, "Remove")
    qtbot.waitUntil(lambda: names(people_page) == ["Peter Lind"])
    bridge.act(family.session.history.undo)
    qtbot.waitUntil(lambda: sorted(names(people_page)) == ["Emil", "Peter Lind"])


def test_somebody_on_photos_cannot_be_removed(people_page: PeoplePage, family: Family) -> None:
    menu = menu_at(people_page, people_page.grid.visualRect(index_of(people_page, family.emil)).center())
    assert menu is not None
    assert "Remove" not in [each.text() for each in menu.actions()]
    menu.close()


def test_a_menu_is_about_whoever_is_under_the_pointer(people_page: PeoplePage, family: Family) -> None:
    grid = people_page.grid
    grid.setCurrentIndex(index_of(people_page, family.peter))
    beyond = grid.visualRect(grid.model().index(1, 0)).topRight() + QPoint(60, 40)
    assert menu_at(people_page, beyond) is None
    menu = menu_at(people_page, grid.visualRect(index_of(people_page, family.emil)).center())
    assert menu is not None
    assert grid.selected_people() == [family.emil]
    menu.close()


def test_a_menu_on_one_of_several_selected_is_about_all(people_page: PeoplePage, family: Family) -> None:
    people_page.grid.selectAll()
    menu = menu_at(people_page, people_page.grid.visualRect(index_of(people_page, family.emil)).center())
    assert menu is not None
    assert [each.text() for each in menu.actions()] == ["The same person…"]
    menu.close()


def open_peter(qtbot: QtBot, page: PeoplePage, family: Family) -> None:
    page.open_faces(family.peter)
    qtbot.waitUntil(lambda: page.person.grid.model().rowCount() == 4)


def test_a_wrong_face_is_given_to_somebody_else(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    open_peter(qtbot, people_page, family)
    grid = people_page.person.grid
    grid.setCurrentIndex(grid.model().index(0, 0))
    wrong = grid.selected_faces()
    assert len(wrong) == 1
    people_page.person.someone_else.click()
    QTest.keyClicks(people_page.person.field.edit, "Emil")
    qtbot.waitUntil(lambda: len(people_page.person.field.rows()) == 2)
    QTest.keyClick(people_page.person.field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: family.name_of(wrong[0]) == "Emil")
    qtbot.waitUntil(lambda: grid.model().rowCount() == 3)


def test_faces_are_split_off_as_a_new_person(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    open_peter(qtbot, people_page, family)
    grid = people_page.person.grid
    grid.setCurrentIndex(grid.model().index(1, 0))
    wrong = grid.selected_faces()
    people_page.person.someone_else.click()
    QTest.keyClicks(people_page.person.field.edit, "Hugo")
    QTest.keyClick(people_page.person.field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: family.name_of(wrong[0]) == "Hugo")


def test_a_face_that_is_not_the_person_is_open_again(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    open_peter(qtbot, people_page, family)
    grid = people_page.person.grid
    grid.setCurrentIndex(grid.model().index(2, 0))
    wrong = grid.selected_faces()
    people_page.person.not_them.click()
    qtbot.waitUntil(lambda: family.name_of(wrong[0]) is None)


def test_a_face_becomes_the_portrait(qtbot: QtBot, people_page: PeoplePage, family: Family) -> None:
    open_peter(qtbot, people_page, family)
    grid = people_page.person.grid
    grid.setCurrentIndex(grid.model().index(3, 0))
    chosen = grid.selected_faces()[0]
    people_page.person.use_as_portrait.click()
    qtbot.waitUntil(lambda: family.session.library.people.get(family.peter).portrait == chosen)


def test_the_page_of_a_person_who_is_gone_closes(
    qtbot: QtBot, people_page: PeoplePage, family: Family, bridge: Bridge
) -> None:
    open_peter(qtbot, people_page, family)
    bridge.act(lambda: family.session.people.merge(family.emil, [family.peter]))
    qtbot.waitUntil(lambda: people_page.grid.isVisible() and names(people_page) == ["Emil"])


def test_the_largest_unnamed_group_stands_first_below_the_people(
    qtbot: QtBot, people_page: PeoplePage, family: Family
) -> None:
    qtbot.waitUntil(lambda: people_page.strip.model().rowCount() > 0)
    groups = [people_page.strip.model().index(row, 0).data(GroupRole.GROUP) for row in range(2)]
    assert len(groups[0].faces) > len(groups[1].faces)
    known = set(confirmed(family, family.peter) + confirmed(family, family.emil))
    assert known.isdisjoint(groups[0].faces + groups[1].faces)


def test_a_library_without_people_says_what_to_do(
    qtbot: QtBot, people_page: PeoplePage, family: Family, bridge: Bridge
) -> None:
    everything = family.session.library.albums.all()[0].album.id
    bridge.act(lambda: family.session.people.merge(family.emil, [family.peter]))
    bridge.act(lambda: family.session.albums.remove(everything))
    qtbot.waitUntil(lambda: people_page.strip.model().rowCount() == 0)
    assert isinstance(people_page.empty, MessagePage)
    assert people_page.empty.findChildren(QPushButton)


def test_the_people_model_keeps_qts_contract(images: ImageLoader) -> None:
    model = PeopleModel(images)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    people = {each.person.id: each for each in (summary(1, "Karl", 3), summary(2, "Anna", 9))}
    model.show_people([PersonId(2), PersonId(1)], people, {})
    model.show_people([PersonId(2), PersonId(1)], people, {PersonId(1): FaceId(4)})
    model.show_people([PersonId(1)], people, {})
    assert tester.model() is model
    assert model.rowCount() == 1
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Karl, 3 photos"


class CountingModel(PeopleModel):
    """Remembers whose rows were looked up."""

    def __init__(self, images: ImageLoader) -> None:
        super().__init__(images)
        self.asked: set[int] = set()

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == PersonRole.DETAIL:
            self.asked.add(index.row())
        return super().data(index, role)


def test_of_a_thousand_people_only_those_in_sight_are_looked_up(people_page: PeoplePage, images: ImageLoader) -> None:
    model = CountingModel(images)
    people = {PersonId(number): summary(number, f"Person {number}", number) for number in range(1, 1001)}
    model.show_people(list(people), people, {})
    people_page.grid.setModel(model)
    people_page.grid.viewport().grab()
    assert 0 < len(model.asked) < 60

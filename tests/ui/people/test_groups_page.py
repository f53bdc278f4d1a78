from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, FaceState, GroupId
from facetagger.library import Group
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.people.group_cards import GroupModel
from facetagger.ui.people.groups import GroupsPage
from tests.ui.review.family import Family


def open_group(qtbot: QtBot, page: GroupsPage, faces: tuple[FaceId, ...]) -> None:
    page.open_group(next(each for each in page.groups if set(each.faces) == set(faces)))
    qtbot.waitUntil(lambda: page.naming.card.grid.model().rowCount() == len(faces))


def type_name(page: GroupsPage, name: str) -> None:
    QTest.keyClicks(page.naming.card.field.edit, name)
    QTest.keyClick(page.naming.card.field.edit, Qt.Key.Key_Return)


def test_groups_stand_largest_first(groups_page: GroupsPage) -> None:
    sizes = [len(each.faces) for each in groups_page.groups]
    assert sizes == sorted(sizes, reverse=True)


def test_enter_on_a_card_opens_it(groups_page: GroupsPage) -> None:
    groups_page.cards.setCurrentIndex(groups_page.cards.model().index(0, 0))
    QTest.keyClick(groups_page.cards, Qt.Key.Key_Return)
    assert groups_page.currentWidget() is groups_page.naming


def test_a_group_is_named_as_a_whole_and_the_page_goes_back(
    qtbot: QtBot, groups_page: GroupsPage, family: Family
) -> None:
    open_group(qtbot, groups_page, family.largest_group)
    type_name(groups_page, "Hugo")
    qtbot.waitUntil(lambda: all(family.name_of(each) == "Hugo" for each in family.largest_group))
    assert groups_page.cards.isVisible()
    qtbot.waitUntil(lambda: all(set(each.faces) != set(family.largest_group) for each in groups_page.groups))


def test_crossed_out_faces_are_left_alone(qtbot: QtBot, groups_page: GroupsPage, family: Family) -> None:
    open_group(qtbot, groups_page, family.largest_group)
    left = groups_page.naming.card.grid.focused_face()
    assert left is not None
    QTest.keyClick(groups_page.naming.card.field.edit, Qt.Key.Key_Escape)
    QTest.keyClick(groups_page.naming.card.grid, Qt.Key.Key_X)
    type_name(groups_page, "Hugo")
    others = [each for each in family.largest_group if each != left]
    qtbot.waitUntil(lambda: all(family.name_of(each) == "Hugo" for each in others))
    assert family.session.library.faces.get(left).state is FaceState.OPEN


def test_a_group_of_strangers_or_of_no_faces_is_set_aside(
    qtbot: QtBot, groups_page: GroupsPage, family: Family
) -> None:
    faces = family.session.library.faces
    open_group(qtbot, groups_page, family.largest_group)
    groups_page.naming.strangers.click()
    qtbot.waitUntil(lambda: all(faces.get(each).state is FaceState.IGNORED for each in family.largest_group))
    open_group(qtbot, groups_page, family.small_group)
    groups_page.naming.not_faces.click()
    qtbot.waitUntil(lambda: all(faces.get(each).state is FaceState.NOT_A_FACE for each in family.small_group))


def test_an_open_group_loses_the_faces_named_elsewhere_and_closes_with_the_last(
    qtbot: QtBot, groups_page: GroupsPage, family: Family, bridge: Bridge
) -> None:
    open_group(qtbot, groups_page, family.small_group)
    first, rest = family.small_group[:1], family.small_group[1:]
    bridge.act(lambda: family.session.naming.name(first, "Hugo"))
    qtbot.waitUntil(lambda: groups_page.naming.card.grid.model().rowCount() == len(rest))
    bridge.act(lambda: family.session.naming.name(rest, "Hugo"))
    qtbot.waitUntil(lambda: groups_page.currentWidget() is not groups_page.naming)


def test_the_page_says_when_no_group_is_left(
    qtbot: QtBot, groups_page: GroupsPage, family: Family, bridge: Bridge
) -> None:
    everything = family.session.library.faces.ids(state=FaceState.OPEN)
    bridge.act(lambda: family.session.naming.ignore(everything))
    qtbot.waitUntil(lambda: groups_page.empty.isVisible())


def test_the_group_model_keeps_qts_contract(images: ImageLoader) -> None:
    model = GroupModel(images)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_groups([Group(GroupId(1), (FaceId(1), FaceId(2)))])
    assert tester.model() is model
    assert model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "Who is this? 2 faces"
    model.show_groups([])
    assert model.rowCount() == 0


@pytest.mark.parametrize("family", [(4, 40)], indirect=True)
def test_a_group_is_answered_only_when_every_face_was_in_sight(
    qtbot: QtBot, groups_page: GroupsPage, family: Family
) -> None:
    groups_page.resize(640, 420)
    open_group(qtbot, groups_page, family.largest_group)
    naming = groups_page.naming
    QTest.keyClicks(naming.card.field.edit, "Hugo")
    assert naming.card.grid.unseen > 0
    assert not naming.strangers.isEnabled()
    QTest.keyClick(naming.card.field.edit, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)
    while naming.card.grid.unseen:
        before = naming.card.grid.verticalScrollBar().value()
        QTest.keyClick(naming.card.field.edit, Qt.Key.Key_Return)
        assert naming.card.grid.verticalScrollBar().value() > before
    qtbot.waitUntil(naming.strangers.isEnabled)
    assert family.session.library.faces.get(family.largest_group[0]).state is FaceState.OPEN
    QTest.keyClick(naming.card.field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: all(family.name_of(each) == "Hugo" for each in family.largest_group))


def test_letters_on_the_crops_go_into_the_field(qtbot: QtBot, groups_page: GroupsPage, family: Family) -> None:
    open_group(qtbot, groups_page, family.largest_group)
    QTest.keyClick(groups_page.naming.card.field.edit, Qt.Key.Key_Escape)
    QTest.keyClick(groups_page.naming.card.grid, Qt.Key.Key_N)
    assert groups_page.naming.card.field.edit.text() == "n"
    assert groups_page.naming.handful is not None

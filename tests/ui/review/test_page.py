from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceState
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.review.crops import CropModel, CropRole
from facetagger.ui.review.facts import read_facts
from facetagger.ui.review.page import ReviewPage
from facetagger.ui.theme import ThemeManager
from tests.ui.review.answering import asked, click_crop, press, skip_to, wait_for_name
from tests.ui.review.family import Family


def test_the_first_question_is_the_one_that_settles_most(page: ReviewPage, family: Family) -> None:
    assert asked(page).kind is QuestionKind.CONFIRM
    assert set(asked(page).faces) == set(family.peters)
    assert page.footer.yes.label == "Yes, these 6 are Peter Lind"


def test_enter_names_every_face_that_is_not_crossed_out_and_rejects_the_others(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    faces = asked(page).faces
    click_crop(page, 1)
    assert page.footer.yes.label == "Yes, these 5 are Peter Lind"
    press(page, Qt.Key.Key_Return)
    kept = tuple(each for each in faces if each != faces[1])
    wait_for_name(qtbot, family, kept, "Peter Lind")
    assert family.name_of(faces[1]) is None
    assert (faces[1], family.peter) in family.session.library.rejections.all()


def test_the_next_question_is_there_at_once(qtbot: QtBot, page: ReviewPage) -> None:
    before = asked(page)
    press(page, Qt.Key.Key_Return)
    assert asked(page).question != before.question


def test_undo_brings_the_question_back_as_it_was(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    press(page, Qt.Key.Key_Right)
    press(page, Qt.Key.Key_X)
    before = asked(page)
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, before.kept, "Peter Lind")
    page.footer.undo.click()
    qtbot.waitUntil(lambda: page.current == before)
    assert all(family.name_of(each) is None for each in before.faces)
    assert not family.session.library.rejections.all()


def test_a_question_comes_back_when_its_answer_is_undone_elsewhere(
    qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge
) -> None:
    before = asked(page)
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, before.faces, "Peter Lind")
    bridge.act(family.session.history.undo)
    qtbot.waitUntil(lambda: page.current == before)


def test_undo_is_refused_when_something_else_was_done_since(
    qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge
) -> None:
    faces = asked(page).faces
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, faces, "Peter Lind")
    bridge.act(lambda: family.session.people.rename(family.emil, "Emil Lind"))
    with qtbot.waitSignal(bridge.failed):
        page.reviewer.take_back()
    assert all(family.name_of(each) == "Peter Lind" for each in faces)


def test_none_of_them_rejects_all_and_names_nobody(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    faces = asked(page).faces
    press(page, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: len(family.session.library.rejections.all()) == len(faces))
    assert all(family.name_of(each) is None for each in faces)


def test_a_question_that_was_put_off_is_not_asked_again_until_it_is_wanted(qtbot: QtBot, page: ReviewPage) -> None:
    before = asked(page)
    while page.current is not None:
        page.reviewer.skip()
    qtbot.waitUntil(lambda: page.empty.isVisible())
    page.reviewer.ask_again()
    qtbot.waitUntil(lambda: page.current is not None)
    assert asked(page).question == before.question


def test_faces_settled_elsewhere_disappear_and_the_rest_stays_in_place(
    qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge
) -> None:
    before = asked(page)
    bridge.act(lambda: family.session.naming.name(before.faces[:2], "Emil"))
    qtbot.waitUntil(lambda: asked(page).faces == before.faces[2:])
    assert page.footer.yes.label == "Yes, these 4 are Peter Lind"


def test_the_question_stays_when_suggestions_change(
    qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge
) -> None:
    before = asked(page)
    with qtbot.waitSignal(page.reviewer.counted):
        bridge.act(lambda: family.session.naming.name(family.largest_group, "Hugo"))
    assert asked(page).question == before.question


def test_another_candidate_turns_the_whole_question_to_somebody_else(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    page.reviewer.reassign(family.emil, None)
    qtbot.waitUntil(lambda: page.footer.yes.label == "Yes, these 6 are Emil")
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, family.peters, "Emil")


def test_a_crossed_out_face_can_be_given_to_somebody_else_in_the_same_answer(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    faces = asked(page).faces
    press(page, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: family.emil in page.reviewer.others)
    press(page, Qt.Key.Key_2)
    assert page.card.grid.model().index(0, 0).data() == "Emil"
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, faces[1:], "Peter Lind")
    wait_for_name(qtbot, family, faces[:1], "Emil")
    page.reviewer.take_back()
    wait_for_name(qtbot, family, faces, None)


def test_a_name_can_be_typed_for_a_crossed_out_face(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    face_id = asked(page).faces[0]
    press(page, Qt.Key.Key_X)
    press(page, Qt.Key.Key_T)
    QTest.keyClicks(page.card.field.edit, "Hugo")
    QTest.keyClick(page.card.field.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: asked(page).given == {face_id: "Hugo"})
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, (face_id,), "Hugo")


def test_a_group_is_named_as_a_whole_without_the_crossed_out_faces(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    assert set(group.faces) == set(family.largest_group)
    page.reviewer.toggle(group.faces[0])
    QTest.keyClicks(page.card.field.edit, "Hugo")
    QTest.keyClick(page.card.field.edit, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, group.faces[1:], "Hugo")
    assert family.name_of(group.faces[0]) is None
    hugo = family.session.library.people.resolve("Hugo").id
    assert family.session.library.rejections.all() == {(group.faces[0], hugo)}


def test_a_group_of_strangers_is_set_aside(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    group = skip_to(qtbot, page, QuestionKind.NAME)
    page.footer.no.click()
    faces = family.session.library.faces
    qtbot.waitUntil(lambda: all(faces.get(each).state is FaceState.IGNORED for each in group.faces))


@pytest.mark.parametrize("family", [(10, 5, 8)], indirect=True)
def test_strangers_are_set_aside_in_bulk_and_the_crossed_out_ones_are_asked_about_singly(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    strangers = skip_to(qtbot, page, QuestionKind.IGNORE)
    assert set(strangers.faces) == set(family.strangers)
    known = strangers.faces[2]
    page.reviewer.toggle(known)
    assert page.footer.yes.label == "Yes, these 7 are strangers"
    page.footer.yes.click()
    faces = family.session.library.faces
    set_aside = set(family.strangers) - {known}
    qtbot.waitUntil(lambda: all(faces.get(each).state is FaceState.IGNORED for each in set_aside))
    qtbot.waitUntil(lambda: page.current is not None and page.current.faces == (known,))
    assert page.is_naming


@pytest.mark.parametrize("family", [(10, 5, 8)], indirect=True)
def test_proposed_strangers_that_are_none_are_asked_about_one_by_one_until_that_is_taken_back(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    strangers = skip_to(qtbot, page, QuestionKind.IGNORE)
    assert page.footer.no.label == "No, ask one by one"
    page.footer.no.click()
    qtbot.waitUntil(lambda: page.current is not None and page.is_naming)
    assert len(asked(page).faces) == 1
    assert set(asked(page).faces) < set(strangers.faces)
    page.reviewer.take_back()
    assert asked(page).question == strangers.question
    faces = family.session.library.faces
    assert all(faces.get(each).state is FaceState.OPEN for each in strangers.faces)


def test_an_answer_that_cannot_be_carried_out_is_asked_again(
    qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge
) -> None:
    before = asked(page)
    family.session.people.merge(family.emil, [family.peter])
    with qtbot.waitSignal(bridge.failed):
        press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.current is not None)
    assert asked(page).question == before.question


def test_space_shows_the_whole_photo_and_arrow_keys_go_on_behind_it(qtbot: QtBot, page: ReviewPage) -> None:
    first, second = asked(page).faces[:2]
    press(page, Qt.Key.Key_Space)
    assert page.photo.isVisible()
    assert page.photo.facts is not None
    assert page.photo.facts.face.id == first
    QTest.keyClick(page.photo, Qt.Key.Key_Right)
    assert page.photo.facts.face.id == second
    QTest.keyClick(page.photo, Qt.Key.Key_Space)
    assert not page.photo.isVisible()


def test_the_photo_behind_a_crop_can_be_asked_for(qtbot: QtBot, page: ReviewPage, family: Family) -> None:
    press(page, Qt.Key.Key_Space)
    with qtbot.waitSignal(page.photo_requested) as requested:
        QTest.keyClick(page.photo, Qt.Key.Key_O)
    assert requested.args == [family.session.library.faces.get(asked(page).faces[0]).photo_id]


def test_large_type_makes_letters_larger_and_takes_them_back(qtbot: QtBot, page: ReviewPage) -> None:
    before = page.footer.yes.sizeHint().height()
    press(page, Qt.Key.Key_L)
    assert page.footer.yes.sizeHint().height() > before
    press(page, Qt.Key.Key_L)
    assert page.footer.yes.sizeHint().height() == before


def test_the_progress_counts_the_faces_that_need_no_question(qtbot: QtBot, page: ReviewPage) -> None:
    assert (page.reviewer.standing.settled, page.reviewer.standing.faces) == (8, 25)
    press(page, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.reviewer.standing.settled == 14)


def test_the_page_says_when_every_face_is_settled(
    qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge
) -> None:
    everybody = family.session.library.faces.ids(state=FaceState.OPEN)
    bridge.act(lambda: family.session.naming.ignore(everybody))
    qtbot.waitUntil(lambda: page.empty.isVisible() and page.reviewer.standing.is_settled)
    with qtbot.waitSignal(page.photos_requested):
        page.empty.findChildren(QPushButton)[0].click()


def test_the_page_paints_the_crops_once_they_are_loaded(
    qtbot: QtBot, page: ReviewPage, images: ImageLoader, theme: ThemeManager
) -> None:
    face_id, side = asked(page).faces[0], page.card.grid.side
    qtbot.waitUntil(lambda: images.face(face_id, side, page.devicePixelRatioF()) is not None)
    picture: QImage = page.card.grid.viewport().grab().toImage()
    middle = page.card.grid.visualRect(page.card.grid.model().index(0, 0)).center()
    assert picture.pixelColor(middle) != theme.current.colour("line")


def test_the_crop_model_keeps_qts_contract(qtbot: QtBot, family: Family, images: ImageLoader) -> None:
    model = CropModel(images)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    facts = read_facts(family.session.library, family.peters)
    model.show_faces(family.peters, facts)
    model.cross_out({family.peters[1]: "not Peter"})
    model.show_faces(family.peters[1:], facts)
    assert tester.model() is model
    assert model.rowCount() == 5
    assert model.index(0).data(CropRole.CROSSED_OUT)
    assert model.index(0).data() == "not Peter"
    assert model.index(1).data() == "1956"


def test_every_answer_can_be_reached_and_has_a_name_for_screen_readers(page: ReviewPage) -> None:
    for button in (page.footer.yes, page.footer.no, page.footer.unknown, page.footer.undo, page.footer.large):
        assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert button.accessibleName()


@pytest.mark.parametrize("family", [(40, 5)], indirect=True)
def test_enter_shows_the_rest_before_it_confirms_faces_nobody_has_seen(
    qtbot: QtBot, page: ReviewPage, family: Family
) -> None:
    page.toggle_large()
    page.resize(page.minimumSizeHint())
    page.reviewer.skip()
    page.reviewer.take_back()
    faces = asked(page).faces
    assert len(faces) == 36
    qtbot.waitUntil(lambda: page.footer.yes.label == f"See the other {page.card.grid.unseen}")
    while page.card.grid.unseen:
        press(page, Qt.Key.Key_Return)
        assert asked(page).faces == faces
    qtbot.waitUntil(lambda: page.footer.yes.label == "Yes, these 36 are Peter Lind")
    press(page, Qt.Key.Key_Return)
    wait_for_name(qtbot, family, faces, "Peter Lind")


@pytest.mark.parametrize("family", [(64, 5)], indirect=True)
def test_crops_that_were_in_sight_only_before_the_page_was_laid_out_are_not_seen(
    qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager
) -> None:
    page = ReviewPage(bridge, images, theme)
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    page.refresh(None)
    qtbot.waitUntil(lambda: page.current is not None)
    assert len(asked(page).faces) == 60
    grid = page.card.grid
    last = grid.visualRect(grid.model().index(grid.model().rowCount() - 1, 0))
    assert not grid.viewport().rect().contains(last)
    assert grid.unseen > 0


@pytest.mark.parametrize("family", [(40, 5)], indirect=True)
def test_every_crop_of_a_question_is_whole_where_the_page_says_that_all_are_seen(page: ReviewPage) -> None:
    grid = page.card.grid
    page.resize(1280, 900)
    QApplication.processEvents()
    assert grid.unseen == 0
    last = grid.visualRect(grid.model().index(grid.model().rowCount() - 1, 0))
    assert grid.viewport().rect().contains(last.bottomRight())


@pytest.fixture
def merge_page(qtbot: QtBot, page: ReviewPage, family: Family, bridge: Bridge) -> ReviewPage:
    """Half of Peter's faces go by another spelling of his name."""
    bridge.act(lambda: family.session.naming.name(family.peters, "P. Lind"))
    qtbot.waitUntil(lambda: page.current is not None and page.current.question.person_id != family.peter)
    skip_to(qtbot, page, QuestionKind.MERGE)
    return page


def test_two_people_who_are_one_become_one(qtbot: QtBot, merge_page: ReviewPage, family: Family) -> None:
    assert merge_page.footer.yes.label == "Yes, they are the same"
    merge_page.setFocus()
    QTest.keyClick(merge_page.window().focusWidget(), Qt.Key.Key_Return)
    people = family.session.library.people
    qtbot.waitUntil(lambda: {each.person.name for each in people.all()} == {"P. Lind", "Emil"})
    assert people.resolve("Peter Lind") == people.resolve("P. Lind")


def test_two_people_who_are_two_stay_two_and_are_not_asked_about_again(
    qtbot: QtBot, merge_page: ReviewPage, family: Family
) -> None:
    merge_page.footer.no.click()
    reviewing = family.session.reviewing
    qtbot.waitUntil(lambda: all(each.kind is not QuestionKind.MERGE for each in reviewing.questions()))
    assert len(family.session.library.people.all()) == 3

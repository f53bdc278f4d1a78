"""The page that checks the names: what it finds, what one click does, and what it says where there is too little."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceState
from facetagger.jobs.executors import ManualExecutor
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.operations.session import Session
from facetagger.ui.bridge import Bridge
from facetagger.ui.check_names import wording
from facetagger.ui.check_names.page import CheckNamesPage
from facetagger.ui.check_names.people_table import PeopleFiguresModel
from facetagger.ui.check_names.reading import person_figures
from facetagger.ui.executor import qthread_executors
from facetagger.ui.images import ImageLoader
from facetagger.ui.theme import ThemeManager
from tests.operations.made_up_people import MadeUpPeople, make_library


@dataclass(frozen=True, slots=True)
class Rig:
    people: MadeUpPeople
    bridge: Bridge
    page: CheckNamesPage

    @property
    def cards(self) -> list[int]:
        """The faces of the cards that are shown."""
        return [card.suspect.face_id for card in self.page.results.cards if card.isVisibleTo(self.page.results)]


@pytest.fixture
def people(tmp_path: Path) -> Iterator[MadeUpPeople]:
    with Session.open(tmp_path / "library") as session:
        yield make_library(session, tmp_path / "pictures", people=6, faces=10)


@pytest.fixture
def rig(qtbot: QtBot, people: MadeUpPeople, theme: ThemeManager) -> Iterator[Rig]:
    bridge = Bridge(people.session, qthread_executors())
    page = CheckNamesPage(bridge, ImageLoader(bridge), theme)
    bridge.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    yield Rig(people, bridge, page)
    bridge.close()


def measured(rig: Rig, qtbot: QtBot) -> Rig:
    with qtbot.waitSignal(rig.page.check.finished, timeout=30_000):
        rig.page.refresh(None)
    return rig


def test_wrong_names_are_listed_and_one_click_says_who_it_is_not(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all(wrong={3: "Person 05", 40: "Person 00"})
    measured(rig, qtbot)
    assert set(rig.cards) == {rig.people.faces[3], rig.people.faces[40]}
    card = next(each for each in rig.page.results.cards if each.suspect.face_id == rig.people.faces[3])
    assert card.deny.text() == "Not Person 05"
    QTest.mouseClick(card.deny, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: rig.cards == [rig.people.faces[40]])
    library = rig.people.session.library
    assert library.faces.get(rig.people.faces[3]).state is FaceState.OPEN
    assert (rig.people.faces[3], rig.people.person("Person 05")) in library.rejections.all()


def test_one_click_gives_the_name_it_looks_like_and_undo_brings_the_card_back(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all(wrong={3: "Person 05"})
    (card,) = measured(rig, qtbot).page.results.cards
    assert card.rename.text() == "This is Person 00"
    QTest.mouseClick(card.rename, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not rig.cards)
    assert rig.people.session.library.faces.get(rig.people.faces[3]).person_id == rig.people.person("Person 00")
    rig.bridge.act(rig.people.session.history.undo)
    qtbot.waitUntil(lambda: rig.cards == [rig.people.faces[3]])
    assert card.isEnabled()


def test_a_name_that_is_right_leaves_the_list_and_nothing_else_happens(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all(wrong={3: "Person 05"})
    (card,) = measured(rig, qtbot).page.results.cards
    entry = rig.people.session.history.undo_entry()
    QTest.mouseClick(card.keep, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not rig.cards)
    assert rig.people.session.history.undo_entry() == entry
    assert rig.page.results.mistakes_heading.text() == "No name looks wrong"


def test_the_photo_of_a_suspect_opens(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all(wrong={3: "Person 05"})
    (card,) = measured(rig, qtbot).page.results.cards
    with qtbot.waitSignal(rig.page.photo_requested) as asked:
        QTest.mouseClick(card.open_photo, Qt.MouseButton.LeftButton)
    assert asked.args == [rig.people.session.library.faces.get(rig.people.faces[3]).photo_id]


def test_a_suspect_is_compared_with_a_face_that_is_not_in_doubt(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all(wrong={3: "Person 05"})
    (card,) = measured(rig, qtbot).page.results.cards
    assert card.suspect.portrait in rig.people.faces[50:]
    assert card.suspect.other_portrait in rig.people.faces[:10]


def test_too_few_names_are_a_sentence_and_a_way_on(rig: Rig, qtbot: QtBot) -> None:
    with qtbot.waitSignal(rig.page.check.failed):
        rig.page.refresh(None)
    assert "too little to measure" in rig.page.message.text
    assert rig.page.message.isVisible()
    assert not rig.page.again.isVisible()


def test_the_check_tells_what_was_counted(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all()
    measured(rig, qtbot)
    assert rig.page.results.accuracy.text() == "All 60 faces got their own name back when it was hidden."
    assert rig.page.again.isVisible()


def test_a_limit_for_suggestions_is_chosen_and_taken_back_on_the_page(rig: Rig, qtbot: QtBot) -> None:
    rig.people.name_all()
    measured(rig, qtbot)
    results, evaluating = rig.page.results, rig.people.session.evaluating
    assert not results.use_usual.isVisibleTo(results)
    rig.page.results.threshold_chosen.emit(0.9)
    qtbot.waitUntil(lambda: results.use_usual.isVisibleTo(results))
    assert evaluating.threshold == 0.9
    assert "at least 90 times in 100" in results.offer.text()
    QTest.mouseClick(results.use_usual, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not results.use_usual.isVisibleTo(results))
    assert evaluating.threshold == 0.75


def test_a_check_that_is_stopped_says_so_and_can_begin_again(
    qtbot: QtBot, people: MadeUpPeople, theme: ThemeManager
) -> None:
    people.name_all()
    lanes = {lane: ManualExecutor() for lane in Lane}
    bridge = Bridge(people.session, lanes)
    page = CheckNamesPage(bridge, ImageLoader(bridge), theme)
    qtbot.addWidget(page)
    page.refresh(None)
    assert page.check.is_running
    page.stop.click()
    assert page.message.text == "The check was stopped."
    lanes[Lane.MEASURING].run_all()
    page.measure()
    with qtbot.waitSignal(page.check.finished):
        lanes[Lane.MEASURING].run_all()
    assert page.results.accuracy.text().startswith("All 60 faces")
    bridge.close()


def test_the_table_keeps_the_rules_of_models(people: MadeUpPeople) -> None:
    model = PeopleFiguresModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    people.name_all(wrong={3: "Person 05"})
    figures = person_figures(people.session.evaluating.measure())
    for shown in (figures, figures[:2], []):
        model.show_people(shown)
        assert model.rowCount() == len(shown)
    assert figures[0].name == "Person 05"
    assert figures[0].taken_for == "Person 00"


def test_progress_is_told_in_words() -> None:
    assert wording.progress_text(Progress(0, 0, None)) == "Hiding one name after another"
    assert wording.progress_text(Progress(1, 4, 10.0)).endswith("25 % · a few seconds left")

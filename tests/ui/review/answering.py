"""What a user does on the review page, for its tests."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.review.handful import Handful
from facetagger.ui.review.page import ReviewPage
from tests.ui.review.family import Family


def asked(page: ReviewPage) -> Handful:
    assert page.current is not None
    return page.current


def press(page: ReviewPage, key: Qt.Key) -> None:
    QTest.keyClick(page.card.grid, key)


def click_crop(page: ReviewPage, row: int) -> None:
    grid = page.card.grid
    middle = grid.visualRect(grid.model().index(row, 0)).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, middle)


def wait_for_name(qtbot: QtBot, family: Family, faces: tuple[FaceId, ...], name: str | None) -> None:
    qtbot.waitUntil(lambda: all(family.name_of(each) == name for each in faces))


def skip_to(qtbot: QtBot, page: ReviewPage, kind: QuestionKind) -> Handful:
    while asked(page).kind is not kind:
        before = asked(page)
        page.footer.unknown.click()
        qtbot.waitUntil(lambda before=before: page.current is not None and page.current != before)  # type: ignore[misc]
    return asked(page)

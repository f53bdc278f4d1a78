"""What the line at the bottom says through an import."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from facetagger.entities import SkippedFile
from facetagger.jobs.progress import Progress
from facetagger.library import Counts
from facetagger.operations.importing import ImportReport
from facetagger.ui.status_line import StatusLine
from facetagger.ui.theme import ThemeManager

_COUNTS = Counts(
    photos=1126, faces=1842, people=36, confirmed=842, open=1000, suggested=300,
    ignored=288, not_a_face=12, groups=14, missing=0, unnamed=143,
)  # fmt: skip


@pytest.fixture
def line(qtbot: QtBot, theme: ThemeManager) -> StatusLine:
    made = StatusLine(theme)
    qtbot.addWidget(made)
    made.show()
    return made


def _report(*skipped: SkippedFile, was_cancelled: bool = False) -> ImportReport:
    return ImportReport(4, 0, 0, 3, 6, skipped, 1.5, was_cancelled)


def _button(line: StatusLine, text: str) -> QPushButton:
    return next(each for each in line.findChildren(QPushButton) if each.text() == text and each.isVisible())


def test_the_counts_stand_there_when_nothing_happens(line: StatusLine) -> None:
    line.show_counts(_COUNTS)
    assert line.text == "1,126 photos · 1,842 faces · 36 people"


def test_an_import_can_be_paused_and_goes_on(qtbot: QtBot, line: StatusLine) -> None:
    line.begin_import()
    line.show_progress(Progress(612, 1126, 118))
    with qtbot.waitSignal(line.pause_requested):
        _button(line, "Pause").click()
    line.show_paused(True)
    assert line.text == "Paused · 612 of 1,126 photos"
    with qtbot.waitSignal(line.resume_requested):
        _button(line, "Go on").click()


def test_what_waits_to_be_added_is_told(line: StatusLine) -> None:
    line.begin_import()
    line.show_queue([Path("Beach"), Path("Shoe box")])
    assert line.text == "Looking for photos… · then 2 more folders"
    line.show_progress(Progress(3, 10, None))
    assert line.text == "Finding faces · 3 of 10 photos · then 2 more folders"
    line.show_queue([])
    assert line.text == "Finding faces · 3 of 10 photos"


def test_counts_that_come_during_an_import_do_not_hide_it(line: StatusLine) -> None:
    line.begin_import()
    line.show_progress(Progress(3, 10, None))
    line.show_counts(_COUNTS)
    assert line.text == "Finding faces · 3 of 10 photos"


def test_what_was_skipped_is_one_click_away(qtbot: QtBot, line: StatusLine) -> None:
    line.begin_import()
    line.end_import(_report(SkippedFile(Path("a.jpg"), "empty"), SkippedFile(Path("b.jpg"), "damaged")))
    with qtbot.waitSignal(line.skipped_requested):
        _button(line, "2 files skipped").click()
    assert line.text == "4 photos added · 6 faces"


def test_an_import_that_was_cancelled_says_what_stays(line: StatusLine) -> None:
    line.begin_import()
    line.end_import(_report(was_cancelled=True))
    assert line.text == "Stopped · 4 photos added so far"

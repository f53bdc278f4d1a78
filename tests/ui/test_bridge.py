"""Acts, fetches and imports, through a real library; jobs run by hand where their order matters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger.entities import Change
from facetagger.errors import FaceTaggerError
from facetagger.jobs.executors import ManualExecutor
from facetagger.jobs.lanes import Lane
from facetagger.operations.importing import ImportReport
from facetagger.ui.bridge import Bridge
from facetagger.ui.executor import QThreadExecutor
from tests.ui.conftest import DrawnAlbum


@pytest.fixture
def lanes() -> dict[Lane, ManualExecutor]:
    return {lane: ManualExecutor() for lane in Lane}


@pytest.fixture
def by_hand(drawn: DrawnAlbum, lanes: dict[Lane, ManualExecutor], qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(drawn.session, {**lanes, Lane.DECODE: QThreadExecutor(1, "decode")})
    yield made
    made.close()


def test_an_act_changes_the_library_and_says_what(qtbot: QtBot, bridge: Bridge, drawn: DrawnAlbum) -> None:
    with qtbot.waitSignal(bridge.changed) as blocker:
        bridge.act(lambda: drawn.session.naming.name([drawn.unnamed], "Peter"))
    change: Change = blocker.args[0]
    assert drawn.unnamed in change.faces
    assert drawn.session.library.people.resolve("Peter")


def test_results_come_back_in_the_thread_of_the_window(qtbot: QtBot, bridge: Bridge) -> None:
    seen: list[tuple[bool, bool]] = []

    def is_here() -> bool:
        return QThread.currentThread() is bridge.thread()

    bridge.fetch(Lane.LIBRARY, is_here, lambda was_here: seen.append((was_here, is_here())))
    qtbot.waitUntil(lambda: bool(seen))
    assert seen == [(False, True)]


def test_an_act_that_the_user_can_mend_is_told(qtbot: QtBot, bridge: Bridge, drawn: DrawnAlbum) -> None:
    with qtbot.waitSignal(bridge.failed) as blocker:
        bridge.act(lambda: drawn.session.albums.rename(drawn.beach, "  "))
    assert blocker.args[0].title == "The album's name is empty."


def test_a_bug_is_logged_and_told_in_one_plain_sentence(
    qtbot: QtBot, bridge: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Change:
        raise KeyError("inner workings")

    with caplog.at_level(logging.ERROR, "facetagger"), qtbot.waitSignal(bridge.failed) as blocker:
        bridge.act(broken)
    error: FaceTaggerError = blocker.args[0]
    assert "inner workings" not in str(error)
    assert any(record.exc_info for record in caplog.records)


def test_a_later_fetch_of_the_same_key_supersedes_the_earlier(
    qtbot: QtBot, by_hand: Bridge, lanes: dict[Lane, ManualExecutor]
) -> None:
    seen: list[str] = []
    by_hand.fetch(Lane.LIBRARY, lambda: "old", seen.append, key="page")
    by_hand.fetch(Lane.LIBRARY, lambda: "other", seen.append, key="elsewhere")
    by_hand.fetch(Lane.LIBRARY, lambda: "new", seen.append, key="page")
    lanes[Lane.LIBRARY].run_all()
    qtbot.waitUntil(lambda: len(seen) == 2)
    assert seen == ["other", "new"]


def test_many_acts_wait_for_one_more_refresh_of_suggestions_only(
    qtbot: QtBot, by_hand: Bridge, lanes: dict[Lane, ManualExecutor], drawn: DrawnAlbum
) -> None:
    changes: list[Change] = []
    by_hand.changed.connect(changes.append)
    for name in ("Peter", "Clara", "Nils"):
        by_hand.act(lambda name=name: drawn.session.naming.name([drawn.unnamed], name))  # type: ignore[misc]
    lanes[Lane.LIBRARY].run_all()
    qtbot.waitUntil(lambda: len(changes) == 3)
    assert len(lanes[Lane.RECOGNITION]) == 1
    with qtbot.waitSignal(by_hand.busy_changed, check_params_cb=lambda is_busy: not is_busy):
        lanes[Lane.RECOGNITION].run_next()
        qtbot.waitUntil(lambda: len(lanes[Lane.RECOGNITION]) == 1)
        lanes[Lane.RECOGNITION].run_next()
    assert len(lanes[Lane.RECOGNITION]) == 0


def test_an_import_that_is_cancelled_before_it_begins_adds_nothing(
    qtbot: QtBot,
    by_hand: Bridge,
    lanes: dict[Lane, ManualExecutor],
    drawn: DrawnAlbum,
    lay_pictures: Callable[[str, int], Path],
) -> None:
    before = drawn.session.library.counts().photos
    by_hand.start_import([lay_pictures("new", 2)])
    by_hand.cancel_import()
    with qtbot.waitSignal(by_hand.import_finished) as blocker:
        lanes[Lane.INFERENCE].run_all()
    report: ImportReport = blocker.args[0]
    assert report.was_cancelled
    assert drawn.session.library.counts().photos == before
    assert not by_hand.is_importing


def test_a_second_import_comes_after_the_one_that_runs_and_both_are_told_as_one(
    qtbot: QtBot,
    by_hand: Bridge,
    lanes: dict[Lane, ManualExecutor],
    tmp_path: Path,
) -> None:
    folders = [_with_broken_picture(tmp_path / name) for name in ("first", "second", "third")]
    with qtbot.assertNotEmitted(by_hand.failed):
        by_hand.start_import(folders[:1])
        by_hand.start_import(folders[1:2])
        by_hand.start_import(folders[1:])
    assert by_hand.import_paths == tuple(folders)
    with qtbot.waitSignal(by_hand.import_finished) as blocker:
        lanes[Lane.INFERENCE].run_next()
        qtbot.waitUntil(lambda: len(lanes[Lane.INFERENCE]) == 1)
        lanes[Lane.INFERENCE].run_next()
    report: ImportReport = blocker.args[0]
    assert [each.path.parent.name for each in report.skipped] == ["first", "second", "third"]
    assert by_hand.import_paths == ()


def test_cancelling_drops_what_waits_too(
    qtbot: QtBot, by_hand: Bridge, lanes: dict[Lane, ManualExecutor], tmp_path: Path
) -> None:
    by_hand.start_import([_with_broken_picture(tmp_path / "first")])
    by_hand.start_import([_with_broken_picture(tmp_path / "second")])
    by_hand.cancel_import()
    with qtbot.waitSignal(by_hand.import_finished) as blocker:
        lanes[Lane.INFERENCE].run_all()
    assert blocker.args[0].was_cancelled
    assert not by_hand.is_importing
    assert len(lanes[Lane.INFERENCE]) == 0


def test_an_error_is_settled_by_the_next_act_that_succeeds(qtbot: QtBot, bridge: Bridge, drawn: DrawnAlbum) -> None:
    with qtbot.waitSignal(bridge.failed), qtbot.assertNotEmitted(bridge.settled):
        bridge.act(lambda: drawn.session.albums.rename(drawn.beach, " "))
    with qtbot.waitSignal(bridge.settled):
        bridge.act(lambda: drawn.session.albums.rename(drawn.beach, "Summer"))


def test_a_fetch_that_failed_is_settled_when_it_succeeds(qtbot: QtBot, bridge: Bridge) -> None:
    def fails() -> int:
        raise FaceTaggerError("The disk is gone.")

    with qtbot.waitSignal(bridge.failed):
        bridge.fetch(Lane.LIBRARY, fails, lambda value: None, key="page")
    settled: list[bool] = []
    bridge.settled.connect(lambda: settled.append(True))
    seen: list[int] = []
    bridge.fetch(Lane.LIBRARY, lambda: 1, seen.append, key="elsewhere")
    bridge.fetch(Lane.LIBRARY, lambda: 2, seen.append, key="page")
    bridge.fetch(Lane.LIBRARY, lambda: 3, seen.append, key="page again")
    qtbot.waitUntil(lambda: seen == [1, 2, 3])
    assert settled == [True]


def _with_broken_picture(folder: Path) -> Path:
    folder.mkdir()
    (folder / "broken.jpg").write_bytes(b"no picture")
    return folder


def test_an_import_tells_what_it_skipped(qtbot: QtBot, bridge: Bridge, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "broken.jpg").write_bytes(b"no picture")
    with qtbot.waitSignal(bridge.import_finished, timeout=30_000) as blocker:
        bridge.start_import([tmp_path / "new"])
    report: ImportReport = blocker.args[0]
    assert [each.path.name for each in report.skipped] == ["broken.jpg"]


def test_nothing_arrives_after_the_end(qtbot: QtBot, by_hand: Bridge, lanes: dict[Lane, ManualExecutor]) -> None:
    seen: list[int] = []
    by_hand.fetch(Lane.LIBRARY, lambda: 1, seen.append)
    lanes[Lane.LIBRARY].run_all()
    by_hand.close()
    by_hand.fetch(Lane.LIBRARY, lambda: 2, seen.append)
    QApplication.processEvents()
    assert seen == []

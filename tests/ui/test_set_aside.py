"""What was set aside can be seen and brought back."""

from __future__ import annotations

from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, FaceState
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.set_aside.model import FACE_ROLE, FaceListModel
from facetagger.ui.set_aside.page import SetAsidePage
from facetagger.ui.theme import ThemeManager
from tests.ui.conftest import DrawnAlbum


def _ids(*numbers: int) -> list[FaceId]:
    return [FaceId(number) for number in numbers]


def test_the_model_keeps_the_rules_of_models_through_every_change(qapp: QApplication) -> None:
    model = FaceListModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for ids in (_ids(1, 2, 3, 4), _ids(2, 4), _ids(2, 4, 7, 8), _ids(8, 2), _ids()):
        model.show(ids)
        assert list(model.face_ids) == ids
        assert [model.index(row).data(FACE_ROLE) for row in range(model.rowCount())] == ids


def test_strangers_that_are_brought_back_wait_for_a_name(
    qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager, drawn: DrawnAlbum
) -> None:
    page = SetAsidePage(bridge, images, theme, FaceState.IGNORED)
    qtbot.addWidget(page)
    bridge.changed.connect(page.refresh)
    page.show()
    page.refresh(None)
    model = page.view.model()
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    page.view.setCurrentIndex(model.index(0, 0))
    page.bring_back()
    qtbot.waitUntil(lambda: model.rowCount() == 1)
    assert drawn.session.library.faces.get(drawn.strangers[0]).state is FaceState.OPEN


def test_a_double_click_asks_for_the_photo(
    qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager, drawn: DrawnAlbum
) -> None:
    page = SetAsidePage(bridge, images, theme, FaceState.NOT_A_FACE)
    qtbot.addWidget(page)
    page.refresh(None)
    qtbot.waitUntil(lambda: page.view.model().rowCount() == 1)
    with qtbot.waitSignal(page.photo_requested) as blocker:
        page.view.doubleClicked.emit(page.view.model().index(0, 0))
    assert blocker.args == [drawn.photos[2]]

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger.entities import PhotoId
from facetagger.ui.images import photo_key
from facetagger.ui.photo_view.contents import read_contents
from facetagger.ui.photo_view.filmstrip import FilmModel, FilmRole, Filmstrip
from facetagger.ui.photo_view.people_list import FaceModel
from tests.ui.naming.rig import TAKEN, Rig

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal


def test_the_filmstrip_holds_ids_alone(qtbot: QtBot) -> None:
    model = FilmModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.show([PhotoId(number) for number in range(20_000)])
    assert tester.model().rowCount() == 20_000
    assert model.index(19_999).data(FilmRole.PHOTO_ID) == 19_999
    assert model.row_of(PhotoId(7)) == 7
    assert model.index(6).data(Qt.ItemDataRole.AccessibleTextRole) == "Photo 7 of 20000"


def test_people_in_the_photo_change_row_by_row(rig: Rig, qtbot: QtBot) -> None:
    model = FaceModel()
    tester = QAbstractItemModelTester(model, FATAL)
    model.show(read_contents(rig.session.library, rig.family.beach).faces, TAKEN)
    rig.session.naming.name([rig.family.faces[1]], rig.family.clara)
    with qtbot.waitSignal(model.dataChanged, timeout=1000) as changed, qtbot.assertNotEmitted(model.modelReset):
        model.show(read_contents(rig.session.library, rig.family.beach).faces, TAKEN)
    assert changed.args is not None
    assert changed.args[0].row() == 1
    assert tester.model().rowCount() == 4


def test_strangers_come_last(rig: Rig) -> None:
    rig.session.naming.ignore([rig.family.faces[0]])
    model = FaceModel()
    model.show(read_contents(rig.session.library, rig.family.beach).faces, TAKEN)
    assert model.row_of(rig.family.faces[0]) == 2
    assert model.row_of(rig.family.faces[1]) == 0


def test_a_picture_that_arrives_does_not_make_the_strip_count_its_photos_again(
    rig: Rig, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted: list[int] = []

    def count(model: FilmModel, _parent: object = None) -> int:
        counted.append(1)
        return len(model.ids)

    monkeypatch.setattr(FilmModel, "rowCount", count)
    strip = Filmstrip(rig.theme, rig.images)
    qtbot.addWidget(strip)
    strip.show_photos([PhotoId(number) for number in range(1000, 6000)])
    strip.resize(800, 100)
    with qtbot.waitExposed(strip):
        strip.show()
    strip.set_open(PhotoId(3000))
    QApplication.processEvents()
    assert len(counted) > 5000
    counted.clear()
    rig.images.loaded.emit(photo_key(PhotoId(3000), 100))
    QApplication.processEvents()
    assert len(counted) < 100

"""A photo that is not to be seen: its file is gone, or holds another picture than when it was added."""

from __future__ import annotations

from pathlib import Path
from threading import Thread

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from facetagger.entities import PhotoId
from facetagger.imaging.hashing import image_hash
from facetagger.jobs.lanes import Lane
from facetagger.ui.photo_view.page import PhotoPage
from tests.ui.naming.rig import SIZE, Rig

SAME = "It is the same photo, touched up"
OTHER = "It is another photo"


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1064, 724)
    return window


@pytest.fixture
def page(rig: Rig, window: QWidget) -> PhotoPage:
    page = PhotoPage(rig.bridge, rig.images, rig.theme, window)
    page.resize(window.size())
    window.show()
    return page


def _path(rig: Rig, photo_id: PhotoId) -> Path:
    return rig.session.library.photos.get(photo_id).path


def _paint_over(path: Path, width: int = SIZE.width) -> None:
    Image.new("RGB", (width, SIZE.height), "navy").save(path)


def _open(rig: Rig, page: PhotoPage) -> None:
    page.show_photos([rig.family.beach, rig.family.garden], rig.family.beach)
    rig.run()


def _button(page: PhotoPage, text: str) -> QPushButton:
    return next(each for each in page.findChildren(QPushButton) if each.text() == text and each.isVisible())


def test_another_picture_is_not_shown_below_the_old_frames(page: PhotoPage, rig: Rig) -> None:
    _paint_over(_path(rig, rig.family.beach))
    _open(rig, page)
    assert page.stage.message.isVisible()
    assert not page.stage.canvas.isVisible()
    assert page.stage.message.text == "This file holds another picture than when it was added."


def test_a_photo_that_was_touched_up_is_shown_with_its_names(page: PhotoPage, rig: Rig) -> None:
    path = _path(rig, rig.family.beach)
    _paint_over(path)
    _open(rig, page)
    _button(page, SAME).click()
    rig.run()
    assert rig.session.library.photos.get(rig.family.beach).image_hash == image_hash(path)
    assert page.stage.canvas.isVisible()
    assert page.contents is not None
    assert [face.id for face in page.contents.faces] == list(rig.family.faces)
    picture = page.stage.canvas.picture
    assert picture is not None
    pixel = picture.toImage().pixelColor(5, 5)
    assert (pixel.red(), pixel.green(), pixel.blue()) == pytest.approx((0, 0, 128), abs=3)


def test_another_photo_is_added_anew_and_the_old_one_keeps_its_names(page: PhotoPage, rig: Rig) -> None:
    path = _path(rig, rig.family.beach)
    _paint_over(path)
    _open(rig, page)
    _button(page, OTHER).click()
    rig.run()
    assert rig.session.library.photos.get(rig.family.beach).is_missing
    assert rig.session.library.photos.by_path(path) == []
    assert rig.bridge.is_importing
    assert page.stage.message.text.startswith("This photo’s file is not where it was.")


def test_the_page_goes_on_with_the_photo_that_is_in_the_file_now(page: PhotoPage, rig: Rig) -> None:
    path, garden = _path(rig, rig.family.beach), _path(rig, rig.family.garden)
    path.write_bytes(garden.read_bytes())
    _open(rig, page)
    _button(page, OTHER).click()
    rig.run(Lane.LIBRARY)
    # An import waits for what it decodes, so the two lanes need a thread each.
    importing = Thread(target=rig.lanes[Lane.INFERENCE].run_all)
    importing.start()
    while importing.is_alive():
        rig.lanes[Lane.DECODE].run_all()
        importing.join(0.01)
    rig.run()
    assert not rig.bridge.is_importing
    assert page.contents is not None
    assert page.contents.photo.id == rig.family.garden
    assert page.stage.canvas.isVisible()


def test_a_picture_that_the_frames_would_not_fit_is_refused_in_place(page: PhotoPage, rig: Rig) -> None:
    _paint_over(_path(rig, rig.family.beach), width=300)
    _open(rig, page)
    _button(page, SAME).click()
    rig.run()
    assert "has another shape than before" in page.stage.message.text
    assert rig.errors == []


def test_a_photo_is_shown_again_after_one_that_is_gone(page: PhotoPage, rig: Rig) -> None:
    _path(rig, rig.family.beach).unlink()
    _open(rig, page)
    assert page.stage.message.isVisible()
    QTest.keyClick(page, Qt.Key.Key_Right)
    rig.run()
    assert page.stage.canvas.isVisible()
    QTest.keyClick(page, Qt.Key.Key_A)
    assert page.stage.canvas.is_drawing


def test_nothing_is_drawn_upon_a_picture_that_is_not_there(page: PhotoPage, rig: Rig) -> None:
    _path(rig, rig.family.beach).unlink()
    _open(rig, page)
    QTest.keyClick(page, Qt.Key.Key_A)
    assert not page.stage.canvas.is_drawing
    assert not _button(page, "Add a face").isEnabled()


def test_pointing_at_a_face_in_the_panel_ends_drawing(page: PhotoPage, rig: Rig) -> None:
    _open(rig, page)
    QTest.keyClick(page.stage.canvas, Qt.Key.Key_A)
    assert page.stage.canvas.is_drawing
    page.panel.face_clicked.emit(rig.family.faces[1])
    assert not page.stage.canvas.is_drawing
    assert page.stage.is_asking


def test_a_zoom_into_a_picture_that_was_replaced_meanwhile_asks_too(page: PhotoPage, rig: Rig) -> None:
    large = SIZE.width * 4
    path = _path(rig, rig.family.garden)
    Image.new("RGB", (large, SIZE.height * 4), "teal").save(path)
    rig.session.replacing.keep_names([path])
    page.show_photos([rig.family.garden], rig.family.garden)
    rig.run()
    _paint_over(path)
    page.stage.canvas.zoom_to_pixels()
    QTest.mouseMove(page.stage.canvas, QPoint(10, 10))
    rig.run(Lane.DECODE, Lane.LIBRARY)
    assert page.stage.message.text.startswith("This file holds another picture")

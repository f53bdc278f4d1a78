"""A newcomer's way through the real window, with the real networks, on the sample album."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger import paths
from facetagger.entities import FaceId, FaceState, Photo
from facetagger.metadata.read import read_regions
from facetagger.operations.sample_album import EILEEN, GRACE, sample_people
from facetagger.operations.session import Session
from facetagger.ui.actions import Command
from facetagger.ui.bridge import Bridge
from facetagger.ui.destinations import Destination, Place
from facetagger.ui.dialogs.export import ExportDialog
from facetagger.ui.executor import qthread_executors
from facetagger.ui.images import ImageLoader
from facetagger.ui.main_window import MainWindow
from facetagger.ui.photo_view.page import PhotoPage
from facetagger.ui.preferences import Preferences
from facetagger.ui.review.page import ReviewPage
from facetagger.ui.theme import ThemeManager

LONG = 120_000
SOON = 20_000


class Newcomer:
    """Somebody at the window; looks into the library only to see what came of it."""

    def __init__(self, qtbot: QtBot, window: MainWindow, session: Session, bridge: Bridge, theme: ThemeManager) -> None:
        self.qtbot, self.window, self.session, self.bridge, self.theme = qtbot, window, session, bridge, theme

    @property
    def page(self) -> PhotoPage:
        return self.window.pages.photo

    def photo(self, *people: str) -> Photo:
        """The first print that shows exactly these people."""
        name = next(name for name, shown in sample_people().items() if shown == people)
        found = [self.session.library.photos.get(each) for each in self.session.library.photos.ids()]
        return next(photo for photo in found if photo.path.as_posix().endswith(name))

    def face(self, photo: Photo) -> FaceId:
        """The one on the left, who comes first in ``photo``'s people."""
        return min(self.session.library.faces.of_photo(photo.id), key=lambda face: face.box.left).id

    def open(self, photo: Photo) -> None:
        self.window.open_photo(photo.id)
        self.qtbot.waitUntil(
            lambda: self.page.contents is not None and self.page.contents.photo.id == photo.id, timeout=SOON
        )

    def click_face(self, face_id: FaceId) -> None:
        rect = self.page.stage.canvas.face_rect(face_id)
        assert rect is not None
        QTest.mouseClick(self.page.stage.canvas, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())
        assert self.page.stage.is_asking

    def type_name(self, name: str) -> None:
        QTest.keyClicks(self.page.stage.field.edit, name)
        QTest.keyClick(self.page.stage.field.edit, Qt.Key.Key_Return)

    def wait_until_named(self, face_id: FaceId, name: str) -> None:
        def is_named() -> bool:
            person_id = self.session.library.faces.get(face_id).person_id
            return person_id is not None and self.session.library.people.get(person_id).name == name

        self.qtbot.waitUntil(is_named, timeout=SOON)

    def suggested(self) -> set[FaceId]:
        return {each.face_id for each in self.session.library.suggestions.all()}


@pytest.fixture
def newcomer(qtbot: QtBot, qapp: QApplication, theme: ThemeManager, tmp_path: Path) -> Iterator[Newcomer]:
    with Session.open(tmp_path / "library") as session:
        bridge = Bridge(session, qthread_executors())
        window = MainWindow(bridge, ImageLoader(bridge), theme, Preferences(paths.settings_file()))
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        yield Newcomer(qtbot, window, session, bridge, theme)
        bridge.close()


def test_from_an_empty_library_to_an_exported_album(newcomer: Newcomer, tmp_path: Path) -> None:
    qtbot, window, library = newcomer.qtbot, newcomer.window, newcomer.session.library
    with qtbot.waitSignal(newcomer.bridge.import_finished, timeout=LONG):
        window.pages.start.sample.click()
    assert library.counts().photos == 22

    for person in (GRACE, EILEEN):
        photo = newcomer.photo(person)
        newcomer.open(photo)
        newcomer.click_face(newcomer.face(photo))
        newcomer.type_name(person)
        newcomer.wait_until_named(newcomer.face(photo), person)
    qtbot.waitUntil(lambda: len(newcomer.suggested()) == 23, timeout=SOON)

    both = newcomer.photo(GRACE, EILEEN)
    newcomer.open(both)
    face = newcomer.face(both)
    newcomer.click_face(face)
    QTest.keyClick(newcomer.page.stage.field.edit, Qt.Key.Key_Return)
    newcomer.wait_until_named(face, GRACE)

    newcomer.open(both)
    newcomer.click_face(face)
    newcomer.type_name("Somebody Else")
    newcomer.wait_until_named(face, "Somebody Else")
    qtbot.waitUntil(lambda: window.actions_table[Command.UNDO].isEnabled())
    window.actions_table[Command.UNDO].trigger()
    newcomer.wait_until_named(face, GRACE)

    window.go(Destination(Place.REVIEW))
    review = window.pages.currentWidget()
    assert isinstance(review, ReviewPage)
    while newcomer.suggested():
        before = library.counts().confirmed
        qtbot.waitUntil(lambda: review.current is not None, timeout=SOON)
        QTest.keyClick(review, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda before=before: library.counts().confirmed > before, timeout=SOON)  # type: ignore[misc]
    assert library.counts().confirmed == 25

    dialog = ExportDialog(newcomer.bridge, newcomer.theme, Preferences(paths.settings_file()), window)
    qtbot.addWidget(dialog)
    dialog.show_folder(tmp_path / "export")
    dialog.start()
    qtbot.waitUntil(lambda: dialog.outcome.startswith("Done"), timeout=SOON)
    copy = next((tmp_path / "export").rglob(both.path.name))
    assert {region.name for region in read_regions(copy)} == {GRACE, EILEEN}
    assert library.faces.get(face).state is FaceState.CONFIRMED

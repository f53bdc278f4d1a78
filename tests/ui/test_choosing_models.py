"""The preferences offer the networks: choose, install, remove, watch the reading, take it back."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, Photo
from facetagger.faces.models import DLIB_RESNET
from facetagger.imaging import isolation
from facetagger.operations.embedding import Embedding
from facetagger.operations.models import Models
from facetagger.ui.actions import Command
from facetagger.ui.dialogs.preferences import PreferencesDialog
from facetagger.ui.main_window import MainWindow
from tests.faces.packs.tiny_onnx import DIMENSIONS, tiny_onnx
from tests.imaging.pictures import noise
from tests.operations.one_face_each import quick_analyser, use_quick_analyser
from tests.ui.conftest import DrawnAlbum

LONG = 60_000
PHOTOS = 20
FIRST_BATCH = 8


class Gate:
    """Lets the first photos through at once, and the others when it is opened."""

    def __init__(self) -> None:
        self._opened = threading.Event()
        self._lock = threading.Lock()
        self._left = sys.maxsize

    def close_after(self, photos: int) -> None:
        self._opened.clear()
        self._left = photos

    def open(self) -> None:
        self._opened.set()

    def wait(self) -> None:
        with self._lock:
            self._left -= 1
            is_free = self._left >= 0
        if not is_free:
            assert self._opened.wait(LONG / 1000)


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open()


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    yield
    isolation.close()


@pytest.fixture(autouse=True)
def faces(drawn: DrawnAlbum, gate: Gate, tmp_path: Path) -> list[FaceId]:
    """One face on each of some photos, the first two named Bela. The built-in networks are quick ones, packs real."""
    session = drawn.session
    use_quick_analyser(session)
    session.models = Models(session.library, quick_analyser)

    def verify(photo: Photo) -> None:
        session.checking.verify(photo)
        gate.wait()

    session.embedding = Embedding(session.library, session.models, verify)
    for number in range(PHOTOS):
        path = tmp_path / "More" / f"{number}.png"
        path.parent.mkdir(exist_ok=True)
        noise(160, 160, seed=number).save(path)
    session.importing.run([tmp_path / "More"])
    found = [each for each in session.library.faces.ids() if session.library.embeddings.of_faces([each], DLIB_RESNET)]
    assert len(found) == PHOTOS
    session.naming.name(found[:2], "Bela")
    return found


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.onnx"
    path.write_bytes(tiny_onnx())
    manifest = {"kind": "embedder", "dimensions": DIMENSIONS, "title": "A tiny network", "licence": "CC0"}
    path.with_suffix(".json").write_text(json.dumps(manifest))
    return path


@pytest.fixture
def installed(drawn: DrawnAlbum, tiny: Path) -> str:
    """The id of the vectors of a pack that was installed."""
    return drawn.session.models.install(tiny).model_id


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> PreferencesDialog:
    made = window.show_preferences()
    qtbot.waitUntil(lambda: "dlib ResNet" in texts(made))
    return made


def texts(dialog: PreferencesDialog) -> list[str]:
    return [each.text() for each in dialog.findChildren(QLabel) if each.isVisible()]


def button(dialog: PreferencesDialog, name: str) -> QPushButton:
    """By its name for screen readers, else by its text."""
    buttons = dialog.findChildren(QPushButton)
    return next(each for each in buttons if name in (each.accessibleName(), each.text()) and not each.isHidden())


def read_by(drawn: DrawnAlbum, model_id: str, faces: list[FaceId]) -> int:
    """How many of the faces this network has read."""
    return len(drawn.session.library.embeddings.of_faces(faces, model_id))


def test_only_the_built_in_network_is_there_at_first_and_the_way_to_others(dialog: PreferencesDialog) -> None:
    shown = texts(dialog)
    assert "Residual network · 128 numbers a face · licence CC0 · built in" in shown
    assert "In use" in shown
    assert not any("found by" in text for text in shown)
    assert button(dialog, "Install from a file…").isEnabled()


def test_a_chosen_network_reads_every_face_keeps_every_name_and_undo_takes_it_back(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog, drawn: DrawnAlbum, installed: str, faces: list[FaceId]
) -> None:
    library = drawn.session.library
    names = {face.id: face.person_id for face in library.faces.get_many(faces)}
    window.models.read()
    qtbot.waitUntil(lambda: "ONNX network · 48 numbers a face · licence CC0" in texts(dialog))
    button(dialog, "Use A tiny network").click()
    qtbot.waitUntil(lambda: read_by(drawn, installed, faces) == PHOTOS, timeout=LONG)
    qtbot.waitUntil(lambda: button(dialog, "Use dlib ResNet").isVisible())
    assert not button(dialog, "Remove A tiny network").isEnabled()
    assert {face.id: face.person_id for face in library.faces.get_many(faces)} == names
    dialog.close()
    qtbot.waitUntil(lambda: "use the model tiny" in window.actions_table[Command.UNDO].text())
    window.actions_table[Command.UNDO].trigger()
    qtbot.waitUntil(lambda: drawn.session.models.embedder_id == DLIB_RESNET)
    assert {face.id: face.person_id for face in library.faces.get_many(faces)} == names


def test_the_reading_is_told_in_the_dialog_and_at_the_bottom_and_can_be_stopped_and_gone_on_with(
    qtbot: QtBot,
    window: MainWindow,
    dialog: PreferencesDialog,
    drawn: DrawnAlbum,
    installed: str,
    faces: list[FaceId],
    gate: Gate,
) -> None:
    gate.close_after(FIRST_BATCH)
    window.models.read()
    qtbot.waitUntil(lambda: "A tiny network" in texts(dialog))
    button(dialog, "Use A tiny network").click()
    qtbot.waitUntil(lambda: dialog.models.progress_text == "Reading faces anew · 8 of 20 faces · names stay")
    assert window.status.text == dialog.models.progress_text
    button(dialog, "Stop").click()
    gate.open()
    qtbot.waitUntil(lambda: "not read yet" in dialog.models.progress_text, timeout=LONG)
    assert read_by(drawn, installed, faces) < PHOTOS
    assert "Reading" not in window.status.text
    button(dialog, "Go on").click()
    qtbot.waitUntil(lambda: read_by(drawn, installed, faces) == PHOTOS, timeout=LONG)
    qtbot.waitUntil(lambda: not dialog.models.progress_text)


def test_undo_while_faces_are_read_goes_back_at_once(
    qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum, installed: str, faces: list[FaceId], gate: Gate
) -> None:
    gate.close_after(FIRST_BATCH)
    window.models.use(drawn.session.models.get("tiny"))
    qtbot.waitUntil(lambda: window.face_reading.progress is not None, timeout=LONG)
    window.actions_table[Command.UNDO].trigger()
    qtbot.waitUntil(lambda: drawn.session.models.embedder_id == DLIB_RESNET)
    gate.open()
    qtbot.waitUntil(lambda: window.face_reading.progress is None, timeout=LONG)
    assert not window.face_reading.is_stopped
    assert read_by(drawn, installed, faces) < PHOTOS


def test_what_an_earlier_session_left_is_read_when_the_window_opens(
    qtbot: QtBot, drawn: DrawnAlbum, installed: str, faces: list[FaceId], request: pytest.FixtureRequest
) -> None:
    drawn.session.models.use("tiny")
    request.getfixturevalue("window")
    qtbot.waitUntil(lambda: read_by(drawn, installed, faces) == PHOTOS, timeout=LONG)


def test_a_file_is_installed_and_another_refused_with_its_sentence(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog, tiny: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = [str(tiny), str(tiny.with_name("broken.onnx"))]
    Path(chosen[1]).write_bytes(b"\xff" * 500)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (chosen.pop(0), ""))
    button(dialog, "Install from a file…").click()
    assert dialog.models.word == "Trying tiny.onnx out…"
    assert not button(dialog, "Install from a file…").isEnabled()
    qtbot.waitUntil(lambda: "is installed" in dialog.models.word, timeout=LONG)
    qtbot.waitUntil(lambda: "A tiny network" in texts(dialog))
    button(dialog, "Install from a file…").click()
    qtbot.waitUntil(lambda: "broken.onnx" in dialog.models.word and "Trying" not in dialog.models.word, timeout=LONG)
    assert button(dialog, "Install from a file…").isEnabled()
    assert not window.notice.isVisible()


def test_a_network_that_is_not_in_use_is_removed_after_asking(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog, drawn: DrawnAlbum, installed: str
) -> None:
    assert installed
    window.models.read()
    qtbot.waitUntil(lambda: "A tiny network" in texts(dialog))
    for answer in ("Keep", "Remove"):
        button(dialog, "Remove A tiny network").click()
        box = dialog.findChildren(QMessageBox)[-1]
        with qtbot.waitSignal(box.finished):
            next(each for each in box.buttons() if each.text() == answer).click()
        assert answer == "Remove" or any(each.id == "tiny" for each in drawn.session.models.all())
    qtbot.waitUntil(lambda: all(each.is_built_in for each in drawn.session.models.all()))
    qtbot.waitUntil(lambda: "A tiny network" not in texts(dialog))


def test_an_altered_network_is_refused_in_the_dialog_and_the_choice_stays(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog, drawn: DrawnAlbum, installed: str
) -> None:
    assert installed
    (drawn.session.library.folder / "models" / "tiny" / "tiny.onnx").write_bytes(b"altered")
    window.models.use(drawn.session.models.get("tiny"))
    qtbot.waitUntil(lambda: "tiny.onnx" in dialog.models.word)
    assert drawn.session.models.embedder_id == DLIB_RESNET
    assert not window.notice.isVisible()


def test_the_keyboard_reaches_every_button_and_stays_at_its_place_when_the_list_is_read_again(
    qtbot: QtBot, window: MainWindow, dialog: PreferencesDialog, installed: str
) -> None:
    assert installed
    window.models.read()
    qtbot.waitUntil(lambda: "A tiny network" in texts(dialog))
    reached = set()
    for _ in range(12):
        QTest.keyClick(dialog, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if isinstance(focused, QPushButton):
            reached.add(focused.accessibleName() or focused.text())
    assert reached >= {"Use A tiny network", "Remove A tiny network", "Install from a file…", "Done"}
    button(dialog, "Use A tiny network").setFocus()
    old = QApplication.focusWidget()
    window.models.read()
    qtbot.waitUntil(lambda: QApplication.focusWidget() not in (None, old))
    focused = QApplication.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.accessibleName() == "Use A tiny network"

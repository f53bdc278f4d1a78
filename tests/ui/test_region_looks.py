"""Faces that were drawn are looked into behind the user's back."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from facetagger.entities import Change
from facetagger.geometry import Box
from facetagger.operations.regions import Regions
from facetagger.ui.main_window import MainWindow
from facetagger.ui.undo_redo import UndoRedo
from tests.operations.one_face_each import quick_analyser
from tests.ui.conftest import DrawnAlbum


def test_a_drawn_face_is_looked_into_after_the_act_and_after_redo(
    window: MainWindow, drawn: DrawnAlbum, qtbot: QtBot
) -> None:
    session, library = drawn.session, drawn.session.library
    session.regions = Regions(library, quick_analyser, session.checking.verify)
    changes: list[Change] = []
    window._bridge.act(lambda: session.naming.draw(drawn.photos[4], Box(0.2, 0.2, 0.3, 0.3)), changes.append)
    qtbot.waitUntil(lambda: bool(changes))
    (face_id,) = changes[0].faces

    def is_measured() -> bool:
        return any(face.landmarks is not None for face in library.faces.get_many([face_id]))

    qtbot.waitUntil(is_measured)
    history = UndoRedo(window._bridge, window.actions_table, window)
    history.undo()
    qtbot.waitUntil(lambda: not library.faces.get_many([face_id]))
    history.redo()
    qtbot.waitUntil(is_measured)

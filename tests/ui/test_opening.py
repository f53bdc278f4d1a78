"""A library that cannot be opened is told, and can be tried again."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton

from facetagger import app
from facetagger.operations.session import Session
from facetagger.ui.theme import ThemeManager


def _press(text: str) -> None:
    (box,) = (each for each in QApplication.topLevelWidgets() if isinstance(each, QMessageBox) and each.isVisible())
    next(each for each in box.findChildren(QPushButton) if each.text() == text).click()


def test_a_library_that_is_open_elsewhere_can_be_tried_again_or_left(theme: ThemeManager, tmp_path: Path) -> None:
    other = Session.open(tmp_path / "library")
    QTimer.singleShot(0, lambda: _press("Quit"))
    assert app._open(tmp_path / "library", theme) is None

    def close_and_try_again() -> None:
        other.close()
        _press("Try again")

    QTimer.singleShot(0, close_and_try_again)
    session = app._open(tmp_path / "library", theme)
    assert session is not None
    session.close()

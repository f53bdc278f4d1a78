"""Where no window can open, one sentence says so, and the process ends well."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from facetagger.ui import display

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")

_ROOT = Path(__file__).parents[2]


def _run(code: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=_ROOT, env=environment)


def _environment(**changes: str) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return {name: value for name, value in os.environ.items() if name not in hidden} | changes


def test_without_a_display_there_is_a_sentence_and_exit_code_2() -> None:
    result = _run("import sys, facetagger.app; sys.exit(facetagger.app.run(None))", _environment())
    assert result.returncode == 2
    assert result.stderr.startswith("facetagger: There is no display here")
    assert len(result.stderr.splitlines()) == 1


def test_a_display_that_does_not_answer_is_told_before_qt_aborts() -> None:
    result = _run("import sys, facetagger.app; sys.exit(facetagger.app.run(None))", _environment(DISPLAY=":987"))
    assert result.returncode == 2
    assert len(result.stderr.splitlines()) == 1


def test_a_platform_that_needs_no_display_is_taken_at_its_word() -> None:
    assert display.problem({"QT_QPA_PLATFORM": "offscreen"}) is None


_OPEN = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
import facetagger.app
application = QApplication([])
seen = []
def look():
    shown = [each for each in application.topLevelWidgets() if isinstance(each, QMainWindow) and each.isVisible()]
    seen.append(bool(shown))
    loaded = sorted({"tensorflow", "keras", "mtcnn"} & set(sys.modules))
    print("shown", bool(shown), "loaded", loaded)
    application.quit()
QTimer.singleShot(1500, look)
sys.exit(facetagger.app.run(Path(sys.argv[1])))
"""


def test_the_window_is_there_before_any_network_is_loaded(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _OPEN, str(tmp_path / "library")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=_ROOT,
        env=_environment(QT_QPA_PLATFORM="offscreen"),
    )
    assert result.stdout.strip() == "shown True loaded []", result.stderr
    assert result.returncode == 0, result.stderr


_LOCKED = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
import facetagger.app
from facetagger.operations.session import Session
application = QApplication([])
def look():
    box = application.activeModalWidget()
    print(box.text())
    box.accept()
with Session.open(Path(sys.argv[1])):
    QTimer.singleShot(1500, look)
    sys.exit(facetagger.app.run(Path(sys.argv[1])))
"""


def test_a_library_that_is_open_elsewhere_is_told_in_a_dialog(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", _LOCKED, str(tmp_path / "library")],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=_ROOT,
        env=_environment(QT_QPA_PLATFORM="offscreen"),
    )
    assert "open" in result.stdout
    assert result.returncode == 1, result.stderr

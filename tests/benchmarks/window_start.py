"""Opens a window and prints the time by the wall clock when it can be used: ``python -m … [LIBRARY]``.

With a library it is the program's own window, usable when its photos are painted; without, a bare one of the same size
with a label. Imports no more than the program does itself.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QWidget


class _FirstPainting(QObject):
    def __init__(self, widget: QWidget, shown: Callable[[], bool]) -> None:
        super().__init__(widget)
        self._shown = shown
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt calls it so
        if event.type() == QEvent.Type.Paint and self._shown():
            watched.removeEventFilter(self)
            # The event loop comes round when the painting is over and it would take a click.
            QTimer.singleShot(0, _end)
        return False


def _end() -> None:
    print(time.time(), flush=True)
    QApplication.exit()


def open_bare() -> None:
    application = QApplication([])
    window = QMainWindow()
    window.setCentralWidget(QLabel("A bare window"))
    window.resize(1280, 800)
    _FirstPainting(window, lambda: True)
    window.show()
    application.exec()


def open_program(library: str) -> None:
    from facetagger.__main__ import main
    from facetagger.paths import LIBRARY_VARIABLE

    run = QApplication.exec

    def watched() -> int:
        from facetagger.ui.main_window import MainWindow

        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
        grid = window.pages.grid.grid
        _FirstPainting(grid.viewport(), lambda: bool(grid.photo_ids))
        return run()

    QApplication.exec = staticmethod(watched)  # type: ignore[method-assign]  # where the program hands over to Qt
    os.environ[LIBRARY_VARIABLE] = library
    sys.argv = ["facetagger"]
    main()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        open_program(sys.argv[1])
    else:
        open_bare()

"""Composition of the window: display, library, threads, pages. The only module beside ``ui`` that knows Qt."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from facetagger import log, paths
from facetagger.errors import LibraryError
from facetagger.log import logger
from facetagger.ui import display

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from facetagger.operations.session import Session
    from facetagger.ui.bridge import Bridge
    from facetagger.ui.preferences import Preferences
    from facetagger.ui.theme import ThemeManager

NO_DISPLAY = 2
"""Exit code when no window can be shown here."""


def run(library_folder: Path | None, photos: Sequence[Path] = ()) -> int:
    """Opens the window on a library and adds ``photos``; returns the exit code when the window has closed."""
    problem = display.problem(os.environ)
    if problem is not None:
        print(f"facetagger: {problem}", file=sys.stderr)
        return NO_DISPLAY
    log.configure(paths.log_folder())
    application, theme, preferences = make_application()
    session = _open(library_folder or paths.default_library(), theme)
    if session is None:
        return 1
    with session:
        return _show(application, session, theme, preferences, photos)


def make_application() -> tuple[QApplication, ThemeManager, Preferences]:
    """The QApplication with its name, icon and theme, in whose thread garbage is collected from now on."""
    from PySide6.QtWidgets import QApplication

    from facetagger.ui.garbage import collect_in_this_thread
    from facetagger.ui.icons import application_icon
    from facetagger.ui.preferences import Preferences
    from facetagger.ui.theme import ThemeManager, choice_of

    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication([sys.argv[0]])
    collect_in_this_thread(application)
    application.setApplicationName("facetagger")
    application.setApplicationDisplayName("facetagger")
    application.setDesktopFileName("facetagger")
    application.setWindowIcon(application_icon())
    preferences = Preferences(paths.settings_file())
    return application, ThemeManager(application, choice_of(preferences.current.theme)), preferences


def _open(folder: Path, theme: ThemeManager) -> Session | None:
    """Opens the library; when it cannot be, a dialog says why, and None is returned if the user gives up."""
    from facetagger.operations.session import Session

    while True:
        try:
            return Session.open(folder)
        except LibraryError as error:
            logger.error("The library in %s cannot be opened: %s", folder, error)
            if not _wants_another_try(error, theme):
                return None


def _wants_another_try(error: LibraryError, theme: ThemeManager) -> bool:
    from PySide6.QtCore import QSize, Qt
    from PySide6.QtWidgets import QMessageBox

    from facetagger.ui.icons import Icon, icon

    box = QMessageBox(QMessageBox.Icon.NoIcon, "facetagger", error.title)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setInformativeText(" ".join(part for part in (error.message, error.hint) if part))
    side = theme.current.px(28)
    box.setIconPixmap(icon(Icon.WARNING, theme.current, "amber", 28).pixmap(QSize(side, side)))
    again = box.addButton(box.tr("Try again"), QMessageBox.ButtonRole.AcceptRole)
    box.setEscapeButton(box.addButton(box.tr("Quit"), QMessageBox.ButtonRole.RejectRole))
    box.setDefaultButton(again)
    box.exec()
    return box.clickedButton() is again


def _show(
    application: QApplication,
    session: Session,
    theme: ThemeManager,
    preferences: Preferences,
    photos: Sequence[Path],
) -> int:
    from facetagger.ui.bridge import Bridge
    from facetagger.ui.executor import qthread_executors
    from facetagger.ui.images import ImageLoader
    from facetagger.ui.main_window import MainWindow

    bridge = Bridge(session, qthread_executors())
    _report_bugs_to(bridge)
    # Ctrl+C in the terminal: Qt's loop never returns to Python to see it, and every act is on disk already.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        window = MainWindow(bridge, ImageLoader(bridge), theme, preferences)
        window.show()
        if photos:
            bridge.start_import(photos)
        return application.exec()
    finally:
        bridge.close()
        sys.excepthook = sys.__excepthook__


def _report_bugs_to(bridge: Bridge) -> None:
    """An exception in a slot is a bug: logged with its traceback, told in one sentence, and the window lives on."""

    def hook(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
        logger.error("An unexpected error.", exc_info=(kind, error, traceback))
        if isinstance(error, Exception):
            bridge.post(lambda: bridge.report(error))

    sys.excepthook = hook

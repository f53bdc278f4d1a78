"""Adding photos: the dialogs before an import and the list of what it skipped."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QWidget

from facetagger.entities import SkippedFile
from facetagger.errors import FaceTaggerError
from facetagger.imaging.formats import SUFFIXES
from facetagger.jobs.lanes import Lane
from facetagger.ui import words
from facetagger.ui.bridge import Bridge
from facetagger.ui.dialogs.skipped import SkippedDialog
from facetagger.ui.import_reports import added_nothing, found_nothing
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import ThemeManager

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport

_SAMPLE_FOLDER = "Sample album"


class Adding(QObject):
    def __init__(self, bridge: Bridge, theme: ThemeManager, preferences: Preferences, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._theme, self._preferences, self._window = bridge, theme, preferences, window
        self._skipped: tuple[SkippedFile, ...] = ()
        bridge.import_finished.connect(self._remember_skipped)

    def add_dropped(self, paths: Sequence[Path]) -> None:
        """Refuses what is no photograph by its name, if there is nothing else."""
        if any(path.is_dir() or path.suffix.lower() in SUFFIXES for path in paths):
            self._start(paths)
        else:
            self._bridge.report(
                FaceTaggerError(
                    self.tr("There is no photo among these files."),
                    hint=self.tr("Drop folders, or pictures such as JPEG, PNG, TIFF or HEIC."),
                )
            )

    def choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self._window, self.tr("Choose a folder of photos"), self._preferences.current.last_import_folder
        )
        if folder:
            self._preferences.update(last_import_folder=folder)
            self._start([Path(folder)])

    def choose_files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        files, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Choose photos"),
            self._preferences.current.last_import_folder,
            self.tr("Photos ({0})").format(patterns),
        )
        if files:
            self._preferences.update(last_import_folder=str(Path(files[0]).parent))
            self._start([Path(file) for file in files])

    def add_sample_album(self) -> None:
        """Draws the sample album into the library's folder and imports it."""
        folder = self._bridge.session.library.folder / _SAMPLE_FOLDER
        self._bridge.fetch(Lane.FILES, lambda: _make_sample(folder), lambda album: self._start([album]), key=self)

    def _start(self, paths: Sequence[Path]) -> None:
        self._bridge.start_import(paths, look_harder=self._preferences.current.look_harder)

    def offer_choice(self, action: QAction, box: QAbstractButton) -> None:
        """How hard photos are searched that are added from now on: one choice in the menu and on the first page."""
        action.setChecked(self._preferences.current.look_harder)
        box.setChecked(action.isChecked())
        action.toggled.connect(box.setChecked)
        box.toggled.connect(action.setChecked)
        action.toggled.connect(lambda is_on: self._preferences.update(look_harder=is_on))

    def show_skipped(self) -> None:
        if self._skipped:
            SkippedDialog(self._skipped, self._theme, self._window).open()

    def _remember_skipped(self, report: ImportReport | None) -> None:
        self._skipped = () if report is None else report.skipped
        if report is None:
            return
        if found_nothing(report):
            self._bridge.report(FaceTaggerError(self.tr("There are no photos in that folder.")))
        elif added_nothing(report):
            count = words.counted(len(self._skipped), "file", "files")
            self._bridge.report(
                FaceTaggerError(
                    self.tr("No photo could be added."),
                    self.tr("{0} cannot be read as photographs.").format(count),
                    self.tr("The line at the bottom tells why."),
                )
            )


def _make_sample(folder: Path) -> Path:
    from facetagger.operations.sample_album import make_sample_album

    return make_sample_album(folder)

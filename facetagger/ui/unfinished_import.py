"""An import that the end of the program cut short is remembered, and offered again at the next start."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from facetagger.ui.bridge import Bridge
from facetagger.ui.preferences import Preferences
from facetagger.ui.question_bar import QuestionBar
from facetagger.ui.theme import ThemeManager

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport


class UnfinishedImport(QObject):
    """What is being added stands in the settings, by library, from the beginning to the end of the import."""

    def __init__(self, bridge: Bridge, theme: ThemeManager, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._preferences = bridge, preferences
        self._library = str(bridge.session.library.folder.absolute())
        self._left = [Path(path) for path in preferences.current.unfinished_imports.get(self._library, ())]
        self.bar = QuestionBar(theme, ((self.tr("Go on"), self.go_on),))
        self.bar.close_button.clicked.connect(self.dismiss)
        bridge.import_started.connect(self._remember)
        bridge.import_queued.connect(self._remember)
        bridge.import_finished.connect(self._end)
        if self._left:
            self.bar.ask(self.tr("The last import was not finished."))

    def go_on(self) -> None:
        paths, self._left = self._left, []
        self.bar.hide()
        self._bridge.start_import(paths)

    def dismiss(self) -> None:
        self._left = []
        self.bar.hide()
        self._remember()

    def _end(self, report: ImportReport | None) -> None:
        """One that failed as a whole stays unfinished."""
        if report is not None:
            self._remember()

    def _remember(self) -> None:
        paths = [str(path.absolute()) for path in (*self._left, *self._bridge.import_paths)]
        others = {
            library: unfinished
            for library, unfinished in self._preferences.current.unfinished_imports.items()
            if library != self._library
        }
        self._preferences.update(unfinished_imports=others | ({self._library: paths} if paths else {}))

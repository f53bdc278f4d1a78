"""An import that the end of the program cut short is remembered, and offered again at the next start."""

from __future__ import annotations

from collections.abc import Sequence
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
        self._looks = {Path(path) for path in preferences.current.unfinished_looks.get(self._library, ())}
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
        for is_look in (False, True):
            wanted = [path for path in paths if (path in self._looks) == is_look]
            if wanted:
                self._bridge.start_import(wanted, look_harder=is_look)

    def dismiss(self) -> None:
        self._left = []
        self.bar.hide()
        self._remember()

    def _end(self, report: ImportReport | None) -> None:
        """One that failed as a whole stays unfinished."""
        if report is not None:
            self._remember()

    def _remember(self) -> None:
        settings, bridge = self._preferences.current, self._bridge
        left_looks = [path for path in self._left if path in self._looks]
        self._preferences.update(
            unfinished_imports=self._with(settings.unfinished_imports, (*self._left, *bridge.import_paths)),
            unfinished_looks=self._with(settings.unfinished_looks, (*left_looks, *bridge.look_paths)),
        )

    def _with(self, stored: dict[str, list[str]], paths: Sequence[Path]) -> dict[str, list[str]]:
        """What is stored of other libraries, and these paths of this one."""
        others = {library: unfinished for library, unfinished in stored.items() if library != self._library}
        return others | ({self._library: [str(path.absolute()) for path in paths]} if paths else {})

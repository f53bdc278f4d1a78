"""Files that an import found to hold other pictures than before: asked about all at once, when it is done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from facetagger.entities import Change
from facetagger.errors import FaceTaggerError
from facetagger.ui import words
from facetagger.ui.bridge import Bridge
from facetagger.ui.question_bar import QuestionBar
from facetagger.ui.theme import ThemeManager

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport


class ChangedFiles(QObject):
    def __init__(self, bridge: Bridge, theme: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._paths: tuple[Path, ...] = ()
        self.bar = QuestionBar(
            theme,
            (
                (self.tr("Same photos, touched up"), self.keep_names),
                (self.tr("New photos"), self.let_go),
                (self.tr("Decide later"), self.decide_later),
            ),
        )
        self.bar.close_button.hide()
        bridge.import_finished.connect(self._ask)

    def keep_names(self) -> None:
        paths, replacing = self._paths, self._bridge.session.replacing
        self._bridge.act(lambda: replacing.keep_names(paths), self._done, self._explain)

    def let_go(self) -> None:
        paths, replacing = self._paths, self._bridge.session.replacing

        def add(change: Change) -> None:
            self._done(change)
            self._bridge.start_import(paths)

        self._bridge.act(lambda: replacing.let_go(paths), add, self._explain)

    def decide_later(self) -> None:
        """The page of each photo asks again."""
        self._paths = ()
        self.bar.hide()

    def _ask(self, report: ImportReport | None) -> None:
        if report is None or not report.changed:
            return
        self._paths = tuple(dict.fromkeys((*self._paths, *report.changed)))
        if len(self._paths) == 1:
            text = self.tr("{0} holds another picture than when it was added.").format(self._paths[0].name)
        else:
            count = words.counted(len(self._paths), "file", "files")
            text = self.tr("{0} hold other pictures than when they were added.").format(count)
        self.bar.ask(text)

    def _done(self, _change: Change) -> None:
        self.decide_later()

    def _explain(self, error: FaceTaggerError) -> None:
        self.bar.explain(str(error))

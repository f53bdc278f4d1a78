"""Which networks there are and which are in use, for whoever shows it; choosing, installing and removing them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facetagger.entities import Change
from facetagger.errors import FaceTaggerError
from facetagger.jobs.lanes import Lane
from facetagger.jobs.results import Err, Result
from facetagger.ui.bridge import Bridge

if TYPE_CHECKING:
    from facetagger.operations.models import Model


class ModelChoice(QObject):
    """Lives as long as the window, so that an installation outlives the dialog in which it was asked for."""

    listed = Signal(object)
    """Carries the list of every ``Model``."""
    said = Signal(str)
    """What came of the last installation, removal or choice."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.word = ""
        """What was said last."""
        self.installing: Path | None = None
        """The file that is being tried out."""

    def read(self) -> None:
        models = self._bridge.session.models
        self._bridge.fetch(Lane.LIBRARY, models.all, self.listed.emit, key=self)

    def use(self, model: Model) -> None:
        models = self._bridge.session.models
        self._say("")
        self._bridge.act(lambda: models.use(model.model_id), self._used, self._refuse)

    def install(self, file: Path) -> None:
        """Tries the file out in a process of its own, on the lane for files: that does not wait for an import."""
        models, self.installing = self._bridge.session.models, file
        self._say(self.tr("Trying {0} out…").format(file.name))

        def finish(result: Result[Model]) -> None:
            self.installing = None
            self._take(result, lambda model: self.tr("“{0}” is installed. It is not in use yet.").format(model.title))

        self._bridge.submit(Lane.FILES, lambda: models.install(file), finish)

    def remove(self, model: Model) -> None:
        models = self._bridge.session.models

        def finish(result: Result[Model]) -> None:
            self._take(result, lambda gone: self.tr("“{0}” is removed.").format(gone.title))

        self._bridge.submit(Lane.LIBRARY, lambda: models.remove(model.model_id), finish)

    def _used(self, _change: Change) -> None:
        self.read()

    def _take(self, result: Result[Model], words: Callable[[Model], str]) -> None:
        if isinstance(result, Err):
            self._refuse(self._bridge.explain(result.error))
        else:
            self._say(words(result.value))
        self.read()

    def _refuse(self, error: FaceTaggerError) -> None:
        self._say(str(error))

    def _say(self, word: str) -> None:
        self.word = word
        self.said.emit(word)

"""Looking harder at the photo that is open, beside whatever else is going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from facetagger.entities import PhotoId
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.results import Err, Result
from facetagger.ui.bridge import Bridge
from facetagger.ui.words import counted, joined

if TYPE_CHECKING:
    from facetagger.operations.looking import LookReport


class SecondLook(QObject):
    """One photo after another. It need not wait for an import that runs: between them the networks take turns."""

    changed = Signal()
    """What is to be said about the open photo differs."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._photo_id: PhotoId | None = None
        self._running: set[PhotoId] = set()
        self._result = ""
        self._cancel = CancelToken()
        bridge.closing.connect(self._cancel.cancel)

    @property
    def is_running(self) -> bool:
        """Whether the open photo is being looked at."""
        return self._photo_id in self._running

    @property
    def text(self) -> str:
        """What goes on or came of it, in a sentence; empty where nobody asked."""
        return self.tr("Looking harder for faces…") if self.is_running else self._result

    def follow(self, photo_id: PhotoId) -> None:
        """Another photo is open: what came of the look at the last one is no longer said."""
        if photo_id != self._photo_id:
            self._photo_id, self._result = photo_id, ""
            self.changed.emit()

    def look(self) -> None:
        """Searches the open photo, unless that is under way."""
        photo_id, looking = self._photo_id, self._bridge.session.looking
        if photo_id is None or self.is_running:
            return
        self._running.add(photo_id)
        self._result = ""
        self.changed.emit()
        self._bridge.submit(
            Lane.REGIONS,
            lambda: looking.run([photo_id], cancel=self._cancel),
            lambda result: self._finish(photo_id, result),
        )

    def _finish(self, photo_id: PhotoId, result: Result[LookReport]) -> None:
        self._running.discard(photo_id)
        if isinstance(result, Err):
            self._bridge.report(result.error)
        else:
            if photo_id == self._photo_id:
                self._result = self._outcome(result.value)
            if result.value.change:
                self._bridge.changed.emit(result.value.change)
                self._bridge.refresh_suggestions()
        self.changed.emit()

    def _outcome(self, report: LookReport) -> str:
        if report.skipped:
            return report.skipped[0].reason
        turned = self.tr("The photo stands upright now") if report.turned else ""
        if report.faces:
            return joined(counted(report.faces, "more face", "more faces") + " found", turned)
        clearer = counted(report.clearer, "face is", "faces are") + " clearer now" if report.clearer else ""
        return joined(self.tr("Nothing more was found"), clearer, turned)

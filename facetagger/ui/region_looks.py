"""Faces that were drawn, or came with their photo, are looked into behind the user's back, soon after the act."""

from __future__ import annotations

from PySide6.QtCore import QObject

from facetagger.entities import Change, FaceId
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.results import Err, Result
from facetagger.ui.bridge import Bridge


class RegionLooks(QObject):
    """Starts with the window, for what an earlier session left, and again after every act, undo and redo, for each may
    bring a face back. Where there is nothing to look into that costs one short query."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._cancel = CancelToken()
        self._is_running = self._is_wanted = False
        bridge.changed.connect(self._follow)
        bridge.import_finished.connect(self.start)
        bridge.closing.connect(self._cancel.cancel)

    def start(self) -> None:
        if self._is_running:
            self._is_wanted = True
            return
        self._is_running, regions, cancel = True, self._bridge.session.regions, self._cancel
        self._bridge.submit(Lane.REGIONS, lambda: regions.run(cancel, self._tell), self._take)

    def _follow(self, change: Change) -> None:
        if change.entry is not None:
            self.start()

    def _tell(self, change: Change) -> None:
        """Runs on the lane."""
        self._bridge.post(lambda: self._bridge.changed.emit(change))

    def _take(self, result: Result[frozenset[FaceId]]) -> None:
        self._is_running = False
        if isinstance(result, Err):
            self._bridge.report(result.error)
        elif result.value:
            self._bridge.refresh_suggestions()
        if self._is_wanted:
            self._is_wanted = False
            self.start()

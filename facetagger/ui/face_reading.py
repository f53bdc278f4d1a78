"""After another network was chosen, every face is read anew behind the user's back; the user can watch and stop it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from facetagger.entities import Change
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.jobs.results import Err, Result
from facetagger.ui.bridge import REFRESH_INTERVAL_MS, Bridge


class FaceReading(QObject):
    """Starts with the window, for what an earlier session left, after imports, and when an act, undo or redo chose
    another network. Where no face is to be read that costs one query, and no network is loaded."""

    moved = Signal()
    """``progress``, ``is_waiting`` or ``is_stopped`` differ."""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._cancel: CancelToken | None = None
        self._is_wanted = False
        self._embedder = ""
        self.progress: Progress | None = None
        """None while no face is being read."""
        self.is_stopped = False
        """Whether faces are left because the user, or an error, stopped the reading."""
        self._refreshing = QTimer(self)
        self._refreshing.setInterval(REFRESH_INTERVAL_MS)
        self._refreshing.timeout.connect(bridge.refresh_suggestions)
        bridge.changed.connect(self._follow)
        bridge.import_finished.connect(self._read_rest)
        bridge.closing.connect(self._end)

    @property
    def is_waiting(self) -> bool:
        """Whether photos are added first."""
        return self._cancel is not None and self.progress is None and self._bridge.is_importing

    def start(self) -> None:
        models = self._bridge.session.models
        self._bridge.fetch(Lane.LIBRARY, lambda: models.embedder_id, self._take_choice, key=self)

    def stop(self) -> None:
        """What is read stays read; ``go_on`` reads the rest."""
        if self._cancel is not None:
            self.is_stopped, self._is_wanted = True, False
            self._cancel.cancel()

    def go_on(self) -> None:
        self.is_stopped = False
        self._run()

    def _follow(self, change: Change) -> None:
        if change.entry is not None:
            self.start()

    def _take_choice(self, embedder: str) -> None:
        if embedder != self._embedder:
            self._embedder = embedder
            self.go_on()

    def _read_rest(self) -> None:
        """Photos that came back may hold faces that the network has not read."""
        if not self.is_stopped and self._cancel is None:
            self._run()

    def _run(self) -> None:
        if self._cancel is not None:
            self._is_wanted = True
            self._cancel.cancel()
            return
        cancel = self._cancel = CancelToken()
        embedding = self._bridge.session.embedding

        def job() -> int:
            return embedding.run(progress=self._tell_progress, cancel=cancel, on_change=self._tell_change)

        self._bridge.submit(Lane.INFERENCE, job, self._finish)
        self.moved.emit()

    def _finish(self, result: Result[int]) -> None:
        self._cancel = None
        was_reading, self.progress = self.progress is not None, None
        self._refreshing.stop()
        if self._is_wanted:
            self._is_wanted = False
            self._run()
            return
        if isinstance(result, Err):
            self.is_stopped = True
            if not isinstance(result.error, Cancelled):
                self._bridge.report(result.error)
        if was_reading:
            self._bridge.refresh_suggestions()
        self.moved.emit()

    def _end(self) -> None:
        self._is_wanted = False
        if self._cancel is not None:
            self._cancel.cancel()

    def _tell_progress(self, progress: Progress) -> None:
        """Runs on the lane."""
        self._bridge.post(lambda: self._show(progress))

    def _tell_change(self, change: Change) -> None:
        """Runs on the lane."""
        self._bridge.post(lambda: self._bridge.changed.emit(change))

    def _show(self, progress: Progress) -> None:
        if self._cancel is None or self._cancel.is_cancelled:
            return
        if self.progress is None:
            self._refreshing.start()
        self.progress = progress
        self.moved.emit()

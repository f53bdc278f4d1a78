"""The measuring itself: in the background, with progress, and it can be stopped."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.jobs.results import Err, Result
from facetagger.ui.bridge import Bridge
from facetagger.ui.check_names.reading import CheckedNames, read_checked_names


class NameCheck(QObject):
    """One at a time; the result of one that was stopped is dropped."""

    progressed = Signal(object)
    """Progress"""
    finished = Signal(object)
    """CheckedNames"""
    stopped = Signal()
    failed = Signal(object)
    """FaceTaggerError"""

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._cancel: CancelToken | None = None
        bridge.closing.connect(self.stop)

    @property
    def is_running(self) -> bool:
        return self._cancel is not None

    def start(self) -> None:
        self.stop()
        cancel = self._cancel = CancelToken()
        session = self._bridge.session

        def progress(progress: Progress) -> None:
            self._bridge.post(lambda: self._tell(cancel, progress))

        self._bridge.submit(
            Lane.MEASURING,
            lambda: read_checked_names(session.library, session.evaluating.measure(progress, cancel)),
            lambda result: self._take(cancel, result),
        )

    def stop(self) -> None:
        if self._cancel is not None:
            self._cancel.cancel()
            self._cancel = None
            self.stopped.emit()

    def _tell(self, cancel: CancelToken, progress: Progress) -> None:
        if cancel is self._cancel:
            self.progressed.emit(progress)

    def _take(self, cancel: CancelToken, result: Result[CheckedNames]) -> None:
        if cancel is not self._cancel:
            return
        self._cancel = None
        if not isinstance(result, Err):
            self.finished.emit(result.value)
        elif isinstance(result.error, Cancelled):
            self.stopped.emit()
        else:
            self.failed.emit(self._bridge.explain(result.error))

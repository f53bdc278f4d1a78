"""Between the window and the work: acts, fetches and the import run on lanes, results come back to the window's thread.

``Bridge`` is the one long-lived QObject that carries results. Everything it emits and every receiver it calls happens
in the window's thread.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from facetagger.entities import Change
from facetagger.errors import FaceTaggerError
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.jobs.results import Err, Result
from facetagger.jobs.runner import Runner

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport
    from facetagger.operations.session import Session

T = TypeVar("T")

REFRESH_INTERVAL_MS: Final = 4000
"""How often suggestions follow a running import."""


class Bridge(QObject):
    """What pages call and listen to.

    ``changed`` carries a ``Change``: read again what it names. ``failed`` carries a ``FaceTaggerError`` to show.
    """

    changed = Signal(object)
    failed = Signal(object)
    busy_changed = Signal(bool)
    """Whether suggestions are being worked out."""
    import_started = Signal()
    import_progressed = Signal(object)
    import_paused = Signal(bool)
    import_finished = Signal(object)
    """Carries the ``ImportReport``; None when the import failed as a whole."""

    _delivered = Signal(object)

    def __init__(self, session: Session, executors: Mapping[Lane, Executor], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.runner = Runner(executors, self.post)
        self._delivered.connect(self._call, Qt.ConnectionType.QueuedConnection)
        self._latest: dict[Hashable, int] = {}
        self._is_closed = False
        self._refresh_running = False
        self._refresh_waiting = False
        self._import: CancelToken | None = None
        self._import_timer = QTimer(self)
        self._import_timer.setInterval(REFRESH_INTERVAL_MS)
        self._import_timer.timeout.connect(self.refresh_suggestions)

    def act(
        self,
        operation: Callable[[], Change],
        on_done: Callable[[Change], None] | None = None,
        on_error: Callable[[FaceTaggerError], None] | None = None,
    ) -> None:
        """Runs an act of the user; then ``changed``, then ``on_done``, and fresh suggestions follow.

        Acts run one after another in the order they were asked for. ``on_error`` is for who shows an error in a
        better place than the window does.
        """

        def finish(result: Result[Change]) -> None:
            if isinstance(result, Err):
                if on_error is None:
                    self.report(result.error)
                else:
                    on_error(self.explain(result.error))
                return
            self.changed.emit(result.value)
            if on_done is not None:
                on_done(result.value)
            self.refresh_suggestions()

        self.submit(Lane.LIBRARY, operation, finish)

    def fetch(
        self,
        lane: Lane,
        job: Callable[[], T],
        receiver: Callable[[T], None],
        *,
        key: Hashable = None,
    ) -> None:
        """Runs a job that only reads and gives its value to ``receiver``.

        With a ``key``, a later fetch of the same key makes the earlier one's result drop, however late it comes.
        """
        number = self._latest[key] = self._latest.get(key, 0) + 1

        def finish(result: Result[T]) -> None:
            is_superseded = key is not None and self._latest[key] != number
            if is_superseded:
                return
            if isinstance(result, Err):
                self.report(result.error)
            else:
                receiver(result.value)

        self.submit(lane, job, finish)

    def submit(self, lane: Lane, job: Callable[[], T], on_done: Callable[[Result[T]], None]) -> None:
        """Runs a job and hands its result, good or bad, to ``on_done``; ignored once the bridge is closed, for timers
        and repaints outlive the work."""
        if not self._is_closed:
            self.runner.submit(lane, job, on_done)

    def post(self, call: Callable[[], None]) -> None:
        """Makes a call in the window's thread, soon; jobs on any thread tell their progress this way."""
        self._delivered.emit(call)

    def report(self, error: Exception) -> None:
        """Shows an error in the window; what is not meant for the user becomes one plain sentence."""
        if not isinstance(error, Cancelled):
            self.failed.emit(self.explain(error))

    def explain(self, error: Exception) -> FaceTaggerError:
        """The error as the user should read it."""
        if isinstance(error, FaceTaggerError):
            return error
        return FaceTaggerError(
            self.tr("Something went wrong here."),
            hint=self.tr("Your names are safe. The details are in the log; please try again."),
        )

    @Slot()
    def refresh_suggestions(self) -> None:
        """Brings suggestions up to date soon; one refresh runs at a time and at most one more waits."""
        if self._refresh_running:
            self._refresh_waiting = True
            return
        self._refresh_running = True
        self.busy_changed.emit(True)
        self.submit(Lane.RECOGNITION, self.session.suggesting.refresh, self._refreshed)

    def _refreshed(self, result: Result[Change]) -> None:
        self._refresh_running = False
        if isinstance(result, Err):
            self.report(result.error)
        elif result.value:
            self.changed.emit(result.value)
        if self._refresh_waiting:
            self._refresh_waiting = False
            self.refresh_suggestions()
        else:
            self.busy_changed.emit(False)

    @property
    def is_importing(self) -> bool:
        return self._import is not None

    def start_import(self, paths: Sequence[Path]) -> None:
        """Adds files and folders; a second call while one runs is refused with a sentence."""
        if self._import is not None:
            self.failed.emit(
                FaceTaggerError(
                    self.tr("Photos are being added already."), hint=self.tr("Add these when that is done.")
                )
            )
            return
        cancel = CancelToken()
        self._import = cancel
        importing, decode = self.session.importing, self.runner.executor(Lane.DECODE)

        def job() -> ImportReport:
            return importing.run(
                paths,
                progress=self._deliver_progress,
                cancel=cancel,
                on_change=self._deliver_change,
                decode_executor=decode,
            )

        self.import_started.emit()
        self._import_timer.start()
        self.submit(Lane.INFERENCE, job, self._imported)

    def pause_import(self) -> None:
        if self._import is not None:
            self._import.pause()
            self.import_paused.emit(True)

    def resume_import(self) -> None:
        if self._import is not None:
            self._import.resume()
            self.import_paused.emit(False)

    def cancel_import(self) -> None:
        """What was added so far stays."""
        if self._import is not None:
            self._import.cancel()

    def close(self) -> None:
        """Stops the import, drops what waits and returns when every thread has ended."""
        self._is_closed = True
        self.cancel_import()
        self._import_timer.stop()
        self.runner.shutdown()

    def _imported(self, result: Result[ImportReport]) -> None:
        self._import = None
        self._import_timer.stop()
        if isinstance(result, Err):
            self.report(result.error)
            self.import_finished.emit(None)
        else:
            self.import_finished.emit(result.value)
        self.refresh_suggestions()

    def _deliver_progress(self, progress: Progress) -> None:
        self.post(lambda: self.import_progressed.emit(progress))

    def _deliver_change(self, change: Change) -> None:
        self.post(lambda: self.changed.emit(change))

    @Slot(object)
    def _call(self, call: Callable[[], None]) -> None:
        call()

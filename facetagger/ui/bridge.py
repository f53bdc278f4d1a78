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

from facetagger.entities import AlbumId, Change
from facetagger.errors import FaceTaggerError
from facetagger.faces.settings import NORMAL, THOROUGH
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.jobs.results import Err, Result
from facetagger.jobs.runner import Runner
from facetagger.ui.import_reports import added_up

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport
    from facetagger.operations.session import Session

T = TypeVar("T")

REFRESH_INTERVAL_MS: Final = 4000
"""How often suggestions follow a running import."""
_REFRESH: Final = "refresh of the suggestions"


class Bridge(QObject):
    """What pages call and listen to.

    ``changed`` carries a ``Change``: read again what it names. ``failed`` carries a ``FaceTaggerError`` to show.
    """

    changed = Signal(object)
    failed = Signal(object)
    settled = Signal()
    """An act succeeded, or a fetch that had failed before: an error that is still shown has had its time."""
    act_requested = Signal()
    """From now on there is something to undo, for an undo runs after the act."""
    act_failed = Signal()
    busy_changed = Signal(bool)
    """Whether suggestions are being worked out."""
    import_started = Signal()
    import_progressed = Signal(object)
    import_paused = Signal(bool)
    import_queued = Signal(object)
    """Carries the paths that are added after those being added now."""
    import_finished = Signal(object)
    """Carries the ``ImportReport`` of everything that was added in a row; None when it failed as a whole."""

    closing = Signal()
    """The window is going: what can be interrupted should be."""

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
        self._acts = 0
        self._failed_keys: set[Hashable] = set()
        self._import: CancelToken | None = None
        self._import_paths: tuple[Path, ...] = ()
        self._queued_paths: tuple[Path, ...] = ()
        self._looks: frozenset[Path] = frozenset()
        self._import_albums: frozenset[AlbumId] = frozenset()
        self._reports: list[ImportReport] = []
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
            self._acts -= 1
            if isinstance(result, Err):
                self.act_failed.emit()
                if on_error is None:
                    self.report(result.error)
                else:
                    on_error(self.explain(result.error))
                return
            self.settled.emit()
            self.changed.emit(result.value)
            if on_done is not None:
                on_done(result.value)
            self.refresh_suggestions()

        self._acts += 1
        self.act_requested.emit()
        self.submit(Lane.LIBRARY, operation, finish)

    @property
    def is_acting(self) -> bool:
        """Whether an act was asked for and has not ended."""
        return self._acts > 0

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
                self._failed_keys.add(key)
                self.report(result.error)
            else:
                self._settle(key)
                receiver(result.value)

        self.submit(lane, job, finish)

    def _settle(self, key: Hashable) -> None:
        if key in self._failed_keys:
            self._failed_keys.discard(key)
            self.settled.emit()

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
            self._failed_keys.add(_REFRESH)
            self.report(result.error)
        else:
            self._settle(_REFRESH)
            if result.value:
                self.changed.emit(result.value)
        if self._refresh_waiting:
            self._refresh_waiting = False
            self.refresh_suggestions()
        else:
            self.busy_changed.emit(False)

    @property
    def is_importing(self) -> bool:
        return self._import is not None

    @property
    def import_paths(self) -> tuple[Path, ...]:
        """What is being added now and what waits to be."""
        return (*self._import_paths, *self._queued_paths)

    @property
    def look_paths(self) -> tuple[Path, ...]:
        """Those of ``import_paths`` that are to be searched thoroughly."""
        return tuple(path for path in self.import_paths if path in self._looks)

    @property
    def import_albums(self) -> frozenset[AlbumId]:
        """The albums that appeared or changed in the import that runs, or ended last."""
        return self._import_albums

    def start_import(self, paths: Sequence[Path], *, look_harder: bool = False) -> None:
        """Adds files and folders; while others are being added, these come after them. ``look_harder`` searches them
        thoroughly, photos that are there already too."""
        if look_harder:
            self._looks |= frozenset(paths)
        if self._import is not None:
            self._queue_import((*self._queued_paths, *(path for path in paths if path not in self._queued_paths)))
            return
        self._reports = []
        self._import_albums = frozenset()
        self._run_import(tuple(paths))
        self.import_started.emit()
        self._import_timer.start()

    def _queue_import(self, paths: tuple[Path, ...]) -> None:
        if paths != self._queued_paths:
            self._queued_paths = paths
            self.import_queued.emit(paths)

    def _run_import(self, paths: tuple[Path, ...]) -> None:
        cancel = CancelToken()
        self._import, self._import_paths = cancel, paths
        importing, decode = self.session.importing, self.runner.executor(Lane.DECODE)
        settings = THOROUGH if paths[0] in self._looks else NORMAL

        def job() -> ImportReport:
            return importing.run(
                paths,
                settings=settings,
                progress=self._deliver_progress,
                cancel=cancel,
                on_change=self._deliver_change,
                decode_executor=decode,
            )

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
        """What was added so far stays, what waits is not added."""
        self._queue_import(())
        if self._import is not None:
            self._import.cancel()

    def close(self) -> None:
        """Stops the import, drops what waits and returns when every thread has ended."""
        self._is_closed = True
        self.closing.emit()
        self._queued_paths = ()
        if self._import is not None:
            self._import.cancel()
        self._import_timer.stop()
        self.runner.shutdown()

    def _imported(self, result: Result[ImportReport]) -> None:
        self._import, self._import_paths = None, ()
        self._looks &= frozenset(self._queued_paths)
        if isinstance(result, Err):
            self.report(result.error)
        else:
            self._reports.append(result.value)
        if self._queued_paths:
            is_look = self._queued_paths[0] in self._looks
            paths = tuple(path for path in self._queued_paths if (path in self._looks) == is_look)
            self._queue_import(tuple(path for path in self._queued_paths if path not in paths))
            self._run_import(paths)
        else:
            self._import_timer.stop()
            self.import_finished.emit(added_up(self._reports) if self._reports else None)
        self.refresh_suggestions()

    def _deliver_progress(self, progress: Progress) -> None:
        self.post(lambda: self.import_progressed.emit(progress))

    def _deliver_change(self, change: Change) -> None:
        def tell() -> None:
            self._import_albums |= change.albums
            self.changed.emit(change)

        self.post(tell)

    @Slot(object)
    def _call(self, call: Callable[[], None]) -> None:
        call()

"""What the bars around the pages show: counts, albums, names, what can be undone; read again after each change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from facetagger.entities import Change
from facetagger.jobs.lanes import Lane
from facetagger.ui.bridge import Bridge

if TYPE_CHECKING:
    from facetagger.library.records import AlbumSummary, Counts
    from facetagger.operations.session import Session

_DELAY_MS: Final = 60
_MOST_QUESTIONS: Final = 99


@dataclass(frozen=True, slots=True)
class Overview:
    counts: Counts
    albums: tuple[AlbumSummary, ...]
    names: tuple[str, ...]
    undo: str | None
    redo: str | None


def read_overview(session: Session) -> Overview:
    library = session.library
    undo, redo = session.history.undo_entry(), session.history.redo_entry()
    return Overview(
        library.counts(),
        tuple(library.albums.all()),
        tuple(summary.person.name for summary in library.people.all()),
        None if undo is None else undo.text,
        None if redo is None else redo.text,
    )


class OverviewReader(QObject):
    """Emits ``read`` with an ``Overview`` soon after a change, and ``questions_counted`` when suggestions rest."""

    read = Signal(object)
    questions_counted = Signal(int)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_DELAY_MS)
        self._timer.timeout.connect(self.refresh)
        bridge.changed.connect(self._schedule)
        bridge.act_failed.connect(self._timer.start)
        bridge.busy_changed.connect(self._count_questions)

    def refresh(self) -> None:
        session = self._bridge.session
        self._bridge.fetch(Lane.LIBRARY, lambda: read_overview(session), self.read.emit, key=self)

    def _schedule(self, _change: Change) -> None:
        self._timer.start()

    def _count_questions(self, is_busy: bool) -> None:
        if is_busy:
            return
        reviewing = self._bridge.session.reviewing
        self._bridge.fetch(
            Lane.RECOGNITION,
            lambda: len(reviewing.questions(limit=_MOST_QUESTIONS)),
            self.questions_counted.emit,
            key=(self, "questions"),
        )

"""The line at the bottom: counts, the import with pause and cancel, what was skipped, faces that are read anew."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from facetagger.imaging.formats import SUFFIXES
from facetagger.jobs.progress import Progress
from facetagger.ui import import_reports, words
from facetagger.ui.controls import button, label
from facetagger.ui.theme import Space, ThemeManager

if TYPE_CHECKING:
    from facetagger.library.records import Counts
    from facetagger.operations.importing import ImportReport

HEIGHT: Final = 28
_STEPS: Final = 1000
_RESULT_MS: Final = 8000
"""How long the outcome of an import stays before the counts come back."""


class StatusLine(QFrame):
    pause_requested = Signal()
    resume_requested = Signal()
    cancel_requested = Signal()
    skipped_requested = Signal()
    stop_reading_requested = Signal()

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        px = theme.current.px
        self._progress: Progress | None = None
        self._reading: Progress | None = None
        self._is_paused = False
        self._then = ""
        self._counts = self.tr("No photos yet")
        self._result_timer = QTimer(self)
        self._result_timer.setSingleShot(True)
        self._result_timer.setInterval(_RESULT_MS)
        self._result_timer.timeout.connect(self._show_rest)
        self.setProperty("role", "bar")
        self.setProperty("edge", "top")
        self.setFixedHeight(px(HEIGHT) + 2)
        self._text = label(self._counts, "meta")
        self._bar = QProgressBar()
        self._bar.setRange(0, _STEPS)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(px(160))
        self._pause = button(self.tr("Pause"), "quiet", self._toggle_pause)
        self._cancel = button(self.tr("Cancel"), "quiet", self.cancel_requested.emit)
        self._stop_reading = button(self.tr("Stop"), "quiet", self.stop_reading_requested.emit)
        self._note = label("", "meta")
        self._skipped = button("", "quiet", self.skipped_requested.emit)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(Space.L), 0, px(Space.L), 0)
        row.setSpacing(px(Space.M))
        row.addWidget(self._text)
        for each in (self._bar, self._pause, self._cancel, self._stop_reading):
            row.addWidget(each)
        row.addStretch()
        row.addWidget(self._skipped)
        row.addWidget(self._note)
        self._skipped.hide()
        self._show_import(is_running=False)

    @property
    def text(self) -> str:
        """What stands at the left."""
        return self._text.text()

    @property
    def skipped_text(self) -> str:
        """Empty where the last import skipped nothing."""
        return "" if self._skipped.isHidden() else self._skipped.text()

    def show_counts(self, counts: Counts) -> None:
        has_photos = counts.photos > 0
        self._note.setText(self.tr("Everything is saved on this computer") if has_photos else "")
        self._counts = self.tr("No photos yet")
        if has_photos:
            self._counts = words.joined(
                words.counted(counts.photos, "photo", "photos"),
                words.counted(counts.faces, "face", "faces"),
                words.counted(counts.people, "person", "people"),
                words.counted(counts.missing, "photo", "photos") + " not found" if counts.missing else "",
            )
        if self._progress is None and not self._result_timer.isActive():
            self._show_rest()

    def show_reading(self, progress: Progress | None) -> None:
        """Faces are read anew; None when that is over. An import that runs, or has just ended, comes before it."""
        self._reading = progress
        if self._progress is None and not self._result_timer.isActive():
            self._show_rest()

    def _show_rest(self) -> None:
        self._show_import(is_running=False)
        if self._reading is None:
            self._text.setText(self._counts)
            return
        for each in (self._bar, self._stop_reading):
            each.show()
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(self._reading.fraction * _STEPS))
        self._text.setText(words.reading_faces(self._reading))

    def begin_import(self) -> None:
        self._is_paused = False
        self._result_timer.stop()
        self._skipped.hide()
        self._then = ""
        self._progress = Progress(0, 0, None)
        self._say_looking()
        self._show_import(is_running=True)

    def show_queue(self, paths: Sequence[Path]) -> None:
        """What is added after the photos that are being added."""
        self._then = _then(paths)
        if self._progress is not None and self._progress.total:
            self.show_progress(self._progress)
        elif self._progress is not None:
            self._say_looking()

    def _say_looking(self) -> None:
        self._bar.setRange(0, 0)
        self._text.setText(words.joined(self.tr("Looking for photos…"), self._then))

    def show_progress(self, progress: Progress) -> None:
        self._progress = progress
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(progress.fraction * _STEPS))
        self._text.setText(words.finding_faces(progress, is_paused=self._is_paused, then=self._then))

    def show_paused(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self._pause.setText(self.tr("Go on") if is_paused else self.tr("Pause"))
        if self._progress is not None and self._progress.total:
            self.show_progress(self._progress)

    def end_import(self, report: ImportReport | None, albums: int = 0) -> None:
        """``albums`` is how many appeared or changed."""
        self._progress = None
        self.show_paused(False)
        self._show_import(is_running=False)
        self._result_timer.start()
        if report is None:
            self._text.setText(self.tr("The photos could not be added"))
            return
        self._text.setText(import_reports.outcome(report, albums))
        if report.skipped:
            self._skipped.setText(words.counted(len(report.skipped), "file", "files") + " skipped")
            self._skipped.show()
            self._note.hide()

    def _show_import(self, *, is_running: bool) -> None:
        for each in (self._bar, self._pause, self._cancel):
            each.setVisible(is_running)
        self._stop_reading.hide()
        self._note.setVisible(not is_running and self._skipped.isHidden())

    def _toggle_pause(self) -> None:
        if self._is_paused:
            self.resume_requested.emit()
        else:
            self.pause_requested.emit()


def _then(paths: Sequence[Path]) -> str:
    if not paths:
        return ""
    if all(path.suffix.lower() in SUFFIXES for path in paths):
        return f"then {words.counted(len(paths), 'more photo', 'more photos')}"
    return f"then {words.counted(len(paths), 'more folder', 'more folders')}"

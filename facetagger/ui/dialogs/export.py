"""Names leave the program: which form, which photos, into which folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from facetagger.entities import AlbumId, PersonId, SkippedFile
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.jobs.results import Err, Result
from facetagger.ui import words
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import ChoiceBox, button, label
from facetagger.ui.dialogs.skipped import SkippedDialog
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import Space, ThemeManager

if TYPE_CHECKING:
    from facetagger.exporters.export import ExportReport
    from facetagger.library.records import AlbumSummary, PersonSummary

_FORMATS: Final = (
    ("photos", "Photos with names", "Copies with the names written into them, for other programs to show."),
    ("sidecars", "Sidecar files", "Small .xmp files with the names, to put beside your own photos."),
    ("csv", "Table (CSV)", "One line per face, for a spreadsheet."),
    ("json", "Data (JSON)", "Everything that is known, for other programs."),
)


@dataclass(frozen=True, slots=True)
class _What:
    albums: tuple[AlbumId, ...] = ()
    people: tuple[PersonId, ...] = ()


class ExportDialog(QDialog):
    """Exports on the files lane; closing the dialog stops what is not written yet."""

    def __init__(
        self, bridge: Bridge, theme: ThemeManager, preferences: Preferences, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bridge, self._theme, self._preferences = bridge, theme, preferences
        self._cancel: CancelToken | None = None
        self._report: ExportReport | None = None
        px = theme.current.px
        self.setWindowTitle(self.tr("Export"))
        self.setMinimumWidth(px(540))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), px(Space.L))
        column.setSpacing(px(Space.S))
        self._column = column
        self._build_formats()
        self._build_what()
        self._build_folder()
        self._build_outcome()
        self._build_buttons()
        self._offer_what()
        self._update()

    @property
    def outcome(self) -> str:
        """What the dialog says about the export that runs or ran."""
        return self._outcome.text()

    def show_folder(self, folder: Path) -> None:
        """Where the export goes."""
        self._folder.setText(str(folder))

    def choose_format(self, name: str) -> None:
        """``name`` is a value of ``ExportFormat``."""
        self._formats.button([each for each, _, _ in _FORMATS].index(name)).setChecked(True)

    def start(self) -> None:
        from facetagger.exporters.export import ExportFormat

        destination = Path(self._folder.text()).expanduser()
        chosen = ExportFormat(_FORMATS[self._formats.checkedId()][0])
        what: _What = self._what.currentData()
        cancel = self._cancel = CancelToken()
        exporting = self._bridge.session.exporting
        self._preferences.update(last_export_folder=str(destination))
        self._outcome.setText(self.tr("Writing…"))
        self._bar.setRange(0, 0)
        self._update()

        def job() -> ExportReport:
            return exporting.run(
                destination, chosen, people=what.people, albums=what.albums, progress=self._post, cancel=cancel
            )

        self._bridge.submit(Lane.FILES, job, self._finish)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def reject(self) -> None:
        self._stop()
        super().reject()

    def _build_formats(self) -> None:
        px = self._theme.current.px
        self._column.addWidget(label(self.tr("What to write"), "label"))
        self._formats = QButtonGroup(self)
        for number, (_, title, meaning) in enumerate(_FORMATS):
            option = QRadioButton(title)
            option.setChecked(number == 0)
            self._formats.addButton(option, number)
            self._column.addWidget(option)
            hint = label(meaning, "meta", wraps=True)
            hint.setContentsMargins(px(Space.XL), 0, 0, px(Space.XS))
            self._column.addWidget(hint)

    def _build_what(self) -> None:
        self._column.addSpacing(self._theme.current.px(Space.S))
        self._column.addWidget(label(self.tr("Which photos"), "label"))
        self._what = ChoiceBox(self._theme)
        self._what.setAccessibleName(self.tr("Which photos"))
        self._what.addItem(self.tr("Everything"), _What())
        self._column.addWidget(self._what)

    def _build_folder(self) -> None:
        self._column.addSpacing(self._theme.current.px(Space.S))
        self._column.addWidget(label(self.tr("Into the folder"), "label"))
        self._folder = QLineEdit(self._preferences.current.last_export_folder)
        self._folder.setAccessibleName(self.tr("Into the folder"))
        self._folder.setPlaceholderText(self.tr("Choose a folder"))
        self._folder.textChanged.connect(self._update)
        row = QHBoxLayout()
        row.setSpacing(self._theme.current.px(Space.S))
        row.addWidget(self._folder, 1)
        self._choose = button(self.tr("Choose…"), "", self._choose_folder)
        row.addWidget(self._choose)
        self._column.addLayout(row)
        self._column.addWidget(label(self.tr("Your own photographs are not touched."), "meta"))

    def _build_outcome(self) -> None:
        self._outcome = label("", wraps=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._column.addSpacing(self._theme.current.px(Space.S))
        self._column.addWidget(self._outcome)
        self._column.addWidget(self._bar)

    def _build_buttons(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(self._theme.current.px(Space.S))
        self._skipped = button("", "quiet", self._show_skipped)
        self._show = button(self.tr("Show folder"), "", self._open_folder)
        self._close = button(self.tr("Cancel"), "", self.reject)
        self._start = button(self.tr("Export"), "primary", self.start)
        self._start.setDefault(True)
        row.addWidget(self._skipped)
        row.addStretch()
        for each in (self._show, self._close, self._start):
            row.addWidget(each)
        self._column.addSpacing(self._theme.current.px(Space.M))
        self._column.addLayout(row)

    def _offer_what(self) -> None:
        library = self._bridge.session.library
        self._bridge.fetch(
            Lane.LIBRARY, lambda: (library.albums.all(), library.people.all()), self._fill_what, key=self
        )

    def _fill_what(self, known: tuple[list[AlbumSummary], list[PersonSummary]]) -> None:
        albums, people = known
        for album in albums:
            self._what.addItem(self.tr("Album: {0}").format(album.album.name), _What(albums=(album.album.id,)))
        for person in people:
            self._what.addItem(self.tr("Photos of {0}").format(person.person.name), _What(people=(person.person.id,)))

    def _choose_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("Export into"), self._folder.text())
        if folder:
            self._folder.setText(folder)

    def _post(self, progress: Progress) -> None:
        self._bridge.post(lambda: self._show_progress(progress))

    def _show_progress(self, progress: Progress) -> None:
        if self._cancel is None:
            return
        self._bar.setRange(0, progress.total)
        self._bar.setValue(progress.done)
        count = f"{words.number(progress.done)} of {words.counted(progress.total, 'photo', 'photos')}"
        self._outcome.setText(words.joined(self.tr("Writing"), count, words.remaining(progress.seconds_left)))

    def _finish(self, result: Result[ExportReport]) -> None:
        if self._cancel is None:
            return
        self._cancel = None
        if isinstance(result, Err):
            is_stopped = isinstance(result.error, Cancelled)
            self._outcome.setText(self.tr("Stopped.") if is_stopped else str(self._bridge.explain(result.error)))
        else:
            self._report = result.value
            written = words.counted(len(result.value.written), "file", "files")
            self._outcome.setText(self.tr("Done: {0} written.").format(written))
        self._update()

    def _stop(self) -> None:
        if self._cancel is not None:
            self._cancel.cancel()
            self._cancel = None

    def _update(self) -> None:
        is_running = self._cancel is not None
        skipped = () if self._report is None else self._report.skipped
        self._bar.setVisible(is_running)
        for each in (*self._formats.buttons(), self._what, self._folder, self._choose):
            each.setEnabled(not is_running)
        self._outcome.setVisible(bool(self._outcome.text()))
        self._show.setVisible(self._report is not None)
        self._skipped.setVisible(bool(skipped))
        self._skipped.setText(words.counted(len(skipped), "file", "files") + " skipped")
        self._start.setEnabled(not is_running and bool(self._folder.text().strip()))
        self._close.setText(self.tr("Close") if self._report is not None and not is_running else self.tr("Cancel"))

    def _show_skipped(self) -> None:
        if self._report is not None:
            skipped = [SkippedFile(each.path, each.reason) for each in self._report.skipped]
            SkippedDialog(skipped, self._theme, self).open()

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(Path(self._folder.text()).expanduser())))

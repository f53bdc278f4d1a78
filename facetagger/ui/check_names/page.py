"""How sure the names are: the page that measures when it is first seen, and shows what to correct first."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QScrollArea, QStackedLayout, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId
from facetagger.errors import FaceTaggerError
from facetagger.jobs.lanes import Lane
from facetagger.jobs.progress import Progress
from facetagger.ui.bridge import Bridge
from facetagger.ui.check_names import wording
from facetagger.ui.check_names.reading import CheckedNames, Suspect, still_suspected
from facetagger.ui.check_names.results import Results
from facetagger.ui.check_names.run import NameCheck
from facetagger.ui.controls import button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.theme import Space, ThemeManager

_STEPS: Final = 1000


class CheckNamesPage(QWidget):
    photo_requested = Signal(int)
    person_opened = Signal(int)
    review_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._bridge, self._theme = bridge, theme
        self._shown: CheckedNames | None = None
        self._kept: set[FaceId] = set()
        self.check = NameCheck(bridge, self)
        self.message = MessagePage(theme)
        self.results = Results(images, theme)
        self._progress, self._progress_text = QProgressBar(), label("", "muted")
        self.stop = button(self.tr("Stop"), on_click=self.check.stop)
        self.again = button(self.tr("Check again"), on_click=self.measure)
        self._changed = label(self.tr("Names have changed since"), "muted")
        self._running = self._build_running()
        self._area = self._build_area()
        self._stack = QStackedLayout()
        for page in (self._area, self._running, self.message):
            self._stack.addWidget(page)
        self._lay_out()
        self._connect()

    def refresh(self, change: Change | None) -> None:
        """Measures at the first visit; afterwards only what was corrected is taken out of the list."""
        if self.check.is_running:
            return
        if self._shown is None:
            self.measure()
        elif change is None or change.faces or change.people:
            self._changed.setVisible(change is not None or self._changed.isVisibleTo(self))
            self._read_suspects()

    def measure(self) -> None:
        self._kept.clear()
        self._show_progress(Progress(0, 0, None))
        self._stack.setCurrentWidget(self._running)
        self._show_heading()
        self.check.start()

    def _build_running(self) -> QWidget:
        px = self._theme.current.px
        page = QWidget()
        self._progress.setRange(0, _STEPS)
        self._progress.setTextVisible(False)
        self._progress.setFixedWidth(px(320))
        self._progress.setAccessibleName(self.tr("How far the check is"))
        column = QVBoxLayout(page)
        column.setSpacing(px(Space.M))
        column.addStretch(2)
        for each in (self._progress_text, self._progress, self.stop):
            column.addWidget(each, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page

    def _build_area(self) -> QScrollArea:
        area = QScrollArea()
        area.setWidget(self.results)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        return area

    def _lay_out(self) -> None:
        px = self._theme.current.px
        heading = QHBoxLayout()
        heading.setContentsMargins(0, 0, px(Space.XL), 0)
        self._keep_its_room()
        heading.setSpacing(px(Space.M))
        heading.addWidget(label(self.tr("Check the names"), "heading"))
        heading.addWidget(self._changed)
        heading.addStretch()
        heading.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.M), 0, 0)
        column.setSpacing(px(Space.M))
        column.addLayout(heading)
        column.addLayout(self._stack, 1)

    def _keep_its_room(self) -> None:
        """The page below the heading does not jump when the button comes."""
        policy = self.again.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.again.setSizePolicy(policy)

    def _connect(self) -> None:
        self.check.progressed.connect(self._show_progress)
        self.check.finished.connect(self._take)
        self.check.stopped.connect(self._say_stopped)
        self.check.failed.connect(self._say_failed)
        self.results.photo_wanted.connect(lambda suspect: self.photo_requested.emit(suspect.facts.photo_id))
        self.results.denied.connect(self._deny)
        self.results.renamed.connect(self._rename)
        self.results.kept.connect(self._keep)
        self.results.threshold_chosen.connect(self._choose_threshold)
        self.results.table.person_opened.connect(self.person_opened)

    def _show_progress(self, progress: Progress) -> None:
        self._progress.setValue(round(_STEPS * progress.fraction) if progress.total else 0)
        self._progress_text.setText(wording.progress_text(progress))

    def _show_heading(self) -> None:
        """There is nothing to check again while the first time is not over."""
        self.again.setVisible(self._stack.currentWidget() is self._area)
        self._changed.hide()

    def _take(self, checked: CheckedNames) -> None:
        self._shown = checked
        self.results.show_checked(checked)
        self._stack.setCurrentWidget(self._area)
        self._show_heading()

    def _say_stopped(self) -> None:
        if self._shown is not None:
            self._stack.setCurrentWidget(self._area)
        else:
            self.message.say(self.tr("The check was stopped."), self.tr("Check the names"), self.measure)
            self._stack.setCurrentWidget(self.message)
        self._show_heading()

    def _say_failed(self, error: FaceTaggerError) -> None:
        self._shown = None
        self.message.show_error(error, self.tr("Go to the review"), self.review_requested.emit)
        self._stack.setCurrentWidget(self.message)
        self._show_heading()

    def _read_suspects(self) -> None:
        if self._shown is None:
            return
        library, suspects, evaluating = (
            self._bridge.session.library,
            self._shown.suspects,
            self._bridge.session.evaluating,
        )
        self._bridge.fetch(
            Lane.LIBRARY,
            lambda: (still_suspected(library, suspects), evaluating.threshold),
            lambda found: self.results.keep_only(found[0] - self._kept, found[1]),
            key=(self, "suspects"),
        )

    def _deny(self, suspect: Suspect) -> None:
        naming, mistake = self._bridge.session.naming, suspect.mistake
        self._bridge.act(lambda: naming.reject([mistake.face_id], mistake.person_id))

    def _rename(self, suspect: Suspect) -> None:
        naming, mistake = self._bridge.session.naming, suspect.mistake
        other = mistake.other
        if other is not None:
            self._bridge.act(lambda: naming.name([mistake.face_id], other))

    def _keep(self, suspect: Suspect) -> None:
        self._kept.add(suspect.face_id)
        self._read_suspects()

    def _choose_threshold(self, probability: float | None) -> None:
        evaluating = self._bridge.session.evaluating
        self._bridge.act(lambda: evaluating.choose_threshold(probability), lambda _: self._read_suspects())

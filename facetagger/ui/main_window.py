"""The window: bars around a stack of pages, and what each command does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QMessageBox, QVBoxLayout, QWidget

from facetagger import __version__
from facetagger.entities import Album, AlbumId, Person, PersonId, PhotoId
from facetagger.jobs.lanes import Lane
from facetagger.library.records import Sort
from facetagger.ui.actions import Actions, Command
from facetagger.ui.adding import Adding
from facetagger.ui.album_menu import AlbumMenu
from facetagger.ui.album_removal import AlbumRemoval
from facetagger.ui.bridge import Bridge
from facetagger.ui.changed_files import ChangedFiles
from facetagger.ui.checking import check_library
from facetagger.ui.destinations import ALL_PHOTOS, Destination, Place
from facetagger.ui.dialogs.export import ExportDialog
from facetagger.ui.dialogs.preferences import PreferencesDialog
from facetagger.ui.dialogs.shortcuts import ShortcutsDialog
from facetagger.ui.dropping import DropVeil, dropped_paths
from facetagger.ui.face_reading import FaceReading
from facetagger.ui.found_names import FoundNamesQuestion
from facetagger.ui.images import ImageLoader
from facetagger.ui.model_choice import ModelChoice
from facetagger.ui.notice_bar import NoticeBar
from facetagger.ui.overview import Overview, OverviewReader
from facetagger.ui.pages import Pages
from facetagger.ui.photo_grid.contents import Scope
from facetagger.ui.preferences import Preferences
from facetagger.ui.region_looks import RegionLooks
from facetagger.ui.sidebar import Sidebar
from facetagger.ui.status_line import StatusLine
from facetagger.ui.theme import ThemeManager
from facetagger.ui.top_bar import TopBar
from facetagger.ui.undo_redo import UndoRedo
from facetagger.ui.unfinished_import import UnfinishedImport

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport

_WIDTH: Final = 1280
_HEIGHT: Final = 800
_QUICK_IMPORT_MS: Final = 300
"""An import that finds nothing is over before the start page is left for it."""


class MainWindow(QMainWindow):
    """Holds the bars and the pages together. Pages never reach for the window, they emit."""

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, preferences: Preferences) -> None:
        super().__init__()
        self._bridge, self._theme, self._preferences = bridge, theme, preferences
        self._overview: Overview | None = None
        self._destination = ALL_PHOTOS
        self._before_search = ALL_PHOTOS
        self.setWindowTitle("facetagger")
        self.setAcceptDrops(True)
        self.actions_table = Actions(theme, self)
        self._history = UndoRedo(bridge, self.actions_table, self)
        self.top_bar = TopBar(self.actions_table, theme)
        self.sidebar = Sidebar(theme)
        self.pages = Pages(bridge, images, theme, preferences)
        self.status = StatusLine(theme)
        self.notice = NoticeBar(theme)
        self.adding = Adding(bridge, theme, preferences, self)
        self.changed_files = ChangedFiles(bridge, theme, self)
        self.unfinished = UnfinishedImport(bridge, theme, preferences, self)
        self.removal = AlbumRemoval(bridge, self)
        self.found_names = FoundNamesQuestion(bridge, theme, self)
        self.region_looks = RegionLooks(bridge, self)
        self.models = ModelChoice(bridge, self)
        self.face_reading = FaceReading(bridge, self)
        self._leaving_start = QTimer(self)
        self._leaving_start.setSingleShot(True)
        self._leaving_start.setInterval(_QUICK_IMPORT_MS)
        self._leaving_start.timeout.connect(self._leave_or_find_start)
        self._reader = OverviewReader(bridge)
        self._lay_out()
        self._veil = DropVeil(theme, self)
        self._connect_commands()
        self._connect_parts()
        self._restore_geometry()
        self.go(ALL_PHOTOS)
        # What the user sees comes first.
        self._reader.read.connect(bridge.refresh_suggestions, Qt.ConnectionType.SingleShotConnection)
        self._reader.refresh()
        self.region_looks.start()
        self.face_reading.start()

    @property
    def destination(self) -> Destination:
        return self._destination

    def go(self, destination: Destination) -> None:
        """Shows a place. Leaving a search empties the search field."""
        if destination.place is not Place.SEARCH:
            self._before_search = destination
            self.top_bar.search.reset()
        self._destination = destination
        self.notice.hide()
        self.sidebar.mark(destination)
        if destination.place in _GRID_PLACES:
            self._show_grid(destination)
        else:
            self.pages.show_place(destination.place)

    def open_photo(self, photo_id: PhotoId) -> None:
        """From the grid one walks on through what the grid shows, from elsewhere there is the one photo."""
        shown = list(dict.fromkeys(self.pages.grid.grid.photo_ids))
        is_from_grid = self.pages.currentWidget() is self.pages.grid and photo_id in shown
        self.pages.open_photo(photo_id, shown if is_from_grid else [photo_id])

    def closeEvent(self, event: QCloseEvent) -> None:
        self._preferences.update(window_geometry=bytes(self.saveGeometry().toHex().data()).decode())
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ApplicationFontChange:
            QTimer.singleShot(0, self._theme.refresh)
        super().changeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._veil.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.acceptProposedAction()
        self.adding.add_dropped(dropped_paths(event.mimeData()))

    def _lay_out(self) -> None:
        body = QVBoxLayout()
        body.setSpacing(0)
        for bar in (self.notice, self.unfinished.bar, self.changed_files.bar, self.found_names.bar):
            body.addWidget(bar)
        body.addWidget(self.pages, 1)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.sidebar)
        middle.addLayout(body, 1)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addLayout(middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(central)
        self._build_menus()

    def _build_menus(self) -> None:
        """Where the system has a menu bar of its own, there; else behind one button, for the bar costs a row."""
        self.addActions(self.actions_table.all())
        button = self.top_bar.menu_button
        if sys.platform == "darwin":
            self.actions_table.fill(self.menuBar())
            button.hide()
            return
        menu = QMenu(button)
        self.actions_table.fill(menu)
        button.setMenu(menu)

    def _restore_geometry(self) -> None:
        px = self._theme.current.px
        self.resize(px(_WIDTH), px(_HEIGHT))
        self.setMinimumSize(px(760), px(480))
        self.restoreGeometry(QByteArray.fromHex(self._preferences.current.window_geometry.encode()))

    def _connect_commands(self) -> None:
        grid = self.pages.grid
        slots: dict[Command, Callable[[], object]] = {
            Command.ADD_FOLDER: self.adding.choose_folder,
            Command.ADD_FILES: self.adding.choose_files,
            Command.FOUND_NAMES: self.found_names.ask_again,
            Command.EXPORT: self.show_export,
            Command.CHECK: lambda: check_library(self._bridge, self),
            Command.QUIT: self.close,
            Command.UNDO: self._history.undo,
            Command.REDO: self._history.redo,
            Command.FIND: self.top_bar.search.begin,
            Command.PREFERENCES: self.show_preferences,
            Command.SHOW_PHOTOS: lambda: self.go(ALL_PHOTOS),
            Command.SHOW_REVIEW: lambda: self.go(Destination(Place.REVIEW)),
            Command.SHOW_PEOPLE: lambda: self.go(Destination(Place.PEOPLE)),
            Command.SHOW_GROUPS: lambda: self.go(Destination(Place.GROUPS)),
            Command.CHECK_NAMES: lambda: self.go(Destination(Place.CHECK_NAMES)),
            Command.SORT_BY_DATE: lambda: self._sort("date"),
            Command.SORT_BY_NAME: lambda: self._sort("name"),
            Command.SORT_BY_ADDED: lambda: self._sort("added"),
            Command.LARGER: lambda: grid.resize_pictures(1),
            Command.SMALLER: lambda: grid.resize_pictures(-1),
            Command.FULL_SCREEN: self._toggle_full_screen,
            Command.SHORTCUTS: lambda: ShortcutsDialog(self._theme, self).open(),
            Command.ABOUT: self._show_about,
        }
        for command, slot in slots.items():
            self.actions_table.connect_to(command, slot)
        self.adding.offer_choice(self.actions_table[Command.LOOK_HARDER], self.pages.start.look_harder)

    def _connect_parts(self) -> None:
        bridge, pages, status = self._bridge, self.pages, self.status
        bridge.failed.connect(self.notice.show_error)
        bridge.settled.connect(self.notice.hide)
        bridge.import_started.connect(self._begin_import)
        bridge.import_progressed.connect(status.show_progress)
        bridge.import_paused.connect(status.show_paused)
        bridge.import_queued.connect(status.show_queue)
        bridge.import_finished.connect(self._end_import)
        status.pause_requested.connect(bridge.pause_import)
        status.resume_requested.connect(bridge.resume_import)
        status.cancel_requested.connect(bridge.cancel_import)
        status.skipped_requested.connect(self.adding.show_skipped)
        self.face_reading.moved.connect(lambda: status.show_reading(self.face_reading.progress))
        status.stop_reading_requested.connect(self.face_reading.stop)
        self._reader.read.connect(self._show_overview)
        self._reader.questions_counted.connect(self.sidebar.show_questions)
        self.sidebar.chosen.connect(self.go)
        self.sidebar.focus_lost.connect(self._focus_page)
        self.sidebar.album_menu_requested.connect(self._open_album_menu)
        self.top_bar.search.searched.connect(self._search)
        pages.start.folder_requested.connect(self.adding.choose_folder)
        pages.start.sample_requested.connect(self.adding.add_sample_album)
        pages.add_requested.connect(self.adding.choose_folder)
        pages.photo_requested.connect(self.open_photo)
        pages.place_requested.connect(lambda place: self.go(Destination(place)))
        pages.person_opened.connect(lambda person_id: self.go(Destination(Place.PERSON, person=PersonId(person_id))))

    def show_preferences(self) -> PreferencesDialog:
        dialog = PreferencesDialog(self._preferences, self._theme, self.models, self.face_reading, self)
        dialog.open()
        return dialog

    def show_export(self) -> ExportDialog:
        dialog = ExportDialog(self._bridge, self._theme, self._preferences, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _show_overview(self, overview: Overview) -> None:
        self._overview = overview
        self.sidebar.show_overview(overview)
        self.status.show_counts(overview.counts)
        self.top_bar.search.offer(overview.names)
        self.actions_table.say_history(overview.undo, overview.redo, is_acting=self._bridge.is_acting)
        self.actions_table[Command.EXPORT].setEnabled(overview.counts.photos > 0)
        if self._destination.album is not None and self._album(self._destination.album) is None:
            self.go(ALL_PHOTOS)
        elif not self._bridge.is_importing or overview.counts.photos:
            self._leave_or_find_start()

    def _leave_or_find_start(self) -> None:
        """The start page stands where there is nothing, and nothing is being added."""
        is_here = self.pages.currentWidget() is self.pages.start
        if self._destination == ALL_PHOTOS and not self.pages.is_photo_open and self._is_empty() != is_here:
            self._show_grid(ALL_PHOTOS)

    def _is_empty(self) -> bool:
        """Whether there is nothing to show but the start page."""
        if self._bridge.is_importing:
            return False
        return self._overview is not None and not (self._overview.counts.photos or self._overview.albums)

    def _show_grid(self, destination: Destination) -> None:
        if destination == ALL_PHOTOS and self._is_empty():
            self.pages.show_page(self.pages.start)
            return
        self.pages.show_page(self.pages.grid)
        if destination.place is Place.PERSON and destination.person is not None:
            self._show_person(destination.person)
        else:
            self.pages.grid.show_scope(self._scope(destination))

    def _scope(self, destination: Destination) -> Scope:
        if destination.place is Place.SEARCH:
            return Scope(self.tr("Found for “{0}”").format(destination.text), search=destination.text)
        album = self._album(destination.album)
        return Scope(self.tr("All photos") if album is None else album.name, album=destination.album)

    def _show_person(self, person_id: PersonId) -> None:
        people = self._bridge.session.library.people

        def show(person: Person) -> None:
            self.pages.grid.show_scope(Scope(person.name, person=person_id))

        self._bridge.fetch(Lane.LIBRARY, lambda: people.get(person_id), show, key=(self, "person"))

    def _album(self, album_id: AlbumId | None) -> Album | None:
        albums = () if self._overview is None else self._overview.albums
        return next((each.album for each in albums if each.album.id == album_id), None)

    def _search(self, text: str) -> None:
        if text:
            self.go(Destination(Place.SEARCH, text=text))
        elif self._destination.place is Place.SEARCH:
            self.go(self._before_search)

    def _sort(self, sort: Sort) -> None:
        self.pages.grid.sort_by(sort)

    def _open_album_menu(self, album_id: int, place: QPoint) -> None:
        album = self._album(AlbumId(album_id))
        if album is not None:
            menu = AlbumMenu(album, self._bridge, self._theme, self)
            menu.remove_requested.connect(self.removal.remove)
            menu.open_at(place)

    def _begin_import(self) -> None:
        self.notice.hide()
        self.status.begin_import()
        self._leaving_start.start()

    def _end_import(self, report: ImportReport | None) -> None:
        self._leaving_start.stop()
        self.status.end_import(report, len(self._bridge.import_albums))
        self.pages.grid.refresh(None)
        self._reader.refresh()

    def _focus_page(self) -> None:
        page = self.pages.currentWidget()
        if page is not None:
            page.setFocus()

    def _toggle_full_screen(self) -> None:
        if self.isFullScreen():
            self.showNormal()
        else:
            self.showFullScreen()

    def _show_about(self) -> None:
        QMessageBox.about(
            self,
            self.tr("About facetagger"),
            self.tr(
                "<b>facetagger {0}</b><p>Name the people in your family’s photographs, on your own computer.</p>"
                "<p>Free software under the GNU General Public License, version 3 or later.</p>"
            ).format(__version__),
        )


_GRID_PLACES: Final = (Place.PHOTOS, Place.ALBUM, Place.PERSON, Place.SEARCH)

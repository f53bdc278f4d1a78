"""The page around the grid: filter row, order, size, and what is shown when there is nothing to show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QSlider, QStackedLayout, QVBoxLayout, QWidget

from facetagger.entities import Change, PhotoId
from facetagger.jobs.lanes import Lane
from facetagger.library.records import Sort
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.photo_grid.contents import SORTS, GridFilter, Scope, Section, load_sections
from facetagger.ui.photo_grid.grid import PhotoGrid
from facetagger.ui.photo_grid.rows import Shapes, Summaries
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import Space, ThemeManager

SMALLEST: Final = 80
LARGEST: Final = 320
_RELOAD_DELAY_MS: Final = 250
"""Changes come in batches while photos are added; the ids are read once for several."""


class PhotoGridPage(QWidget):
    photo_opened = Signal(int)
    add_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, preferences: Preferences) -> None:
        super().__init__()
        self._bridge, self._theme, self._preferences = bridge, theme, preferences
        self._scope = Scope(self.tr("All photos"))
        self._only = GridFilter.ALL
        self._sort = _sort_of(preferences.current.sort)
        self._is_stale = False
        self.grid = PhotoGrid(images, Shapes(bridge), Summaries(bridge), theme)
        self.grid.photo_opened.connect(self.photo_opened)
        self.grid.menu_requested.connect(self._show_menu)
        self._nothing = MessagePage(theme)
        self._reload_timer = QTimer(self)
        self._reload_timer.setSingleShot(True)
        self._reload_timer.setInterval(_RELOAD_DELAY_MS)
        self._reload_timer.timeout.connect(lambda: self._load(keep_place=True))
        self._stack = QStackedLayout()
        self._stack.addWidget(self.grid)
        self._stack.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_tools())
        column.addLayout(self._stack)
        self.grid.set_row_height(self._size.value())

    @property
    def scope(self) -> Scope:
        return self._scope

    @property
    def only(self) -> GridFilter:
        return self._only

    def show_scope(self, scope: Scope) -> None:
        self._scope = scope
        self._choose_filter(GridFilter.ALL)
        self._load(keep_place=False)

    def show_filter(self, only: GridFilter) -> None:
        self._choose_filter(only)
        self._load(keep_place=False)

    def sort_by(self, sort: Sort) -> None:
        self._sort = sort
        self._preferences.update(sort=sort)
        self._order.setText(self._order_text())
        self._load(keep_place=False)

    def resize_pictures(self, steps: int) -> None:
        """Larger or smaller by steps of the size slider."""
        self._size.setValue(self._size.value() + steps * self._size.pageStep())

    def refresh(self, change: Change | None) -> None:
        """A name changes no list unless the list hangs on names; photos and albums do."""
        if not self.isVisible():
            # At fifty thousand photos that would keep the photo that is open waiting for its own faces.
            self._is_stale = True
            return
        hangs_on_faces = self._only is not GridFilter.ALL or self._scope.person is not None or self._scope.search
        if change is None:
            self._load(keep_place=True)
        elif change.photos or change.albums or change.faces or (hangs_on_faces and change.people):
            self._reload_timer.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            # Whoever shows the page may be about to say what it should show.
            QTimer.singleShot(0, self._catch_up)

    def _catch_up(self) -> None:
        if self._is_stale:
            self._load(keep_place=True)

    def _load(self, *, keep_place: bool) -> None:
        self._is_stale = False
        self._reload_timer.stop()
        session, scope, only, sort = self._bridge.session, self._scope, self._only, self._sort
        self._bridge.fetch(
            Lane.LIBRARY,
            lambda: load_sections(session, scope, only, sort),
            lambda sections: self._show(sections, keep_place=keep_place),
            key=self,
        )

    def _show(self, sections: tuple[Section, ...], *, keep_place: bool) -> None:
        self.grid.show_sections(sections, keep_place=keep_place)
        if sections:
            self._stack.setCurrentWidget(self.grid)
            return
        self._say_nothing_here()
        self._stack.setCurrentWidget(self._nothing)

    def _say_nothing_here(self) -> None:
        if self._only is GridFilter.UNNAMED:
            self._nothing.say(self.tr("Every face here has a name."), self.tr("Show all photos"), self._show_all)
        elif self._only is GridFilter.UNSURE:
            self._nothing.say(self.tr("No unsure suggestions here."), self.tr("Show all photos"), self._show_all)
        elif self._scope.search:
            text = self.tr("Nothing found for “{0}”.").format(self._scope.search)
            self._nothing.say(text, "", None, self.tr("Try a name, a year such as 1998, or years as 1990..2000."))
        elif self._bridge.is_importing:
            self._nothing.say(self.tr("Looking for photos. They appear here as they are found."))
        else:
            self._nothing.say(self.tr("No photos here yet."), self.tr("Add photos"), self.add_requested.emit)

    def _show_all(self) -> None:
        self.show_filter(GridFilter.ALL)

    def _build_tools(self) -> QHBoxLayout:
        px = self._theme.current.px
        row = QHBoxLayout()
        row.setContentsMargins(px(Space.XL), px(Space.M), px(Space.XL), 0)
        row.setSpacing(px(Space.XS))
        self._filters = QButtonGroup(self)
        texts = {
            GridFilter.ALL: self.tr("All"),
            GridFilter.UNNAMED: self.tr("Unnamed faces"),
            GridFilter.UNSURE: self.tr("Unsure suggestions"),
        }
        for number, (only, text) in enumerate(texts.items()):
            choice = button(text, "quiet", lambda only=only: self.show_filter(only))  # type: ignore[misc]
            choice.setCheckable(True)
            choice.setChecked(only is self._only)
            self._filters.addButton(choice, number)
            row.addWidget(choice)
        row.addStretch()
        self._order = button(self._order_text(), "quiet")
        self._order.setMenu(self._build_order_menu())
        row.addWidget(self._order)
        row.addSpacing(px(Space.S))
        row.addWidget(label(self.tr("Size"), "muted"))
        self._size = self._build_slider()
        row.addWidget(self._size)
        return row

    def _build_slider(self) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(SMALLEST, LARGEST)
        slider.setPageStep(40)
        slider.setSingleStep(10)
        slider.setValue(self._preferences.current.thumbnail_size)
        slider.setFixedWidth(self._theme.current.px(96))
        slider.setAccessibleName(self.tr("Size of the pictures"))
        slider.valueChanged.connect(self._resize)
        slider.sliderReleased.connect(self._remember_size)
        return slider

    def _build_order_menu(self) -> QMenu:
        menu, group = QMenu(self), QActionGroup(self)
        for sort, text in self._sort_texts().items():
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(sort == self._sort)
            action.triggered.connect(lambda _checked, sort=sort: self.sort_by(sort))
            group.addAction(action)
        return menu

    def _sort_texts(self) -> dict[Sort, str]:
        return {
            "date": self.tr("Sort by date"),
            "name": self.tr("Sort by name"),
            "added": self.tr("Sort by when added"),
        }

    def _order_text(self) -> str:
        return f"{self._sort_texts()[self._sort]} ▾"

    def _resize(self, height: int) -> None:
        self.grid.set_row_height(height)
        if not self._size.isSliderDown():
            self._remember_size()

    def _remember_size(self) -> None:
        self._preferences.update(thumbnail_size=self._size.value())

    def _choose_filter(self, only: GridFilter) -> None:
        self._only = only
        self._filters.button(list(GridFilter).index(only)).setChecked(True)

    def _show_menu(self, place: QPoint) -> None:
        selected = self.grid.selected
        menu = QMenu(self)
        menu.addAction(self.tr("Open"), lambda: self.photo_opened.emit(selected[0]))
        menu.addSeparator()
        menu.addAction(self.tr("Turn left"), lambda: self._turn(selected, -1))
        menu.addAction(self.tr("Turn right"), lambda: self._turn(selected, 1))
        menu.addSeparator()
        menu.addAction(self.tr("Look harder for faces"), lambda: self.look_harder(selected))
        menu.exec(place)

    def look_harder(self, photo_ids: Sequence[PhotoId]) -> None:
        """Adds the photos' files again, thoroughly: the line at the bottom tells how that goes and what came of it."""
        photos = self._bridge.session.library.photos
        self._bridge.fetch(
            Lane.LIBRARY,
            lambda: list(dict.fromkeys(photo.path for photo in photos.get_many(photo_ids))),
            lambda paths: self._bridge.start_import(paths, look_harder=True),
            key=(self, "look harder"),
        )

    def _turn(self, photo_ids: list[PhotoId], quarter_turns: int) -> None:
        albums = self._bridge.session.albums
        for photo_id in photo_ids:
            self._bridge.act(lambda photo_id=photo_id: albums.rotate(photo_id, quarter_turns))  # type: ignore[misc]


def _sort_of(text: str) -> Sort:
    return next((sort for sort in SORTS if sort == text), "date")

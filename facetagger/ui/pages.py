"""The stack of pages: made when they are first visited, refreshed while they are seen.

The photo page follows the bridge by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from facetagger.entities import Change, FaceState, PhotoId
from facetagger.ui.bridge import Bridge
from facetagger.ui.check_names.page import CheckNamesPage
from facetagger.ui.destinations import Place
from facetagger.ui.images import ImageLoader
from facetagger.ui.people.groups import GroupsPage
from facetagger.ui.people.page import PeoplePage
from facetagger.ui.photo_grid.page import PhotoGridPage
from facetagger.ui.photo_view.page import PhotoPage
from facetagger.ui.preferences import Preferences
from facetagger.ui.review.page import ReviewPage
from facetagger.ui.set_aside.page import SetAsidePage
from facetagger.ui.start_page import StartPage
from facetagger.ui.theme import ThemeManager


class Pages(QStackedWidget):
    """``grid``, ``start`` and ``photo`` have extra methods the window calls, so they are attributes."""

    photo_requested = Signal(int)
    """From the grid, or from a page that shows faces."""
    person_opened = Signal(int)
    place_requested = Signal(object)
    """Carries a ``Place``."""
    add_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, preferences: Preferences) -> None:
        super().__init__()
        self._bridge, self._images, self._theme = bridge, images, theme
        self._made: dict[Place, QWidget] = {}
        self._stale: set[QWidget] = set()
        self.start = StartPage(theme)
        self.grid = PhotoGridPage(bridge, images, theme, preferences)
        self.grid.photo_opened.connect(self.photo_requested)
        self.grid.add_requested.connect(self.add_requested)
        self._photo: PhotoPage | None = None
        self._photo_shown: PhotoId | None = None
        self._before_photo: QWidget = self.grid
        self.addWidget(self.start)
        self.addWidget(self.grid)
        bridge.changed.connect(self._refresh)

    @property
    def is_photo_open(self) -> bool:
        return self._photo is not None and self.currentWidget() is self._photo

    @property
    def photo(self) -> PhotoPage:
        """Made when it is first asked for."""
        if self._photo is None:
            self._photo = PhotoPage(self._bridge, self._images, self._theme)
            self._photo.back_wanted.connect(self._close_photo)
            self._photo.photo_shown.connect(self._remember_photo)
            self.addWidget(self._photo)
        return self._photo

    def show_place(self, place: Place) -> None:
        """Review, people, groups, the check of the names or one of the set-aside pages."""
        if place not in self._made:
            page = self._made[place] = self._makers()[place]()
            self.addWidget(page)
            self._stale.add(page)
        self.show_page(self._made[place])

    def show_page(self, page: QWidget) -> None:
        self.setCurrentWidget(page)
        if page in self._stale:
            self._stale.discard(page)
            _refresh(page, None)
        page.setFocus()

    def open_photo(self, photo_id: PhotoId, photo_ids: list[PhotoId]) -> None:
        """``photo_ids`` are those to walk through from there."""
        page, current = self.photo, self.currentWidget()
        if current is not None and current is not page:
            self._before_photo = current
        page.show_photos(photo_ids, photo_id)
        self.setCurrentWidget(page)

    def _remember_photo(self, photo_id: PhotoId) -> None:
        self._photo_shown = photo_id

    def _close_photo(self) -> None:
        if not self.is_photo_open:
            return
        self.show_page(self._before_photo)
        if self._before_photo is self.grid and self._photo_shown is not None:
            self.grid.grid.select(self._photo_shown)

    def _makers(self) -> dict[Place, Callable[[], QWidget]]:
        return {
            Place.REVIEW: self._make_review,
            Place.PEOPLE: self._make_people,
            Place.GROUPS: self._make_groups,
            Place.CHECK_NAMES: self._make_check_names,
            Place.STRANGERS: lambda: self._make_set_aside(FaceState.IGNORED),
            Place.NOT_FACES: lambda: self._make_set_aside(FaceState.NOT_A_FACE),
        }

    def _make_review(self) -> QWidget:
        page = ReviewPage(self._bridge, self._images, self._theme)
        page.photo_requested.connect(self.photo_requested)
        page.photos_requested.connect(self._request_photos)
        page.add_photos_requested.connect(self.add_requested)
        return page

    def _make_people(self) -> QWidget:
        page = PeoplePage(self._bridge, self._images, self._theme)
        page.person_opened.connect(self.person_opened)
        page.photo_requested.connect(self.photo_requested)
        page.photos_requested.connect(self._request_photos)
        page.add_photos_requested.connect(self.add_requested)
        page.groups_requested.connect(self._request_groups)
        return page

    def _make_groups(self) -> QWidget:
        page = GroupsPage(self._bridge, self._images, self._theme)
        page.photo_requested.connect(self.photo_requested)
        page.photos_requested.connect(self._request_photos)
        return page

    def _make_check_names(self) -> QWidget:
        page = CheckNamesPage(self._bridge, self._images, self._theme)
        page.photo_requested.connect(self.photo_requested)
        page.person_opened.connect(self.person_opened)
        page.review_requested.connect(lambda: self.place_requested.emit(Place.REVIEW))
        return page

    def _request_photos(self) -> None:
        self.place_requested.emit(Place.PHOTOS)

    def _request_groups(self) -> None:
        self.place_requested.emit(Place.GROUPS)

    def _make_set_aside(self, state: FaceState) -> QWidget:
        page = SetAsidePage(self._bridge, self._images, self._theme, state)
        page.photo_requested.connect(self.photo_requested)
        page.photos_requested.connect(self._request_photos)
        return page

    def _refresh(self, change: Change) -> None:
        for page in (self.start, self.grid, *self._made.values()):
            if page is self.currentWidget() or page is self.grid:
                _refresh(page, change)
            else:
                self._stale.add(page)


def _refresh(page: QWidget, change: Change | None) -> None:
    refresh: Callable[[Change | None], None] = page.refresh  # type: ignore[attr-defined]  # every page is a Page
    refresh(change)

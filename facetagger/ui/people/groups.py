"""All groups of faces that nobody has named, the largest first; each opens to be named."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from facetagger.entities import Change
from facetagger.jobs.lanes import Lane
from facetagger.library import Group
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import label
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.people.group_cards import PAGE, GroupCards, GroupModel
from facetagger.ui.people.group_naming import GroupNaming
from facetagger.ui.people.reading import read_groups
from facetagger.ui.theme import Space, ThemeManager
from facetagger.ui.words import counted

READ_SOON_MS = 120
"""Changes come in bursts; one reading follows them."""


class GroupsPage(QStackedWidget):
    photo_requested = Signal(int)
    photos_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._model = GroupModel(images, self)
        self.cards = GroupCards(PAGE, self._model, images, theme)
        self.naming = GroupNaming(bridge, images, theme)
        self.empty = MessagePage(theme)
        self._count = label(role="muted")
        self._overview = self._build_overview(theme)
        for page in (self._overview, self.naming, self.empty):
            self.addWidget(page)
        self._soon = QTimer(self, singleShot=True, interval=READ_SOON_MS)
        self._soon.timeout.connect(self._read)
        self.cards.opened.connect(self.open_group)
        self.naming.closed.connect(self._show_overview)
        self.naming.photo_requested.connect(self.photo_requested)

    @property
    def groups(self) -> Sequence[Group]:
        return self._model.groups

    def refresh(self, change: Change | None = None) -> None:
        if change is None or change.faces or change.photos or change.albums:
            self._soon.start()
            self.naming.refresh(change)

    def open_group(self, group: Group) -> None:
        self.naming.open_group(group)
        self.setCurrentWidget(self.naming)
        self.naming.setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        page = self.cards if self.currentWidget() is self._overview else self.currentWidget()
        if page is not None:
            page.setFocus()

    def _read(self) -> None:
        library = self._bridge.session.library
        self._bridge.fetch(Lane.LIBRARY, lambda: read_groups(library), self._take_groups, key=(id(self), "groups"))

    def _take_groups(self, groups: list[Group]) -> None:
        self.cards.show_groups(groups)
        text = counted(len(groups), self.tr("group"), self.tr("groups"))
        self._count.setText(self.tr("{groups}, the largest first").format(groups=text) if len(groups) > 1 else text)
        if self.currentWidget() is not self.naming:
            self._show_overview()

    def _show_overview(self) -> None:
        if self._model.rowCount():
            self.setCurrentWidget(self._overview)
            self.cards.setFocus()
            return
        self.empty.say(
            self.tr("No group of faces is waiting for a name."), self.tr("See the photos"), self.photos_requested.emit
        )
        self.setCurrentWidget(self.empty)

    def _build_overview(self, theme: ThemeManager) -> QWidget:
        px = theme.current.px
        overview = QWidget()
        heading = QHBoxLayout()
        heading.setSpacing(px(Space.M))
        heading.addWidget(label(self.tr("Unknown groups"), "heading"))
        heading.addWidget(self._count)
        heading.addStretch(1)
        column = QVBoxLayout(overview)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), 0)
        column.setSpacing(px(Space.L))
        column.addLayout(heading)
        column.addWidget(self.cards, 1)
        return overview

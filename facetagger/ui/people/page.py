"""Everybody: round portraits, and below them the groups that nobody has named."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QActionGroup, QFocusEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from facetagger.entities import Change, PersonId
from facetagger.jobs.lanes import Lane
from facetagger.library import Group
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import ElidedLabel, button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.people.edit_dialog import EditPersonDialog, save_details
from facetagger.ui.people.grid import PeopleGrid
from facetagger.ui.people.group_cards import STRIP, GroupCards, GroupModel
from facetagger.ui.people.group_naming import GroupNaming
from facetagger.ui.people.groups import READ_SOON_MS
from facetagger.ui.people.merge_dialog import MergeDialog
from facetagger.ui.people.model import PeopleModel
from facetagger.ui.people.person_page import PersonPage
from facetagger.ui.people.reading import Everybody, Order, read_everybody
from facetagger.ui.theme import Space, ThemeManager
from facetagger.ui.words import counted, number


class PeoplePage(QStackedWidget):
    person_opened = Signal(int)
    """PersonId: show their photos."""
    photo_requested = Signal(int)
    photos_requested = Signal()
    add_photos_requested = Signal()
    groups_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._images, self._theme = bridge, images, theme
        self._everybody = Everybody({}, {}, (), has_photos=False)
        self._order = Order.PHOTOS
        self._model, self._groups = PeopleModel(images, self), GroupModel(images, self)
        self.grid = PeopleGrid(self._model, images, theme)
        self.strip = GroupCards(STRIP, self._groups, images, theme)
        self.person = PersonPage(bridge, images, theme)
        self.naming = GroupNaming(bridge, images, theme)
        self.empty = MessagePage(theme)
        self._sorting = self._build_sorting()
        self._hint = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.merge_selected = button(self.tr("The same person…"), on_click=self._merge_selected)
        self._unnamed, self._unnamed_count = QWidget(), label(role="muted")
        self._area = QScrollArea()
        self._overview = self._build_overview()
        for page in (self._overview, self.person, self.naming, self.empty):
            self.addWidget(page)
        self._soon = QTimer(self, singleShot=True, interval=READ_SOON_MS)
        self._soon.timeout.connect(self._read)
        self._connect()
        self._show_selection()

    def refresh(self, change: Change | None = None) -> None:
        if change is None or change.people or change.faces or change.photos or change.albums:
            self._soon.start()
            self.person.refresh(change)
            self.naming.refresh(change)

    def open_faces(self, person_id: PersonId) -> None:
        """The confirmed faces of one person, in place of the overview."""
        self.person.open_person(person_id)
        self.setCurrentWidget(self.person)
        self.person.setFocus()

    def open_group(self, group: Group) -> None:
        self.naming.open_group(group)
        self.setCurrentWidget(self.naming)
        self.naming.setFocus()

    def sort(self, order: Order) -> None:
        self._order = order
        self._show_everybody()

    def merge(self, people: Sequence[PersonId], into: PersonId | None = None) -> None:
        """Asks first, with both faces; ``into`` proposes whose name stays, else the one with more photos."""
        summaries = [self._everybody.people[each] for each in people if each in self._everybody.people]
        if len(summaries) < 2:
            return
        dialog = MergeDialog(summaries, self._everybody.portraits, self._images, self._theme, self)
        dialog.keep_name_of(into or max(summaries, key=lambda each: each.photos).person.id)
        dialog.accepted.connect(lambda: self._merge(dialog.into, dialog.others))
        _open(dialog)

    def edit(self, person_id: PersonId) -> None:
        summary = self._everybody.people.get(person_id)
        if summary is None:
            return
        person, session = summary.person, self._bridge.session
        portrait = self._everybody.portraits.get(person_id)
        dialog = EditPersonDialog(person, portrait, self._images, self._theme, self)
        dialog.save_wanted.connect(
            lambda details: self._bridge.act(
                lambda: save_details(session, person, details),
                lambda _: dialog.accept() if isValid(dialog) else None,
                lambda error: dialog.refuse(error) if isValid(dialog) else self._bridge.report(error),
            )
        )
        _open(dialog)

    def remove(self, person_id: PersonId) -> None:
        """Takes out somebody who is on no photo."""
        session = self._bridge.session
        self._bridge.act(lambda: session.people.remove(person_id))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        page = self.grid if self.currentWidget() is self._overview else self.currentWidget()
        if page is not None:
            page.setFocus()

    def _merge(self, into: PersonId, others: list[PersonId]) -> None:
        session = self._bridge.session
        self._bridge.act(lambda: session.people.merge(into, others))

    def _merge_selected(self) -> None:
        self.merge(self.grid.selected_people())

    def _rename(self, person_id: PersonId, name: str) -> None:
        session = self._bridge.session
        self._bridge.act(lambda: session.people.rename(person_id, name))

    def _read(self) -> None:
        library = self._bridge.session.library
        self._bridge.fetch(Lane.LIBRARY, lambda: read_everybody(library), self._take, key=(id(self), "everybody"))

    def _take(self, everybody: Everybody) -> None:
        self._everybody = everybody
        self._show_everybody()
        if self.currentWidget() in (self._overview, self.empty):
            self._show_overview()

    def _show_everybody(self) -> None:
        """Waits while somebody is being renamed: the field must not be taken away."""
        if self.grid.is_renaming:
            return
        people, groups = self._everybody.people, self._everybody.groups
        self.grid.show_people(self._everybody, self._order)
        words = self.tr("by number of photos") if self._order is Order.PHOTOS else self.tr("by name")
        self._sorting.setText(f"{number(len(people))}, {words} ▾")
        self._show_selection()
        self.strip.show_groups(groups)
        self._unnamed.setVisible(bool(groups))
        text = counted(len(groups), self.tr("group"), self.tr("groups"))
        self._unnamed_count.setText(self.tr("{groups}, the largest first").format(groups=text))

    def _show_overview(self) -> None:
        if self._everybody.people or self._everybody.groups:
            self.setCurrentWidget(self._overview)
        elif self._everybody.has_photos:
            self.empty.say(
                self.tr("Nobody has a name yet."), self.tr("Name someone in a photo"), self.photos_requested.emit
            )
            self.setCurrentWidget(self.empty)
        else:
            self.empty.say(self.tr("There are no photos yet."), self.tr("Add photos"), self.add_photos_requested.emit)
            self.setCurrentWidget(self.empty)

    def _back(self) -> None:
        self._show_overview()
        self.grid.setFocus()

    def _show_selection(self) -> None:
        is_several = len(self.grid.selectedIndexes()) > 1
        self.merge_selected.setVisible(is_several)
        has_others = not is_several and len(self._everybody.people) > 1
        self._hint.setText(self.tr("Drag one onto another to say they are the same person") if has_others else "")

    def _show_menu(self, place: QPoint) -> None:
        people = self.grid.people_meant(place)
        if not people:
            return
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        if len(people) == 1:
            person_id = people[0]
            menu.addAction(self.tr("Show photos"), lambda: self.person_opened.emit(person_id))
            menu.addAction(self.tr("All their faces"), lambda: self.open_faces(person_id))
            menu.addSeparator()
            menu.addAction(self.tr("Rename"), self.grid.rename_current)
            menu.addAction(self.tr("Edit person…"), lambda: self.edit(person_id))
            if self._is_on_no_photo(person_id):
                menu.addAction(self.tr("Remove"), lambda: self.remove(person_id))
        else:
            menu.addAction(self.tr("The same person…"), self._merge_selected)
        menu.popup(self.grid.viewport().mapToGlobal(place))

    def _is_on_no_photo(self, person_id: PersonId) -> bool:
        summary = self._everybody.people.get(person_id)
        return summary is not None and summary.photos == summary.confirmed == 0

    def _build_sorting(self) -> QPushButton:
        sorting = button("", "quiet")
        sorting.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        sorting.setAccessibleName(self.tr("Sort people"))
        menu, choices = QMenu(sorting), QActionGroup(sorting)
        for order, text in ((Order.PHOTOS, self.tr("By number of photos")), (Order.NAME, self.tr("By name"))):
            action = choices.addAction(text)
            action.setCheckable(True)
            action.setChecked(order is self._order)
            action.triggered.connect(lambda _, order=order: self.sort(order))
            menu.addAction(action)
        sorting.setMenu(menu)
        return sorting

    def _build_overview(self) -> QWidget:
        px = self._theme.current.px
        overview = QWidget()
        heading = QHBoxLayout()
        heading.setSpacing(px(Space.XS))
        heading.addWidget(label(self.tr("People"), "heading"))
        heading.addWidget(self._sorting)
        heading.addWidget(self._hint, 1)
        heading.addWidget(self.merge_selected)
        heading.setContentsMargins(0, 0, px(Space.XL), 0)
        column = QVBoxLayout(overview)
        column.setContentsMargins(px(Space.XL), px(Space.L), 0, 0)
        column.setSpacing(px(Space.S))
        column.addLayout(heading)
        column.addWidget(self._area, 1)
        self._fill_area()
        self._fill_unnamed()
        return overview

    def _fill_area(self) -> None:
        px = self._theme.current.px
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, px(Space.XL), px(Space.L))
        column.setSpacing(0)
        column.addWidget(self.grid)
        column.addWidget(self._unnamed)
        column.addStretch(1)
        self._area.setWidget(sheet)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _bring_into_view(self, part: QRect) -> None:
        middle = part.center()
        self._area.ensureVisible(middle.x(), middle.y(), 0, part.height() // 2)

    def _fill_unnamed(self) -> None:
        px = self._theme.current.px
        heading = QHBoxLayout()
        heading.setSpacing(px(Space.S))
        heading.addWidget(label(self.tr("Not named yet"), "heading"))
        heading.addWidget(self._unnamed_count)
        heading.addStretch(1)
        heading.addWidget(button(self.tr("All groups"), "quiet", self.groups_requested.emit))
        column = QVBoxLayout(self._unnamed)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(Space.M))
        column.addLayout(heading)
        column.addWidget(self.strip)

    def _connect(self) -> None:
        self._model.renamed.connect(self._rename)
        self._model.dropped.connect(lambda dragged, target: self.merge((target, *dragged), target))
        self.grid.opened.connect(self.person_opened)
        self.grid.sought.connect(self._bring_into_view)
        self.grid.renaming_ended.connect(self._show_everybody, Qt.ConnectionType.QueuedConnection)
        self.grid.customContextMenuRequested.connect(self._show_menu)
        self.grid.selectionModel().selectionChanged.connect(self._show_selection)
        self.strip.opened.connect(self.open_group)
        self.person.closed.connect(self._back)
        self.person.edit_requested.connect(self.edit)
        self.person.photos_requested.connect(self.person_opened)
        self.person.photo_requested.connect(self.photo_requested)
        self.naming.closed.connect(self._back)
        self.naming.photo_requested.connect(self.photo_requested)


def _open(dialog: QDialog) -> None:
    """Over the window, without a loop of its own."""
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()

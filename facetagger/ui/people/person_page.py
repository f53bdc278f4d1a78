"""The confirmed faces of one person: find the wrong ones, choose the portrait."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId, PersonId
from facetagger.jobs.lanes import Lane
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import ElidedLabel, button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming.name_field import NameField
from facetagger.ui.naming.provider import NamingProvider, Subject
from facetagger.ui.people.reading import PersonFaces, life_span, read_person
from facetagger.ui.review.crops import CropGrid, CropModel
from facetagger.ui.review.facts import FaceFacts
from facetagger.ui.review.framed_photo import WholePhoto
from facetagger.ui.review.portrait import Portrait
from facetagger.ui.theme import Space, ThemeManager
from facetagger.ui.words import counted, joined, short_name


class PersonPage(QWidget):
    """Crops are selected as files are; the buttons act on the selected ones."""

    closed = Signal()
    edit_requested = Signal(int)
    """PersonId"""
    photos_requested = Signal(int)
    """PersonId"""
    photo_requested = Signal(int)

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._shown: PersonFaces | None = None
        self._person_id: PersonId | None = None
        self._facts: dict[FaceId, FaceFacts] = {}
        self._portrait = Portrait(56, images, theme)
        self._portrait.setMinimumSize(self._portrait.sizeHint())
        self._name = ElidedLabel("heading", Qt.TextElideMode.ElideRight)
        self._detail = label(role="muted")
        self._model = CropModel(images, self)
        self.grid = CropGrid(self._model, images, theme, largest=132)
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.grid.setAccessibleName(self.tr("Faces of this person"))
        self.someone_else = button(self.tr("This is someone else…"), on_click=self._ask_who)
        self.not_them = button("", on_click=self._reject)
        self.use_as_portrait = button(self.tr("Use as portrait"), on_click=self._choose_portrait)
        self._selected = label(role="muted")
        self.field = NameField(NamingProvider(bridge, self), images, theme, self)
        self.photo = WholePhoto(images, theme, self)
        self._lay_out()
        self._connect()
        self._show_selection()

    @property
    def person_id(self) -> PersonId | None:
        return self._person_id

    def open_person(self, person_id: PersonId) -> None:
        self._person_id = person_id
        self._shown = None
        self.refresh(None)

    def refresh(self, change: Change | None) -> None:
        person_id, library = self._person_id, self._bridge.session.library
        if person_id is not None and (change is None or change.faces or change.people or change.photos):
            self._bridge.fetch(
                Lane.LIBRARY, lambda: read_person(library, person_id), self._take, key=(id(self), "person")
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape if self.grid.selected_faces():
                self.grid.clearSelection()
            case Qt.Key.Key_Escape:
                self.close_person()
            case Qt.Key.Key_Space:
                self._show_photo()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._open_photo(self.grid.focused_face())
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.grid.setFocus()

    def close_person(self) -> None:
        self._person_id = None
        self.field.hide()
        self.closed.emit()

    def _take(self, shown: PersonFaces | None) -> None:
        if shown is None:
            self.close_person()
            return
        is_new = self._shown is None
        self._shown = shown
        self._facts = {each.face.id: each for each in shown.faces}
        person = shown.summary.person
        self._name.setText(person.name)
        photos = counted(shown.summary.photos, self.tr("photo"), self.tr("photos"))
        self._detail.setText(joined(photos, life_span(shown.summary)))
        self._portrait.show_face(shown.portrait)
        self.not_them.setText(self.tr("Not {name}").format(name=short_name(person.name)).replace("&", "&&"))
        self.not_them.setAccessibleName(self.tr("Not {name}").format(name=person.name))
        selected = self.grid.selected_faces()
        self._model.show_faces(list(self._facts), self._facts)
        self.grid.select_faces(selected)
        if is_new:
            self.grid.focus_face(None)
            self.grid.clearSelection()
            self.grid.scrollToTop()
        self._show_selection()

    def _show_selection(self) -> None:
        count = len(self.grid.selected_faces())
        for each in (self.someone_else, self.not_them):
            each.setEnabled(count > 0)
        self.use_as_portrait.setEnabled(count == 1)
        chosen = counted(count, self.tr("face chosen"), self.tr("faces chosen"))
        self._selected.setText(chosen if count else self.tr("Choose the faces that are wrong."))

    def _ask_who(self) -> None:
        faces = self.grid.selected_faces()
        if not faces or self._shown is None:
            return
        photo = self._facts[faces[0]].photo
        self.field.ask(Subject(photo.id, tuple(faces), photo.taken, self._shown.summary.person))
        corner = self.someone_else.mapTo(self, QPoint(0, self.someone_else.height()))
        room = self.width() - self.field.width()
        self.field.move(max(0, min(corner.x() - self._theme.current.px(10), room)), corner.y())

    def _name_selected(self, who: PersonId | str) -> None:
        session, faces = self._bridge.session, self.grid.selected_faces()
        if isinstance(who, str):
            self._act(lambda: session.people.split(faces, who))
        else:
            self._act(lambda: session.naming.name(faces, who))

    def _reject(self) -> None:
        session, faces, person_id = self._bridge.session, self.grid.selected_faces(), self._person_id
        if faces and person_id is not None:
            self._act(lambda: session.naming.reject(faces, person_id))

    def _set_aside(self, *, is_face: bool) -> None:
        naming, faces = self._bridge.session.naming, self.grid.selected_faces()
        self._act(lambda: naming.ignore(faces) if is_face else naming.not_a_face(faces))

    def _choose_portrait(self) -> None:
        session, faces, person_id = self._bridge.session, self.grid.selected_faces(), self._person_id
        if len(faces) == 1 and person_id is not None:
            self._act(lambda: session.people.set_portrait(person_id, faces[0]))

    def _act(self, operation: Callable[[], Change]) -> None:
        self._close_field()
        self._bridge.act(operation)

    def _close_field(self) -> None:
        self.field.hide()
        self.grid.setFocus()

    def _show_photo(self) -> None:
        face_id = self.grid.focused_face()
        if face_id is not None and face_id in self._facts:
            self.photo.show_face(self._facts[face_id])

    def _open_photo(self, face_id: FaceId | None) -> None:
        if face_id is not None and face_id in self._facts:
            self.photo_requested.emit(self._facts[face_id].photo_id)

    def _edit(self) -> None:
        if self._person_id is not None:
            self.edit_requested.emit(self._person_id)

    def _open_photos(self) -> None:
        if self._person_id is not None:
            self.photos_requested.emit(self._person_id)

    def _lay_out(self) -> None:
        px = self._theme.current.px
        names = QVBoxLayout()
        names.setSpacing(0)
        names.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        names.addWidget(self._name)
        names.addWidget(self._detail)
        heading = QHBoxLayout()
        heading.setSpacing(px(Space.M))
        heading.addWidget(button(self.tr("‹  People"), "quiet", self.close_person))
        heading.addWidget(self._portrait)
        heading.addLayout(names, 1)
        heading.addWidget(button(self.tr("Edit person…"), on_click=self._edit))
        heading.addWidget(button(self.tr("Show photos"), on_click=self._open_photos))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), 0)
        column.setSpacing(px(Space.M))
        column.addLayout(heading)
        column.addLayout(self._tools((self.someone_else, self.not_them, self.use_as_portrait)))
        column.addWidget(self.grid, 1)

    def _tools(self, buttons: tuple[QPushButton, ...]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.current.px(Space.S))
        for each in buttons:
            each.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(each)
        row.addSpacing(self._theme.current.px(Space.S))
        row.addWidget(self._selected)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self.grid.selectionModel().selectionChanged.connect(self._show_selection)
        self.grid.opened_face.connect(self._open_photo)
        self.field.chosen.connect(self._name_selected)
        self.field.new_person.connect(self._name_selected)
        self.field.rejected.connect(self._reject)
        self.field.stranger.connect(lambda: self._set_aside(is_face=True))
        self.field.not_a_face.connect(lambda: self._set_aside(is_face=False))
        for signal in (self.field.later, self.field.earlier, self.field.closed):
            signal.connect(self._close_field)
        self.photo.closed.connect(self.grid.setFocus)
        self.photo.photo_requested.connect(self.photo_requested)

"""Going from face to face: which one is asked about, what the answer does, and which comes next."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from facetagger.entities import Change, FaceId, PersonId
from facetagger.geometry import Box
from facetagger.operations.naming import NewPerson
from facetagger.ui.bridge import Bridge
from facetagger.ui.naming.provider import Subject
from facetagger.ui.photo_view import face_menu
from facetagger.ui.photo_view.contents import PhotoContents, ShownFace
from facetagger.ui.photo_view.face_menu import FaceAct
from facetagger.ui.photo_view.panel import PhotoPanel
from facetagger.ui.photo_view.stage import Stage


class NamingFlow(QObject):
    """Naming goes on by itself: when a face is settled the field stands at the next open one, while the act still
    runs. A face left for later is not come back to until it is pointed at."""

    def __init__(self, bridge: Bridge, stage: Stage, panel: PhotoPanel, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._stage = stage
        self._panel = panel
        self._contents: PhotoContents | None = None
        self._settled: frozenset[FaceId] = frozenset()
        """Answered here, while the library may still call them open."""
        self._skipped: frozenset[FaceId] = frozenset()
        self._frame: Box | None = None
        """Drawn by hand and not a face of the library yet; normalised upright."""
        self._connect()

    @property
    def active(self) -> ShownFace | None:
        """The face the answer is about."""
        return None if self._contents is None else self._contents.face(self._stage.canvas.active_face)

    def leave(self) -> None:
        """Another photo comes."""
        self._contents = None
        self._settled = self._skipped = frozenset()
        self._frame = None
        self._stage.close_field()

    def follow(self, contents: PhotoContents) -> None:
        """Takes what is on the photo now; the question that is open stays open."""
        self._contents = contents
        self._settled &= {face.id for face in contents.faces if face.is_open}
        if self._stage.is_asking and self._frame is None and self.active is None:
            self._stage.close_field()

    def ask_first(self) -> None:
        """Opens the field at the first face that wants a name."""
        if self._contents is not None:
            self.ask(self._contents.open_after(None))

    @Slot(object)
    def ask(self, face_id: FaceId | None) -> None:
        """Opens the field at a face; with None there is nobody left to ask about."""
        face = None if self._contents is None else self._contents.face(face_id)
        if face is None or self._contents is None:
            self.deactivate()
            return
        self.activate(face.id)
        photo = self._contents.photo
        subject = Subject(photo.id, (face.id,), photo.taken, face.person, face.suggestion, face.suggested, face.found)
        self._stage.ask(subject, face.box)

    @Slot(object)
    def activate(self, face_id: FaceId | None) -> None:
        """Marks a face without asking."""
        if self._stage.is_asking:
            self._stage.close_field()
        self._frame = None
        self._stage.canvas.set_drawing(False)
        self._stage.canvas.set_active(face_id)
        self._stage.canvas.setAccessibleDescription(self._panel.people.spoken(face_id))
        self._panel.set_active(face_id)

    @Slot()
    def deactivate(self) -> None:
        self.activate(None)

    @Slot(bool)
    def step(self, is_forward: bool = True) -> None:
        """To the next face that wants a name, or the one before, round and round."""
        if self._contents is None:
            return
        start = self._stage.canvas.active_face
        turn = self._contents.open_after if is_forward else self._contents.open_before
        self.ask(turn(start, self._settled))

    def confirm_or_ask(self) -> None:
        """Enter: confirms a suggestion, asks about any other face."""
        active = self.active
        if active is None:
            self.step()
        elif active.offered and active.id not in self._settled:
            self._accept(active)
        else:
            self.ask(active.id)

    def _accept(self, face: ShownFace) -> None:
        """Who a found name means is decided by the act: several may carry it, or nobody yet."""
        session, suggested = self._bridge.session, face.suggested
        if suggested is not None:
            self._settle(lambda faces: session.naming.name(faces, suggested.id))
        else:
            self._settle(session.found_names.take)

    @Slot()
    def ignore(self) -> None:
        frame, naming = self._frame, self._bridge.session.naming
        if frame is not None:
            self._draw(frame, None, lambda change: naming.ignore(tuple(change.faces)))
        else:
            self._settle(naming.ignore)

    @Slot()
    def not_a_face(self) -> None:
        if self._frame is not None:
            self.deactivate()
        else:
            self._settle(self._bridge.session.naming.not_a_face)

    def _connect(self) -> None:
        canvas, field, panel = self._stage.canvas, self._stage.field, self._panel
        canvas.face_clicked.connect(self.ask)
        canvas.background_clicked.connect(self.deactivate)
        canvas.frame_drawn.connect(self._ask_about_frame)
        canvas.menu_wanted.connect(self._show_menu)
        canvas.tab_pressed.connect(self.step)
        field.chosen.connect(self._name)
        field.new_person.connect(self._name_new)
        field.rejected.connect(self._reject)
        field.stranger.connect(self.ignore)
        field.not_a_face.connect(self.not_a_face)
        field.later.connect(self._leave_for_later)
        field.earlier.connect(self._step_back)
        field.closed.connect(self._close)
        panel.face_clicked.connect(self.ask)
        panel.face_marked.connect(self.activate)

    @Slot(object)
    def _name(self, person_id: PersonId) -> None:
        naming = self._bridge.session.naming
        if self._frame is not None:
            self._draw(self._frame, person_id)
        else:
            self._settle(lambda faces: naming.name(faces, person_id))

    @Slot(str)
    def _name_new(self, name: str) -> None:
        naming, somebody, active = self._bridge.session.naming, NewPerson(name), self.active
        if self._frame is None and active is not None and active.found is not None and active.found.name == name:
            self._accept(active)
        elif self._frame is not None:
            self._draw(self._frame, somebody)
        else:
            self._settle(lambda faces: naming.name(faces, somebody))

    @Slot(object)
    def _reject(self, person_id: PersonId) -> None:
        """Not this person: the name is taken away, and the question is who it is then."""
        active, contents = self.active, self._contents
        if active is None or contents is None:
            return
        face_id, naming = active.id, self._bridge.session.naming
        self._bridge.act(lambda: naming.reject([face_id], person_id))
        self._stage.ask(Subject(contents.photo.id, (face_id,), contents.photo.taken), active.box)

    @Slot()
    def _leave_for_later(self) -> None:
        active = self._stage.canvas.active_face
        if self._frame is not None:
            self._draw(self._frame, None)
        elif active is not None:
            self._skipped |= {active}
            self.step()

    @Slot()
    def _step_back(self) -> None:
        self.step(False)

    @Slot()
    def _close(self) -> None:
        self._frame = None
        self._stage.close_field()

    @Slot(object)
    def _ask_about_frame(self, box: Box) -> None:
        """A frame around a face that is there already asks about that one."""
        if self._contents is None:
            return
        known = self._contents.face_around(box)
        if known is not None:
            self.ask(known.id)
            return
        self.deactivate()
        self._frame = box
        self._stage.canvas.hold_frame(box)
        photo = self._contents.photo
        self._stage.ask(Subject(photo.id, (), photo.taken), box)

    def _settle(self, act: Callable[[list[FaceId]], Change]) -> None:
        active = self._stage.canvas.active_face
        if active is None:
            return
        self._bridge.act(lambda: act([active]))
        self._settled |= {active}
        self._go_on(active)

    def _draw(
        self, frame: Box, who: PersonId | NewPerson | None, then: Callable[[Change], Change] | None = None
    ) -> None:
        """Adds the frame as a face; ``then`` says more about the face that was made."""
        contents, naming = self._contents, self._bridge.session.naming
        if contents is None:
            return
        photo_id = contents.photo.id

        def draw() -> Change:
            change = naming.draw(photo_id, frame, who)
            return change if then is None else change | then(change)

        self._frame = None
        self._bridge.act(draw)
        self._go_on(None)

    def _go_on(self, start: FaceId | None) -> None:
        if self._contents is not None:
            self.ask(self._contents.open_after(start, self._settled | self._skipped))

    @Slot(object, QPoint)
    def _show_menu(self, face_id: FaceId | None, at: QPoint) -> None:
        face = None if self._contents is None else self._contents.face(face_id)
        if face is None:
            return
        self.activate(face.id)
        menu = QMenu(self._stage)
        menu.aboutToHide.connect(menu.deleteLater)
        for act, text in face_menu.entries(face):
            menu.addAction(text.replace("&", "&&")).setData(act)
        menu.triggered.connect(self._pick)
        menu.popup(at)

    @Slot(object)
    def _pick(self, action: QAction) -> None:
        active = self.active
        if active is not None:
            self.do(action.data(), active)

    def do(self, act: FaceAct, face: ShownFace) -> None:
        """What the menu says about a face; asks where a name is needed, stays at the face otherwise."""
        who, session = face.person or face.suggested, self._bridge.session
        operations: dict[FaceAct, Callable[[], Change]] = {
            FaceAct.STRANGER: lambda: session.naming.ignore([face.id]),
            FaceAct.NOT_A_FACE: lambda: session.naming.not_a_face([face.id]),
            FaceAct.BRING_BACK: lambda: session.naming.reopen([face.id]),
        }
        if face.found is not None:
            operations[FaceAct.CONFIRM] = lambda: session.found_names.take([face.id])
            operations[FaceAct.NOT_THIS_PERSON] = lambda: session.found_names.decline([face.id])
        if who is not None:
            operations[FaceAct.CONFIRM] = lambda: session.naming.name([face.id], who.id)
            operations[FaceAct.NOT_THIS_PERSON] = lambda: session.naming.reject([face.id], who.id)
            operations[FaceAct.PORTRAIT] = lambda: session.people.set_portrait(who.id, face.id)
        if act in operations:
            self._bridge.act(operations[act])
        else:
            self.ask(face.id)

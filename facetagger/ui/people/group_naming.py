"""One group opened: all its crops, and the field that names it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId, FaceState
from facetagger.jobs.lanes import Lane
from facetagger.library import Group
from facetagger.recognition.questions import Question, QuestionKind
from facetagger.ui.bridge import Bridge
from facetagger.ui.controls import button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming.field_keys import STRANGER, is_for_typing
from facetagger.ui.naming.key_cap import ENTER, native
from facetagger.ui.naming.provider import NamingProvider
from facetagger.ui.review import answers, wording
from facetagger.ui.review.answer_button import AnswerButton, Kind
from facetagger.ui.review.answers import Step
from facetagger.ui.review.card import QuestionCard
from facetagger.ui.review.facts import read_facts
from facetagger.ui.review.framed_photo import WholePhoto
from facetagger.ui.review.handful import Handful, Who
from facetagger.ui.review.reading import Briefing
from facetagger.ui.theme import Space, ThemeManager


class GroupNaming(QWidget):
    """Names a group, or says that its faces are strangers or no faces; crops that are crossed out are left alone."""

    closed = Signal()
    """The group was answered, or the user went back."""
    photo_requested = Signal(int)

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._bridge = bridge
        self._handful: Handful | None = None
        self._briefing = Briefing({}, {})
        self.card = QuestionCard(NamingProvider(bridge, self), images, theme, theme)
        self.photo = WholePhoto(images, theme, self)
        self._count = label(role="muted")
        self.see_more = AnswerButton(ENTER, theme, Kind.PRIMARY)
        self.strangers = AnswerButton(native(STRANGER), theme)
        self.not_faces = AnswerButton(native("Del"), theme)
        self._lay_out(theme)
        self._connect()

    @property
    def handful(self) -> Handful | None:
        return self._handful

    def open_group(self, group: Group) -> None:
        question = Question(QuestionKind.NAME, group.faces, None, 0.0, float(len(group.faces)))
        self._handful = Handful.of(question)
        self._briefing = Briefing({}, {})
        self._count.setText(wording.count_faces(len(group.faces)))
        library = self._bridge.session.library
        self._bridge.fetch(
            Lane.LIBRARY,
            lambda: Briefing(read_facts(library, group.faces), {}),
            self._take_briefing,
            key=(id(self), "facts"),
        )

    def refresh(self, change: Change | None) -> None:
        """Faces that were settled elsewhere leave the group; when none is left the page closes."""
        handful = self._handful
        if handful is None or (change is not None and change.faces.isdisjoint(handful.faces)):
            return
        faces = self._bridge.session.library.faces

        def still_open() -> frozenset[FaceId]:
            return frozenset(each.id for each in faces.get_many(handful.faces) if each.state is FaceState.OPEN)

        self._bridge.fetch(Lane.LIBRARY, still_open, self._keep_only, key=(id(self), "open"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters belong to the field; X and Space speak of the crops once the keyboard was moved there."""
        is_on_crops = self.window().focusWidget() is self.card.grid and not event.modifiers()
        match event.key():
            case Qt.Key.Key_Escape:
                self.close_group()
            case Qt.Key.Key_X if is_on_crops:
                self._toggle(self.card.grid.focused_face())
            case Qt.Key.Key_Space if is_on_crops:
                self._show_photo()
            case _ if not self.card.is_typing and is_for_typing(event):
                self.card.pass_to_field(event)
            case _:
                super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.card.field.edit.setFocus()

    def close_group(self) -> None:
        self._handful = None
        self.card.field.hide()
        self.closed.emit()

    def _take_briefing(self, briefing: Briefing) -> None:
        self._briefing = briefing
        if self._handful is not None:
            self.card.show_question(self._handful, briefing, wording.labels(self._handful, ""), {})
            self._update()

    def _keep_only(self, still_open: frozenset[FaceId]) -> None:
        if self._handful is None:
            return
        self._handful = self._handful.without(frozenset(self._handful.faces) - still_open)
        if self._handful.faces:
            self._update()
        else:
            self.close_group()

    def _toggle(self, face_id: FaceId | None) -> None:
        if self._handful is not None and face_id is not None:
            self._handful = self._handful.toggled(face_id)
            self._update()

    def _update(self) -> None:
        if self._handful is None:
            return
        labels = wording.labels(self._handful, "")
        self.card.update_question(self._handful, self._briefing, labels, {})
        self.strangers.say(labels.no)
        self.not_faces.say(wording.not_faces(len(self._handful.kept)))
        self._show_unseen()

    def _show_unseen(self) -> None:
        """Nobody should name a face without having seen it."""
        handful, unseen = self._handful, self.card.grid.unseen
        self.see_more.setVisible(unseen > 0)
        self.see_more.say(wording.see_more(unseen))
        for each in (self.strangers, self.not_faces):
            each.setVisible(unseen == 0)
            each.setEnabled(unseen == 0 and handful is not None and bool(handful.kept))

    def _name(self, who: Who) -> None:
        if self._handful is not None and self._handful.kept:
            self._answer(answers.name(self._bridge.session, self._handful, who))

    def _say_strangers(self) -> None:
        if self._handful is not None and self.strangers.isEnabled():
            self._answer(answers.no(self._bridge.session, self._handful))

    def _say_not_faces(self) -> None:
        if self._handful is not None and self.not_faces.isEnabled():
            self._answer(answers.not_faces(self._bridge.session, self._handful))

    def _answer(self, steps: list[Step]) -> None:
        for step in steps:
            self._bridge.act(step)
        self.close_group()

    def _show_photo(self) -> None:
        face_id = self.card.grid.focused_face()
        if face_id is not None and face_id in self._briefing.facts:
            self.photo.show_face(self._briefing.facts[face_id])

    def _lay_out(self, theme: ThemeManager) -> None:
        px = theme.current.px
        heading = QHBoxLayout()
        heading.setSpacing(px(Space.M))
        heading.addWidget(button(self.tr("‹  All groups"), "quiet", self.close_group))
        heading.addWidget(self._count)
        heading.addStretch(1)
        footer = QHBoxLayout()
        footer.setSpacing(px(Space.M))
        footer.addWidget(self.see_more)
        footer.addWidget(self.strangers)
        footer.addWidget(self.not_faces)
        footer.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), px(Space.XL))
        column.setSpacing(px(Space.L))
        column.addLayout(heading)
        column.addWidget(self.card, 1)
        column.addLayout(footer)

    def _connect(self) -> None:
        field, grid = self.card.field, self.card.grid
        field.chosen.connect(self._name)
        field.new_person.connect(self._name)
        field.stranger.connect(self._say_strangers)
        field.not_a_face.connect(self._say_not_faces)
        field.later.connect(self.close_group)
        field.closed.connect(grid.setFocus)
        grid.pressed_face.connect(self._toggle)
        grid.seen_more.connect(self._show_unseen, Qt.ConnectionType.QueuedConnection)
        self.see_more.clicked.connect(grid.see_more)
        self.strangers.clicked.connect(self._say_strangers)
        self.not_faces.clicked.connect(self._say_not_faces)
        self.photo.closed.connect(self.card.take_focus)
        self.card.photo.clicked.connect(self._show_photo)
        self.photo.photo_requested.connect(self.photo_requested)

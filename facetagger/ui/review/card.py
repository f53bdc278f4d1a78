"""The question itself: who it is about on the left, the faces on the right."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from facetagger.entities import PersonId
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.controls import frame, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming.name_field import NameField
from facetagger.ui.naming.provider import NamingProvider
from facetagger.ui.naming.provider import Subject as NamingSubject
from facetagger.ui.review import wording
from facetagger.ui.review.crops import CropGrid, CropModel
from facetagger.ui.review.framed_photo import FramedPhoto
from facetagger.ui.review.handful import Handful
from facetagger.ui.review.look import Looks
from facetagger.ui.review.reading import Briefing
from facetagger.ui.review.subject_panel import MergeSides, SomeoneElse, SubjectCard
from facetagger.ui.review.wording import Labels
from facetagger.ui.theme import Space, ThemeManager

_LEFT = 208
_LEFT_WITH_FIELD = 300
_SINGLE = 220
"""The column of a crop that stands beside its photo."""
_UNBOUND = 16777215
"""Qt's QWIDGETSIZE_MAX."""


class QuestionCard(QFrame):
    """Shows a ``Handful``; holds no answer of its own."""

    def __init__(self, provider: NamingProvider, images: ImageLoader, looks: Looks, theme: ThemeManager) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._looks = looks
        self._model = CropModel(images, self)
        self.grid = CropGrid(self._model, images, looks)
        self.grid.setAccessibleName(self.tr("The faces this question is about"))
        self._subject = SubjectCard(images, looks)
        self.someone_else = SomeoneElse(looks)
        self._sides = MergeSides(images, looks)
        self._title = label(role="question", wraps=True)
        self._hint = label(role="muted", wraps=True)
        self._left = self._build_left()
        self._line = frame("line")
        self._line.setFixedWidth(1)
        self.photo = FramedPhoto(images, looks)
        self._crops = self._build_crops()
        self._right = QStackedWidget()
        self._right.addWidget(self._crops)
        self._right.addWidget(self._sides)
        self.field = NameField(provider, images, theme, self)
        self._lay_out()
        self.field.hide_ways_out()
        self.field.resized.connect(self._place_field)
        self.field.more_wanted.connect(self.grid.see_more)
        self.grid.installEventFilter(self)
        self.grid.pressed_face.connect(self._go_on_typing)
        # Later: another notice inside a resize would resize the crops again.
        self.grid.seen_more.connect(self._hold_field, Qt.ConnectionType.QueuedConnection)
        looks.changed.connect(self._restyle)
        self._is_naming = self._is_single = False
        self._restyle()

    def show_question(
        self, handful: Handful, briefing: Briefing, labels: Labels, names: Mapping[PersonId, str]
    ) -> None:
        """Begins another question."""
        elsewhere = self._focus_elsewhere()
        self.field.hide()
        self._is_naming = handful.kind is QuestionKind.NAME
        self._right.setCurrentWidget(self._sides if handful.kind is QuestionKind.MERGE else self._crops)
        has_left = handful.kind in (QuestionKind.CONFIRM, QuestionKind.NAME)
        self._left.setVisible(has_left)
        self._line.setVisible(has_left)
        self._is_single = len(handful.question.faces) == 1
        self._restyle()
        self._settle_layout()
        self._model.show_faces(handful.faces, briefing.facts)
        self.update_question(handful, briefing, labels, names)
        self.grid.focus_face(None)
        self.grid.scrollToTop()
        if self._is_naming:
            self._open_field(handful, briefing)
        if elsewhere is not None:
            elsewhere.setFocus()
        elif not self._is_naming:
            self.take_focus()

    @property
    def is_typing(self) -> bool:
        """Whether the keyboard is in the name field."""
        return self.window().focusWidget() is self.field.edit and self.field.isVisible()

    def pass_to_field(self, event: QKeyEvent) -> None:
        """A key pressed beside the field that is the question does what it does inside."""
        self.field.edit.setFocus()
        QCoreApplication.sendEvent(self.field.edit, event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tab leaves a group for later, wherever on the card the keyboard is."""
        is_tab = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab
        if watched is self.grid and self._is_naming and is_tab and isinstance(event, QKeyEvent):
            self.pass_to_field(event)
            return True
        return super().eventFilter(watched, event)

    def is_showing(self, handful: Handful) -> bool:
        return tuple(self._model.faces) == handful.faces

    def take_focus(self) -> None:
        """The keyboard goes where the question is answered."""
        if self._is_naming:
            self.field.edit.setFocus()
        else:
            (self.grid if self._right.currentWidget() is self._crops else self._sides).setFocus()

    def _focus_elsewhere(self) -> QWidget | None:
        """Where the user is typing outside the page: a new question must not take the keyboard away."""
        focused, page = self.window().focusWidget(), self.parentWidget()
        is_here = focused is None or page is None or page.isAncestorOf(focused) or focused.isAncestorOf(self)
        return None if is_here else focused

    def update_question(
        self, handful: Handful, briefing: Briefing, labels: Labels, names: Mapping[PersonId, str]
    ) -> None:
        """The same question after a crop was crossed out or given away, or a face was settled elsewhere."""
        self._title.setText(labels.title)
        self._hint.setText(labels.hint)
        self._model.show_faces(handful.faces, briefing.facts)
        self._sides.show_people(list(briefing.subjects.values()))
        if self._is_single and handful.faces[0] in briefing.facts:
            self.photo.show_face(briefing.facts[handful.faces[0]])
        name = name_of(handful.who, names)
        self._model.cross_out(
            {
                face_id: wording.caption_crossed_out(handful, name, name_of(handful.given.get(face_id), names))
                for face_id in handful.excluded
            }
        )
        self._hold_field()
        is_confirm = handful.kind is QuestionKind.CONFIRM
        self._subject.setVisible(is_confirm)
        self.someone_else.setVisible(is_confirm)
        if isinstance(handful.who, str):
            self._subject.show_new(handful.who)
        elif handful.who is not None and handful.who in briefing.subjects:
            self._subject.show_subject(briefing.subjects[handful.who])

    def type_name(self, subject: NamingSubject) -> None:
        """Opens the name field over the left column."""
        self.field.ask(subject)
        self._place_field()

    def stop_typing(self) -> None:
        self.field.hide()
        self.grid.setFocus()

    def resizeEvent(self, event: object) -> None:
        self._place_field()

    def _go_on_typing(self) -> None:
        if self._is_naming:
            self.field.edit.setFocus()

    def _hold_field(self) -> None:
        """Nobody should name a face without having seen it."""
        unseen = self.grid.unseen if self._is_naming else 0
        self.field.hold(wording.see_first(unseen) if unseen else "")

    def _settle_layout(self) -> None:
        """Gives the crops their room before they are shown: in the room of the last question others were in sight."""
        for part in (self, self._crops):
            layout = part.layout()
            if layout is not None:
                layout.activate()

    def _open_field(self, handful: Handful, briefing: Briefing) -> None:
        first = briefing.facts.get(handful.faces[0])
        photo = first.photo if first else None
        self.type_name(NamingSubject(photo.id if photo else None, handful.kept, photo.taken if photo else None))

    def _place_field(self) -> None:
        theme = self._looks.current
        left = self._left.mapTo(self, QPoint(0, 0))
        if self._is_naming:
            self.field.move(left - QPoint(theme.px(10), theme.px(10)))
        else:
            place = self.someone_else.mapTo(self, QPoint(0, 0))
            room = self.height() - self.field.height()
            self.field.move(left.x() - theme.px(10), max(0, min(place.y() - theme.px(10), room)))

    def _build_left(self) -> QWidget:
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(self._looks.current.px(Space.L))
        column.addWidget(self._subject)
        column.addWidget(self.someone_else)
        column.addStretch(1)
        return left

    def _build_crops(self) -> QWidget:
        """One face alone says little: the photo it is in stands beside it."""
        crops = QWidget()
        row = QHBoxLayout(crops)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._looks.current.px(Space.L))
        row.addWidget(self.grid, 1)
        row.addWidget(self.photo, 1)
        return crops

    def _lay_out(self) -> None:
        px = self._looks.current.px
        right = QVBoxLayout()
        right.setSpacing(px(Space.XS))
        right.addWidget(self._title)
        right.addWidget(self._hint)
        right.addSpacing(px(Space.S))
        right.addWidget(self._right, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(Space.XL), px(Space.XL), px(Space.XL), px(Space.XL))
        row.setSpacing(px(Space.XL))
        row.addWidget(self._left)
        row.addWidget(self._line)
        row.addLayout(right, 1)

    def _restyle(self) -> None:
        theme = self._looks.current
        self._left.setFixedWidth(theme.px(_LEFT_WITH_FIELD if self._is_naming else _LEFT))
        self.photo.setVisible(self._is_single)
        self.grid.setMaximumWidth(theme.px(_SINGLE) if self._is_single else _UNBOUND)
        for each in (self._title, self._hint):
            each.setIndent(theme.px(Space.XS))
        self._line.setStyleSheet(f"background: {theme.colours.line};")


def name_of(who: PersonId | str | None, names: Mapping[PersonId, str]) -> str:
    if who is None:
        return ""
    return who if isinstance(who, str) else names.get(who, "")

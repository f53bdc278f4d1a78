"""One question a page: the crops that are asked about, and answers that say what they do."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QStyle, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId, Person
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.naming.provider import NamingProvider
from facetagger.ui.naming.provider import Subject as NamingSubject
from facetagger.ui.review import wording
from facetagger.ui.review.card import QuestionCard, name_of
from facetagger.ui.review.footer import Footer
from facetagger.ui.review.framed_photo import WholePhoto
from facetagger.ui.review.handful import Handful, Who
from facetagger.ui.review.heading import Heading
from facetagger.ui.review.look import ReviewLook
from facetagger.ui.review.reviewer import Reviewer
from facetagger.ui.review.subject_panel import FIRST_KEY, OTHERS
from facetagger.ui.review.wording import Labels
from facetagger.ui.stylesheet import stylesheet
from facetagger.ui.theme import Space, TextSize, ThemeManager

_SLIDE_MS: Final = 140


class ReviewPage(QWidget):
    """Shows what the ``Reviewer`` asks and hands it what the user says.

    Keys: Enter yes, N none, S don't know, U undo, X crosses the focused crop out, arrows move the focus, 2 and 3
    give another candidate, T types a name, Space shows the whole photo, L is large type.
    """

    photo_requested = Signal(int)
    """PhotoId"""
    photos_requested = Signal()
    add_photos_requested = Signal()

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images = images
        self._look = ReviewLook(theme, self)
        self.reviewer = Reviewer(bridge, self)
        self.card = QuestionCard(NamingProvider(bridge, self), images, self._look, theme)
        self.heading, self.footer, self.empty = Heading(self._look), Footer(self._look), MessagePage(theme)
        self._middle = QStackedWidget()
        self._slide = QPropertyAnimation(self.card, b"pos", self)
        self._slide.setDuration(_SLIDE_MS)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.photo = WholePhoto(images, self._look, self)
        self._lay_out()
        self._connect(bridge)
        self.footer.show_nothing(can_undo=False)

    @property
    def current(self) -> Handful | None:
        """What is asked now, with what the user has said so far."""
        return self.reviewer.current

    def refresh(self, change: Change | None = None) -> None:
        """Reads the questions again, now or when the page is shown; what is asked stays."""
        self.reviewer.refresh(change)

    def say_yes(self) -> None:
        if self.current is None:
            return
        if self.current.kind is QuestionKind.NAME:
            self.card.field.edit.setFocus()
        elif self._has_unseen(self.current):
            self.card.grid.see_more()
        elif self._labels(self.current).is_yes_possible:
            self.reviewer.yes()

    def say_no(self) -> None:
        if self.current is not None and self._labels(self.current).no:
            self.reviewer.no()

    def show_photo(self) -> None:
        """The whole photo of the focused crop, over the page."""
        if self.current is None:
            return
        facts = self.reviewer.briefing(self.current).facts.get(self.card.grid.focused_face() or self.current.faces[0])
        if facts is not None:
            self.photo.show_face(facts)

    def toggle_large(self) -> None:
        self._look.set_large(not self._look.is_large)
        self.footer.show_large(self._look.is_large)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.current is not None:
            self.card.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.photo.isVisible():
            self._move_behind_photo(event)
        elif event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self._press(event)
        else:
            super().keyPressEvent(event)

    def _press(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.say_yes()
            case Qt.Key.Key_N:
                self.say_no()
            case Qt.Key.Key_S:
                self.reviewer.skip()
            case Qt.Key.Key_U:
                self.reviewer.take_back()
            case Qt.Key.Key_X:
                self._toggle_focused()
            case Qt.Key.Key_T:
                self._type_name()
            case Qt.Key.Key_Space:
                self.show_photo()
            case Qt.Key.Key_L:
                self.toggle_large()
            case key if FIRST_KEY <= key - Qt.Key.Key_0.value < FIRST_KEY + OTHERS:
                self.card.someone_else.choose(key - Qt.Key.Key_0.value - FIRST_KEY)
            case _:
                super().keyPressEvent(event)

    def _move_behind_photo(self, event: QKeyEvent) -> None:
        """Arrow keys show the next face's photo; X crosses out what is seen."""
        if event.key() == Qt.Key.Key_X:
            self._toggle_focused()
            self.photo.close_photo()
        elif self.card.grid.move_focus(event):
            self.show_photo()

    def _toggle_focused(self) -> None:
        face_id = self.card.grid.focused_face()
        if face_id is not None:
            self.reviewer.toggle(face_id)

    def _type_name(self) -> None:
        if self.current is None or self.current.kind is QuestionKind.MERGE:
            return
        if self.current.kind is QuestionKind.NAME:
            self.card.field.edit.setFocus()
            return
        faces = self.current.targets(self.card.grid.focused_face()) or self.current.faces
        facts = self.reviewer.briefing(self.current).facts.get(faces[0])
        photo = facts.photo if facts else None
        self.card.type_name(
            NamingSubject(photo.id if photo else None, faces, photo.taken if photo else None, self._person())
        )

    def _person(self) -> Person | None:
        """Who the question is about, where that is somebody in the library."""
        if self.current is None or self.current.who is None or isinstance(self.current.who, str):
            return None
        subject = self.reviewer.briefing(self.current).subjects.get(self.current.who)
        return subject.summary.person if subject else None

    def _take_rejection(self) -> None:
        """ "Not Peter" in the field: of the whole question where nothing is crossed out."""
        self.card.stop_typing()
        if self.current is not None and not self.current.crossed_out:
            self.reviewer.no()

    def _take_name(self, who: Who) -> None:
        if self.current is not None and self.current.kind is QuestionKind.NAME:
            self.reviewer.name(who)
        else:
            self.card.stop_typing()
            self.reviewer.reassign(who, self.card.grid.focused_face())

    def _take_stranger(self) -> None:
        if self.current is not None and self.current.kind is QuestionKind.NAME:
            self.reviewer.no()

    def _take_not_a_face(self) -> None:
        if self.current is not None and self.current.kind is QuestionKind.NAME:
            self.reviewer.not_faces()

    def _leave_field(self) -> None:
        """Later, in the field: the group is put off; where the field only adds a name, it closes."""
        if self.current is not None and self.current.kind is QuestionKind.NAME:
            self.reviewer.skip()
        else:
            self.card.stop_typing()

    def _close_field(self) -> None:
        """Escape goes to the crops; the field of a group stays open, since it is the question."""
        if self.current is not None and self.current.kind is QuestionKind.NAME:
            self.card.grid.setFocus()
        else:
            self.card.stop_typing()

    def _show(self) -> None:
        """Another question, or none."""
        self.photo.hide()
        if self.current is None:
            self._show_empty()
            return
        self._middle.setCurrentWidget(self.card)
        briefing = self.reviewer.briefing(self.current)
        self.card.show_question(self.current, briefing, self._labels(self.current), self.reviewer.names)
        self._update()
        self._slide_in()
        self.reviewer.ask_for_others(None)
        self._prefetch_pictures()

    def _slide_in(self) -> None:
        """Says that this is another question; only where the desktop wants animations at all."""
        if self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0:
            return
        self._slide.stop()
        self._slide.setStartValue(QPoint(self._look.current.px(Space.XL), 0))
        self._slide.setEndValue(QPoint(0, 0))
        self._slide.start()

    def _update(self) -> None:
        current = self.current
        if current is None:
            return
        labels, names = self._labels(current), self.reviewer.names
        self.card.update_question(current, self.reviewer.briefing(current), labels, names)
        self.footer.show_labels(labels, can_undo=self.reviewer.queue.can_take_back)
        self.heading.show_position(self.reviewer.queue.number, current.question.gain)
        self._show_others()

    def _show_others(self) -> None:
        current, names = self.current, self.reviewer.names
        if current is not None:
            targets = current.targets(self.card.grid.focused_face())
            people = [(each, names[each]) for each in self.reviewer.others if each in names and each != current.who]
            self.card.someone_else.show_people(wording.someone_else(len(targets), len(current.faces)), people)

    def _toggled(self, face_id: FaceId) -> None:
        self.reviewer.toggle(face_id)
        self.reviewer.ask_for_others(self.card.grid.focused_face())

    def _show_empty(self) -> None:
        queue, standing, say = self.reviewer.queue, self.reviewer.standing, self.empty.say
        self.heading.clear_position()
        self.footer.show_nothing(can_undo=queue.can_take_back)
        self._middle.setCurrentWidget(self.empty)
        see_photos = self.photos_requested.emit
        if not queue.is_loaded:
            say("")
        elif queue.skipped():
            say(self.tr("Everything else has been asked."), self.tr("Ask what I put off"), self.reviewer.ask_again)
        elif not standing.photos:
            say(self.tr("There are no photos yet."), self.tr("Add photos"), self.add_photos_requested.emit)
        elif standing.is_settled:
            say(self.tr("Every face has been settled."), self.tr("See the photos"), see_photos)
        elif not standing.people:
            say(self.tr("Nothing to ask yet: name a few faces first."), self.tr("Open the photos"), see_photos)
        else:
            sentence = self.tr("Nothing to ask just now: the faces that are left look like nobody you have named.")
            say(sentence, self.tr("Open the photos"), see_photos)

    def _prefetch_pictures(self) -> None:
        """Pictures asked for last come first, so the next question's are asked for before this one is painted."""
        ratio, side = self.devicePixelRatioF(), self.card.grid.side
        for briefing in reversed(self.reviewer.upcoming_briefings()):
            for face_id in reversed(list(briefing.facts)):
                self._images.face(face_id, side, ratio)

    def _labels(self, handful: Handful) -> Labels:
        names = self.reviewer.names
        labels = wording.labels(handful, name_of(handful.who, names), name_of(handful.question.other, names))
        if self._has_unseen(handful):
            return replace(labels, yes=wording.see_more(self.card.grid.unseen), is_yes_possible=True)
        return labels

    def _has_unseen(self, handful: Handful) -> bool:
        """Nobody should confirm a face without having seen it."""
        is_asked = handful.kind in (QuestionKind.CONFIRM, QuestionKind.IGNORE)
        is_shown = self.reviewer.current is handful and self.card.is_showing(handful)
        return is_asked and is_shown and self.card.grid.unseen > 0

    def _lay_out(self) -> None:
        self._middle.addWidget(self.card)
        self._middle.addWidget(self.empty)
        self._middle.setCurrentWidget(self.empty)
        px = self._look.current.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), px(Space.XL))
        column.setSpacing(px(Space.L))
        column.addWidget(self.heading)
        column.addWidget(self._middle, 1)
        column.addWidget(self.footer)

    def _connect(self, bridge: Bridge) -> None:
        self.reviewer.asked.connect(self._show)
        self.reviewer.updated.connect(self._update)
        self.reviewer.counted.connect(lambda: self.heading.show_standing(self.reviewer.standing))
        self.reviewer.updated.connect(self._prefetch_pictures)
        grid, field, footer = self.card.grid, self.card.field, self.footer
        grid.pressed_face.connect(self._toggled)
        # Later: new words inside a resize would resize the crops again, which Qt then does not pass on to them.
        grid.seen_more.connect(self._update, Qt.ConnectionType.QueuedConnection)
        grid.focus_moved.connect(self._show_others)
        field.chosen.connect(self._take_name)
        field.new_person.connect(self._take_name)
        field.rejected.connect(self._take_rejection)
        field.stranger.connect(self._take_stranger)
        field.not_a_face.connect(self._take_not_a_face)
        field.later.connect(self._leave_field)
        field.closed.connect(self._close_field)
        self.card.someone_else.person_chosen.connect(self._take_name)
        self.card.someone_else.typing_wanted.connect(self._type_name)
        footer.yes_chosen.connect(self.say_yes)
        footer.no_chosen.connect(self.say_no)
        footer.unknown_chosen.connect(self.reviewer.skip)
        footer.undo_chosen.connect(self.reviewer.take_back)
        footer.large_toggled.connect(self.toggle_large)
        self.photo.closed.connect(grid.setFocus)
        self.card.photo.clicked.connect(self.show_photo)
        self.photo.photo_requested.connect(self.photo_requested)
        self._look.changed.connect(self._restyle)

    def _restyle(self) -> None:
        """The same style sheet with larger lengths, for this page alone."""
        theme = self._look.current
        base = f"QLabel {{ font-size: {theme.px(TextSize.BASE)}px; }}"
        self.setStyleSheet(base + stylesheet(theme.colours, theme.px) if self._look.is_large else "")

"""One question a page: the crops that are asked about, and answers that say what they do."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId, Person
from facetagger.recognition.questions import QuestionKind
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming.provider import NamingProvider
from facetagger.ui.naming.provider import Subject as NamingSubject
from facetagger.ui.review import wording
from facetagger.ui.review.card import QuestionCard, name_of
from facetagger.ui.review.footer import Footer, Keys
from facetagger.ui.review.framed_photo import WholePhoto
from facetagger.ui.review.handful import Handful, Who
from facetagger.ui.review.heading import Heading
from facetagger.ui.review.keys import PageKeys
from facetagger.ui.review.look import ReviewLook
from facetagger.ui.review.nothing_left import NothingLeft
from facetagger.ui.review.reviewer import Reviewer
from facetagger.ui.review.slide import SlideIn
from facetagger.ui.review.wording import Labels
from facetagger.ui.stylesheet import stylesheet
from facetagger.ui.theme import Space, TextSize, ThemeManager


class ReviewPage(QWidget):
    """Shows what the ``Reviewer`` asks and hands it what the user says."""

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
        self.heading, self.footer, self.empty = Heading(self._look), Footer(self._look), NothingLeft(theme)
        self._keys = PageKeys(self)
        self._middle = QStackedWidget()
        self._slide = SlideIn(self.card)
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
        if self._has_unseen(self.current):
            self.card.grid.see_more()
        elif self.is_naming:
            self.card.field.enter()
        elif self._labels(self.current).is_yes_possible:
            self.reviewer.yes()

    def say_no(self) -> None:
        labels = None if self.current is None else self._labels(self.current)
        if labels is not None and labels.no and labels.is_no_possible:
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

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._keys.claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            super().keyPressEvent(event)

    @property
    def is_naming(self) -> bool:
        """Whether the question is who somebody is."""
        return self.current is not None and self.current.kind is QuestionKind.NAME

    def toggle_focused(self) -> None:
        """Crosses the focused crop out, or takes it back."""
        face_id = self.card.grid.focused_face()
        if face_id is not None:
            self.reviewer.toggle(face_id)

    def type_name(self) -> None:
        """Opens the field beside a question that is not about a name; else it is there."""
        if self.current is None or self.current.kind not in (QuestionKind.CONFIRM, QuestionKind.NAME):
            return
        if self.is_naming:
            self.card.field.edit.setFocus()
            return
        faces = self.current.targets(self.card.grid.focused_face()) or self.current.faces
        facts = self.reviewer.briefing(self.current).facts.get(faces[0])
        photo = facts.photo if facts else None
        self.card.type_name(
            NamingSubject(photo.id if photo else None, faces, photo.taken if photo else None, self._person())
        )
        self._show_keys()

    def _person(self) -> Person | None:
        """Who the question is about, where that is somebody in the library."""
        if self.current is None or self.current.who is None or isinstance(self.current.who, str):
            return None
        subject = self.reviewer.briefing(self.current).subjects.get(self.current.who)
        return subject.summary.person if subject else None

    def _take_rejection(self) -> None:
        """ "Not Peter" in the field: of the whole question where nothing is crossed out."""
        self._stop_typing()
        if self.current is not None and not self.current.crossed_out:
            self.reviewer.no()

    def _take_name(self, who: Who) -> None:
        if self.is_naming:
            self.reviewer.name(who)
        else:
            self._stop_typing()
            self.reviewer.reassign(who, self.card.grid.focused_face())

    def _take_stranger(self) -> None:
        if self.is_naming:
            self.say_no()

    def _take_not_a_face(self) -> None:
        if self.current is not None and self.is_naming and not self._has_unseen(self.current):
            self.reviewer.not_faces()

    def _leave_field(self) -> None:
        """Later, in the field: the group is put off; where the field only adds a name, it closes."""
        if self.is_naming:
            self.reviewer.skip()
        else:
            self._stop_typing()

    def _close_field(self) -> None:
        """Escape goes to the crops; the field of a group stays open, since it is the question."""
        if self.is_naming:
            self.card.grid.setFocus()
        else:
            self._stop_typing()

    def _stop_typing(self) -> None:
        self.card.stop_typing()
        self._show_keys()

    def _show_keys(self) -> None:
        is_beside = self.card.field.isVisibleTo(self) and not self.is_naming
        self.footer.show_keys(Keys.NAMING if self.is_naming else Keys.TYPING if is_beside else Keys.LETTERS)

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
        self._slide.start_unless_still(self._look.current.px(Space.XL))
        self.reviewer.ask_for_others(None)
        self._prefetch_pictures()

    def _update(self) -> None:
        current = self.current
        if current is None:
            return
        labels, names = self._labels(current), self.reviewer.names
        self.card.update_question(current, self.reviewer.briefing(current), labels, names)
        not_faces = wording.not_faces(len(current.kept)) if self.is_naming and labels.no else ""
        self.footer.show_labels(labels, can_undo=self.reviewer.queue.can_take_back, not_faces=not_faces)
        self._show_keys()
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
        queue = self.reviewer.queue
        self.heading.clear_position()
        self.footer.show_nothing(can_undo=queue.can_take_back)
        self._middle.setCurrentWidget(self.empty)
        self.empty.say_why(queue, self.reviewer.standing)

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
            more = wording.see_more(self.card.grid.unseen)
            return replace(labels, yes=more, no="" if self.is_naming else labels.no, is_yes_possible=True)
        return labels

    def _has_unseen(self, handful: Handful) -> bool:
        """Nobody should confirm or name a face without having seen it."""
        is_asked = handful.kind is not QuestionKind.MERGE
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
        self.card.someone_else.typing_wanted.connect(self.type_name)
        footer.yes_chosen.connect(self.say_yes)
        footer.no_chosen.connect(self.say_no)
        footer.not_faces_chosen.connect(self._take_not_a_face)
        footer.unknown_chosen.connect(self.reviewer.skip)
        footer.undo_chosen.connect(self.reviewer.take_back)
        footer.large_toggled.connect(self.toggle_large)
        self.empty.skipped_wanted.connect(self.reviewer.ask_again)
        self.empty.photos_wanted.connect(self.photos_requested)
        self.empty.add_photos_wanted.connect(self.add_photos_requested)
        self.photo.closed.connect(self.card.take_focus)
        self.card.photo.clicked.connect(self.show_photo)
        self.photo.photo_requested.connect(self.photo_requested)
        self._look.changed.connect(self._restyle)

    def _restyle(self) -> None:
        """The same style sheet with larger lengths, for this page alone."""
        theme = self._look.current
        base = f"QLabel {{ font-size: {theme.px(TextSize.BASE)}px; }}"
        self.setStyleSheet(base + stylesheet(theme.colours, theme.px) if self._look.is_large else "")

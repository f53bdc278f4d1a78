"""The field that asks "Who is this?": a line to type in, the people it may be below, and the ways out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from facetagger.errors import FaceTaggerError
from facetagger.operations.naming import name_of_new
from facetagger.ui.controls import label
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming import wording
from facetagger.ui.naming.choice_list import ChoiceList, ChoiceModel
from facetagger.ui.naming.choices import Choice, choices, exactly_named, is_slip, namesakes, preselected
from facetagger.ui.naming.field_keys import Press
from facetagger.ui.naming.field_parts import SHADOW, FloatingCard, NamedHeader, WaysOut
from facetagger.ui.naming.name_line import NameLine
from facetagger.ui.naming.provider import Answer, NamingProvider, Subject
from facetagger.ui.theme import Space, ThemeManager

__all__ = ["SHADOW", "WIDTH", "NameField"]

WIDTH: Final = 288


class NameField(FloatingCard):
    """A card that floats over its parent. It decides nothing: its signals say what the user chose.

    Keys while nothing is typed: 1 to 3 take a row, Del not a face. Enter takes the marked row, Shift+Enter always
    makes a new person, Alt+X is a stranger, Tab leaves the face for later, Esc closes.
    """

    chosen = Signal(object)
    """PersonId"""
    new_person = Signal(str)
    """The name as typed, never empty."""
    rejected = Signal(object)
    """PersonId of the person the face is confirmed to be, and is not."""
    stranger = Signal()
    not_a_face = Signal()
    later = Signal()
    earlier = Signal()
    """Shift+Tab: back to the face before."""
    closed = Signal()
    more_wanted = Signal()
    """An answer was given while the field is held: what it is about must be seen first."""
    resized = Signal()
    """The card has another size: rows came or went."""

    def __init__(
        self, provider: NamingProvider, images: ImageLoader, theme: ThemeManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, parent)
        self._provider = provider
        self._subject = Subject()
        self._answer = Answer()
        self._was_pointed = False
        self._has_hurried = False
        self._held = ""
        self._header = NamedHeader()
        self._header.refused.connect(self._reject_named)
        self._edit = self._build_edit()
        self._model = ChoiceModel(self)
        self._list = ChoiceList(theme, images)
        self._list.setModel(self._model)
        self._list.clicked.connect(self._take)
        self._notice = label(role="meta", wraps=True)
        self._footer = WaysOut(theme)
        self._footer.stranger.connect(self._say_stranger)
        self._footer.not_a_face.connect(self._say_not_a_face)
        self._footer.later.connect(self.later)
        self._presses = self._answers_to_keys()
        self._lay_out()
        provider.answered.connect(self._show_answer)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def subject(self) -> Subject:
        return self._subject

    @property
    def edit(self) -> QLineEdit:
        """The line the name is typed into."""
        return self._edit

    @property
    def choice_list(self) -> ChoiceList:
        """The rows as they are shown."""
        return self._list

    def rows(self) -> tuple[Choice, ...]:
        """What is offered now; the last row makes a new person."""
        return self._model.choices

    def marked(self) -> Choice | None:
        """What Enter takes now."""
        row = self._list.currentIndex().row()
        return self._model.choices[row] if row >= 0 else None

    @property
    def notice(self) -> str:
        """Why the last Enter did nothing, or what holds the field; empty for nothing."""
        return self._notice.text()

    def enter(self) -> None:
        """Does what Enter does, from anywhere."""
        self._edit.setFocus()
        self._enter()

    def hide_ways_out(self) -> None:
        """Where the page around the field has buttons for them."""
        self._footer.hide()

    def hold(self, reason: str) -> None:
        """Nothing can be answered, and ``reason`` says why, until this is called with none; typing goes on."""
        if reason != self._held:
            self._held = reason
            self._show_rows()
            self._say(reason)

    def ask(self, subject: Subject) -> None:
        """Opens with an empty line, focused, and what is known already; more rows come as they are read."""
        self._subject = subject
        self._was_pointed = self._has_hurried = False
        self._answer = self._provider.ask(subject)
        self._say_who(subject)
        self._edit.blockSignals(True)
        self._edit.clear()
        self._edit.blockSignals(False)
        self._show_rows()
        self._say(self._held)
        self.show()
        self.raise_()
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        """Wider where the ways out would be cut, as they are in a large or wide font."""
        theme = self._theme.current
        ways_out = 0 if self._footer.isHidden() else self._footer.minimumSizeHint().width()
        width = max(theme.px(WIDTH + 2 * SHADOW), ways_out + 2 * theme.px(SHADOW + Space.S))
        return QSize(width, self._column.sizeHint().height())

    def _build_edit(self) -> NameLine:
        edit = NameLine(self._theme)
        edit.textChanged.connect(self._typed)
        edit.pressed.connect(lambda press: self._presses[press]())
        edit.number_pressed.connect(self._take_number)
        return edit

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        edge = self._theme.current.px(SHADOW + Space.S)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(self._theme.current.px(6))
        for part in (self._header, self._edit, self._notice, self._list, self._footer):
            column.addWidget(part)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)

    def _say_who(self, subject: Subject) -> None:
        self._header.setVisible(subject.named is not None)
        if subject.named is None:
            question = self.tr("Who is this?") if len(subject.faces) < 2 else self.tr("Who are these?")
        else:
            question = self.tr("This is someone else: who?")
            self._header.show_person(subject.named)
        self._edit.setPlaceholderText(question)
        self._edit.setAccessibleName(question)
        self.setAccessibleName(question)

    def _show_answer(self, subject: Subject, answer: Answer) -> None:
        if subject == self._subject and self.isVisible():
            self._answer = answer
            self._show_rows()
            if answer.is_read and self._has_hurried:
                self._has_hurried = False
                self._catch_up()

    def _show_rows(self) -> None:
        text = self._edit.text()
        pointed = self.marked() if self._was_pointed and not self._held else None
        rows = choices(self._answer.people, self._answer.surroundings, text)
        self._model.show(rows, has_numbers=not text, is_held=bool(self._held))
        self._mark(_row_of(pointed, rows) if pointed else self._preselected(rows, text))
        self._footer.set_typing(bool(text))
        self._list.updateGeometry()
        self._list.setFixedHeight(self._list.sizeHint().height())
        self.adjustSize()

    def _preselected(self, rows: tuple[Choice, ...], text: str) -> int | None:
        """A confirmed name is never replaced by a bare Enter, and several faces are never named by one letter."""
        is_replacing = self._subject.named is not None and not text.strip()
        is_too_short = len(self._subject.faces) > 1 and is_slip(text) and not exactly_named(rows, text)
        return None if self._held or is_replacing or is_too_short else preselected(rows, text)

    def _mark(self, row: int | None) -> None:
        if row is None:
            self._list.clearSelection()
            self._list.setCurrentIndex(QModelIndex())
        else:
            self._list.setCurrentIndex(self._model.index(row))
        self._tell_readers()

    def _typed(self) -> None:
        self._was_pointed = self._has_hurried = False
        self._show_rows()
        self._say(self._held)

    def _move_mark(self, step: int) -> None:
        rows = [
            row for row in range(self._model.rowCount()) if self._model.index(row).flags() & Qt.ItemFlag.ItemIsEnabled
        ]
        if not rows:
            return
        current = self._list.currentIndex().row()
        place = rows.index(current) + step if current in rows else (0 if step > 0 else -1)
        self._was_pointed = True
        self._mark(rows[place % len(rows)])

    def _take(self, index: QModelIndex) -> None:
        if self._held:
            self.more_wanted.emit()
            return
        if not index.isValid():
            return
        choice = self._model.choices[index.row()]
        if choice.person is not None:
            self.chosen.emit(choice.person.id)
        elif choice.name:
            self._make_new(choice.name)

    def _make_new(self, name: str) -> None:
        try:
            self.new_person.emit(name_of_new(name))
        except FaceTaggerError as error:
            self._say(str(error))

    def _enter(self) -> None:
        """Takes the marked row. Whether a name is new can only be told when the library has been read."""
        marked = self.marked()
        is_typed = bool(self._edit.text().strip())
        is_new = marked is not None and marked.is_new_person and is_typed
        if is_new and not self._was_pointed and not self._answer.is_read:
            self._has_hurried = True
        elif marked is None and not self._held:
            self._say_why_not()
        else:
            self._take(self._list.currentIndex())

    def _say_why_not(self) -> None:
        """Enter with no row marked: what to do instead."""
        text = self._edit.text()
        same = namesakes(self._model.choices, text)
        if same:
            is_name = same[0].name == same[1].name
            name = same[0].name if is_name else " ".join(text.split())
            self._say(self.tr("Which {name}? Choose with ↓ and Enter.").format(name=name))
        elif is_slip(text) and len(self._model.choices) > 1:
            self._say(self.tr("Type more of the name, or choose with ↓ and Enter."))
        elif is_slip(text):
            self._say(self.tr("Is “{text}” the whole name? Shift+Enter takes it.").format(text=text.strip()))

    def _say(self, sentence: str) -> None:
        self._notice.setText(sentence)
        self._notice.setVisible(bool(sentence))
        self._tell_readers()
        self.adjustSize()

    def _tell_readers(self) -> None:
        marked = self._list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        self._edit.setAccessibleDescription(self._notice.text() or marked or "")

    def _catch_up(self) -> None:
        """After an Enter that came too early: takes what is beyond doubt, leaves a choice to the user."""
        rows, text = self._model.choices, self._edit.text()
        exact = exactly_named(rows, text)
        if len(exact) == 1:
            self._take(self._model.index(exact[0]))
        elif len(rows) == 1 and not is_slip(text):
            self._take_new()
        else:
            self._say_why_not()

    def _take_new(self) -> None:
        self._take(self._model.index(self._model.rowCount() - 1))

    def _say_stranger(self) -> None:
        (self.more_wanted if self._held else self.stranger).emit()

    def _say_not_a_face(self) -> None:
        (self.more_wanted if self._held else self.not_a_face).emit()

    def _reject_named(self) -> None:
        if self._subject.named is not None:
            self.rejected.emit(self._subject.named.id)

    def _answers_to_keys(self) -> dict[Press, Callable[[], object]]:
        return {
            Press.TAKE: self._enter,
            Press.TAKE_NEW: self._take_new,
            Press.CLOSE: self.closed.emit,
            Press.LATER: self.later.emit,
            Press.EARLIER: self.earlier.emit,
            Press.DOWN: lambda: self._move_mark(1),
            Press.UP: lambda: self._move_mark(-1),
            Press.STRANGER: self._say_stranger,
            Press.NOT_A_FACE: self._say_not_a_face,
        }

    def _take_number(self, number: int) -> None:
        """For several faces at once only a likely candidate: anybody else is marked, and Enter takes them."""
        rows = self._model.choices
        if number > len(rows):
            return
        probability = rows[number - 1].probability
        is_likely = probability is not None and wording.is_worth_marking(probability)
        if self._held or is_likely or len(self._subject.faces) < 2 or rows[number - 1].is_new_person:
            self._take(self._model.index(number - 1))
        else:
            self._was_pointed = True
            self._mark(number - 1)
            several = self.tr("Enter names all {n} faces {name}.")
            self._say(several.format(n=len(self._subject.faces), name=rows[number - 1].name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def divided_at(self) -> int | None:
        return None if self._footer.isHidden() else self._footer.y() - self._theme.current.px(3)


def _row_of(pointed: Choice, rows: tuple[Choice, ...]) -> int | None:
    """Where the row the user had moved to is now; rows arrive while they look."""
    who = pointed.person.id if pointed.person else None
    return next((row for row, each in enumerate(rows) if (each.person.id if each.person else None) == who), None)

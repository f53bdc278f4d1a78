"""The field that asks "Who is this?": a line to type in, the people it may be below, and the ways out."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from facetagger.entities import name_key
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming.choice_list import ChoiceList, ChoiceModel
from facetagger.ui.naming.choices import MAX_KEYS, Choice, choices, preselected
from facetagger.ui.naming.field_parts import NamedHeader, WaysOut
from facetagger.ui.naming.provider import Answer, NamingProvider, Subject
from facetagger.ui.theme import Radius, Space, ThemeManager

WIDTH: Final = 288
SHADOW: Final = 10
"""Room around the card for its shadow, in pixels of the design."""
_SHADOW_DEPTH: Final = 5


class NameField(QWidget):
    """A card that floats over its parent. It decides nothing: its signals say what the user chose.

    Keys while nothing is typed: 1 to 3 take a row, X stranger, Del not a face. Enter takes the marked row,
    Shift+Enter always makes a new person, Tab leaves the face for later, Esc closes.
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
    resized = Signal()
    """The card has another size: rows came or went."""

    def __init__(
        self, provider: NamingProvider, images: ImageLoader, theme: ThemeManager, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._provider = provider
        self._theme = theme
        self._subject = Subject()
        self._answer = Answer()
        self._was_pointed = False
        self._has_hurried = False
        self._header = NamedHeader()
        self._header.refused.connect(self._reject_named)
        self._edit = self._build_edit()
        self._model = ChoiceModel(self)
        self._list = ChoiceList(theme, images)
        self._list.setModel(self._model)
        self._list.clicked.connect(self._take)
        self._footer = WaysOut(theme)
        for said, signal in (
            (self._footer.stranger, self.stranger),
            (self._footer.not_a_face, self.not_a_face),
            (self._footer.later, self.later),
        ):
            said.connect(signal)
        self._lay_out()
        provider.answered.connect(self._show_answer)
        theme.changed.connect(self._restyle)
        self._restyle()
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
        self.show()
        self.raise_()
        self._edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def sizeHint(self) -> QSize:
        return QSize(self._theme.current.px(WIDTH + 2 * SHADOW), self._column.sizeHint().height())

    def _build_edit(self) -> QLineEdit:
        edit = QLineEdit()
        edit.setMaxLength(200)
        edit.textChanged.connect(self._typed)
        edit.installEventFilter(self)
        return edit

    def _lay_out(self) -> None:
        self._column = column = QVBoxLayout(self)
        edge = self._theme.current.px(SHADOW + Space.S)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(self._theme.current.px(6))
        for part in (self._header, self._edit, self._list, self._footer):
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
        pointed = self.marked() if self._was_pointed else None
        rows = choices(self._answer.people, self._answer.surroundings, text)
        self._model.show(rows, has_numbers=not text)
        self._mark(_row_of(pointed, rows) if pointed else self._preselected(rows, text))
        self._footer.set_typing(bool(text))
        self._list.updateGeometry()
        self._list.setFixedHeight(self._list.sizeHint().height())
        self.adjustSize()

    def _preselected(self, rows: tuple[Choice, ...], text: str) -> int | None:
        """A confirmed name is never replaced by a bare Enter."""
        return None if self._subject.named is not None and not text.strip() else preselected(rows, text)

    def _mark(self, row: int | None) -> None:
        if row is None:
            self._list.clearSelection()
            self._list.setCurrentIndex(QModelIndex())
        else:
            self._list.setCurrentIndex(self._model.index(row))
        marked = self._list.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
        self._edit.setAccessibleDescription(marked or "")

    def _typed(self) -> None:
        self._was_pointed = self._has_hurried = False
        self._show_rows()

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
        if not index.isValid():
            return
        choice = self._model.choices[index.row()]
        if choice.person is not None:
            self.chosen.emit(choice.person.id)
        elif choice.name:
            self.new_person.emit(choice.name)

    def _enter(self) -> None:
        """Takes the marked row. Whether a name is new can only be told when the library has been read."""
        marked = self.marked()
        if marked is not None and marked.is_new_person and not self._was_pointed and not self._answer.is_read:
            self._has_hurried = True
        else:
            self._take(self._list.currentIndex())

    def _catch_up(self) -> None:
        """After an Enter that came too early: takes what is beyond doubt, leaves a choice to the user."""
        rows, typed = self._model.choices, name_key(self._edit.text())
        same = [row for row, each in enumerate(rows) if not each.is_new_person and name_key(each.name) == typed]
        if len(same) == 1:
            self._take(self._model.index(same[0]))
        elif len(rows) == 1:
            self._take_new()

    def _take_new(self) -> None:
        self._take(self._model.index(self._model.rowCount() - 1))

    def _reject_named(self) -> None:
        if self._subject.named is not None:
            self.rejected.emit(self._subject.named.id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._edit and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride:
                return self._claim(event)
            if event.type() == QEvent.Type.KeyPress and self._press(event):
                return True
        return super().eventFilter(watched, event)

    def _claim(self, event: QKeyEvent) -> bool:
        """Keeps the field's own keys from the window's shortcuts; undo is the window's while nothing is typed."""
        is_undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        if is_undo and not self._edit.text():
            event.ignore()
            return True
        if event.key() in _OWN_KEYS:
            event.accept()
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        key, has_shift = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take_new() if has_shift else self._enter()
        elif key == Qt.Key.Key_Escape:
            self.closed.emit()
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            (self.earlier if has_shift or key == Qt.Key.Key_Backtab else self.later).emit()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move_mark(1 if key == Qt.Key.Key_Down else -1)
        else:
            return not self._edit.text() and self._press_empty(event)
        return True

    def _press_empty(self, event: QKeyEvent) -> bool:
        """Keys that are text as soon as something is typed. A capital X begins a name like Xenia."""
        number = event.key() - Qt.Key.Key_0.value
        if 1 <= number <= MAX_KEYS:
            self._take_number(number)
        elif event.text() == "x":
            self.stranger.emit()
        elif event.key() == Qt.Key.Key_Delete:
            self.not_a_face.emit()
        else:
            return False
        return True

    def _take_number(self, number: int) -> None:
        if number <= len(self._model.choices):
            self._take(self._model.index(number - 1))

    def _restyle(self) -> None:
        theme = self._theme.current
        self._edit.setStyleSheet(
            f"QLineEdit {{ border: 2px solid {theme.colours.accent}; border-radius: {theme.px(Radius.CONTROL)}px; }}"
        )
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        edge, radius = theme.px(SHADOW), theme.px(Radius.CARD)
        card = QRectF(self.rect()).adjusted(edge, edge, -edge, -edge)
        painter.setPen(Qt.PenStyle.NoPen)
        for grow in range(edge, 0, -1):
            painter.setBrush(QColor(0, 0, 0, _SHADOW_DEPTH))
            shadow = card.adjusted(-grow, -grow + 2, grow, min(grow + 2, edge))
            painter.drawRoundedRect(shadow, radius + grow, radius + grow)
        painter.setBrush(theme.colour("surface"))
        painter.setPen(QPen(theme.colour("line"), 1.0))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        above = self._footer.y() - theme.px(3)
        painter.drawLine(round(card.left()) + theme.px(Space.S), above, round(card.right()) - theme.px(Space.S), above)


_OWN_KEYS: Final = frozenset(
    {
        Qt.Key.Key_Escape,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
    }
)


def _row_of(pointed: Choice, rows: tuple[Choice, ...]) -> int | None:
    """Where the row the user had moved to is now; rows arrive while they look."""
    who = pointed.person.id if pointed.person else None
    return next((row for row, each in enumerate(rows) if (each.person.id if each.person else None) == who), None)

"""Empty and error states: one sentence, perhaps a hint, a button, or two where it is a question."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facetagger.errors import FaceTaggerError
from facetagger.ui.controls import button, label
from facetagger.ui.theme import Space, ThemeManager


class MessagePage(QWidget):
    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        px = theme.current.px
        self._act: Callable[[], object] | None = None
        self._other_act: Callable[[], object] | None = None
        self._sentence = label("", "heading", wraps=True)
        self._hint = label("", "muted", wraps=True)
        self._button = button("", "primary", self._press)
        self._other_button = button("", "", self._press_other)
        self._other_button.hide()
        column = QVBoxLayout(self)
        column.setSpacing(px(Space.M))
        column.addStretch(2)
        for each in (self._sentence, self._hint):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(each)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(Space.S))
        buttons.addStretch()
        buttons.addWidget(self._button)
        buttons.addWidget(self._other_button)
        buttons.addStretch()
        column.addLayout(buttons)
        column.addStretch(3)

    def say(self, sentence: str, action: str = "", act: Callable[[], object] | None = None, hint: str = "") -> None:
        """``act`` is called when the button with the text ``action`` is pressed; without a text there is none."""
        self._sentence.setText(sentence)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._button.setText(action)
        self._button.setVisible(bool(action))
        self._act = act
        self._other_button.hide()

    def offer(self, action: str, act: Callable[[], object]) -> None:
        """Another answer beside the one that was said."""
        self._other_button.setText(action)
        self._other_button.show()
        self._other_act = act

    def hint(self, text: str) -> None:
        """Changes what stands below the sentence."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    @property
    def text(self) -> str:
        return " ".join(part for part in (self._sentence.text(), self._hint.text()) if part)

    def show_error(self, error: FaceTaggerError, action: str, act: Callable[[], object]) -> None:
        self.say(error.title, action, act, " ".join(part for part in (error.message, error.hint) if part))

    def _press(self) -> None:
        if self._act is not None:
            self._act()

    def _press_other(self) -> None:
        if self._other_act is not None:
            self._other_act()

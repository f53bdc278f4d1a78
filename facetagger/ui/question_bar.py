"""A question that can wait: a strip above the page with its answers, which covers nothing."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from facetagger.ui.controls import IconButton, IconLabel, button, label
from facetagger.ui.icons import Icon
from facetagger.ui.theme import Space, ThemeManager


class QuestionBar(QFrame):
    """Hidden until it is asked; closing it is an answer too."""

    def __init__(self, theme: ThemeManager, answers: tuple[tuple[str, Callable[[], object]], ...]) -> None:
        super().__init__()
        px = theme.current.px
        self.setProperty("role", "asking")
        self._text = label("", "strong", wraps=True)
        self._hint = label("", wraps=True)
        self.buttons: list[QPushButton] = [button(text, "", answer) for text, answer in answers]
        self.close_button = IconButton(Icon.CLOSE, self.tr("Close"), theme, "text")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(Space.L), px(Space.S), px(Space.S), px(Space.S))
        row.setSpacing(px(Space.M))
        row.addWidget(IconLabel(Icon.INFO, theme, "accent"))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._text)
        texts.addWidget(self._hint)
        row.addLayout(texts, 1)
        for each in self.buttons:
            row.addWidget(each)
        row.addWidget(self.close_button)
        self.hide()

    @property
    def text(self) -> str:
        return " ".join(part for part in (self._text.text(), self._hint.text()) if part)

    def ask(self, text: str) -> None:
        self._text.setText(text)
        self.setAccessibleName(text)
        self.explain("")
        self.show()

    def explain(self, text: str) -> None:
        """Adds why an answer could not be followed."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

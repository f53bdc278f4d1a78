"""The answers as buttons, each with its key. The first one says exactly what Enter does."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facetagger.ui.naming.field_keys import STRANGER
from facetagger.ui.naming.key_cap import ENTER, native
from facetagger.ui.review.answer_button import AnswerButton, Kind
from facetagger.ui.review.look import Looks
from facetagger.ui.review.wording import Labels
from facetagger.ui.theme import Space

LARGE: Final = "Ctrl+L"
"""Large type from anywhere, also while a name is typed."""


class Keys(Enum):
    """Which keys answer now: never one that would write a letter into an open field."""

    LETTERS = auto()
    NAMING = auto()
    """The field that is the question has the keyboard."""
    TYPING = auto()
    """A field is open beside the question; the answers wait."""


_CAPS: Final[Mapping[Keys, tuple[str, str, str, str, str, str]]] = {
    # yes, no, not faces, don't know, undo, large
    Keys.LETTERS: (ENTER, "N", "Del", "S", "U", "L"),
    Keys.NAMING: (ENTER, STRANGER, "Del", "Tab", "Ctrl+Z", LARGE),
    Keys.TYPING: ("", "", "", "", "", LARGE),
}


class Footer(QWidget):
    yes_chosen = Signal()
    no_chosen = Signal()
    not_faces_chosen = Signal()
    unknown_chosen = Signal()
    undo_chosen = Signal()
    large_toggled = Signal()

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self.yes = AnswerButton(ENTER, looks, Kind.PRIMARY)
        self.no = AnswerButton("N", looks)
        self.not_faces = AnswerButton("", looks, Kind.SPARE)
        self.unknown = AnswerButton("S", looks)
        self.undo = AnswerButton("U", looks, Kind.SPARE)
        self.large = AnswerButton("L", looks, Kind.QUIET)
        self.large.setCheckable(True)
        self.unknown.say(self.tr("I don’t know"))
        self.undo.say(self.tr("Undo"))
        self.show_large(False)
        px = looks.current.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(Space.M))
        for each, signal in (
            (self.yes, self.yes_chosen),
            (self.no, self.no_chosen),
            (self.not_faces, self.not_faces_chosen),
            (self.unknown, self.unknown_chosen),
            (self.undo, self.undo_chosen),
        ):
            each.clicked.connect(signal)
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self.large, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.large.clicked.connect(self.large_toggled)

    def show_labels(self, labels: Labels, *, can_undo: bool, not_faces: str = "") -> None:
        for each, text in ((self.yes, labels.yes), (self.no, labels.no), (self.not_faces, not_faces)):
            each.setVisible(bool(text))
            each.say(text)
        self.yes.setEnabled(labels.is_yes_possible)
        for each in (self.no, self.not_faces):
            each.setEnabled(labels.is_no_possible)
        for each in (self.unknown, self.undo, self.large):
            each.show()
        self.undo.setEnabled(can_undo)

    def show_keys(self, keys: Keys) -> None:
        buttons = (self.yes, self.no, self.not_faces, self.unknown, self.undo, self.large)
        for each, cap in zip(buttons, _CAPS[keys], strict=True):
            each.set_key(cap if cap == ENTER else native(cap))

    def show_large(self, is_large: bool) -> None:
        self.large.setChecked(is_large)
        self.large.say(self.tr("Large") if is_large else self.tr("Large type for sitting together"))

    def show_nothing(self, *, can_undo: bool) -> None:
        """No question is open: only the last answer can be taken back."""
        for each in (self.yes, self.no, self.not_faces, self.unknown, self.large):
            each.hide()
        self.show_keys(Keys.LETTERS)
        self.undo.setVisible(can_undo)
        self.undo.setEnabled(can_undo)

"""The answers as buttons, each with its key. The first one says exactly what Enter does."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facetagger.ui.naming.key_cap import ENTER
from facetagger.ui.review.answer_button import AnswerButton, Kind
from facetagger.ui.review.look import Looks
from facetagger.ui.review.wording import Labels
from facetagger.ui.theme import Space


class Footer(QWidget):
    yes_chosen = Signal()
    no_chosen = Signal()
    unknown_chosen = Signal()
    undo_chosen = Signal()
    large_toggled = Signal()

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self.yes = AnswerButton(ENTER, looks, Kind.PRIMARY)
        self.no = AnswerButton("N", looks)
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
            (self.unknown, self.unknown_chosen),
            (self.undo, self.undo_chosen),
        ):
            each.clicked.connect(signal)
            row.addWidget(each)
        row.addStretch(1)
        row.addWidget(self.large, alignment=Qt.AlignmentFlag.AlignVCenter)
        self.large.clicked.connect(self.large_toggled)

    def show_labels(self, labels: Labels, *, can_undo: bool) -> None:
        for each, text in ((self.yes, labels.yes), (self.no, labels.no)):
            each.setVisible(bool(text))
            each.say(text)
        self.yes.setEnabled(labels.is_yes_possible)
        for each in (self.unknown, self.undo, self.large):
            each.show()
        self.undo.setEnabled(can_undo)

    def show_large(self, is_large: bool) -> None:
        self.large.setChecked(is_large)
        self.large.say(self.tr("Large") if is_large else self.tr("Large type for sitting together"))

    def show_nothing(self, *, can_undo: bool) -> None:
        """No question is open: only the last answer can be taken back."""
        for each in (self.yes, self.no, self.unknown, self.large):
            each.hide()
        self.undo.setVisible(can_undo)
        self.undo.setEnabled(can_undo)

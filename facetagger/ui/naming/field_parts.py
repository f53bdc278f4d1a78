"""The strips above and below the name field's rows."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facetagger.entities import Person
from facetagger.ui.controls import ElidedLabel, button
from facetagger.ui.naming.key_cap import KeyButton
from facetagger.ui.theme import Space, ThemeManager
from facetagger.ui.words import short_name


class NamedHeader(QWidget):
    """Who a face is confirmed to be, and the way to say that it is not."""

    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ElidedLabel("strong", Qt.TextElideMode.ElideRight)
        self._refuse = button("", "", self.refused.emit)
        self._refuse.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S, 0, 0, 0)
        row.addWidget(self._name, 1)
        row.addWidget(self._refuse)

    def show_person(self, person: Person) -> None:
        self._name.setText(person.name)
        self._refuse.setText(self.tr("Not {name}").format(name=short_name(person.name)).replace("&", "&&"))
        self._refuse.setAccessibleName(self.tr("This is not {name}").format(name=person.name))


class WaysOut(QWidget):
    """What can be said about a face without a name, each with its key."""

    stranger = Signal()
    not_a_face = Signal()
    later = Signal()

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        stranger = KeyButton(self.tr("Stranger"), "X", theme)
        not_a_face = KeyButton(self.tr("Not a face"), self.tr("Del"), theme)
        later = KeyButton(self.tr("Later"), self.tr("Tab"), theme)
        stranger.clicked.connect(self.stranger)
        not_a_face.clicked.connect(self.not_a_face)
        later.clicked.connect(self.later)
        self._letter_buttons = (stranger, not_a_face)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for each in self._letter_buttons:
            row.addWidget(each)
            row.addStretch(1)
        row.addWidget(later)

    def set_typing(self, is_typing: bool) -> None:
        """X and Del are text while something is typed; the buttons go on working."""
        for each in self._letter_buttons:
            each.set_key_on(not is_typing)

"""The strips above and below the name field's rows."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facetagger.entities import Person
from facetagger.ui.controls import ElidedLabel, button
from facetagger.ui.naming.field_keys import STRANGER
from facetagger.ui.naming.key_cap import KeyButton, native
from facetagger.ui.theme import Radius, Space, ThemeManager
from facetagger.ui.words import short_name

SHADOW: Final = 10
"""Room around the card for its shadow, in pixels of the design."""
_SHADOW_DEPTH: Final = 5


class FloatingCard(QWidget):
    """A plate with a shadow; ``divided_at`` is where a line goes across, if anywhere, in its own coordinates."""

    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def divided_at(self) -> int | None:
        return None

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
        line = self.divided_at()
        if line is not None:
            inset = theme.px(Space.S)
            painter.drawLine(round(card.left()) + inset, line, round(card.right()) - inset, line)


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
        stranger = KeyButton(self.tr("Stranger"), native(STRANGER), theme)
        not_a_face = KeyButton(self.tr("Not a face"), self.tr("Del"), theme)
        later = KeyButton(self.tr("Later"), self.tr("Tab"), theme)
        stranger.clicked.connect(self.stranger)
        not_a_face.clicked.connect(self.not_a_face)
        later.clicked.connect(self.later)
        self._not_a_face = not_a_face
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for each in (stranger, not_a_face):
            row.addWidget(each)
            row.addStretch(1)
        row.addWidget(later)

    def set_typing(self, is_typing: bool) -> None:
        """Del takes a letter away while something is typed; the button goes on working."""
        self._not_a_face.set_key_on(not is_typing)

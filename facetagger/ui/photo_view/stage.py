"""The mat: tools on top, the photo in the middle, the filmstrip below, and the name field floating over them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QMargins, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from facetagger.geometry import Box
from facetagger.ui.controls import IconButton, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.message_page import MessagePage
from facetagger.ui.naming.name_field import SHADOW, NameField
from facetagger.ui.naming.provider import NamingProvider, Subject
from facetagger.ui.photo_view.canvas import PhotoCanvas
from facetagger.ui.photo_view.commands import COMMANDS, Command
from facetagger.ui.photo_view.filmstrip import Filmstrip
from facetagger.ui.photo_view.placement import place_beside
from facetagger.ui.theme import Space, ThemeManager
from facetagger.ui.tokens import DARK

_TOOLS: Final = (
    Command.PREVIOUS,
    Command.NEXT,
    None,
    Command.DRAW,
    None,
    Command.ROTATE_LEFT,
    Command.ROTATE_RIGHT,
    None,
    Command.ZOOM_OUT,
    Command.FIT,
    Command.ZOOM_IN,
)
_FILM_EDGE: Final = 32
"""So that the first picture of the strip begins where a fitted photo does."""
_CARD: Final = QSize(480, 240)
_FIELD_ROOM: Final = 270
"""Height that is reserved when the field's side is chosen: people, the new one and the footer."""


class Stage(QWidget):
    """Lays the parts out; what they mean is the page's business."""

    def __init__(self, provider: NamingProvider, images: ImageLoader, theme: ThemeManager, page: QWidget) -> None:
        """The field floats over the whole ``page``, so that it need not cover faces where the mat is narrow."""
        super().__init__(page)
        self._page = page
        self._theme = theme
        self._asked: Box | None = None
        self.canvas = PhotoCanvas(theme)
        self.film = Filmstrip(theme, images)
        self.message = MessagePage(theme)
        self.field = NameField(provider, images, theme, page)
        self._hint = label(self.tr("Draw a frame around the face. Esc to stop."))
        self._tools = QWidget()
        self._middle = QStackedLayout()
        self._lay_out()
        self.canvas.view_changed.connect(self._place_field)
        self.field.resized.connect(self._place_field)
        theme.changed.connect(self._restyle)
        self._restyle()

    def add_tools(self, actions: Mapping[Command, QAction]) -> None:
        px = self._theme.current.px
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(px(Space.M), px(Space.XS), px(Space.M), 0)
        row.setSpacing(px(Space.XS))
        row.addWidget(self._tool(Command.BACK, actions))
        row.addStretch(1)
        row.addWidget(self._hint)
        row.addStretch(1)
        for command in _TOOLS:
            if command is None:
                row.addSpacing(px(Space.M))
            else:
                row.addWidget(self._tool(command, actions))

    def show_photo(self) -> None:
        self._middle.setCurrentIndex(0)

    def show_message(self) -> None:
        self.close_field()
        self.canvas.set_drawing(False)
        self._middle.setCurrentIndex(1)

    def ask(self, subject: Subject, box: Box) -> None:
        """Opens the field beside a normalised upright box."""
        self._asked = box
        self.canvas.set_asking(True)
        self.field.ask(subject)
        self._place_field()

    def close_field(self) -> None:
        self._asked = None
        if self.field.edit.hasFocus():
            # Hiding the focused widget would pass the focus on as if Tab had been pressed.
            self.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.field.hide()
        self.canvas.set_asking(False)
        self.canvas.hold_frame(None)

    @property
    def is_asking(self) -> bool:
        return self._asked is not None

    def say_drawing(self, is_drawing: bool) -> None:
        self._hint.setVisible(is_drawing)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._theme.current.colour("mat"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_field()

    def _tool(self, command: Command, actions: Mapping[Command, QAction]) -> IconButton:
        row, action = COMMANDS[command], actions[command]
        assert row.icon is not None, f"{command} stands in the tool row and needs an icon"
        tool = IconButton(row.icon, action.toolTip(), self._theme, "on_shade")
        tool.setAccessibleName(action.text())
        tool.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tool.clicked.connect(action.trigger)
        action.enabledChanged.connect(tool.setEnabled)
        return tool

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.addWidget(self.message)
        around = QWidget()
        card.setFixedSize(self._theme.current.px(_CARD.width()), self._theme.current.px(_CARD.height()))
        mat = QVBoxLayout(around)
        mat.addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        self._middle.addWidget(self.canvas)
        self._middle.addWidget(around)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._tools)
        column.addLayout(self._middle, 1)
        film = QHBoxLayout()
        film.setContentsMargins(_FILM_EDGE, 0, _FILM_EDGE, Space.M)
        film.addWidget(self.film)
        column.addLayout(film)
        self._hint.hide()

    def _restyle(self) -> None:
        """The mat is dark in both themes, so what lights up on it is too."""
        white = self._theme.current.colours.on_shade
        self._tools.setStyleSheet(
            "QToolButton:hover { background: rgba(255, 255, 255, 36); }"
            "QToolButton:pressed { background: rgba(255, 255, 255, 64); }"
            f"QToolButton:focus {{ border: 1px solid {DARK.accent_strong}; }}"
            f"QLabel {{ color: {white}; }}"
        )

    def _place_field(self) -> None:
        if self._asked is None:
            return
        offset = QPointF(self.canvas.mapTo(self._page, self.canvas.rect().topLeft()))
        face = self.canvas.view.to_canvas(self._asked).translated(offset)
        others = [rect.translated(offset) for rect in self.canvas.face_rects() if rect.translated(offset) != face]
        edge = self._theme.current.px(SHADOW)
        size = QSizeF(self.field.size()).shrunkBy(QMargins(edge, edge, edge, edge))
        reserved = QSizeF(size.width(), max(size.height(), self._theme.current.px(_FIELD_ROOM)))
        bounds = QRectF(self._page.rect()).adjusted(Space.S, Space.S, -Space.S, -Space.S)
        corner = place_beside(face, size, reserved, bounds, others)
        self.field.move((corner - QPointF(edge, edge)).toPoint())

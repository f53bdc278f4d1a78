"""Labels and buttons in the looks of the style sheet, and the one way to set them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from facetagger.ui.icons import SIDE, Icon, icon, pixmap
from facetagger.ui.theme import Space, ThemeManager


def label(text: str = "", role: str = "", *, wraps: bool = False, parent: QWidget | None = None) -> QLabel:
    """A label of plain text: names of people and files are never read as markup."""
    result = QLabel(text, parent)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setWordWrap(wraps)
    if role:
        result.setProperty("role", role)
    return result


class ElidedLabel(QLabel):
    """One line that is cut where there is no room, in its middle unless told; the whole text is the tool tip."""

    def __init__(self, role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        if role:
            self.setProperty("role", role)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            text = QFontMetrics(self.font()).elidedText(self.text(), self._mode, self.width())
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.rect(), self.alignment(), text)


def button(text: str, role: str = "", on_click: Callable[[], object] | None = None) -> QPushButton:
    result = QPushButton(text)
    result.setCursor(Qt.CursorShape.PointingHandCursor)
    if role:
        result.setProperty("role", role)
    if on_click is not None:
        result.clicked.connect(lambda: on_click())
    return result


def frame(role: str, edge: str = "") -> QFrame:
    result = QFrame()
    result.setProperty("role", role)
    if edge:
        result.setProperty("edge", edge)
    return result


class IconButton(QToolButton):
    """A square button with only a drawing; ``hint`` is its tool tip and what a screen reader says."""

    def __init__(self, name: Icon, hint: str, theme: ThemeManager, colour: str = "muted") -> None:
        super().__init__()
        self._name, self._theme, self._colour = name, theme, colour
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(hint)
        self.setAccessibleName(hint)
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        side = self._theme.current.px(SIDE)
        self.setIconSize(QSize(side, side))
        self.setIcon(icon(self._name, self._theme.current, self._colour))


class ChoiceBox(QComboBox):
    """A drop-down list with the family's own arrow, which a style sheet cannot tint."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("role", "choice")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        theme = self._theme.current
        side = theme.px(14)
        left, top = self.width() - side - theme.px(Space.S), (self.height() - side) // 2
        with QPainter(self) as painter:
            arrow = pixmap(Icon.DOWN, theme.colour("muted"), side, self.devicePixelRatioF())
            painter.drawPixmap(left, top, arrow)


class IconLabel(QLabel):
    """One drawing, tinted with a colour token."""

    def __init__(self, name: Icon, theme: ThemeManager, colour: str = "text", side: int = SIDE) -> None:
        super().__init__()
        self._name, self._theme, self._colour, self._side = name, theme, colour, side
        theme.changed.connect(self._draw)
        self._draw()

    def _draw(self) -> None:
        theme = self._theme.current
        side = theme.px(self._side)
        self.setPixmap(icon(self._name, theme, self._colour, self._side).pixmap(QSize(side, side)))
        self.setFixedSize(side, side)

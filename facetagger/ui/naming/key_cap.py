"""Keys as they are printed beside what they do, and the buttons that carry one."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from facetagger.ui.theme import Radius, Space, TextSize, Theme, ThemeManager, Weight

ENTER: Final = "⏎"
SHIFT_ENTER: Final = "⇧⏎"
_HEIGHT: Final = 18
_BUTTON_HEIGHT: Final = 28
_OFF: Final = 0.35


def native(keys: str) -> str:
    """``Alt+X`` as this system prints it on a cap."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def key_size(text: str, theme: Theme) -> QSizeF:
    width = QFontMetricsF(theme.font(TextSize.LABEL, Weight.STRONG)).horizontalAdvance(text)
    height = theme.px(_HEIGHT)
    return QSizeF(max(width + 2 * theme.px(5), height), height)


def draw_key(painter: QPainter, rect: QRectF, text: str, theme: Theme) -> None:
    """A key cap: a light plate with a heavier lower edge."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    line = theme.colour("line")
    plate = rect.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(line)
    painter.drawRoundedRect(plate.adjusted(-0.5, 0, 0.5, 1), Radius.PICTURE, Radius.PICTURE)
    painter.setPen(QPen(line, 1.0))
    painter.setBrush(theme.colour("raised"))
    painter.drawRoundedRect(plate, Radius.PICTURE, Radius.PICTURE)
    painter.setPen(theme.colour("text"))
    painter.setFont(theme.font(TextSize.LABEL, Weight.STRONG))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


class KeyButton(QAbstractButton):
    """A quiet button, ``Stranger [X]``; it never takes the focus from the field beside it."""

    def __init__(self, text: str, key: str, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self._theme = theme
        self._is_key_on = True
        self.setText(text)
        self.setAccessibleName(self.tr("{text}, key {key}").format(text=text, key=key))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_key_on(self, is_on: bool) -> None:
        """Whether the key does it now; a key that is text at the moment is shown faint."""
        if is_on != self._is_key_on:
            self._is_key_on = is_on
            self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme.current
        text = QFontMetricsF(theme.font(TextSize.META)).horizontalAdvance(self.text())
        width = text + key_size(self._key, theme).width() + theme.px(Space.XS) * 3
        return QSize(round(width) + 1, theme.px(_BUTTON_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("hover"))
            painter.drawRoundedRect(QRectF(self.rect()), Radius.CONTROL, Radius.CONTROL)
        size = key_size(self._key, theme)
        gap = theme.px(Space.XS)
        cap = QRectF(self.width() - size.width() - gap, (self.height() - size.height()) / 2, *size.toTuple())
        painter.setPen(theme.colour("text" if self.underMouse() else "muted"))
        painter.setFont(theme.font(TextSize.META))
        text = QRectF(gap, 0, cap.left() - 2 * gap, self.height())
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setOpacity(1.0 if self._is_key_on else _OFF)
        draw_key(painter, cap, self._key, theme)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.update()
        super().leaveEvent(event)

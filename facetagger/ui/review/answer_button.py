"""The buttons of the footer: what an answer does, and the key that gives it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QStyle, QStyleOptionButton, QStylePainter, QWidget

from facetagger.ui.naming.key_cap import draw_key, key_size
from facetagger.ui.review.look import Looks
from facetagger.ui.theme import Radius, Space, TextSize, Theme, Weight


class AnswerButton(QPushButton):
    """The label on the left, the key cap on the right. ``is_primary`` is for the one answer that Enter gives."""

    def __init__(
        self, key: str, looks: Looks, *, is_primary: bool = False, is_quiet: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._looks = looks
        self._is_primary = is_primary
        self._is_quiet = is_quiet
        if is_primary or is_quiet:
            self.setProperty("role", "primary" if is_primary else "quiet")
        # A click must not take the keyboard away from the crops.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        looks.changed.connect(self.updateGeometry)

    def say(self, label: str) -> None:
        """Sets the label, for the eye and for screen readers; an ampersand in a name is no mnemonic."""
        self.setText(label)
        self.setAccessibleName(label)
        self.setAccessibleDescription(self._key)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        theme = self._looks.current
        metrics = QFontMetrics(theme.font())
        pad = theme.px(Space.S if self._is_quiet else Space.M)
        width = (
            metrics.horizontalAdvance(self.text())
            + theme.px(Space.S)
            + round(key_size(self._key, theme).width())
            + 2 * pad
        )
        return QSize(width, theme.px(28 if self._is_quiet else 40))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), self._looks.current.px(96)), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._looks.current
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        pad = theme.px(Space.S if self._is_quiet else Space.M)
        room = QRectF(self.rect()).adjusted(pad, 0, -pad, 0)
        size = key_size(self._key, theme)
        cap = QRectF(room.right() - size.width(), room.center().y() - size.height() / 2, size.width(), size.height())
        if self._is_primary or not self.isEnabled():
            _draw_key(painter, cap, self._key, theme, self._ink(theme))
        else:
            draw_key(painter, cap, self._key, theme)
        room.setRight(cap.left() - theme.px(Space.S))
        painter.setFont(theme.font())
        painter.setPen(self._ink(theme))
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)

    def _ink(self, theme: Theme) -> QColor:
        if not self.isEnabled():
            return theme.colour("muted" if self._is_primary else "faint")
        if self._is_quiet and not self.underMouse():
            return theme.colour("muted")
        return theme.colour("on_accent" if self._is_primary else "text")


def _draw_key(painter: QPainter, target: QRectF, key: str, theme: Theme, ink: QColor) -> None:
    """A key cap in outline: the usual light plate would burn a hole into the main button."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = QColor(ink)
    edge.setAlphaF(0.4)
    painter.setPen(QPen(edge, 1))
    radius = theme.px(Radius.PICTURE)
    painter.drawRoundedRect(target.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
    painter.setPen(ink)
    painter.setFont(theme.font(TextSize.LABEL, Weight.STRONG))
    painter.drawText(target, Qt.AlignmentFlag.AlignCenter, key)
    painter.restore()

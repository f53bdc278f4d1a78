"""Buttons that say what they do and show the key that does the same."""

from __future__ import annotations

from enum import Enum, auto
from math import ceil
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter

from facetagger.ui.naming.key_cap import draw_key, key_size
from facetagger.ui.review.look import Looks
from facetagger.ui.theme import Radius, Space, TextSize, Theme, Weight

_WIDEST: Final = 420
"""Of the main answer: the question above it has the whole name."""


class Kind(Enum):
    PLAIN = auto()
    PRIMARY = auto()
    """The one answer that Enter gives."""
    SPARE = auto()
    """Its key alone will do where there is no room."""
    QUIET = auto()
    CHOICE = auto()
    """A line of a list, the key first."""


class AnswerButton(QPushButton):
    """The label with its key cap; too long a label is cut where there is no room."""

    def __init__(self, key: str, looks: Looks, kind: Kind = Kind.PLAIN) -> None:
        super().__init__()
        self._key = key
        self._label = ""
        self._looks = looks
        self._kind = kind
        if kind not in (Kind.PLAIN, Kind.SPARE):
            self.setProperty("role", "primary" if kind is Kind.PRIMARY else "quiet")
        # A click must not take the keyboard away from the crops.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        # Qt's own Minimum would make a long name widen the window.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        looks.changed.connect(self.updateGeometry)

    @property
    def label(self) -> str:
        return self._label

    def set_key(self, key: str) -> None:
        """The key that does the same now; empty for none."""
        if key != self._key:
            self._key = key
            self.setAccessibleDescription(key)
            self.updateGeometry()
            self.update()

    def say(self, label: str) -> None:
        """Sets the label, for the eye and for screen readers."""
        self._label = label
        # An ampersand in somebody's name is no mnemonic.
        self.setText(label.replace("&", "&&"))
        self.setAccessibleName(label)
        self.setAccessibleDescription(self._key)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._looks.current
        words = QFontMetricsF(theme.font()).horizontalAdvance(self._label)
        width = words + self._key_room(theme) + sum(self._padding(theme))
        if self._kind is Kind.PRIMARY:
            width = min(width, theme.px(_WIDEST))
        is_small = self._kind in (Kind.QUIET, Kind.CHOICE)
        return QSize(ceil(width), theme.px(28 if is_small else 40))

    def minimumSizeHint(self) -> QSize:
        """Only what has a name in it, and what is least missed, gives way."""
        hint, theme = self.sizeHint(), self._looks.current
        key = ceil(self._key_width(theme)) + sum(self._padding(theme))
        least = {
            Kind.PLAIN: hint.width(),
            Kind.PRIMARY: theme.px(300),
            Kind.SPARE: key,
            Kind.QUIET: key,
            Kind.CHOICE: 0,
        }
        return QSize(min(hint.width(), least[self._kind]), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._looks.current
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        if self._kind is not Kind.CHOICE or self.hasFocus():
            painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        cap, words = self._places(theme)
        if self._key:
            self._draw_key(painter, cap, theme)
        painter.setFont(theme.font())
        painter.setPen(self._ink(theme))
        painter.drawText(
            words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._fitting(painter, words.width())
        )

    def _draw_key(self, painter: QPainter, cap: QRectF, theme: Theme) -> None:
        if self._kind is Kind.PRIMARY or not self.isEnabled():
            _draw_outlined_key(painter, cap, self._key, theme, self._ink(theme))
        else:
            draw_key(painter, cap, self._key, theme)

    def _fitting(self, painter: QPainter, width: float) -> str:
        """The label as far as there is room; where the key alone will do, whole or not at all."""
        room = max(ceil(width), 0)
        if self._kind is Kind.SPARE and painter.fontMetrics().horizontalAdvance(self._label) > room:
            return ""
        return painter.fontMetrics().elidedText(self._label, Qt.TextElideMode.ElideRight, room)

    def _places(self, theme: Theme) -> tuple[QRectF, QRectF]:
        """Where the key cap and the words go."""
        left, right = self._padding(theme)
        room = QRectF(self.rect()).adjusted(left, 0, -right, 0)
        size, taken = key_size(self._key, theme), self._key_room(theme)
        top = room.center().y() - size.height() / 2
        if self._kind is Kind.CHOICE:
            cap = QRectF(room.left(), top, size.width(), size.height())
            return cap, room.adjusted(taken, 0, 0, 0)
        cap = QRectF(room.right() - size.width(), top, size.width(), size.height())
        return cap, room.adjusted(0, 0, -taken, 0)

    def _key_width(self, theme: Theme) -> float:
        return key_size(self._key, theme).width() if self._key else 0.0

    def _key_room(self, theme: Theme) -> float:
        """The cap with its gap to the words."""
        return self._key_width(theme) + theme.px(Space.S) if self._key else 0.0

    def _padding(self, theme: Theme) -> tuple[int, int]:
        if self._kind is Kind.CHOICE:
            return 0, theme.px(Space.XS)
        pad = theme.px(Space.S if self._kind is Kind.QUIET else Space.M)
        return pad, pad

    def _ink(self, theme: Theme) -> QColor:
        if not self.isEnabled():
            return theme.colour("muted" if self._kind is Kind.PRIMARY else "faint")
        if self._kind is Kind.PRIMARY:
            return theme.colour("on_accent")
        if self._kind is Kind.QUIET and self.isChecked():
            return theme.colour("accent")
        return theme.colour("text" if self._kind is not Kind.QUIET or self.underMouse() else "muted")


def _draw_outlined_key(painter: QPainter, target: QRectF, key: str, theme: Theme, ink: QColor) -> None:
    """The usual light plate would burn a hole into the main button."""
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

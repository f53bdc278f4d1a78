"""Which key does what in the name field. No key that writes a letter or a digit of a name does anything else."""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from facetagger.ui.naming.choices import MAX_KEYS

STRANGER: Final = "Alt+X"
"""Portable text. X alone begins a name like Xenia, in lower case too."""

_Key = Qt.Key
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier


class Press(Enum):
    TAKE = auto()
    TAKE_NEW = auto()
    CLOSE = auto()
    LATER = auto()
    EARLIER = auto()
    DOWN = auto()
    UP = auto()
    STRANGER = auto()
    NOT_A_FACE = auto()


_PLAIN: Final = {
    _Key.Key_Return: Press.TAKE,
    _Key.Key_Enter: Press.TAKE,
    _Key.Key_Escape: Press.CLOSE,
    _Key.Key_Tab: Press.LATER,
    _Key.Key_Backtab: Press.EARLIER,
    _Key.Key_Down: Press.DOWN,
    _Key.Key_Up: Press.UP,
}
_SHIFTED: Final = {
    _Key.Key_Return: Press.TAKE_NEW,
    _Key.Key_Enter: Press.TAKE_NEW,
    _Key.Key_Tab: Press.EARLIER,
}


def press_of(event: QKeyEvent, *, is_empty: bool) -> Press | None:
    """What the key means, or None where it is the line's own. ``is_empty``: nothing is typed."""
    held, key = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier, Qt.Key(event.key())
    if held == Qt.KeyboardModifier.AltModifier:
        return Press.STRANGER if key == _Key.Key_X else None
    if held & ~_SHIFT:
        return None
    if key == _Key.Key_Delete and is_empty:
        return Press.NOT_A_FACE
    plain = _PLAIN.get(key)
    return _SHIFTED.get(key, plain) if held & _SHIFT else plain


def number_of(event: QKeyEvent) -> int | None:
    """The row a number key takes while nothing is typed, from 1. Nobody's name begins with a number."""
    number = event.key() - _Key.Key_0.value
    is_plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return number if is_plain and 1 <= number <= MAX_KEYS else None


def is_for_typing(event: QKeyEvent) -> bool:
    """Whether the key belongs to the field when it is pressed beside it: letters, and the field's keys but Esc."""
    press = press_of(event, is_empty=True)
    if press is not None:
        return press not in (Press.CLOSE, Press.EARLIER, Press.UP, Press.DOWN)
    has_command = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    return event.key() == _Key.Key_Backspace or (event.text().isprintable() and bool(event.text()) and not has_command)

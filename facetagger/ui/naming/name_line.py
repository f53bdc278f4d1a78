"""The line a name is typed into; the keys that are not text leave it as signals."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from facetagger.ui.naming.field_keys import number_of, press_of
from facetagger.ui.theme import Radius, ThemeManager

_LONGEST = 200


class NameLine(QLineEdit):
    pressed = Signal(object)
    """Press"""
    number_pressed = Signal(int)
    """Only while nothing is typed."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self.setMaxLength(_LONGEST)
        theme.changed.connect(self._restyle)
        self._restyle()

    def event(self, event: QEvent) -> bool:
        """Before Qt: Tab would leave the line, and the window's shortcuts would take its keys."""
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and self._claims(event):
                return True
            if event.type() == QEvent.Type.KeyPress and self._press(event):
                return True
        return super().event(event)

    def _claims(self, event: QKeyEvent) -> bool:
        """Whether it is settled whose key it is; undo and redo are the window's while nothing is typed."""
        if self._is_undoing_elsewhere(event):
            event.ignore()
            return True
        if press_of(event, is_empty=not self.text()) is not None or event.key() == Qt.Key.Key_Delete:
            event.accept()
            return True
        return False

    def _press(self, event: QKeyEvent) -> bool:
        is_empty = not self.text()
        press, number = press_of(event, is_empty=is_empty), number_of(event)
        if self._is_undoing_elsewhere(event):
            event.ignore()
        elif press is not None:
            self.pressed.emit(press)
        elif is_empty and number is not None:
            self.number_pressed.emit(number)
        else:
            return False
        return True

    def _is_undoing_elsewhere(self, event: QKeyEvent) -> bool:
        is_undo = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        return is_undo and not self.text()

    def _restyle(self) -> None:
        theme = self._theme.current
        self.setStyleSheet(
            f"QLineEdit {{ border: 2px solid {theme.colours.accent}; border-radius: {theme.px(Radius.CONTROL)}px; }}"
        )

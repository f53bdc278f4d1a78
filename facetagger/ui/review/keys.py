"""Which key does what on the review page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from facetagger.ui.naming.field_keys import is_for_typing
from facetagger.ui.review.footer import LARGE
from facetagger.ui.review.subject_panel import FIRST_KEY, OTHERS

if TYPE_CHECKING:
    from facetagger.ui.review.page import ReviewPage

_Key = Qt.Key
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


class PageKeys:
    """Enter yes, N none, S don't know, U undo, X crosses the focused crop out, arrows move the focus, 2 and 3 give
    another candidate, T types a name, Space shows the whole photo, L is large type.

    While the question is who somebody is, letters belong to the field, wherever on the page they are typed, and the
    answers have the field's keys; only X and Space still speak of the crops, once the keyboard was moved there.
    """

    def __init__(self, page: ReviewPage) -> None:
        self._page = page
        self._commands: Mapping[Qt.Key, Callable[[], None]] = {
            _Key.Key_Return: page.say_yes,
            _Key.Key_Enter: page.say_yes,
            _Key.Key_N: page.say_no,
            _Key.Key_S: page.reviewer.skip,
            _Key.Key_U: page.reviewer.take_back,
            _Key.Key_X: page.toggle_focused,
            _Key.Key_T: page.type_name,
            _Key.Key_Space: page.show_photo,
            _Key.Key_L: page.toggle_large,
        }

    def claims(self, event: QKeyEvent) -> bool:
        """Whether the page needs a key that is the window's: undo of a question that was put off, of which the
        history knows nothing."""
        return self._is_undoing_skip(event)

    def press(self, event: QKeyEvent) -> bool:
        """Whether the key was the page's."""
        page = self._page
        if page.photo.isVisible():
            self._press_behind_photo(event)
        elif self._is_undoing_skip(event):
            page.reviewer.take_back()
        elif QKeySequence(event.keyCombination()) == QKeySequence(LARGE):
            page.toggle_large()
        elif page.card.is_typing:
            return False
        elif page.is_naming and not self._is_for_crops(event) and is_for_typing(event):
            page.card.pass_to_field(event)
        else:
            return event.modifiers() in _PLAIN and self._press_plain(Qt.Key(event.key()))
        return True

    def _press_plain(self, key: Qt.Key) -> bool:
        other = key.value - _Key.Key_0.value - FIRST_KEY
        if key in self._commands:
            self._commands[key]()
        elif 0 <= other < OTHERS:
            self._page.card.someone_else.choose(other)
        else:
            return False
        return True

    def _press_behind_photo(self, event: QKeyEvent) -> None:
        """Arrow keys show the next face's photo; X crosses out what is seen."""
        if event.key() == _Key.Key_X:
            self._page.toggle_focused()
            self._page.photo.close_photo()
        elif self._page.card.grid.move_focus(event):
            self._page.show_photo()

    def _is_for_crops(self, event: QKeyEvent) -> bool:
        is_crop_key = event.key() in (_Key.Key_X, _Key.Key_Space) and event.modifiers() in _PLAIN
        return is_crop_key and self._page.window().focusWidget() is self._page.card.grid

    def _is_undoing_skip(self, event: QKeyEvent) -> bool:
        last = self._page.reviewer.queue.last_answer
        is_text = self._page.card.is_typing and self._page.card.field.edit.text()
        return not is_text and last is not None and last.is_skip and event.matches(QKeySequence.StandardKey.Undo)

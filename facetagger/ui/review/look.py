"""The theme as review sees it: as it is, or larger for people who sit around one screen."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from facetagger.ui.theme import Theme, ThemeManager

_LARGE: Final = 1.4


class Looks(Protocol):
    """What a painter needs: the tokens as they apply now, and when to paint again."""

    @property
    def current(self) -> Theme: ...

    @property
    def changed(self) -> SignalInstance: ...


class ReviewLook(QObject):
    """Follows the theme; ``is_large`` makes every length and letter of the page larger."""

    changed = Signal()

    def __init__(self, theme: ThemeManager, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._is_large = False
        theme.changed.connect(self.changed)

    @property
    def is_large(self) -> bool:
        return self._is_large

    @property
    def current(self) -> Theme:
        theme = self._theme.current
        return replace(theme, scale=theme.scale * _LARGE) if self._is_large else theme

    def set_large(self, is_large: bool) -> None:
        if is_large != self._is_large:
            self._is_large = is_large
            self.changed.emit()

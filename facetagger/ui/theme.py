"""Colours, type, spacing: the tokens, and the manager that turns them into palette and style sheet.

Lengths in this package are written for a 13 pixel system font; ``Theme.px`` scales them with the font the user chose.
Widgets take ``ThemeManager``; painters read ``theme.current`` when they paint and repaint on ``theme.changed``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from facetagger.ui.stylesheet import stylesheet
from facetagger.ui.tokens import DARK, LIGHT, Colours, Radius, Space, TextSize

__all__ = ["Colours", "Radius", "Space", "TextSize", "Theme", "ThemeChoice", "ThemeManager", "Weight", "choice_of"]

_DESIGN_FONT_PIXELS: Final = 13


class ThemeChoice(StrEnum):
    """What ``Settings.theme`` holds."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


def choice_of(text: str) -> ThemeChoice:
    """The stored choice; the system's for a text that is none."""
    return next((choice for choice in ThemeChoice if choice.value == text), ThemeChoice.SYSTEM)


class Weight(IntEnum):
    REGULAR = QFont.Weight.Normal.value
    STRONG = QFont.Weight.DemiBold.value


@dataclass(frozen=True, slots=True)
class Theme:
    """The tokens as they apply now: colours of the scheme, lengths for the user's font."""

    is_dark: bool
    colours: Colours
    base_font: QFont
    scale: float
    """The system font's pixel size over the design's 13."""

    def colour(self, name: str) -> QColor:
        """A colour token by name, as ``theme.colour("accent")``."""
        return QColor(getattr(self.colours, name))

    def px(self, length: float) -> int:
        """A length of the design in logical pixels, at least one."""
        return max(1, round(length * self.scale))

    def font(self, size: TextSize = TextSize.BASE, weight: Weight = Weight.REGULAR) -> QFont:
        font = QFont(self.base_font)
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight(weight.value))
        return font


class ThemeManager(QObject):
    """Follows the system's colour scheme and font, or the user's choice; dresses the application.

    ``changed`` is emitted after palette and style sheet have been set.
    """

    changed = Signal()

    def __init__(self, application: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._choice = choice
        self._current = self._read()
        application.setStyle("Fusion")
        application.styleHints().colorSchemeChanged.connect(self.refresh)
        self._announce_choice()
        self._dress()

    @property
    def current(self) -> Theme:
        return self._current

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    def choose(self, choice: ThemeChoice) -> None:
        self._choice = choice
        self._announce_choice()
        self.refresh()

    def refresh(self) -> None:
        """Reads the system again; the window calls this when the application's font changed."""
        theme = self._read()
        if theme == self._current:
            return
        self._current = theme
        self._dress()
        self.changed.emit()

    def _announce_choice(self) -> None:
        """Tells Qt, so that native title bars and dialogs follow."""
        scheme = {
            ThemeChoice.SYSTEM: Qt.ColorScheme.Unknown,
            ThemeChoice.LIGHT: Qt.ColorScheme.Light,
            ThemeChoice.DARK: Qt.ColorScheme.Dark,
        }[self._choice]
        self._application.styleHints().setColorScheme(scheme)

    def _read(self) -> Theme:
        scheme = self._application.styleHints().colorScheme()
        follows_dark = self._choice is ThemeChoice.SYSTEM and scheme == Qt.ColorScheme.Dark
        is_dark = self._choice is ThemeChoice.DARK or follows_dark
        font = QApplication.font()
        pixels = QFontInfo(font).pixelSize()
        return Theme(is_dark, DARK if is_dark else LIGHT, font, pixels / _DESIGN_FONT_PIXELS)

    def _dress(self) -> None:
        self._application.setPalette(palette(self._current))
        self._application.setStyleSheet(stylesheet(self._current.colours, self._current.px))


def palette(theme: Theme) -> QPalette:
    """The palette for everything the style sheet does not name."""
    role = QPalette.ColorRole
    colours = {
        role.Window: "background",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "surface",
        role.Text: "text",
        role.PlaceholderText: "muted",
        role.Button: "surface",
        role.ButtonText: "text",
        role.BrightText: "amber",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.ToolTipBase: "surface",
        role.ToolTipText: "text",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Accent: "accent",
        role.Light: "surface",
        role.Midlight: "line",
        role.Mid: "line",
        role.Dark: "muted",
        role.Shadow: "mat",
    }
    palette = QPalette()
    for each, name in colours.items():
        palette.setColor(each, theme.colour(name))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, theme.colour("faint"))
    return palette

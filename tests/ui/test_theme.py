"""Tokens, scaling, and following the user's choice."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger.ui.theme import TextSize, ThemeChoice, ThemeManager, choice_of
from facetagger.ui.tokens import DARK, LIGHT, Colours


def _luminance(colour: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF()]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_everything_it_stands_on(colours: Colours) -> None:
    pairs = [(ink, paper) for ink in ("text", "muted") for paper in ("background", "surface", "raised")]
    pairs += [("on_accent", "accent"), ("on_amber", "amber"), ("text", "accent_soft"), ("text", "amber_soft")]
    pairs += [("accent", "surface"), ("accent", "accent_soft"), ("amber", "surface")]
    weak = {pair: _contrast(getattr(colours, pair[0]), getattr(colours, pair[1])) for pair in pairs}
    assert not {pair: round(value, 2) for pair, value in weak.items() if value < 4.5}


def test_lengths_and_type_follow_the_font_of_the_system(qapp: QApplication, theme: ThemeManager) -> None:
    font = qapp.font()
    font.setPixelSize(26)
    qapp.setFont(font)
    theme.refresh()
    assert theme.current.px(24) == 48
    assert theme.current.font(TextSize.HEADING).pixelSize() == 32


def test_choosing_dark_darkens_the_window_at_once(qapp: QApplication, qtbot: QtBot, theme: ThemeManager) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose(ThemeChoice.DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.background)
    assert DARK.surface in qapp.styleSheet()


def test_choosing_what_is_shown_already_changes_nothing(qtbot: QtBot, theme: ThemeManager) -> None:
    with qtbot.assertNotEmitted(theme.changed):
        theme.choose(ThemeChoice.LIGHT)


def test_a_choice_that_is_none_follows_the_system() -> None:
    assert choice_of("purple") is ThemeChoice.SYSTEM
    assert choice_of("dark") is ThemeChoice.DARK

"""The icon family is whole, and takes the colours of the theme."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication

from facetagger import paths
from facetagger.ui.icons import Icon, application_icon, icon, pixmap
from facetagger.ui.theme import ThemeManager


def test_every_icon_has_a_drawing_and_every_drawing_is_an_icon() -> None:
    folder = paths.resource("icons")
    assert {path.stem for path in Path(folder).glob("*.svg")} == {each.value for each in Icon}


@pytest.mark.parametrize("name", list(Icon))
def test_a_drawing_shows_in_the_colour_asked_for(qapp: QApplication, name: Icon) -> None:
    image = pixmap(name, QColor("#ff0000"), 20, 2.0).toImage()
    inked = [image.pixelColor(x, y) for x in range(40) for y in range(40) if image.pixelColor(x, y).alpha() > 200]
    assert inked
    assert all(colour.red() > 200 and colour.green() < 60 for colour in inked)


def test_a_screen_of_double_density_gets_twice_the_pixels(qapp: QApplication) -> None:
    picture = pixmap(Icon.SEARCH, QColor("black"), 20, 2.0)
    assert (picture.width(), picture.deviceIndependentSize().width()) == (40, 20)


def test_a_disabled_icon_looks_different(theme: ThemeManager) -> None:
    made = icon(Icon.UNDO, theme.current)
    normal, disabled = (made.pixmap(20, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled))
    assert normal != disabled


def test_the_program_has_an_icon_for_every_usual_size(qapp: QApplication) -> None:
    assert {size.width() for size in application_icon().availableSizes()} >= {16, 32, 48, 256}

"""The program's own icon family: SVG on a 20 px grid, 1.5 px strokes, tinted when they are drawn.

The files say ``currentColor`` where the tint goes. Icons are made for one theme; widgets make them again on
``ThemeManager.changed``.
"""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from facetagger import paths
from facetagger.ui.theme import Theme

SIDE: Final = 20
"""The grid of the drawings, and the usual size."""


class Icon(StrEnum):
    """Every drawing of ``resources/icons``; the value is the file's stem."""

    ADD = "add"
    BACK = "back"
    CHECK = "check"
    CLOSE = "close"
    DOWN = "down"
    DRAW = "draw"
    EDIT = "edit"
    EXPORT = "export"
    FIT = "fit"
    FOLDER = "folder"
    GROUPS = "groups"
    INFO = "info"
    KEYBOARD = "keyboard"
    LOCK = "lock"
    MARK = "mark"
    """The program's own mark, for the top bar."""
    MERGE = "merge"
    MISSING = "missing"
    MORE = "more"
    NEXT = "next"
    NOT_A_FACE = "not-a-face"
    PEOPLE = "people"
    PERSON = "person"
    PHOTOS = "photos"
    PREVIOUS = "previous"
    REDO = "redo"
    REMOVE = "remove"
    RESCAN = "rescan"
    REVIEW = "review"
    ROTATE_LEFT = "rotate-left"
    ROTATE_RIGHT = "rotate-right"
    SEARCH = "search"
    SETTINGS = "settings"
    SORT = "sort"
    STRANGER = "stranger"
    UNDO = "undo"
    WARNING = "warning"
    ZOOM_IN = "zoom-in"
    ZOOM_OUT = "zoom-out"


@lru_cache(maxsize=64)
def _drawing(name: Icon) -> str:
    return paths.resource(f"icons/{name.value}.svg").read_text(encoding="utf-8")


def pixmap(name: Icon, colour: QColor, side: int, ratio: float = 1.0) -> QPixmap:
    """The drawing in one colour, ``side`` logical pixels wide, for a screen of ``ratio`` device pixels each."""
    drawing = _drawing(name).replace("currentColor", colour.name())
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(picture.rect()))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: Icon, theme: Theme, colour: str = "text", side: int = SIDE) -> QIcon:
    """An icon for buttons and menus: 1x and 2x, ``colour`` a token's name; disabled is faint, checked the accent."""
    result = QIcon()
    scaled = theme.px(side)
    for ratio in (1.0, 2.0):
        for mode, state, token in (
            (QIcon.Mode.Normal, QIcon.State.Off, colour),
            (QIcon.Mode.Normal, QIcon.State.On, "accent"),
            (QIcon.Mode.Disabled, QIcon.State.Off, "faint"),
        ):
            result.addPixmap(pixmap(name, theme.colour(token), scaled, ratio), mode, state)
    return result


def application_icon() -> QIcon:
    """The program's icon for windows and task bars."""
    renderer = QSvgRenderer(str(paths.resource("facetagger.svg")))
    result = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        picture = QPixmap(side, side)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        renderer.render(painter, QRectF(picture.rect()))
        painter.end()
        result.addPixmap(picture)
    return result

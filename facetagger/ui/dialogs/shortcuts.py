"""Every key, by where it works."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from facetagger.ui.actions import TABLE
from facetagger.ui.controls import button, label
from facetagger.ui.photo_view.commands import COMMANDS
from facetagger.ui.theme import Space, ThemeManager

_Lines = tuple[tuple[str, str], ...]

_NAMING: Final = (
    ("Enter", "Take the marked name"),
    ("1, 2, 3", "Take that name"),
    ("Tab", "Later: the next face"),
    ("Esc", "Close the field"),
)
_REVIEW: Final = (
    ("Enter", "Yes"),
    ("N", "None of them"),
    ("S", "I don’t know"),
    ("U", "Bring the last question back"),
    ("X", "Cross this one out"),
    ("T", "Type a name"),
    ("Space", "Show the whole photo"),
    ("L", "Large type"),
)
_PHOTOS: Final = (
    ("Enter", "Open the photo"),
    ("Arrows", "Walk"),
    ("Page Up, Page Down", "A screen further"),
    ("Home, End", "The first, the last"),
    ("Shift + arrows", "Select several"),
    ("Space", "Select or leave out"),
)


class ShortcutsDialog(QDialog):
    def __init__(self, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current.px
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.resize(px(560), px(620))
        sheet = QWidget()
        grid = QGridLayout(sheet)
        grid.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), px(Space.L))
        grid.setHorizontalSpacing(px(Space.XL))
        grid.setVerticalSpacing(px(Space.S))
        for title, lines in _sections():
            _add(grid, title, lines, px(Space.M))
        grid.setRowStretch(grid.rowCount(), 1)
        area = QScrollArea()
        area.setWidget(sheet)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        row = QHBoxLayout()
        row.setContentsMargins(px(Space.XL), px(Space.S), px(Space.XL), px(Space.L))
        row.addStretch()
        row.addWidget(button(self.tr("Close"), "primary", self.accept))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(area)
        column.addLayout(row)


def _sections() -> tuple[tuple[str, _Lines], ...]:
    everywhere = tuple((_native(entry.shortcuts), entry.text.rstrip("…")) for entry in TABLE if entry.shortcuts)
    one_photo = tuple((_native(row.keys), row.text) for row in COMMANDS.values())
    return (
        ("Naming", _NAMING),
        ("One photo", one_photo),
        ("Review", _REVIEW),
        ("Photos", _PHOTOS),
        ("Everywhere", everywhere),
    )


def _native(keys: tuple[str, ...]) -> str:
    return ", ".join(QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) for key in keys)


def _add(grid: QGridLayout, title: str, lines: _Lines, gap: int) -> None:
    heading = label(title, "strong")
    heading.setContentsMargins(0, gap if grid.count() else 0, 0, 0)
    grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
    for keys, meaning in lines:
        row = grid.rowCount()
        key: QLabel = label(keys, "key")
        grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label(meaning), row, 1)
    grid.setColumnStretch(1, 1)

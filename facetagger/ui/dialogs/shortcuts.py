"""Every key, by where it works."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from facetagger.ui.actions import TABLE
from facetagger.ui.controls import button, label
from facetagger.ui.theme import Space, ThemeManager

_PAGES: Final = (
    (
        "Naming in a photo",
        (
            ("Tab", "the next face"),
            ("Enter", "take the marked name"),
            ("1, 2, 3", "take that name"),
            ("X", "a stranger"),
            ("Del", "not a face"),
            ("Esc", "close"),
            ("←, →", "the photo before, the next photo"),
        ),
    ),
    (
        "Review",
        (
            ("Enter", "yes"),
            ("N", "none of them"),
            ("S", "I don’t know"),
            ("U", "bring the last question back"),
            ("Space", "show the whole photo"),
            ("L", "large type"),
        ),
    ),
    (
        "Photos",
        (
            ("Enter", "open the photo"),
            ("Arrows", "walk"),
            ("Page Up, Page Down", "a screen further"),
            ("Home, End", "the first, the last"),
            ("Shift + arrows", "select several"),
            ("Space", "select or leave out"),
        ),
    ),
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
        for title, lines in (*_PAGES, ("Everywhere", _everywhere())):
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


def _everywhere() -> tuple[tuple[str, str], ...]:
    native = QKeySequence.SequenceFormat.NativeText
    return tuple(
        (", ".join(QKeySequence(each).toString(native) for each in entry.shortcuts), entry.text.rstrip("…"))
        for entry in TABLE
        if entry.shortcuts
    )


def _add(grid: QGridLayout, title: str, lines: tuple[tuple[str, str], ...], gap: int) -> None:
    heading = label(title, "strong")
    heading.setContentsMargins(0, gap if grid.count() else 0, 0, 0)
    grid.addWidget(heading, grid.rowCount(), 0, 1, 2)
    for keys, meaning in lines:
        row = grid.rowCount()
        key: QLabel = label(keys, "key")
        grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(label(meaning), row, 1)
    grid.setColumnStretch(1, 1)

"""Which files an import left out, and why."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from facetagger.entities import SkippedFile
from facetagger.ui import words
from facetagger.ui.controls import button, label
from facetagger.ui.theme import Space, ThemeManager


class SkippedDialog(QDialog):
    def __init__(self, skipped: Sequence[SkippedFile], theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        px = theme.current.px
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Skipped files"))
        self.resize(px(680), px(420))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), px(Space.L))
        column.setSpacing(px(Space.M))
        column.addWidget(label(words.counted(len(skipped), "file was skipped", "files were skipped"), "heading"))
        column.addWidget(label(self.tr("Everything else was added. The files themselves are as they were."), "muted"))
        column.addWidget(SkippedTable(skipped, theme))
        row = QHBoxLayout()
        row.addStretch()
        close = button(self.tr("Close"), "primary", self.accept)
        row.addWidget(close)
        column.addLayout(row)
        close.setFocus()


class SkippedTable(QTableWidget):
    """Every reason can be read in full: the rows are as high as their text."""

    def __init__(self, skipped: Sequence[SkippedFile], theme: ThemeManager) -> None:
        super().__init__(len(skipped), 2)
        px = theme.current.px
        self.setHorizontalHeaderLabels([self.tr("File"), self.tr("Reason")])
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        for row, each in enumerate(skipped):
            self.setItem(row, 0, _cell(each.path.name, str(each.path)))
            self.setItem(row, 1, _cell(each.reason))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, px(200))
        header.sectionResized.connect(self.resizeRowsToContents)


def _cell(text: str, tip: str = "") -> QTableWidgetItem:
    cell = QTableWidgetItem(text)
    cell.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    cell.setToolTip(tip)
    return cell

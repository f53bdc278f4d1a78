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
        column.addWidget(_table(skipped))
        row = QHBoxLayout()
        row.addStretch()
        close = button(self.tr("Close"), "primary", self.accept)
        row.addWidget(close)
        column.addLayout(row)
        close.setFocus()


def _table(skipped: Sequence[SkippedFile]) -> QTableWidget:
    table = QTableWidget(len(skipped), 2)
    table.setHorizontalHeaderLabels(["File", "Reason"])
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    for number, each in enumerate(skipped):
        name = QTableWidgetItem(each.path.name)
        name.setToolTip(str(each.path))
        reason = QTableWidgetItem(each.reason)
        reason.setToolTip(each.reason)
        table.setItem(number, 0, name)
        table.setItem(number, 1, reason)
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setHighlightSections(False)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    header.resizeSection(0, 220)
    return table

"""The library's check, told in a small dialog."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMessageBox, QWidget

from facetagger.jobs.lanes import Lane
from facetagger.ui import words
from facetagger.ui.bridge import Bridge

if TYPE_CHECKING:
    from facetagger.operations.checking import CheckReport


def check_library(bridge: Bridge, parent: QWidget) -> None:
    """Runs on the files lane: it reads every photo's file."""
    checking = bridge.session.checking
    bridge.fetch(Lane.FILES, checking.run, lambda report: _tell(report, parent), key="check")


def _tell(report: CheckReport, parent: QWidget) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle("Check the library")
    is_well = not (report.problems or report.missing or report.changed)
    box.setText("The library is sound, and every photo is where it was." if is_well else "Some things need a look.")
    box.setInformativeText(
        words.joined(
            words.counted(len(report.problems), "problem", "problems") if report.problems else "",
            words.counted(len(report.missing), "photo", "photos") + " not found" if report.missing else "",
            words.counted(len(report.changed), "photo", "photos") + " changed by another program"
            if report.changed
            else "",
        )
    )
    details = [*report.problems, *(f"Not found: {path}" for path in report.missing)]
    details += [f"Changed: {path}" for path in report.changed]
    box.setDetailedText("\n".join(details))
    box.open()

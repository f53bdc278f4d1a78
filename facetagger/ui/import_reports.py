"""What came of an import: several in a row as one, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from facetagger.ui.words import counted, joined

if TYPE_CHECKING:
    from facetagger.operations.importing import ImportReport


def added_up(reports: Sequence[ImportReport]) -> ImportReport:
    """One report for imports that ran one after another; there is at least one."""
    from facetagger.operations.importing import ImportReport

    return ImportReport(
        sum(each.added for each in reports),
        sum(each.unchanged for each in reports),
        sum(each.moved for each in reports),
        sum(each.photos_with_faces for each in reports),
        sum(each.faces for each in reports),
        tuple(skipped for each in reports for skipped in each.skipped),
        sum(each.seconds for each in reports),
        any(each.was_cancelled for each in reports),
        tuple(path for each in reports for path in each.changed),
        sum(each.looked_again for each in reports),
        sum(each.more_faces for each in reports),
    )


def found_nothing(report: ImportReport) -> bool:
    """Whether there was no photo at all, not even one that cannot be read."""
    return not (report.was_cancelled or report.added or report.unchanged or report.moved or report.skipped)


def added_nothing(report: ImportReport) -> bool:
    """Whether there were photos, but none that can be read."""
    is_unreadable = len(report.skipped) > len(report.changed)
    return is_unreadable and not (report.was_cancelled or report.added or report.unchanged or report.moved)


def outcome(report: ImportReport, albums: int = 0) -> str:
    """For the status line. ``albums`` is how many appeared or changed."""
    if report.was_cancelled:
        return joined("Stopped", f"{counted(report.added, 'photo', 'photos')} added so far", _more(report))
    if report.added:
        faces = counted(report.faces, "face", "faces")
        return joined(f"{counted(report.added, 'photo', 'photos')} added", faces, _more(report))
    if report.looked_again:
        where = f"in {counted(report.looked_again, 'photo', 'photos')}"
        return f"{_more(report)} {where}" if report.more_faces else f"Nothing more was found {where}"
    if report.moved:
        return f"{counted(report.moved, 'photo was', 'photos were')} found in a new place"
    if report.unchanged and albums:
        return joined(f"{counted(albums, 'album', 'albums')} brought up to date", "no photo was new")
    if report.unchanged:
        return "These photos are all here already"
    if report.changed:
        return "No photo was new"
    return "No photo could be added" if report.skipped else "No photos found"


def _more(report: ImportReport) -> str:
    return f"{counted(report.more_faces, 'more face', 'more faces')} found" if report.more_faces else ""

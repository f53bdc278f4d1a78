"""What an import came to, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from facetagger.entities import SkippedFile
from facetagger.operations.importing import ImportReport
from facetagger.ui.import_reports import added_nothing, added_up, found_nothing, outcome

_SKIPPED = (SkippedFile(Path("a.jpg"), "empty"),)


def _report(
    added: int = 0, unchanged: int = 0, moved: int = 0, *, skipped: tuple[SkippedFile, ...] = (), stopped: bool = False
) -> ImportReport:
    return ImportReport(added, unchanged, moved, added, 2 * added, skipped, 1.0, stopped)


@pytest.mark.parametrize(
    ("report", "albums", "text"),
    [
        (_report(added=4, unchanged=1), 1, "4 photos added · 8 faces"),
        (_report(unchanged=5), 0, "These photos are all here already"),
        (_report(unchanged=5), 1, "1 album brought up to date · no photo was new"),
        (_report(moved=1, unchanged=3), 1, "1 photo was found in a new place"),
        (_report(skipped=_SKIPPED), 0, "No photo could be added"),
        (_report(), 0, "No photos found"),
        (_report(added=2, stopped=True), 1, "Stopped · 2 photos added so far"),
    ],
)
def test_the_outcome_says_what_matters_to_the_user(report: ImportReport, albums: int, text: str) -> None:
    assert outcome(report, albums) == text


def test_nothing_found_is_told_from_nothing_readable_and_from_a_stop() -> None:
    assert found_nothing(_report())
    assert not found_nothing(_report(stopped=True))
    assert not found_nothing(_report(skipped=_SKIPPED))
    assert added_nothing(_report(skipped=_SKIPPED))
    assert not added_nothing(_report(added=1, skipped=_SKIPPED))


def test_imports_in_a_row_are_told_as_one() -> None:
    total = added_up([_report(added=2), _report(added=3, skipped=_SKIPPED), _report(unchanged=1, stopped=True)])
    assert (total.added, total.faces, total.unchanged, total.skipped) == (5, 10, 1, _SKIPPED)
    assert total.was_cancelled

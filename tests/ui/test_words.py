"""What the window says."""

from __future__ import annotations

import pytest

from facetagger.jobs.progress import Progress
from facetagger.ui import words


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (None, ""),
        (3, "a few seconds left"),
        (40, "less than a minute left"),
        (65, "about 1 minute left"),
        (118, "about 2 minutes left"),
        (3 * 3600, "about 3 hours left"),
    ],
)
def test_a_wait_is_said_as_a_person_would(seconds: float | None, said: str) -> None:
    assert words.remaining(seconds) == said


def test_an_import_tells_how_far_it_is() -> None:
    progress = Progress(612, 1126, 118)
    assert words.finding_faces(progress) == "Finding faces · 612 of 1,126 photos · about 2 minutes left"
    assert words.finding_faces(progress, is_paused=True) == "Paused · 612 of 1,126 photos"


def test_one_of_a_thing_is_not_many() -> None:
    assert words.counted(1, "photo", "photos") == "1 photo"
    assert words.counted(1126, "photo", "photos") == "1,126 photos"


def test_parts_that_say_nothing_leave_no_dot() -> None:
    assert words.joined("31 photos", "", "4 people") == "31 photos · 4 people"


def test_a_single_year_is_said_once() -> None:
    assert words.years((1998, 1998)) == "1998"
    assert words.years((1958, 1964)) == "1958 to 1964"

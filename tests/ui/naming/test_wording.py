from __future__ import annotations

import pytest

from facetagger.ui.naming.wording import age_at, age_text, certainty


@pytest.mark.parametrize(
    ("probability", "words"),
    [(1.0, "almost certainly"), (0.8, "probably"), (0.5, "perhaps"), (0.05, "unlikely")],
)
def test_certainty_is_said_in_words(probability: float, words: str) -> None:
    assert certainty(probability) == words


@pytest.mark.parametrize(
    ("born", "taken", "age"),
    [
        ("1967", "1998-07-16T14:03:00", 31),
        ("1967-07-17", "1998-07-16T14:03:00", 30),
        ("1967-07-16", "1998-07-16T14:03:00", 31),
        ("1967-12-31", "1998", 31),
        ("1999", "1998-07-16T14:03:00", None),
        ("c. 1930", "1998-07-16T14:03:00", None),
        ("", "1998-07-16T14:03:00", None),
        ("1967", None, None),
    ],
)
def test_the_age_counts_full_years_where_both_days_are_known(born: str, taken: str | None, age: int | None) -> None:
    assert age_at(born, taken) == age


def test_the_first_year_is_a_baby() -> None:
    assert age_text("1998-01-02", "1998-07-16T14:03:00") == "a baby"

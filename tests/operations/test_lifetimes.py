from __future__ import annotations

import math

import pytest

from facetagger.operations.lifetimes import lifetime


def test_a_plain_year_is_meant_from_its_start_to_its_end() -> None:
    assert (lifetime("1931", "2004").born, lifetime("1931", "2004").died) == (1931, 2005)


def test_a_date_is_meant_to_the_day() -> None:
    assert lifetime("1965-04-12", "").born == pytest.approx(1965 + 3 / 12 + 11 / 365)
    assert lifetime("", "1990-12").died == pytest.approx(1991)


def test_a_date_that_is_not_plain_leaves_room() -> None:
    assert lifetime("c. 1930", "about 2004, at sea").born == 1925
    assert lifetime("c. 1930", "about 2004, at sea").died == 2010


@pytest.mark.parametrize("text", ["", "unknown", "in the 30s", "12345"])
def test_a_text_without_a_year_says_nothing(text: str) -> None:
    assert math.isnan(lifetime(text, text).born)
    assert math.isnan(lifetime(text, text).died)

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from facetagger.ui.review.tiling import Sides, tile

SIDES = Sides(84, 200)


@given(st.integers(1, 60), st.integers(200, 2000), st.integers(150, 1500))
def test_crops_that_are_said_to_fit_do_fit(count: int, width: int, height: int) -> None:
    tiling = tile(count, width, height, SIDES, gap=16, caption=24)
    if tiling.fits:
        rows = -(-count // tiling.columns)
        assert tiling.columns * (tiling.side + 16) <= width
        assert rows * (tiling.side + 16 + 24) <= height
    assert SIDES.smallest <= tiling.side <= SIDES.largest


def test_few_crops_are_as_large_as_is_useful() -> None:
    assert tile(3, 1200, 600, SIDES, gap=16, caption=24).side == SIDES.largest


def test_too_many_crops_are_shown_in_a_comfortable_size_instead_of_tiny() -> None:
    tiling = tile(300, 700, 500, SIDES, gap=16, caption=24)
    assert not tiling.fits
    assert tiling.side > SIDES.smallest

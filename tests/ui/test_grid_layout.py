"""The arithmetic of the grid, for any number of photos of any shape."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetagger.ui.photo_grid.layout import GridLayout, Metrics

METRICS = Metrics(width=1000, row_height=150, gap=8, margin=24, top=12, heading=34, section_gap=24)

_sections = st.lists(
    st.lists(st.floats(0.2, 5.0), min_size=1, max_size=40),
    min_size=1,
    max_size=5,
)


def _layout(sections: list[list[float]], metrics: Metrics = METRICS) -> GridLayout:
    return GridLayout([len(each) for each in sections], np.concatenate(sections), metrics)


@settings(max_examples=60, deadline=None)
@given(_sections)
def test_no_photo_leaves_the_page_or_lies_upon_another(sections: list[list[float]]) -> None:
    layout = _layout(sections)
    cells = [layout.cell(index) for index in range(len(layout))]
    for cell in cells:
        assert cell.left >= METRICS.margin - 1e-6
        assert cell.left + cell.width <= METRICS.width - METRICS.margin + 1e-6
    for before, after in pairwise(cells):
        is_beside = after.top == before.top and after.left >= before.left + before.width + METRICS.gap - 1e-6
        is_below = after.top >= before.top + before.height + METRICS.gap - 1e-6
        assert is_beside or is_below


@settings(max_examples=60, deadline=None)
@given(_sections)
def test_the_middle_of_a_photo_leads_back_to_it(sections: list[list[float]]) -> None:
    layout = _layout(sections)
    for index in range(len(layout)):
        cell = layout.cell(index)
        assert layout.index_at(cell.left + cell.width / 2, cell.top + cell.height / 2) == index


@settings(max_examples=60, deadline=None)
@given(_sections, st.floats(0, 3000))
def test_exactly_the_photos_that_cross_a_band_are_visible(sections: list[list[float]], top: float) -> None:
    layout, bottom = _layout(sections), top + 400
    cells = [layout.cell(index) for index in range(len(layout))]
    crossing = [number for number, cell in enumerate(cells) if cell.top + cell.height > top and cell.top <= bottom]
    assert list(layout.visible(top, bottom)) == crossing


def test_full_rows_reach_both_margins() -> None:
    layout = _layout([[1.5, 0.7, 1.0] * 20])
    cells = [layout.cell(index) for index in range(len(layout))]
    for before, after in pairwise(cells):
        if after.top > before.top:
            assert before.left + before.width == pytest.approx(METRICS.width - METRICS.margin)


def test_the_last_row_keeps_the_shapes_of_its_photos() -> None:
    layout = _layout([[1.5, 0.7]])
    assert layout.cell(0).width == pytest.approx(1.5 * METRICS.row_height)


def test_a_window_narrower_than_a_photo_still_shows_it() -> None:
    layout = _layout([[2.0, 2.0]], Metrics(200, 150, 8, 24, 12, 34, 24))
    assert layout.cell(0).width == pytest.approx(152)
    assert layout.cell(1).top > layout.cell(0).top


def test_a_row_further_down_is_the_nearest_below() -> None:
    layout = _layout([[1.0] * 12])
    in_row = sum(layout.cell(index).top == layout.cell(0).top for index in range(12))
    assert layout.row_step(1, 1) == in_row + 1
    assert layout.row_step(in_row + 1, -1) == 1
    assert layout.row_step(1, -1) == 1


def test_nothing_between_the_pictures_is_a_photo() -> None:
    layout = _layout([[1.0, 1.0]])
    cell = layout.cell(0)
    assert layout.index_at(cell.left + cell.width + 2, cell.top + 5) is None
    assert layout.index_at(cell.left, cell.top - 5) is None
    assert layout.index_at(990, cell.top + 5) is None


def test_each_heading_stands_above_its_photos() -> None:
    layout = _layout([[1.0] * 3, [1.0] * 20, [1.0]])
    tops = dict(layout.headings(0, layout.height))
    assert set(tops) == {0, 1, 2}
    for section, first in ((0, 0), (1, 3), (2, 23)):
        assert layout.cell(first).top == tops[section] + METRICS.heading


def test_an_empty_grid_has_no_height() -> None:
    layout = GridLayout((), np.zeros(0), METRICS)
    assert (layout.height, len(layout), list(layout.visible(0, 100))) == (0.0, 0, [])


@settings(max_examples=60, deadline=None)
@given(_sections, _sections)
def test_a_layout_after_another_is_as_if_it_were_the_first(
    sections: list[list[float]], others: list[list[float]]
) -> None:
    before = _layout([*others, *sections])
    after = [sections[-1], *others[:1], *sections]
    sizes, aspects = [len(each) for each in after], np.concatenate(after)
    first, again = GridLayout(sizes, aspects, METRICS), GridLayout(sizes, aspects, METRICS, before)
    assert [first.cell(index) for index in range(len(first))] == [again.cell(index) for index in range(len(again))]
    assert first.height == again.height


def test_another_width_is_laid_out_anew() -> None:
    sections = [[1.0, 1.5, 0.7] * 9]
    narrow = Metrics(width=500, row_height=150, gap=8, margin=24, top=12, heading=34, section_gap=24)
    again = GridLayout([27], np.concatenate(sections), narrow, _layout(sections))
    assert [again.cell(each) for each in range(27)] == [_layout(sections, narrow).cell(each) for each in range(27)]

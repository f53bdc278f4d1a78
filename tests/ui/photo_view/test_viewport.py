from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSizeF

from facetagger.geometry import Box, Size
from facetagger.ui.photo_view.viewport import MARGIN, Viewport

PHOTO = Size(3000, 2000)
CANVAS = QSizeF(872, 672)
FITTED = Viewport.fitted(PHOTO, CANVAS)


def test_a_fitted_photo_lies_in_the_middle_with_mat_around_it() -> None:
    rect = FITTED.rect
    assert rect.width() == pytest.approx(800)
    assert rect.left() == pytest.approx(MARGIN)
    assert rect.center().y() == pytest.approx(336)


def test_a_small_photo_is_enlarged_only_so_far() -> None:
    assert Viewport.fitted(Size(50, 40), CANVAS).rect.width() == 200


def test_a_small_photo_can_be_seen_at_its_own_size_in_the_middle() -> None:
    rect = Viewport.fitted(Size(100, 80), CANVAS).zoomed(1.0, QPointF(10, 10)).rect
    assert rect.width() == 100
    assert rect.center() == QPointF(436, 336)


@given(x=st.floats(300, 500), y=st.floats(250, 400), factor=st.floats(2, 8))
def test_zooming_keeps_the_place_under_the_pointer(x: float, y: float, factor: float) -> None:
    about = QPointF(x, y)
    zoomed = FITTED.zoomed(FITTED.scale * factor, about)
    assert zoomed.to_photo(about) == pytest.approx(FITTED.to_photo(about), abs=1e-6)


def test_zooming_out_ends_fitted() -> None:
    zoomed = FITTED.zoomed(1.0, QPointF(100, 100))
    assert not zoomed.is_fitted
    assert zoomed.zoomed(0.01, QPointF(100, 100)) == FITTED


@given(dx=st.floats(-9000, 9000), dy=st.floats(-9000, 9000))
def test_panning_never_loses_the_photo(dx: float, dy: float) -> None:
    rect = FITTED.zoomed(1.0, QPointF(400, 300)).panned(dx, dy).rect
    assert rect.left() <= MARGIN
    assert rect.right() >= CANVAS.width() - MARGIN
    assert rect.top() <= MARGIN
    assert rect.bottom() >= CANVAS.height() - MARGIN


def test_a_box_drawn_in_the_canvas_is_the_same_box_in_the_photo() -> None:
    box = Box(0.2, 0.3, 0.1, 0.15)
    rect = FITTED.to_canvas(box)
    back = FITTED.box_between(rect.bottomRight(), rect.topLeft())
    assert (back.left, back.top, back.width, back.height) == pytest.approx((0.2, 0.3, 0.1, 0.15))


def test_a_box_drawn_beyond_the_photo_is_cut_to_it() -> None:
    assert FITTED.box_between(QPointF(-50, -50), QPointF(4000, 4000)) == Box(0, 0, 1, 1)


def test_a_face_outside_is_brought_into_view() -> None:
    zoomed = FITTED.zoomed(2.0, QPointF(0, 0))
    face = Box(0.9, 0.9, 0.02, 0.02)
    seen = zoomed.revealing(face).to_canvas(face)
    assert seen.right() <= CANVAS.width() - MARGIN + 1e-6
    assert seen.bottom() <= CANVAS.height() - MARGIN + 1e-6


def test_a_fitted_photo_stays_fitted_in_another_size_and_a_zoomed_one_keeps_its_scale() -> None:
    assert FITTED.resized(QSizeF(500, 500)) == Viewport.fitted(PHOTO, QSizeF(500, 500))
    assert FITTED.zoomed(2.0, QPointF(9, 9)).resized(QSizeF(500, 500)).scale == 2.0

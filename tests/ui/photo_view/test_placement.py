from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from facetagger.ui.photo_view.placement import place_beside

BOUNDS = QRectF(0, 0, 1000, 700)
SIZE = QSizeF(280, 250)


def _place(face: QRectF, *others: QRectF, size: QSizeF = SIZE) -> QRectF:
    return QRectF(place_beside(face, size, SIZE, BOUNDS, others), size)


def test_the_field_stands_below_the_face_where_there_is_room() -> None:
    spot = _place(QRectF(300, 100, 80, 100))
    assert spot.topLeft() == QPointF(300, 210)


def test_at_the_lower_edge_the_field_stands_beside_the_face() -> None:
    face = QRectF(300, 560, 80, 100)
    spot = _place(face)
    assert not spot.intersects(face)
    assert BOUNDS.contains(spot)


def test_the_field_keeps_clear_of_another_face() -> None:
    other = QRectF(300, 260, 80, 100)
    assert not _place(QRectF(300, 100, 80, 100), other).intersects(other)


def test_a_field_that_shrinks_stays_on_its_side() -> None:
    face = QRectF(300, 560, 80, 100)
    large, small = _place(face), _place(face, size=QSizeF(280, 120))
    assert (large.left() > face.left()) == (small.left() > face.left())


@given(x=st.floats(0, 900), y=st.floats(0, 600), width=st.floats(10, 300), height=st.floats(10, 300))
def test_the_field_is_always_wholly_visible(x: float, y: float, width: float, height: float) -> None:
    assert BOUNDS.contains(_place(QRectF(x, y, width, height)))

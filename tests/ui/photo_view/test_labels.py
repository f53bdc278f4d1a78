from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF, QSizeF

from facetagger.ui.photo_view.labels import Wish, place

BOUNDS = QRectF(0, 0, 800, 600)
LABEL = QSizeF(90, 22)


def _wish(x: float, y: float, *, above: bool = False) -> Wish:
    return Wish(QRectF(x, y, 80, 100), LABEL, above)


def _place(*wishes: Wish) -> list[QRectF]:
    return place(wishes, BOUNDS, [each.face for each in wishes])


def test_a_name_stands_below_its_face_and_a_suggestion_above() -> None:
    below, above = _place(_wish(100, 200), _wish(400, 200, above=True))
    assert below.top() > 300
    assert above.bottom() < 200
    assert below.center().x() == 140


def test_a_name_at_the_lower_edge_stays_inside_the_photo() -> None:
    (label,) = _place(_wish(730, 520))
    assert BOUNDS.contains(label)


def test_names_of_faces_side_by_side_do_not_cover_each_other() -> None:
    wishes = [_wish(100 + 60 * number, 200) for number in range(4)]
    labels = _place(*wishes)
    assert not any(one.intersects(other) for one in labels for other in labels if one is not other)


def test_a_name_does_not_cover_the_face_below_it() -> None:
    upper, lower = _wish(100, 100), _wish(100, 205)
    label = _place(upper, lower)[0]
    assert not label.intersects(lower.face)


@given(st.lists(st.tuples(st.floats(-50, 790), st.floats(-50, 590)), max_size=12))
def test_every_name_lies_inside_the_photo(corners: list[tuple[float, float]]) -> None:
    labels = _place(*(_wish(x, y) for x, y in corners))
    assert all(BOUNDS.contains(label) for label in labels)

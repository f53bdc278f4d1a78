"""Where the names stand: beside their box, inside the photo, and not on top of each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

_GAP: Final = 5.0
# Covering another name makes both unreadable; covering a face only hides a part of it.
_ON_LABEL: Final = 8.0
_ON_FACE: Final = 1.0
_ON_OWN_FACE: Final = 0.6
_PER_RANK: Final = 0.02
"""Cost of each step away from the usual place, as a share of the label's area."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A label of ``size`` for the face at ``face``, below it or ``above``. Lengths in canvas pixels."""

    face: QRectF
    size: QSizeF
    is_above: bool = False


def place(wishes: Sequence[Wish], bounds: QRectF, faces: Sequence[QRectF]) -> list[QRectF]:
    """One rectangle per wish inside ``bounds``, in the same order; ``faces`` are all boxes to keep clear.

    Greedy, in the order given: each takes the place that costs least beside those already placed.
    """
    placed: list[QRectF] = []
    for wish in wishes:
        near = _reach(wish)
        names = [other for other in placed if other.intersects(near)]
        others = [face for face in faces if face != wish.face and face.intersects(near)]
        spots = [_inside(spot, bounds) for spot in _spots(wish)]
        costs = [
            _cost(spot, rank, names, others) + _ON_OWN_FACE * _shared(spot, wish.face)
            for rank, spot in enumerate(spots)
        ]
        placed.append(spots[costs.index(min(costs))])
    return placed


def _reach(wish: Wish) -> QRectF:
    """Everything a label of the face could touch: in a crowd that is little of the photo. Being moved into the
    photo brings a label nearer to its face, never farther."""
    width, height = wish.size.width() + 2 * _GAP, wish.size.height() + 2 * _GAP
    return wish.face.adjusted(-width, -height, width, height)


def _spots(wish: Wish) -> list[QRectF]:
    face, width, height = wish.face, wish.size.width(), wish.size.height()
    below, above = face.bottom() + _GAP, face.top() - _GAP - height
    rows = [above, below] if wish.is_above else [below, above]
    columns = [face.center().x() - width / 2, face.left(), face.right() - width]
    corners = [(x, y) for y in rows for x in columns]
    for y in (face.center().y() - height / 2, face.bottom() - height, face.top()):
        corners += [(face.right() + _GAP, y), (face.left() - _GAP - width, y)]
    return [QRectF(QPointF(x, y), wish.size) for x, y in corners]


def _inside(spot: QRectF, bounds: QRectF) -> QRectF:
    x = min(max(spot.left(), bounds.left()), max(bounds.right() - spot.width(), bounds.left()))
    y = min(max(spot.top(), bounds.top()), max(bounds.bottom() - spot.height(), bounds.top()))
    return QRectF(QPointF(x, y), spot.size())


def _cost(spot: QRectF, rank: int, placed: Sequence[QRectF], faces: Sequence[QRectF]) -> float:
    on_labels = sum(_shared(spot, other) for other in placed)
    on_faces = sum(_shared(spot, other) for other in faces)
    area = spot.width() * spot.height()
    return _ON_LABEL * on_labels + _ON_FACE * on_faces + _PER_RANK * rank * area


def _shared(first: QRectF, second: QRectF) -> float:
    common = first.intersected(second)
    return max(common.width(), 0.0) * max(common.height(), 0.0)

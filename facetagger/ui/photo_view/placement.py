"""Where the name field stands beside the face it asks about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

_GAP: Final = 10.0
# The face that is asked about must be seen; other faces help to tell who it is.
_ON_FACE: Final = 20.0
_ON_OTHERS: Final = 3.0
_PER_RANK: Final = 0.03
"""Cost of each step away from the usual place, as a share of the field's area."""


def place_beside(face: QRectF, size: QSizeF, reserved: QSizeF, bounds: QRectF, others: Sequence[QRectF]) -> QPointF:
    """The top left corner for a field of ``size``, below the face where there is room.

    The side is chosen for the ``reserved`` size, so that the field stays on it while its rows come and go. All
    rectangles are in the coordinates of ``bounds``, inside which the field lies.
    """
    spots = [_inside(spot, bounds) for spot in _spots(face, reserved)]
    costs = [_cost(spot, rank, face, others) for rank, spot in enumerate(spots)]
    chosen = costs.index(min(costs))
    return _inside(_spots(face, size)[chosen], bounds).topLeft()


def _spots(face: QRectF, size: QSizeF) -> list[QRectF]:
    width, height = size.width(), size.height()
    below, above = face.bottom() + _GAP, face.top() - _GAP - height
    right, left = face.right() + _GAP, face.left() - _GAP - width
    corners = [
        (face.left(), below),
        (face.right() - width, below),
        (right, face.top()),
        (left, face.top()),
        (right, face.bottom() - height),
        (left, face.bottom() - height),
        (face.left(), above),
        (face.right() - width, above),
    ]
    return [QRectF(QPointF(x, y), size) for x, y in corners]


def _inside(spot: QRectF, bounds: QRectF) -> QRectF:
    x = max(min(spot.left(), bounds.right() - spot.width()), bounds.left())
    y = max(min(spot.top(), bounds.bottom() - spot.height()), bounds.top())
    return QRectF(QPointF(x, y), spot.size())


def _cost(spot: QRectF, rank: int, face: QRectF, others: Sequence[QRectF]) -> float:
    covered = _ON_FACE * _shared(spot, face) + sum(_ON_OTHERS * _shared(spot, other) for other in others)
    return covered + _PER_RANK * rank * spot.width() * spot.height()


def _shared(first: QRectF, second: QRectF) -> float:
    common = first.intersected(second)
    return max(common.width(), 0.0) * max(common.height(), 0.0)

"""All faces of a photo painted upon it: boxes, and the names in places where they can be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QPainter

from facetagger.entities import FaceId, FaceState
from facetagger.ui.photo_view import labels, painting
from facetagger.ui.photo_view.contents import Look, ShownFace
from facetagger.ui.photo_view.painting import Mark
from facetagger.ui.photo_view.viewport import Viewport
from facetagger.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Emphasis:
    """What stands out: the face that is asked about, the one under the pointer, and how far the others have faded."""

    active: FaceId | None = None
    hovered: FaceId | None = None
    opacity: float = 1.0
    is_asking: bool = False
    """The field says who the active face may be, so no name is needed beside it."""


def paint_faces(
    painter: QPainter, faces: Sequence[ShownFace], view: Viewport, emphasis: Emphasis, theme: Theme
) -> None:
    canvas = QRectF(0, 0, view.canvas.width(), view.canvas.height())
    marks = [_mark(face, view, emphasis) for face in faces if _is_seen(face, view, canvas, emphasis)]
    for mark in sorted(marks, key=lambda each: (each.is_active, each.is_hovered)):
        painter.setOpacity(1.0 if mark.is_active else emphasis.opacity)
        painting.paint_box(painter, mark)
    named = [mark for mark in marks if mark.name]
    bounds = view.rect.intersected(canvas).adjusted(4, 4, -4, -4)
    spots = labels.place([_wish(mark, theme) for mark in named], bounds, [mark.rect for mark in marks])
    for mark, spot in zip(named, spots, strict=True):
        painter.setOpacity(1.0 if mark.is_active else emphasis.opacity)
        painting.paint_label(painter, spot, mark, theme.font())
    painter.setOpacity(1.0)


def _is_seen(face: ShownFace, view: Viewport, canvas: QRectF, emphasis: Emphasis) -> bool:
    if face.look is Look.ASIDE and face.id not in (emphasis.hovered, emphasis.active):
        return False
    # The name of a face beside the visible part would be pushed into it.
    return view.to_canvas(face.box).intersects(canvas)


def _mark(face: ShownFace, view: Viewport, emphasis: Emphasis) -> Mark:
    is_active = face.id == emphasis.active
    name = "" if is_active and emphasis.is_asking else _name(face)
    return Mark(view.to_canvas(face.box), face.look, name, is_active, face.id == emphasis.hovered)


def _name(face: ShownFace) -> str:
    if face.offered:
        return _tr("{name}?").format(name=face.offered)
    match face.face.state:
        case FaceState.IGNORED:
            return _tr("Stranger")
        case FaceState.NOT_A_FACE:
            return _tr("Not a face")
    return "" if face.person is None else face.person.name


def _wish(mark: Mark, theme: Theme) -> labels.Wish:
    size = painting.label_size(mark.name, theme.font(), painting.label_width(mark, theme))
    return labels.Wish(mark.rect, size, mark.look is Look.SUGGESTED)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Overlay", text)

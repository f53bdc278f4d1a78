"""The menu of one face: everything that can be said about it."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QCoreApplication

from facetagger.entities import FaceState
from facetagger.ui.photo_view.contents import ShownFace


class FaceAct(Enum):
    """What the user says about a face."""

    NAME = auto()
    CONFIRM = auto()
    SOMEONE_ELSE = auto()
    NOT_THIS_PERSON = auto()
    PORTRAIT = auto()
    STRANGER = auto()
    NOT_A_FACE = auto()
    BRING_BACK = auto()


def entries(face: ShownFace) -> list[tuple[FaceAct, str]]:
    """The acts that make sense for the face now, in the order they are shown, with their text."""
    match face.face.state:
        case FaceState.CONFIRMED if face.person is not None:
            return [
                (FaceAct.SOMEONE_ELSE, _tr("This is someone else…")),
                (FaceAct.NOT_THIS_PERSON, _tr("Not {name}").format(name=face.person.name)),
                (FaceAct.PORTRAIT, _tr("Use as portrait of {name}").format(name=face.person.name)),
                *_aside(),
            ]
        case FaceState.IGNORED | FaceState.NOT_A_FACE:
            return [(FaceAct.NAME, _tr("Name…")), (FaceAct.BRING_BACK, _tr("Bring back"))]
    if face.offered:
        return [
            (FaceAct.CONFIRM, _tr("Yes, {name}").format(name=face.offered)),
            (FaceAct.NOT_THIS_PERSON, _tr("Not {name}").format(name=face.offered)),
            (FaceAct.NAME, _tr("This is someone else…")),
            *_aside(),
        ]
    return [(FaceAct.NAME, _tr("Name…")), *_aside()]


def _aside() -> list[tuple[FaceAct, str]]:
    return [(FaceAct.STRANGER, _tr("Stranger")), (FaceAct.NOT_A_FACE, _tr("Not a face"))]


def _tr(text: str) -> str:
    return QCoreApplication.translate("FaceMenu", text)

"""name, reject, ignore, not-a-face, reopen, undo, redo: the decisions, each answered with its history entry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, face_ids, session
from facetagger.cli.output import answer_change
from facetagger.errors import FaceTaggerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from facetagger.entities import Change, FaceId
    from facetagger.operations.session import Session

FacesThenName = Annotated[
    list[str],
    typer.Argument(
        metavar="FACE... NAME",
        help="Face numbers, then the person: a name or an id (#12). Put -- before a name that begins with a dash.",
    ),
]
Faces = Annotated[list[str], typer.Argument(metavar="FACE...", help="Face numbers, as 'facetagger faces' lists them.")]


def add_to(app: typer.Typer) -> None:
    app.command()(name)
    app.command()(reject)
    app.command()(ignore)
    app.command("not-a-face")(not_a_face)
    app.command()(reopen)
    app.command()(undo)
    app.command()(redo)


def name(
    context: typer.Context, faces_then_name: FacesThenName, library: LibraryFolder = None, as_json: AsJson = False
) -> None:
    """Say who these faces are. A name nobody has yet makes a new person."""
    _decide(context, library, as_json, lambda opened: opened.naming.name(*_split(faces_then_name)))


def reject(
    context: typer.Context, faces_then_name: FacesThenName, library: LibraryFolder = None, as_json: AsJson = False
) -> None:
    """Say that these faces are not this person. It is remembered for ever."""
    _decide(context, library, as_json, lambda opened: opened.naming.reject(*_split(faces_then_name)))


def ignore(context: typer.Context, faces: Faces, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Set strangers aside. 'reopen' brings them back."""
    _decide(context, library, as_json, lambda opened: opened.naming.ignore(face_ids(faces)))


def not_a_face(context: typer.Context, faces: Faces, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Set wrong detections aside. 'reopen' brings them back."""
    _decide(context, library, as_json, lambda opened: opened.naming.not_a_face(face_ids(faces)))


def reopen(context: typer.Context, faces: Faces, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Take a name or a mark away: the faces are unnamed again."""
    _decide(context, library, as_json, lambda opened: opened.naming.reopen(face_ids(faces)))


def undo(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Take the last act back; again for the one before."""
    _decide(context, library, as_json, lambda opened: opened.history.undo(), before="undone: ")


def redo(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Do again what was undone last."""
    _decide(context, library, as_json, lambda opened: opened.history.redo(), before="done again: ")


def _split(words: list[str]) -> tuple[list[FaceId], str]:
    *faces, who = words
    if not faces:
        raise FaceTaggerError("Give the face numbers first, then the name.", hint='For example: name 12 13 "Anna Lind"')
    return face_ids(faces), who


def _decide(
    context: typer.Context,
    library: Path | None,
    as_json: bool,
    operation: Callable[[Session], Change],
    before: str = "",
) -> None:
    with session(context, library, as_json=as_json, write=True) as opened:
        change = operation(opened)
        opened.suggesting.refresh()
        answer_change(change, as_json=as_json, before=before)

"""Arguments and options that several commands share, spelled once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facetagger import paths
from facetagger.cli.output import errors_answered
from facetagger.entities import FaceId
from facetagger.errors import FaceTaggerError

if TYPE_CHECKING:
    from facetagger.entities import Person
    from facetagger.library import Library
    from facetagger.operations.session import Session

LibraryFolder = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="The library folder; else $FACETAGGER_LIBRARY or your data folder."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document; progress goes to stderr.")]
PersonOption = Annotated[str | None, typer.Option("--person", metavar="PERSON", help="A name or an id (#12).")]

OpenWindow = Callable[[Path | None, list[Path]], int]


@contextmanager
def session(context: typer.Context, folder: Path | None, *, as_json: bool, write: bool = False) -> Iterator[Session]:
    """Opens the library for one command and answers errors in the form the user asked for."""
    from facetagger.operations.session import Session

    with errors_answered(as_json=as_json), Session.open(library_folder(context, folder), write=write) as opened:
        yield opened


def library_folder(context: typer.Context, folder: Path | None) -> Path:
    """The folder given after the command, else before it, else the default."""
    before: Any = context  # a context of click, which may be typer's own copy
    while folder is None and before is not None:
        folder, before = before.params.get("library"), before.parent
    return folder or paths.default_library()


def face_ids(words: list[str]) -> list[FaceId]:
    """Face numbers as typed, with or without ``#``."""
    ids = []
    for word in words:
        if not word.removeprefix("#").isdecimal():
            raise FaceTaggerError(f"“{word}” is not the number of a face.", hint="See 'facetagger faces'.")
        ids.append(FaceId(int(word.removeprefix("#"))))
    return ids


def reference(library: Library, person: Person) -> str:
    """What names this person without doubt on the command line: the name, or ``#id`` where two people share it."""
    return person.name if len(library.people.find(person.name)) == 1 else f"#{person.id}"


def resolve_all(library: Library, words: list[str]) -> list[Person]:
    """People by name or id. Raises ``UnknownNameError`` or ``AmbiguousNameError``."""
    return [library.people.resolve(word) for word in words]

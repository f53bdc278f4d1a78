"""How answers look: one JSON document with ``--json``, else a few lines a person reads; progress goes to stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from facetagger.errors import FaceTaggerError
from facetagger.jobs.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from facetagger.entities import Change

JsonValue = Mapping[str, Any] | Sequence[Any]


def answer(value: JsonValue, text: str, *, as_json: bool) -> None:
    """Prints ``value`` as the one JSON document, or ``text``."""
    if as_json:
        sys.stdout.write(json.dumps(value, indent=2) + "\n")
    else:
        typer.echo(text.encode(errors="replace").decode())


def answer_change(change: Change, *, as_json: bool, before: str = "") -> None:
    """The history entry that an act made; an act that changes nothing makes none."""
    entry = change.entry
    value = {
        "entry": entry.id if entry else None,
        "text": entry.text if entry else "nothing changed",
        "faces": sorted(entry.faces if entry else ()),
    }
    answer(value, before + entry.text if entry else "Nothing changed.", as_json=as_json)


def fail(error: FaceTaggerError, *, as_json: bool) -> NoReturn:
    """Says what happened and what to do, and ends with exit status 1."""
    if as_json:
        document = {"error": {"title": error.title, "message": error.message, "hint": error.hint}}
        sys.stdout.write(json.dumps(document) + "\n")
    typer.echo(f"facetagger: {error}".encode(errors="replace").decode(), err=True)
    raise typer.Exit(1)


@contextmanager
def errors_answered(*, as_json: bool) -> Iterator[None]:
    try:
        yield
    except FaceTaggerError as error:
        fail(error, as_json=as_json)


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Left-aligned columns as plain text."""
    cells = [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in [list(header), *cells]) for column in range(len(header))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in [header, *cells]
    ]
    return "\n".join(lines)


@contextmanager
def progress_on_stderr(label: str) -> Iterator[Callable[[Progress], None]]:
    """A progress bar on a terminal, nothing in a pipe."""
    with bars_on_stderr() as bar:
        yield bar(label)


@contextmanager
def bars_on_stderr() -> Iterator[Callable[[str], Callable[[Progress], None]]]:
    """The same for work in several stages: asked by a label, gives the reporter of a bar that shows once it is used."""
    if not sys.stderr.isatty():
        yield lambda label: lambda progress: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True)) as bars:

        def bar(label: str) -> Callable[[Progress], None]:
            task = bars.add_task(label, total=None, visible=False)
            return lambda progress: bars.update(task, completed=progress.done, total=progress.total, visible=True)

        yield bar

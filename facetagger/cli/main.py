"""The command line: every command a thin shell over one operation."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from facetagger import __version__, log, paths
from facetagger.cli import (
    decisions,
    evaluating,
    exporting,
    found_names,
    importing,
    kinship,
    listing,
    models,
    people,
    samples,
    training,
)
from facetagger.cli.options import LibraryFolder, OpenWindow, library_folder

app = typer.Typer(
    name="facetagger",
    help="Name the people in your photographs. Everything stays on this computer; photographs are never changed.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMMANDS = (
    importing,
    found_names,
    listing,
    decisions,
    people,
    exporting,
    evaluating,
    models,
    training,
    kinship,
    samples,
)
for module in _COMMANDS:
    module.add_to(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"facetagger {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    library: LibraryFolder = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Say more on stderr.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Opens the window when no command is given."""
    log.configure(paths.log_folder(), verbose=verbose)
    if context.invoked_subcommand is None:
        _open(context, library, [])


@app.command("open")
def open_with_photos(
    context: typer.Context,
    photos: Annotated[list[Path] | None, typer.Argument(help="Photos or folders to add first.")] = None,
    library: LibraryFolder = None,
) -> None:
    """Open the window, and add photos first where some are given."""
    _open(context, library, photos or [])


def _open(context: typer.Context, library: Path | None, photos: list[Path]) -> None:
    open_window: OpenWindow = context.obj
    raise typer.Exit(open_window(library_folder(context, library), photos))


def main(open_window: OpenWindow) -> None:
    """Runs the command in ``sys.argv``; ``open_window`` is handed in, so that this package need not know the window."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    app(obj=open_window)

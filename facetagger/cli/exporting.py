"""export: the names leave the program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, resolve_all, session
from facetagger.cli.output import answer, progress_on_stderr
from facetagger.exporters.export import ExportFormat


def add_to(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    context: typer.Context,
    destination: Annotated[
        Path, typer.Argument(metavar="DEST", help="The folder to write to; nothing else is touched.")
    ],
    format: Annotated[ExportFormat, typer.Option("--format", help="What to write.")] = ExportFormat.PHOTOS,
    person: Annotated[list[str] | None, typer.Option("--person", metavar="PERSON", help="Only their photos.")] = None,
    album: Annotated[list[str] | None, typer.Option("--album", metavar="ALBUM", help="Only these albums.")] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write copies of photos with the names inside, sidecars, or tables. Originals are only read."""
    with session(context, library, as_json=as_json) as opened:
        people = [each.id for each in resolve_all(opened.library, person or [])]
        albums = [opened.albums.find(name).id for name in album or []]
        with progress_on_stderr("Exporting") as progress:
            report = opened.exporting.run(destination, format, people=people, albums=albums, progress=progress)
        value = {
            "folder": str(destination),
            "written": len(report.written),
            "files": [str(path) for path in report.written],
            "skipped": [{"path": str(each.path), "reason": each.reason} for each in report.skipped],
        }
        lines = [f"Wrote {len(report.written)} files to {destination}."]
        lines += [f"Skipped {each.path}: {each.reason}" for each in report.skipped]
        answer(value, "\n".join(lines), as_json=as_json)
    if report.skipped and not report.written:
        raise typer.Exit(1)

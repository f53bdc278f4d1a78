"""demo: the whole path on the sample album."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetagger.cli.options import AsJson
from facetagger.cli.output import answer, errors_answered, progress_on_stderr


def add_to(app: typer.Typer) -> None:
    app.command()(demo)


def demo(
    context: typer.Context,
    folder: Annotated[
        Path | None, typer.Argument(metavar="FOLDER", help="Where to put it; else in your data folder.")
    ] = None,
    library: Annotated[
        Path | None, typer.Option("--library", metavar="DIR", help="A library of your choice; else one in FOLDER.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make the sample album, find its faces, name two of them, confirm the rest, and export it with the names."""
    from facetagger.operations.demo import run_demo

    with errors_answered(as_json=as_json):
        chosen = library or context.find_root().params.get("library")
        with progress_on_stderr("Finding faces") as progress:
            report = run_demo(folder, chosen, progress=progress)
        value = {
            "album": str(report.album),
            "library": str(report.library),
            "export": str(report.export),
            "photos": report.photos,
            "faces": report.faces,
            "named_by_hand": report.named_by_hand,
            "suggested": report.suggested,
            "confirmed": report.confirmed,
        }
        text = (
            f"The sample album has {report.photos} photos with {report.faces} faces: {report.album}\n"
            f"{report.named_by_hand} faces were named by hand, {report.suggested} suggested and confirmed.\n"
            f"The tagged copies lie in {report.export}\n"
            f"The library lies in {report.library}"
        )
        answer(value, text, as_json=as_json)

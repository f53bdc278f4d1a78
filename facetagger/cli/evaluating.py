"""evaluate: how often recognition is right, on the library's own names or on a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, session
from facetagger.cli.output import answer, progress_on_stderr


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    context: typer.Context,
    dataset: Annotated[
        Path | None, typer.Argument(metavar="DATASET", help="A folder with a folder per person; else your own names.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where plots and tables go.")] = Path("evaluation"),
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Measure how often recognition is right, and write the plots and tables to a folder."""
    with session(context, library, as_json=as_json) as opened:
        with progress_on_stderr("Measuring") as progress:
            summary = opened.evaluating.run(out, dataset, progress=progress)
        text = (
            f"Right in {summary['accuracy']:.1%} of {summary['faces']} faces of {summary['people']} people "
            f"(± {summary['std']:.1%} over {len(summary['folds'])} folds).\nPlots and tables: {out}"
        )
        answer(summary, text, as_json=as_json)

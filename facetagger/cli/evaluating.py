"""evaluate: how often recognition is right, on the library's own names or on a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, session
from facetagger.cli.output import answer, errors_answered, progress_on_stderr


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
    with errors_answered(as_json=as_json):
        if dataset is None:
            with session(context, library, as_json=as_json) as opened:
                summary = opened.evaluating.run(out)
        else:
            from facetagger.operations.evaluating import evaluate_dataset

            with progress_on_stderr("Finding faces") as progress:
                summary = evaluate_dataset(dataset, out, progress)
    text = (
        f"Right in {summary['accuracy']:.1%} of {summary['faces']} faces of {summary['people']} people "
        f"(standard deviation over the folds {summary['std']:.1%}).\nPlots and tables: {out}"
    )
    answer(summary, text, as_json=as_json)

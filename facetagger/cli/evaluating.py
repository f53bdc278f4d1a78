"""evaluate: how often recognition is right, on the library's own names or on a dataset."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facetagger.cli.options import AsJson, LibraryFolder, library_folder, session
from facetagger.cli.output import answer, errors_answered, progress_on_stderr
from facetagger.errors import FaceTaggerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from facetagger.faces.embedder import Embedder


def add_to(app: typer.Typer) -> None:
    app.command()(evaluate)


def evaluate(
    context: typer.Context,
    dataset: Annotated[
        Path | None, typer.Argument(metavar="DATASET", help="A folder with a folder per person; else your own names.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where plots and tables go.")] = Path("evaluation"),
    model: Annotated[
        list[str] | None,
        typer.Option("--model", metavar="ID", help="Compare these models on DATASET; may be given several times."),
    ] = None,
    use_threshold: Annotated[
        bool,
        typer.Option("--use-threshold", help="Show only suggestions as probable as is offered; undo takes it back."),
    ] = False,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Measure how often recognition is right, and write the plots and tables to a folder."""
    with errors_answered(as_json=as_json):
        if dataset is None:
            if model:
                raise FaceTaggerError("--model compares models on a dataset.", hint="Give the DATASET's folder too.")
            summary, text = _evaluate_library(context, library, out, as_json=as_json, use_threshold=use_threshold)
        else:
            if use_threshold:
                raise FaceTaggerError("A threshold comes from your own names.", hint="Leave out the DATASET.")
            summary = _evaluate_dataset(dataset, out, model or [], library_folder(context, library))
            text = _dataset_text(summary)
    answer(summary, f"{text}\nPlots and tables: {out}", as_json=as_json)


def _evaluate_library(
    context: typer.Context, folder: Path | None, out: Path, *, as_json: bool, use_threshold: bool
) -> tuple[dict[str, Any], str]:
    with session(context, folder, as_json=as_json, write=use_threshold) as opened:
        with progress_on_stderr("Holding back faces") as progress:
            summary: dict[str, Any] = opened.evaluating.run(out, progress)
        offer = summary["offer"]
        if use_threshold:
            if offer is None:
                raise FaceTaggerError("No threshold is offered.", _offer_text(summary), "Name more faces.")
            opened.evaluating.choose_threshold(offer["probability"])
            opened.suggesting.refresh()
            summary["threshold"] = offer["probability"]
    return summary, f"{_accuracy_text(summary)}\n{_offer_text(summary)}\n{_mistakes_text(summary['likely_mistakes'])}"


def _evaluate_dataset(dataset: Path, out: Path, model_ids: Sequence[str], folder: Path) -> dict[str, Any]:
    from facetagger.operations.evaluating_datasets import Reporting, evaluate_dataset, load_models
    from facetagger.operations.models import installed_packs

    def models() -> Sequence[Embedder]:
        return load_models(model_ids, installed_packs(folder))

    with progress_on_stderr("Evaluating") as progress:
        return evaluate_dataset(dataset, out, embedders=models, reporting=Reporting(progress))


def _dataset_text(summary: Mapping[str, Any]) -> str:
    lines = [_accuracy_text(summary)]
    if len(summary["models"]) > 1:
        lines += [f"{each['model']}: {each['accuracy']:.1%} ± {each['std']:.1%}" for each in summary["models"]]
    best = max(summary["penalties"], key=lambda each: each["accuracy"])
    lines.append(f"A linear SVC alone is best with C = {best['c']:g}: {best['accuracy']:.1%} ± {best['std']:.1%}.")
    for key, words in (
        ("skipped", "could not be read"),
        ("faceless", "show no face that was found: the middle counts"),
    ):
        if summary[key]:
            lines.append(f"{len(summary[key])} of {summary['photos']} photos {words}.")
    if summary["several_faces"]:
        lines.append(f"{len(summary['several_faces'])} photos show several faces: the one nearest the centre counts.")
    if summary["single_faces"]:
        lines.append(f"{summary['single_faces']} people have one photo only: they are known, but never asked about.")
    return "\n".join(lines)


def _accuracy_text(summary: Mapping[str, Any]) -> str:
    folds = len(summary["folds"])
    return (
        f"Right in {summary['accuracy']:.1%} of {summary['faces']} held-back faces of {summary['people']} people "
        f"(standard deviation over {folds} folds {summary['std']:.1%})."
    )


def _offer_text(summary: Mapping[str, Any]) -> str:
    offer = summary["offer"]
    if offer is None:
        return "There is no threshold from which on 97 of 100 suggestions are right, or too few faces to tell."
    return (
        f"With suggestions from a probability of {offer['probability']:g} on, {offer['right']} of "
        f"{offer['suggestions']} were right, half of the faces being of somebody unknown. Now it is "
        f"{summary['threshold']:g}; --use-threshold changes it."
    )


def _mistakes_text(mistakes: Sequence[Mapping[str, Any]]) -> str:
    if not mistakes:
        return "No confirmed face looks as if it had a wrong name."
    lines = [f"{len(mistakes)} confirmed faces may have a wrong name:"]
    for each in mistakes:
        like = f"looks like {each['looks_like']}" if each["looks_like"] else "looks like none of the others"
        lines.append(f"  #{each['face']}  {each['name']}: {like}")
    return "\n".join(lines)

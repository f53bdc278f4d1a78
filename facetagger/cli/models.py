"""models: which networks there are, install another, choose one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, session
from facetagger.cli.output import answer, progress_on_stderr, table

if TYPE_CHECKING:
    from facetagger.operations.models import Model

group = typer.Typer(
    help="The networks that find and tell faces apart: list, install and choose them.",
    no_args_is_help=True,
    add_completion=False,
)

Name = Annotated[str, typer.Argument(metavar="MODEL", help="An id as 'models list' shows it.")]


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="models")


@group.command("list")
def list_models(context: typer.Context, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """List the built-in models and those that were installed."""
    with session(context, library, as_json=as_json) as opened:
        models = opened.models.all()
        lines = [[each.id, each.kind, "in use" if each.is_used else "", _about(each)] for each in models]
        answer([_json(each) for each in models], table(["id", "kind", "", "title"], lines), as_json=as_json)


@group.command()
def install(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Weights (.onnx, .h5, .keras), or a pack's folder.")],
    manifest: Annotated[
        Path | None, typer.Option("--manifest", metavar="JSON", help="What the file is; else NAME.json beside it.")
    ] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Try a network out and install it; 'models use' then makes it count."""
    with session(context, library, as_json=as_json, write=True) as opened:
        model = opened.models.install(file, manifest)
        answer(_json(model), f"Installed {model.id}. Use it: facetagger models use {model.id}", as_json=as_json)


@group.command()
def use(context: typer.Context, model: Name, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Find or tell faces apart by this model from now on. Every name stays; 'undo' takes it back."""
    with session(context, library, as_json=as_json, write=True) as opened:
        opened.models.use(model)
        with progress_on_stderr("Reading faces") as progress:
            embedded = opened.embedding.run(progress=progress)
        opened.suggesting.refresh()
        chosen = opened.models.get(model)
        answer(_json(chosen) | {"embedded": embedded}, f"{chosen.id} is in use.", as_json=as_json)


@group.command()
def remove(context: typer.Context, model: Name, library: LibraryFolder = None, as_json: AsJson = False) -> None:
    """Delete a model that was installed and is not in use."""
    with session(context, library, as_json=as_json, write=True) as opened:
        gone = opened.models.remove(model)
        answer(_json(gone), f"Removed {gone.id}.", as_json=as_json)


def _about(model: Model) -> str:
    parts = [
        model.title,
        f"{model.dimensions} numbers" if model.dimensions else "",
        "built in" if model.is_built_in else "",
    ]
    return ", ".join(part for part in parts if part)


def _json(model: Model) -> dict[str, object]:
    return {
        "model": model.id,
        "title": model.title,
        "kind": model.kind.value,
        "model_id": model.model_id,
        "built_in": model.is_built_in,
        "in_use": model.is_used,
    }

"""train: networks of the user's own."""

from __future__ import annotations

import typer

group = typer.Typer(help="Train networks on photographs of your own.", no_args_is_help=True, add_completion=False)


def add_to(app: typer.Typer) -> None:
    app.add_typer(group, name="train")

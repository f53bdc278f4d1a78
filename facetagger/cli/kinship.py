"""train kinship, kinship: learn how relatives resemble each other, and compare two people."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from facetagger.cli.options import AsJson, LibraryFolder, resolve_all, session
from facetagger.cli.output import answer, progress_on_stderr
from facetagger.cli.training import group as train
from facetagger.errors import FaceTaggerError


def add_to(app: typer.Typer) -> None:
    train.command("kinship")(train_kinship)
    app.command()(kinship)


def train_kinship(
    context: typer.Context,
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="FAMILY/PERSON/photos, and train_relationships.csv with the kin.")
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the curve and scores go.")] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Learn from families how relatives resemble each other, measured on families held out."""
    with session(context, library, as_json=as_json, write=True) as opened:
        with progress_on_stderr("Reading faces") as progress:
            report = opened.kinship.train(data, out, progress=progress)
        value = asdict(report) | {
            "skipped": [{"path": str(each.path), "reason": each.reason} for each in report.skipped]
        }
        text = (
            f"Learnt from {report.kin_pairs} kin pairs in {report.families} families. Of families held out, kin were "
            f"ranked before strangers in {report.auc:.1%} of comparisons (95 % interval {report.low:.1%} to "
            f"{report.high:.1%}); the plain distance of faces reaches {report.raw_auc:.1%}."
        )
        answer(value, text, as_json=as_json)


def kinship(
    context: typer.Context,
    people: Annotated[
        list[str] | None, typer.Argument(metavar="A B", help="Two people of the library: names or ids (#12).")
    ] = None,
    pairs: Annotated[
        Path | None, typer.Option("--pairs", metavar="CSV", help="Instead: a table of pairs of photo files (a-b).")
    ] = None,
    photos: Annotated[Path | None, typer.Option("--photos", metavar="DIR", help="Where these photos are.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="CSV", help="Where the answers go.")] = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Compare two people by the likeness of relatives; needs 'train kinship' first."""
    with session(context, library, as_json=as_json) as opened:
        if pairs is not None:
            if photos is None or out is None or people:
                raise FaceTaggerError("--pairs needs --photos and --out, and no people.")
            with progress_on_stderr("Reading faces") as progress:
                count = opened.kinship.answer_pairs(pairs, photos, out, progress=progress)
            answer({"pairs": count, "out": str(out)}, f"Wrote {count} pairs to {out}.", as_json=as_json)
            return
        if len(people or []) != 2:
            raise FaceTaggerError("Two people are compared.", hint="For example: facetagger kinship Anna Bela")
        one, other = resolve_all(opened.library, people or [])
        likeness = opened.kinship.compare(one.id, other.id)
        value = {
            "people": [{"person": each.id, "name": each.name} for each in likeness.people],
            "faces": list(likeness.faces),
            "probability": round(likeness.probability, 4),
            "text": likeness.text,
        }
        answer(value, likeness.text, as_json=as_json)

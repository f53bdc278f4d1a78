"""train kinship, kinship: learn how relatives resemble each other, and compare two people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from facetagger.cli.options import AsJson, LibraryFolder, resolve_all, session
from facetagger.cli.output import answer, bars_on_stderr, progress_on_stderr
from facetagger.cli.training import group as train
from facetagger.errors import FaceTaggerError

Siamese = Annotated[
    bool, typer.Option("--siamese", help="Fine-tune a whole network instead of a head on embeddings. Slow.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the siamese training that --out holds.")]
Backbone = Annotated[
    str | None,
    typer.Option("--backbone", help="dlib (default), mobilenet, resnet50, inception_v3, or a FaceNet pack's id."),
]
Weights = Annotated[
    Path | None, typer.Option("--weights", metavar="FILE", help="Weights to begin with, without the classifier.")
]
Side = Annotated[int | None, typer.Option("--input", metavar="PIXELS", help="Side of its chips.")]
Loss = Annotated[str | None, typer.Option("--loss", help="crossentropy (default) or focal.")]
Optimizer = Annotated[str | None, typer.Option("--optimizer", help="adam (default) or rmsprop.")]
Rate = Annotated[float | None, typer.Option("--learning-rate", help="0.00001 by default.")]
KinShare = Annotated[float | None, typer.Option("--kin-share", help="Share of kin pairs in a batch; 0.5 by default.")]
Batch = Annotated[int | None, typer.Option("--batch", metavar="N", help="Pairs in a batch; 32 by default.")]
Epochs = Annotated[int | None, typer.Option("--epochs", metavar="N", help="At most so many; 10 by default.")]
Photos = Annotated[int | None, typer.Option("--photos", metavar="N", help="At most so many a person; 4 by default.")]
WarmUp = Annotated[
    int | None, typer.Option("--warm-up", metavar="N", help="Epochs of the last layers alone before; 10 by default.")
]
Seed = Annotated[int | None, typer.Option("--seed", help="Of the split and of everything random.")]


def add_to(app: typer.Typer) -> None:
    train.command("kinship")(train_kinship)
    app.command()(kinship)


def train_kinship(
    context: typer.Context,
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="FAMILY/PERSON/photos, and train_relationships.csv with the kin.")
    ],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where the curve and scores go.")] = None,
    siamese: Siamese = False,
    resume: Resume = False,
    backbone: Backbone = None,
    weights: Weights = None,
    side: Side = None,
    loss: Loss = None,
    optimizer: Optimizer = None,
    rate: Rate = None,
    kin_share: KinShare = None,
    batch: Batch = None,
    epochs: Epochs = None,
    most: Photos = None,
    warm_up: WarmUp = None,
    seed: Seed = None,
    library: LibraryFolder = None,
    as_json: AsJson = False,
) -> None:
    """Learn from families how relatives resemble each other, measured on families held out."""
    options = {
        "backbone": backbone, "weights": None if weights is None else str(weights.absolute()), "side": side,
        "loss": loss, "optimizer": optimizer, "learning_rate": rate, "kin_share": kin_share, "batch": batch,
        "epochs": epochs, "photos": most, "warm_up": warm_up, "seed": seed,
    }  # fmt: skip
    given = {name: value for name, value in options.items() if value is not None}
    if siamese:
        _train_siamese(context, data, out, given, library, is_resumed=resume, as_json=as_json)
        return
    with session(context, library, as_json=as_json, write=True) as opened:
        if given or resume:
            raise FaceTaggerError("These options are for a whole network.", hint="Add --siamese, or leave them out.")
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


def _train_siamese(
    context: typer.Context,
    data: Path,
    out: Path | None,
    given: Mapping[str, Any],
    library: Path | None,
    *,
    is_resumed: bool,
    as_json: bool,
) -> None:
    from facetagger.training.siamese_plan import SiamesePlan

    with session(context, library, as_json=as_json, write=True) as opened:
        if out is None:
            raise FaceTaggerError("A siamese training needs --out.", hint="Give a new folder for its checkpoints.")
        begun = opened.siamese.stored_plan(out) if is_resumed else SiamesePlan()
        plan = replace(begun, **given)
        with bars_on_stderr() as bar:
            report = opened.siamese.train(
                data, out, plan, is_resumed=is_resumed, on_faces=bar("Reading faces"), on_training=bar("Training")
            )
        text = (
            f"Learnt from {report.kin_pairs - report.held_out_pairs} kin pairs; of {report.held_out_pairs} in families "
            f"held out, kin were ranked before strangers in {report.auc:.1%} of comparisons (95 % interval "
            f"{report.low:.1%} to {report.high:.1%}). On the same pairs a head on frozen embeddings reaches "
            f"{report.frozen_auc:.1%}, the plain distance of faces {report.raw_auc:.1%}."
        )
        if report.frozen_auc > report.auc:
            text += " The head is better here: 'train kinship' without --siamese brings it back."
        answer(asdict(report), text, as_json=as_json)


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

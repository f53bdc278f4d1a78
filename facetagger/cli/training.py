"""train: networks of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from facetagger.cli.options import AsJson
from facetagger.cli.output import answer, bars_on_stderr, errors_answered
from facetagger.errors import FaceTaggerError

if TYPE_CHECKING:
    from facetagger.faces.detector import Detector
    from facetagger.operations.training_embedders import TrainingOrder

group = typer.Typer(help="Train networks on photographs of your own.", no_args_is_help=True, add_completion=False)

Data = Annotated[
    Path | None, typer.Argument(metavar="DATA", help="A folder with a folder per person, or FAMILY/PERSON/photos.")
]
Out = Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder for the model pack, curves and figures.")]
Smallest = Annotated[
    float, typer.Option("--min-size", metavar="PIXELS", help="Smallest short side of a face in its photo.")
]
Boxes = Annotated[
    Path | None,
    typer.Option("--boxes", metavar="LIST", help="Where the faces are: a CSV of image and box, or VGGFace's lists."),
]
Alignment = Annotated[str, typer.Option("--alignment", help="How chips are cut: arcface, dlib or box.")]
Side = Annotated[int, typer.Option("--input", metavar="PIXELS", help="Side of the chips that the network reads.")]
Dimensions = Annotated[int, typer.Option("--dimensions", metavar="N", help="Numbers in an embedding.")]
Width = Annotated[float, typer.Option("--width", help="MobileNet only: 0.25, 0.5, 0.75 or 1 of its channels.")]
Weights = Annotated[
    Path | None, typer.Option("--weights", metavar="FILE", help="Weights to begin with, without the classifier.")
]
Rate = Annotated[float, typer.Option("--learning-rate", help="Highest of the schedule.")]
Epochs = Annotated[int, typer.Option("--epochs", metavar="N", help="At most so many.")]
People = Annotated[int, typer.Option("--people", metavar="P", help="People in a batch.")]
Faces = Annotated[int, typer.Option("--faces", metavar="K", help="Faces of each of them.")]
Patience = Annotated[int, typer.Option("--patience", metavar="N", help="Stop after so many epochs without gain.")]


def add_to(app: typer.Typer) -> None:
    group.command("embedder")(train_embedder)
    group.command("experiments")(run_experiments)
    app.add_typer(group, name="train")


def train_embedder(
    out: Out,
    data: Data = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what was interrupted in --out, by the options given then.")
    ] = False,
    backbone: Annotated[str, typer.Option("--backbone", help="mobilenet, resnet50 or inception_v3.")] = "mobilenet",
    margin: Annotated[float, typer.Option("--margin", help="Of the triplets, 0.2 to 2.")] = 0.3,
    optimizer: Annotated[str, typer.Option("--optimizer", help="adam, rmsprop or sgd.")] = "adam",
    seed: Annotated[int, typer.Option("--seed", help="Of the split and of everything random.")] = 0,
    smallest: Smallest = 100.0,
    boxes: Boxes = None,
    alignment: Alignment = "arcface",
    side: Side = 96,
    dimensions: Dimensions = 128,
    width: Width = 1.0,
    weights: Weights = None,
    learning_rate: Rate = 1e-3,
    epochs: Epochs = 20,
    people: People = 16,
    faces: Faces = 4,
    patience: Patience = 6,
    as_json: AsJson = False,
) -> None:
    """Train a network that tells people apart, measured on people held out, into a model pack."""
    from facetagger.operations import training_embedders as lab
    from facetagger.training.embedder_training import TrainingPlan

    with errors_answered(as_json=as_json):
        if resume:
            with bars_on_stderr() as bar:
                report = lab.resume(out, _detector, on_faces=bar("Finding faces"), on_training=bar("Training"))
        else:
            plan = TrainingPlan(
                backbone, side, dimensions, width, _text(weights), margin, optimizer, learning_rate, epochs, people,
                faces, patience, seed,
            )  # fmt: skip
            order = _order(data, plan, alignment, smallest, boxes)
            with bars_on_stderr() as bar:
                report = lab.train(order, out, _detector, on_faces=bar("Finding faces"), on_training=bar("Training"))
        answer(report, _told(report), as_json=as_json)


def run_experiments(
    out: Out,
    data: Data = None,
    backbones: Annotated[str, typer.Option("--backbones", help="Separated by commas; the first is the basis.")] = (
        "mobilenet"
    ),
    margins: Annotated[str, typer.Option("--margins", help="The same of margins.")] = "0.3,0.2,0.6,1",
    optimizers: Annotated[str, typer.Option("--optimizers", help="The same of optimizers.")] = "adam,rmsprop,sgd",
    seeds: Annotated[str, typer.Option("--seeds", help="Of the splits that each is tried on.")] = "0,1",
    smallest: Smallest = 100.0,
    boxes: Boxes = None,
    alignment: Alignment = "arcface",
    side: Side = 96,
    dimensions: Dimensions = 128,
    width: Width = 1.0,
    weights: Weights = None,
    learning_rate: Rate = 1e-3,
    epochs: Epochs = 20,
    people: People = 16,
    faces: Faces = 4,
    patience: Patience = 6,
    as_json: AsJson = False,
) -> None:
    """Train once for each backbone, margin and optimizer in turn, and make a table of it; goes on when interrupted."""
    from facetagger.operations import training_embedders as lab
    from facetagger.training.embedder_training import TrainingPlan
    from facetagger.training.experiments import Variations

    with errors_answered(as_json=as_json):
        tried = Variations(
            tuple(_words(backbones)), tuple(_numbers(margins)), tuple(_words(optimizers)), tuple(_seeds(seeds))
        )
        plan = TrainingPlan(
            tried.backbones[0], side, dimensions, width, _text(weights), tried.margins[0], tried.optimizers[0],
            learning_rate, epochs, people, faces, patience,
        )  # fmt: skip
        order = _order(data, plan, alignment, smallest, boxes)
        with bars_on_stderr() as bar:
            rows = lab.experiment(order, tried, out, _detector, on_faces=bar("Finding faces"), on_training=bar)
        text = "\n".join(f"{row['auc']:.3f}  {row['tried']}" for row in rows)
        answer(rows, f"Area under the ROC curve of people held out:\n{text}\nThe table is in {out}.", as_json=as_json)


def _order(data: Path | None, plan: Any, alignment: str, smallest: float, boxes: Path | None) -> TrainingOrder:
    from facetagger.faces.packs.manifest import ALIGNMENTS
    from facetagger.operations.training_embedders import TrainingOrder

    if data is None:
        raise FaceTaggerError("There is nothing to train on.", hint="Give a folder with a folder of photos per person.")
    if alignment not in ALIGNMENTS:
        raise FaceTaggerError(f"There is no alignment “{alignment}”.", hint=f"There are {', '.join(ALIGNMENTS)}.")
    return TrainingOrder(str(data.absolute()), plan, alignment, smallest, _text(boxes))


def _detector() -> Detector:
    from facetagger.faces.mtcnn import MtcnnDetector

    return MtcnnDetector()


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path.absolute())


def _words(text: str) -> list[str]:
    words = list(dict.fromkeys(word.strip() for word in text.split(",") if word.strip()))
    if not words:
        raise FaceTaggerError("There is nothing to try.", hint="Give one or more, separated by commas.")
    return words


def _numbers(text: str) -> list[float]:
    try:
        return [float(word) for word in _words(text)]
    except ValueError as error:
        raise FaceTaggerError(f"“{text}” are no numbers.", hint="Separate them by commas.") from error


def _seeds(text: str) -> list[int]:
    if not all(word.isdecimal() for word in _words(text)):
        raise FaceTaggerError(f"“{text}” are no whole numbers.", hint="Separate them by commas.")
    return [int(word) for word in _words(text)]


def _told(report: Any) -> str:
    refused = ", ".join(f"{count} {reason}" for reason, count in report["refused"].items())
    trained, untrained = report["trained"], report["untrained"]
    return (
        f"Trained on {report['trained_on']['faces']} faces of {report['trained_on']['people']} people"
        f"{f' ({refused})' if refused else ''}. Of {report['held_out']['people']} people held out, pairs of faces are "
        f"judged rightly in {trained['accuracy']:.1%} (untrained {untrained['accuracy']:.1%}); area under the ROC "
        f"curve {trained['auc']:.3f} (untrained {untrained['auc']:.3f}); triplet loss {trained['loss']:.3f} "
        f"(untrained {untrained['loss']:.3f}).\n"
        f"To use it: facetagger models install {report['pack']}"
    )

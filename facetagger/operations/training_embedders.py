"""Embedders of the user's own: trained on a dataset into a folder, which holds a model pack in the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import FaceTaggerError
from facetagger.faces.detector import Detector
from facetagger.faces.packs.manifest import chip_alignment
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.operations.training_faces import FaceWishes, TrainingFaces, find_training_faces
from facetagger.training.batches import LabelledChips
from facetagger.training.embedder_report import (
    REPORT,
    figures_of,
    history_of,
    write_curves,
    write_pack,
    write_report,
)
from facetagger.training.embedder_training import TrainingPlan, train_embedder
from facetagger.training.experiments import Variations, experiments_of, row_of, write_table

Report = Mapping[str, Any]

_ORDER: Final = "plan.json"
_HELD_OUT: Final = 0.2
"""Share of the people (families, where there are families) who are validated on."""

_MARGIN_SHARE: Final = 0.2
"""Of a chip cut by a box alone, how much is room around the box."""


@dataclass(frozen=True, slots=True)
class TrainingOrder:
    """What is to be trained on what; ``alignment`` is one of a manifest's, ``smallest`` in pixels of the photo."""

    data: str
    plan: TrainingPlan
    alignment: str = "arcface"
    smallest: float = 100.0
    boxes: str | None = None

    @property
    def margin(self) -> int:
        return round(self.plan.side * _MARGIN_SHARE) if self.cut == "box" else 0

    @property
    def cut(self) -> str:
        """A list of boxes has no landmarks to align by."""
        return "box" if self.boxes is not None else self.alignment

    @property
    def wishes(self) -> FaceWishes:
        chip = chip_alignment(self.cut, self.plan.side, self.margin)
        return FaceWishes(chip, self.smallest, None if self.boxes is None else Path(self.boxes))


def train(
    order: TrainingOrder,
    out: Path,
    load_detector: Callable[[], Detector],
    *,
    on_faces: Callable[[Progress], None] | None = None,
    on_training: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> Report:
    """Trains into ``out``, an empty or new folder. The report is also in its ``report.json``.

    Raises:
        FaceTaggerError: The folder is in use, the data are not of the right form, or the plan cannot be followed.
        Cancelled: ``cancel`` was cancelled; ``resume`` goes on from the last finished epoch.
    """
    order.plan.check()
    _check_free(out)
    faces = _faces_for(order, load_detector, on_faces, cancel)
    _begin(order, out)
    return _trained(order, faces, out, on_training, cancel)


def resume(
    out: Path,
    load_detector: Callable[[], Detector],
    *,
    on_faces: Callable[[Progress], None] | None = None,
    on_training: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> Report:
    """Goes on with what was interrupted in ``out``, by the plan that is stored there. Raises as ``train`` does."""
    try:
        stored = json.loads((out / _ORDER).read_text(encoding="utf-8"))
        order = TrainingOrder(**{**stored, "plan": TrainingPlan(**stored["plan"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise FaceTaggerError(
            f"There is no training in {out} to go on with.",
            hint="Give the folder it was started with, or leave out --resume.",
        ) from error
    return _trained(order, _faces_for(order, load_detector, on_faces, cancel), out, on_training, cancel)


def finished(out: Path) -> Report | None:
    """The report of a training that has come to its end in ``out``."""
    try:
        report: Report = json.loads((out / REPORT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return report


def _check_free(out: Path) -> None:
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise FaceTaggerError(
            f"{out} is not empty.", hint="Give a new folder, or --resume to go on with the training in it."
        )


def _begin(order: TrainingOrder, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / _ORDER).write_text(json.dumps(asdict(order), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise FaceTaggerError(f"{out} cannot be written to.", error.strerror or str(error)) from error


def _faces_for(
    order: TrainingOrder,
    load_detector: Callable[[], Detector],
    progress: Callable[[Progress], None] | None,
    cancel: CancelToken | None,
) -> TrainingFaces:
    return find_training_faces(Path(order.data), order.wishes, load_detector, progress=progress, cancel=cancel)


def _trained(
    order: TrainingOrder,
    faces: TrainingFaces,
    out: Path,
    on_training: Callable[[Progress], None] | None,
    cancel: CancelToken | None,
) -> Report:
    chips = LabelledChips(faces.chips, faces.people)
    held_out = split(faces.groups, order.plan.seed)
    _check_split(faces, held_out)
    training, validation = chips.of(~held_out), chips.of(held_out)
    trained = train_embedder(order.plan, training, validation, out, progress=on_training, cancel=cancel)
    try:
        pack = write_pack(trained, order.plan, order.cut, order.margin, Path(order.data).name, out)
        write_curves(trained, out)
        report = {
            "data": order.data,
            "plan": asdict(order.plan),
            "photos": faces.photos,
            "refused": dict(faces.refused),
            "trained_on": {"faces": len(training), "people": len(np.unique(training.people))},
            "held_out": {"faces": len(validation), "people": len(np.unique(validation.people))},
            "history": history_of(trained),
            "best_epoch": trained.best.number,
            "untrained": figures_of(trained.untrained) | {"loss": round(trained.history[0].validation_loss, 4)},
            "trained": figures_of(trained.trained) | {"loss": round(trained.best.validation_loss, 4)},
            "pack": str(pack),
        }
        write_report(out, report)
    except OSError as error:
        raise FaceTaggerError(
            "What was trained cannot be stored.", str(error), "Make room on the disk, then go on with --resume."
        ) from error
    return report


def split(groups: NDArray[np.int64], seed: int) -> NDArray[np.bool_]:
    """Whether each face (n,) is held out: whole groups are, so that nobody and nobody's kin is on both sides."""
    names = np.random.default_rng(seed).permutation(np.unique(groups))
    count = min(max(2, round(_HELD_OUT * len(names))), len(names) - 1)
    return np.isin(groups, names[:count])


def _check_split(faces: TrainingFaces, held_out: NDArray[np.bool_]) -> None:
    for part in (held_out, ~held_out):
        if len(np.unique(faces.people[part])) < 2:
            raise FaceTaggerError(
                "There are too few people to learn from some and try out on others.",
                "Two people with two faces each are needed on either side.",
                "Add folders of people.",
            )


def experiment(
    order: TrainingOrder,
    tried: Variations,
    out: Path,
    load_detector: Callable[[], Detector],
    *,
    on_faces: Callable[[Progress], None] | None = None,
    on_training: Callable[[str], Callable[[Progress], None]] | None = None,
    cancel: CancelToken | None = None,
) -> list[dict[str, Any]]:
    """A table of what each variation of ``order.plan`` gives, a row each; the table also lies in ``out``.

    Each training has a folder in ``out``. One that is finished there is not repeated, one that was interrupted goes
    on. ``on_training`` is asked for a reporter of each training, by its name.

    Raises:
        FaceTaggerError: As ``train`` does, or ``out`` holds experiments on other data or by another plan.
        Cancelled: ``cancel`` was cancelled; called again it goes on.
    """
    rows = []
    for each in experiments_of(order.plan, tried):
        reports = []
        for plan in each.plans:
            folder = out / f"{each.name}-seed-{plan.seed}"
            report = finished(folder)
            if report is None:
                on_steps = on_training(folder.name) if on_training is not None else None
                if not (folder / _ORDER).is_file():
                    _begin(replace(order, plan=plan), folder)
                report = resume(folder, load_detector, on_faces=on_faces, on_training=on_steps, cancel=cancel)
            if report["plan"] != asdict(plan) or report["data"] != order.data:
                raise FaceTaggerError(
                    f"{out} holds experiments of another kind.",
                    f"{folder.name} was trained by another plan.",
                    "Give a new folder.",
                )
            reports.append(report)
        rows.append(row_of(each, reports))
        write_table(rows, out)
    return rows

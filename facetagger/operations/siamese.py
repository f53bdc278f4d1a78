"""A siamese network that tells kin from strangers, fine-tuned on families that the user has."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import FaceTaggerError
from facetagger.faces.alignment import DLIB, Alignment
from facetagger.faces.packs.manifest import PackFormat
from facetagger.faces.packs.store import PackStore
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.imaging.formats import find_photos
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.library import Library
from facetagger.operations.kinship_chips import FILE as FACES
from facetagger.operations.kinship_chips import PeoplesFaces, faces_of_families
from facetagger.operations.models import FOLDER, installed_packs
from facetagger.training.families import Families, Pair, read_families, strangers_for
from facetagger.training.kinship_head import fit, mean_faces
from facetagger.training.kinship_measuring import Outcome, area_under_curve
from facetagger.training.kinship_network import KinshipNetwork
from facetagger.training.kinship_plots import draw_outcome
from facetagger.training.siamese_network import Twin, twin_of
from facetagger.training.siamese_pairs import judge
from facetagger.training.siamese_plan import KinSplit, SiamesePlan, split_by_family
from facetagger.training.siamese_report import draw_training, write_report
from facetagger.training.siamese_training import Epoch, best_of, train_siamese

_PLAN: Final = "plan.json"


@dataclass(frozen=True, slots=True)
class SiameseReport:
    """``auc`` of the families held out, with the ends of its 95 % interval; ``raw_auc`` is what the distance of the
    embeddings achieves on the same pairs, ``frozen_auc`` a head on these embeddings that learnt from the others.
    Epoch 0 is the warm-up."""

    backbone: str
    families: int
    people: int
    photos: int
    kin_pairs: int
    held_out_pairs: int
    auc: float
    low: float
    high: float
    raw_auc: float
    frozen_auc: float
    epochs: int
    best_epoch: int


class SiameseTraining:
    def __init__(
        self,
        library: Library,
        load_analyser: Callable[[], FaceAnalyser],
        build_twin: Callable[[SiamesePlan, Alignment, bytes | None], Twin] = twin_of,
    ) -> None:
        self._folder = library.folder / FOLDER
        self._load_analyser = load_analyser
        self._build_twin = build_twin
        self._packs: PackStore = installed_packs(library.folder)

    def train(
        self,
        data: Path,
        out: Path,
        plan: SiamesePlan,
        *,
        is_resumed: bool = False,
        on_faces: Callable[[Progress], None] | None = None,
        on_training: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> SiameseReport:
        """Learns from a folder of the Families-in-the-Wild layout, measures on families held out, keeps the network.

        ``out``, new or empty, gets checkpoints, curves and scores; ``is_resumed`` goes on with what was interrupted
        there, by the same plan. 'kinship' then compares by this network.

        Raises:
            FaceTaggerError: The data, the plan or the folder is not of that kind; the sentence says what to do.
            Cancelled: ``cancel`` was cancelled; an earlier network stays.
        """
        plan.check()
        folder = data.absolute()
        families = read_families(folder, find_photos([folder]))
        split_by_family(families.families, families.kin, plan.seed)
        twin = self._twin(plan)
        if is_resumed:
            _check_same(plan, out)
        else:
            _begin(plan, out)
        faces = faces_of_families(
            families, plan.photos, self._load_analyser(), twin.alignment, out, progress=on_faces, cancel=cancel
        )
        kin = [pair for pair in families.kin if faces.embeddings.keys() >= set(pair)]
        split = split_by_family(families.families, kin, plan.seed)
        network, history = train_siamese(plan, twin, faces.chips, split, out, progress=on_training, cancel=cancel)
        outcome, frozen_auc = _measured(network, faces, split, plan.seed)
        report = _report(plan, families, faces, split, outcome, frozen_auc, history)
        self._keep(network, outcome, history, report, out)
        return report

    def stored_plan(self, out: Path) -> SiamesePlan:
        """Of a training that was begun in ``out``. Raises ``FaceTaggerError`` where there is none."""
        try:
            return SiamesePlan(**json.loads((out / _PLAN).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise FaceTaggerError(
                f"There is no training in {out} to go on with.",
                hint="Give the folder that it was begun in, or leave out --resume.",
            ) from error

    def _twin(self, plan: SiamesePlan) -> Twin:
        for pack in self._packs.all():
            if plan.backbone == pack.id and pack.format is PackFormat.FACENET:
                return self._build_twin(plan, pack.chip, self._packs.weights(pack))
        return self._build_twin(plan, Alignment(plan.side, DLIB.template, DLIB.padding), None)

    def _keep(
        self, network: KinshipNetwork, outcome: Outcome, history: Sequence[Epoch], report: SiameseReport, out: Path
    ) -> None:
        try:
            draw_outcome(outcome, out)
            draw_training(history, out)
            write_report(out, asdict(report))
            network.save(self._folder)
            (out / FACES).unlink(missing_ok=True)
        except OSError as error:
            raise FaceTaggerError(
                "What was learnt cannot be stored.",
                f"{error.filename}: {error.strerror}",
                "Make room on the disk, then go on with --resume.",
            ) from error


def _begin(plan: SiamesePlan, out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise FaceTaggerError(
                f"{out} is not empty.", hint="Give a new folder, or --resume to go on with the training in it."
            )
        (out / _PLAN).write_text(json.dumps(asdict(plan), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise FaceTaggerError(f"{out} cannot be written to.", error.strerror or str(error)) from error


def _check_same(plan: SiamesePlan, out: Path) -> None:
    try:
        stored = json.loads((out / _PLAN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        stored = None
    if stored != asdict(plan):
        raise FaceTaggerError(
            f"The training in {out} was begun by another plan.", hint="Leave the options out, or give a new folder."
        )


def _measured(network: KinshipNetwork, faces: PeoplesFaces, split: KinSplit, seed: int) -> tuple[Outcome, float]:
    """The pairs held out as the network judges them, and the area that a head on frozen embeddings reaches there."""
    related = {frozenset(pair) for pair in split.held_out}
    strangers = strangers_for(split.held_out, related, np.random.default_rng(seed))
    pairs: tuple[Pair, ...] = (*split.held_out, *strangers)
    is_kin: NDArray[np.bool_] = np.arange(len(pairs)) < len(split.held_out)
    means = mean_faces(faces.embeddings)
    first, second = (np.stack([means[pair[side]] for pair in pairs]) for side in (0, 1))
    nearness = np.sum(first * second, axis=1).astype(np.float64)
    head = fit(faces.model_id, faces.embeddings, [*split.training, *split.validation], seed)
    odds = judge(network, faces.chips, pairs)
    outcome = Outcome(pairs, is_kin, odds, nearness, np.zeros(len(pairs), np.int64))
    return outcome, area_under_curve(head.log_odds(first, second), is_kin)


def _report(
    plan: SiamesePlan,
    families: Families,
    faces: PeoplesFaces,
    split: KinSplit,
    outcome: Outcome,
    frozen_auc: float,
    history: Sequence[Epoch],
) -> SiameseReport:
    return SiameseReport(
        plan.backbone,
        len(families.families),
        len(faces.embeddings),
        len(faces.chips.chips),
        len(split.training) + len(split.validation) + len(split.held_out),
        len(split.held_out),
        outcome.auc,
        *outcome.interval(),
        outcome.raw_auc,
        frozen_auc,
        history[-1].number,
        best_of(history).number,
    )

"""Fine-tuning a siamese network: epochs with a checkpoint after each, from which a training goes on unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.training.families import Pair, strangers_for
from facetagger.training.kinship_measuring import area_under_curve, platt_curve
from facetagger.training.kinship_network import KinshipNetwork
from facetagger.training.siamese_network import HEAD, Twin, build_siamese
from facetagger.training.siamese_pairs import PairBatch, PeoplesChips, batches_of_pairs, judge, steps_of
from facetagger.training.siamese_plan import KinSplit, SiamesePlan

_HISTORY: Final = "history.json"
_BEST: Final = "best.weights.h5"
_WARM_UP_RATE: Final = 1e-3
_FAR_OFF: Final = 1_000_000
"""The number of an epoch that no training reaches: the warm-up has batches of its own."""

_FOCUS: Final = 2.0
"""Gamma of the focal loss (Lin et al. 2017)."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """``loss`` is the mean over the epoch, penalty included; the others are of families that were not learnt from.

    Epoch 0 is the warm-up of the dense layers, and ``loss`` that of its end, None where there was none.
    """

    number: int
    loss: float | None
    validation_loss: float
    validation_auc: float


def best_of(history: Sequence[Epoch]) -> Epoch:
    """The one whose network is kept."""
    return max(history, key=lambda epoch: epoch.validation_auc)


@dataclass(slots=True)
class _State:
    history: list[Epoch] = field(default_factory=list)
    weights: str | None = None

    def is_over(self, plan: SiamesePlan) -> bool:
        done = self.history[-1].number
        return done >= plan.epochs or done - best_of(self.history).number >= plan.patience


def train_siamese(
    plan: SiamesePlan,
    twin: Twin,
    faces: PeoplesChips,
    split: KinSplit,
    folder: Path,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> tuple[KinshipNetwork, tuple[Epoch, ...]]:
    """The network of the best epoch, calibrated on the validation's families, and the curve.

    ``folder`` gets the checkpoints; what an interrupted training left there is gone on with.

    Raises:
        FaceTaggerError: A checkpoint cannot be written.
        ModelError: The checkpoint in ``folder`` is damaged or of another plan.
        Cancelled: ``cancel`` was cancelled; called again it goes on from the last finished epoch.
    """
    training = _Training(plan, twin, faces, split, folder)
    meter = ProgressMeter(plan.epochs * training.steps, progress or (lambda progress: None))
    if not training.state.history:
        training.warm_up(cancel or CancelToken())
    meter.advance(training.state.history[-1].number * training.steps)
    while not training.state.is_over(plan):
        training.run_epoch(meter, cancel or CancelToken())
    meter.advance(plan.epochs * training.steps)
    return training.finish(), tuple(training.state.history)


class _Training:
    def __init__(self, plan: SiamesePlan, twin: Twin, faces: PeoplesChips, split: KinSplit, folder: Path) -> None:
        self._plan, self._faces, self._split, self._folder = plan, faces, split, folder
        network = build_siamese(twin.maps, plan.penalty, plan.seed)
        self._compile(network)
        self._judge = KinshipNetwork(network, twin.alignment)
        related = {frozenset(pair) for pair in split.validation}
        strangers = strangers_for(split.validation, related, np.random.default_rng(plan.seed))
        self._pairs: tuple[Pair, ...] = (*split.validation, *strangers)
        self._is_kin = np.arange(len(self._pairs)) < len(split.validation)
        self.steps = steps_of(split.training, plan)
        self.state = self._restored()

    def warm_up(self, cancel: CancelToken) -> None:
        """Only the dense layers learn, from what the twins see now: seconds an epoch."""
        import keras

        network = self._judge.network.get_layer(HEAD)
        # A model of its own, so that its optimizer is not stored with the weights.
        head = keras.Model(network.inputs, network.outputs)
        head.compile(keras.optimizers.Adam(_WARM_UP_RATE), self._loss, jit_compile=False)
        features = self._judge.features(self._faces.chips) if self._plan.warm_up else np.empty((0, 0), np.float32)
        self._seed_dropout(0)
        losses: list[float] = []
        for number in range(self._plan.warm_up):
            losses = []
            for batch in batches_of_pairs(self._split.training, self._faces.rows, self._plan, _FAR_OFF + number):
                cancel.checkpoint()
                differences = np.abs(features[batch.first] - features[batch.second])
                head.reset_metrics()
                losses.append(float(np.ravel(head.train_on_batch(differences, _targets(batch)))[0]))
        self._judge_epoch(0, losses)

    def run_epoch(self, meter: ProgressMeter, cancel: CancelToken) -> None:
        number = self.state.history[-1].number + 1
        self._seed_dropout(number)
        losses: list[float] = []
        for batch in batches_of_pairs(self._split.training, self._faces.rows, self._plan, number):
            cancel.checkpoint()
            losses.append(self._learn(batch, np.random.default_rng([self._plan.seed, number, len(losses)])))
            meter.advance()
        self._judge_epoch(number, losses)

    def _judge_epoch(self, number: int, losses: Sequence[float]) -> None:
        odds = judge(self._judge, self._faces, self._pairs)
        auc = area_under_curve(odds, self._is_kin)
        loss = float(self._loss(self._is_kin[:, np.newaxis].astype(np.float32), odds[:, np.newaxis]))
        self.state.history.append(Epoch(number, float(np.mean(losses)) if losses else None, loss, auc))
        self._keep(number)

    def finish(self) -> KinshipNetwork:
        self._load(_BEST)
        odds = judge(self._judge, self._faces, self._pairs)
        slope, offset = platt_curve(odds, self._is_kin)
        return replace(self._judge, slope=slope, offset=offset)

    def _compile(self, network: Any) -> None:
        import keras

        plan = self._plan
        losses, optimizers = keras.losses, keras.optimizers
        self._loss = (
            losses.BinaryCrossentropy(from_logits=True)
            if plan.loss == "crossentropy"
            else losses.BinaryFocalCrossentropy(gamma=_FOCUS, from_logits=True)
        )
        optimizer = optimizers.Adam if plan.optimizer == "adam" else optimizers.RMSprop
        # XLA would compile the network for half a minute, and on processors run it slower.
        network.compile(optimizer(plan.learning_rate), self._loss, jit_compile=False)
        network.optimizer.build(network.trainable_variables)

    def _seed_dropout(self, epoch: int) -> None:
        """Keras stores the state of a dropout's chance with no weights: each epoch has one of its own."""
        import keras

        layers = self._judge.network.get_layer(HEAD).layers
        for number, layer in enumerate(each for each in layers if isinstance(each, keras.layers.Dropout)):
            layer.seed_generator.state.assign([self._plan.seed + number, epoch << 16])

    def _learn(self, batch: PairBatch, rng: np.random.Generator) -> float:
        pixels = [self._looked_at(rows, rng) for rows in (batch.first, batch.second)]
        # Keras would go on averaging over everything it was ever given.
        self._judge.network.reset_metrics()
        return float(np.ravel(self._judge.network.train_on_batch(pixels, _targets(batch)))[0])

    def _looked_at(self, rows: NDArray[np.intp], rng: np.random.Generator) -> NDArray[np.float32]:
        """Chips as pixels, half of them mirrored."""
        pixels = self._faces.chips[rows].astype(np.float32)
        is_mirrored = rng.random(len(rows)) < 0.5
        pixels[is_mirrored] = pixels[is_mirrored, :, ::-1]
        return pixels

    def _restored(self) -> _State:
        path = self._folder / _HISTORY
        if not path.is_file():
            return _State()
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            state = _State([Epoch(**each) for each in stored["history"]], str(stored["weights"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(self._folder) from error
        self._load(str(state.weights))
        return state

    def _load(self, name: str) -> None:
        try:
            self._judge.network.load_weights(self._folder / name)
        except Exception as error:
            raise _damaged(self._folder) from error

    def _keep(self, number: int) -> None:
        """Writes the weights, then the file that names them: killed in between, the one before still counts."""
        previous, self.state.weights = self.state.weights, f"epoch-{number:04}.weights.h5"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._save(self.state.weights)
            if best_of(self.state.history).number == number:
                self._save(_BEST)
            temporary = self._folder / f"partial-{_HISTORY}"
            temporary.write_text(json.dumps(asdict(self.state), indent=1), encoding="utf-8")
            temporary.replace(self._folder / _HISTORY)
            if previous is not None:
                (self._folder / previous).unlink(missing_ok=True)
        except OSError as error:
            raise FaceTaggerError(
                "The checkpoint cannot be written.", str(error), "Make room on the disk, then go on with --resume."
            ) from error

    def _save(self, name: str) -> None:
        """The optimizer's moments are among a compiled network's weights."""
        temporary = self._folder / f"partial-{name}"
        self._judge.network.save_weights(temporary)
        temporary.replace(self._folder / name)


def _targets(batch: PairBatch) -> NDArray[np.float32]:
    return batch.is_kin[:, np.newaxis].astype(np.float32)


def _damaged(folder: Path) -> ModelError:
    return ModelError(
        f"The checkpoint in {folder} cannot be read.", "A file of it is missing or damaged.", "Train into a new folder."
    )

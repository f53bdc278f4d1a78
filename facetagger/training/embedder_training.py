"""Training an embedder by triplets: epochs with a checkpoint after each, from which a training goes on unchanged."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.training.augmentation import augment
from facetagger.training.backbones import find_backbone
from facetagger.training.batches import LabelledChips, batches_of
from facetagger.training.triplets import build_embedder, triplet_loss
from facetagger.training.verification import FacePairs, Verification, draw_pairs

OPTIMIZERS: Final = ("adam", "rmsprop", "sgd")

_HISTORY: Final = "history.json"
_BEST: Final = "best.weights.h5"
_PREDICTED_AT_ONCE: Final = 64
_PAIRS: Final = 3000
_WARM_UP: Final = 0.05
"""Share of all steps in which the learning rate rises, from a tenth; after them it falls along a cosine."""


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """What a training follows; the same plan on the same faces gives the same network.

    ``seed`` decides the split, the first weights, the batches and the augmentation. ``patience`` is the number of
    epochs without a better area under the curve after which the training stops.
    """

    backbone: str = "mobilenet"
    side: int = 96
    dimensions: int = 128
    width: float = 1.0
    weights: str | None = None
    margin: float = 0.3
    optimizer: str = "adam"
    learning_rate: float = 1e-3
    epochs: int = 20
    people_per_batch: int = 16
    faces_per_person: int = 4
    patience: int = 6
    seed: int = 0

    def check(self) -> None:
        """Raises ``FaceTaggerError`` for a number that cannot be; the network and the loss check theirs."""
        if self.optimizer not in OPTIMIZERS:
            raise FaceTaggerError(
                f"There is no optimizer “{self.optimizer}”.", hint=f"There are {', '.join(OPTIMIZERS)}."
            )
        if not 0 < self.learning_rate <= 1:
            raise FaceTaggerError(f"The learning rate must be above 0 and at most 1, not {self.learning_rate:g}.")
        for what, number, least in (
            ("dimensions", self.dimensions, 2),
            ("epochs", self.epochs, 1),
            ("people in a batch", self.people_per_batch, 2),
            ("faces of each person in a batch", self.faces_per_person, 2),
            ("patience", self.patience, 1),
        ):
            if number < least:
                raise FaceTaggerError(f"The {what} must be {least} at least, not {number}.")
        find_backbone(self.backbone)
        triplet_loss(self.margin)


@dataclass(frozen=True, slots=True)
class Epoch:
    """``loss`` is None before the first epoch; both losses are means over triplets."""

    number: int
    loss: float | None
    validation_loss: float
    auc: float


@dataclass(frozen=True, slots=True, eq=False)
class TrainedEmbedder:
    """The network of the best epoch; ``history`` begins with epoch 0, the network before training."""

    network: Any
    history: tuple[Epoch, ...]
    untrained: Verification
    trained: Verification

    @property
    def best(self) -> Epoch:
        return max(self.history[1:], key=lambda epoch: epoch.auc)


def train_embedder(
    plan: TrainingPlan,
    training: LabelledChips,
    validation: LabelledChips,
    folder: Path,
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> TrainedEmbedder:
    """Trains by ``plan``, or goes on from the checkpoint in ``folder``; validates on people who are not trained on.

    Raises:
        FaceTaggerError: The plan cannot be followed, or the folder not be written to.
        Cancelled: ``cancel`` was cancelled; the epochs that were finished are in the folder.
    """
    plan.check()
    cancel = cancel or CancelToken()
    with _precision():
        run = _Run(plan, training, validation, folder)
        meter = ProgressMeter(plan.epochs * run.steps, progress or (lambda progress: None))
        meter.advance(run.state.epochs_done * run.steps)
        while not run.is_finished:
            run.epoch(cancel, meter)
            # Anew from the folder, as after an interruption: a network that was stored and read again rounds some
            # sums differently, which grows in training until it shows.
            run = _Run(plan, training, validation, folder)
        return run.result()


@dataclass(slots=True)
class _State:
    """What the checkpoint's file says."""

    history: list[Epoch] = field(default_factory=list)
    weights: str | None = None
    untrained: Verification | None = None

    @property
    def epochs_done(self) -> int:
        return max(len(self.history) - 1, 0)

    @property
    def best_epoch(self) -> int:
        return max(range(1, len(self.history)), key=lambda number: self.history[number].auc, default=0)


class _Run:
    def __init__(self, plan: TrainingPlan, training: LabelledChips, validation: LabelledChips, folder: Path) -> None:
        self._tf = load_tensorflow()
        import keras

        keras.utils.clear_session()
        keras.utils.set_random_seed(plan.seed)
        self._plan, self._training, self._validation, self._folder = plan, training, validation, folder
        weights = None if plan.weights is None else Path(plan.weights)
        self._network = build_embedder(plan.backbone, plan.side, plan.dimensions, width=plan.width, weights=weights)
        self._loss = triplet_loss(plan.margin)
        self.steps = len(self._batches(training, 1))
        self._network.compile(optimizer=self._optimizer(keras), loss=self._loss)
        self._network.optimizer.build(self._network.trainable_variables)
        self._pairs: FacePairs = draw_pairs(validation.people, _PAIRS, np.random.default_rng(plan.seed))
        self.state = self._restored()
        if not self.state.history:
            self.state.untrained = self._pairs.verified(self._embed())
            self.state.history.append(Epoch(0, None, self._validation_loss(), self.state.untrained.auc))

    @property
    def is_finished(self) -> bool:
        done = self.state.epochs_done
        return done >= self._plan.epochs or done - self.state.best_epoch >= self._plan.patience

    def epoch(self, cancel: CancelToken, meter: ProgressMeter) -> None:
        number = self.state.epochs_done + 1
        self._network.reset_metrics()
        loss = 0.0
        for step, rows in enumerate(self._batches(self._training, number)):
            cancel.checkpoint()
            chips = augment(self._training.chips[rows], (self._plan.seed, number * 100_000 + step))
            loss = float(self._network.train_on_batch(chips, self._training.people[rows]))
            meter.advance()
        auc = self._pairs.verified(self._embed()).auc
        self.state.history.append(Epoch(number, loss, self._validation_loss(), auc))
        self._keep()

    def result(self) -> TrainedEmbedder:
        import keras

        try:
            self._network.load_weights(self._folder / _BEST)
        except (OSError, ValueError, KeyError) as error:
            raise _damaged(self._folder) from error
        # In full precision, whatever it was trained in: a pack is for any machine.
        keras.mixed_precision.set_dtype_policy("float32")
        network = build_embedder(self._plan.backbone, self._plan.side, self._plan.dimensions, width=self._plan.width)
        network.set_weights(self._network.get_weights())
        self._network = network
        trained = self._pairs.verified(self._embed())
        assert self.state.untrained is not None
        return TrainedEmbedder(network, tuple(self.state.history), self.state.untrained, trained)

    def _batches(self, faces: LabelledChips, epoch: int) -> list[NDArray[np.intp]]:
        plan = self._plan
        rng = np.random.default_rng([plan.seed, epoch])
        return batches_of(faces.people, plan.people_per_batch, plan.faces_per_person, rng)

    def _optimizer(self, keras: Any) -> Any:
        plan = self._plan
        total = self.steps * plan.epochs
        warm_up = max(1, round(_WARM_UP * total))
        rate = keras.optimizers.schedules.CosineDecay(
            plan.learning_rate / 10, max(1, total - warm_up), warmup_target=plan.learning_rate, warmup_steps=warm_up
        )
        if plan.optimizer == "adam":
            return keras.optimizers.Adam(rate)
        return keras.optimizers.RMSprop(rate) if plan.optimizer == "rmsprop" else keras.optimizers.SGD(rate, 0.9)

    def _embed(self) -> NDArray[np.float32]:
        """Of the validation's faces, (n, d)."""
        chips = self._validation.chips
        parts = [
            self._network.predict_on_batch(chips[start : start + _PREDICTED_AT_ONCE].astype(np.float32))
            for start in range(0, len(chips), _PREDICTED_AT_ONCE)
        ]
        return np.concatenate(parts).astype(np.float32)

    def _validation_loss(self) -> float:
        vectors = self._embed()
        losses = [
            float(self._loss(self._tf.constant(self._validation.people[rows]), self._tf.constant(vectors[rows])))
            for rows in self._batches(self._validation, 0)
        ]
        return float(np.mean(losses))

    def _restored(self) -> _State:
        """The state that the folder holds, with the network and its optimizer as they were."""
        path = self._folder / _HISTORY
        if not path.is_file():
            return _State()
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            history = [Epoch(**each) for each in stored["history"]]
            state = _State(history, stored["weights"], _verification_of(stored["untrained"]))
            self._network.load_weights(self._folder / str(state.weights))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(self._folder) from error
        return state

    def _keep(self) -> None:
        """Writes the weights, then the file that names them: killed in between, the one before still counts."""
        number = self.state.epochs_done
        previous, self.state.weights = self.state.weights, f"epoch-{number:04}.weights.h5"
        try:
            self._save(self.state.weights)
            if self.state.best_epoch == number:
                self._save(_BEST)
            text = json.dumps(asdict(self.state), indent=1)
            temporary = self._folder / (_HISTORY + ".part")
            temporary.write_text(text, encoding="utf-8")
            temporary.replace(self._folder / _HISTORY)
            if previous is not None:
                (self._folder / previous).unlink(missing_ok=True)
        except OSError as error:
            raise FaceTaggerError(
                "The checkpoint cannot be written.", str(error), "Make room on the disk, then go on with --resume."
            ) from error

    def _save(self, name: str) -> None:
        temporary = self._folder / f"part-{name}"
        self._network.save_weights(temporary)
        temporary.replace(self._folder / name)


def _verification_of(stored: dict[str, Any]) -> Verification:
    """JSON has made words of the rates."""
    return Verification(**{**stored, "tar": {float(rate): share for rate, share in stored["tar"].items()}})


def _damaged(folder: Path) -> ModelError:
    return ModelError(
        f"The checkpoint in {folder} cannot be read.", "A file of it is missing or damaged.", "Train into a new folder."
    )


@contextmanager
def _precision() -> Iterator[None]:
    """16-bit arithmetic where a GPU has it fast; on a processor it would be slower and worse."""
    tf = load_tensorflow()
    import keras

    before = keras.mixed_precision.dtype_policy()
    if tf.config.list_physical_devices("GPU"):
        keras.mixed_precision.set_dtype_policy("mixed_float16")
    try:
        yield
    finally:
        keras.mixed_precision.set_dtype_policy(before)

"""People here are colours and stripes: learnt in seconds, and hard enough that there is a curve."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.training.batches import LabelledChips, batches_of
from facetagger.training.embedder_training import TrainedEmbedder, TrainingPlan, train_embedder
from tests.training.small_network import small_network


@pytest.fixture(autouse=True, scope="module")
def _small_network() -> Iterator[None]:
    with small_network():
        yield


PLAN = TrainingPlan(
    side=32, dimensions=16, width=0.25, epochs=3, people_per_batch=6, faces_per_person=3, learning_rate=3e-3
)


def stripes(people: range, faces: int = 6) -> LabelledChips:
    """Everybody's stripes have a direction and a distance of their own; contrast and noise differ from face to face."""
    places = np.stack(np.meshgrid(np.arange(32), np.arange(32)), axis=-1).astype(float)
    chips, labels = [], []
    for person in people:
        own = np.random.default_rng(person)
        angle, step = own.uniform(0, np.pi), own.uniform(0.25, 1.2)
        wave = np.sin(places @ np.array([np.cos(angle), np.sin(angle)]) * step)
        for _ in range(faces):
            noise = own.normal(0, 25, (32, 32, 3))
            picture = 128 + own.uniform(50, 90) * wave[..., np.newaxis] + noise
            chips.append(np.clip(picture, 0, 255).astype(np.uint8))
            labels.append(person)
    return LabelledChips(np.stack(chips), np.array(labels, np.int64))


TRAINING, VALIDATION = stripes(range(30)), stripes(range(100, 112))


class _InEpoch:
    """Cancels once so many steps are done."""

    def __init__(self, token: CancelToken, steps: int) -> None:
        self._token, self._steps = token, steps

    def __call__(self, progress: object) -> None:
        if getattr(progress, "done", 0) >= self._steps:
            self._token.cancel()


def _steps_of_an_epoch() -> int:
    rng = np.random.default_rng([PLAN.seed, 1])
    return len(batches_of(TRAINING.people, PLAN.people_per_batch, PLAN.faces_per_person, rng))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> TrainedEmbedder:
    return train_embedder(PLAN, TRAINING, VALIDATION, tmp_path_factory.mktemp("trained"))


def test_training_tells_people_apart_who_were_not_trained_on(trained: TrainedEmbedder) -> None:
    assert trained.trained.auc > trained.untrained.auc + 0.03
    assert trained.best.validation_loss < trained.history[0].validation_loss
    assert trained.best.auc == max(epoch.auc for epoch in trained.history[1:])


def test_an_interrupted_training_goes_on_as_if_it_had_not_been(trained: TrainedEmbedder, tmp_path: Path) -> None:
    folder, token = tmp_path, CancelToken()
    steps = _steps_of_an_epoch()
    with pytest.raises(Cancelled):
        train_embedder(PLAN, TRAINING, VALIDATION, folder, progress=_InEpoch(token, steps + steps // 2), cancel=token)
    assert len(json.loads((folder / "history.json").read_text())["history"]) == 2, "one epoch was finished"
    resumed = train_embedder(PLAN, TRAINING, VALIDATION, folder)
    assert trained.history == resumed.history
    assert trained.untrained == resumed.untrained


def test_a_training_without_gain_stops_early(tmp_path: Path) -> None:
    alike = replace(VALIDATION, chips=np.zeros_like(VALIDATION.chips))
    stopped = train_embedder(replace(PLAN, epochs=9, patience=1), TRAINING, alike, tmp_path)
    assert [epoch.auc for epoch in stopped.history] == [0.5] * 3


def test_a_damaged_checkpoint_is_told_and_left(tmp_path: Path) -> None:
    train_embedder(replace(PLAN, epochs=1), TRAINING, VALIDATION, tmp_path)
    (weights,) = tmp_path.glob("epoch-*.h5")
    weights.write_bytes(b"cut short")
    with pytest.raises(ModelError, match="checkpoint"):
        train_embedder(PLAN, TRAINING, VALIDATION, tmp_path)
    assert weights.read_bytes() == b"cut short"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"margin": 5.0}, "margin"),
        ({"optimizer": "magic"}, "optimizer"),
        ({"learning_rate": 0.0}, "learning rate"),
        ({"epochs": 0}, "epochs"),
        ({"people_per_batch": 1}, "people in a batch"),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(FaceTaggerError, match=words):
        replace(PLAN, **change).check()  # type: ignore[arg-type]

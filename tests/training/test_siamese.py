from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.faces.alignment import Alignment
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.progress import Progress
from facetagger.training.families import Pair, family_of, strangers_for
from facetagger.training.kinship_measuring import area_under_curve
from facetagger.training.kinship_network import FACTS, FILE, KinshipNetwork, forget_network, has_network
from facetagger.training.siamese_network import Twin, build_siamese, twin_of
from facetagger.training.siamese_pairs import PeoplesChips, batches_of_pairs, judge, steps_of
from facetagger.training.siamese_plan import KinSplit, SiamesePlan, split_by_family
from facetagger.training.siamese_training import Epoch, train_siamese

SIDE = 16
CHIPS = Alignment(SIDE, None, 0.1)
PLAN = SiamesePlan(learning_rate=3e-3, batch=16, epochs=6, patience=6)


def families_of_colours(families: int = 60, seed: int = 0) -> tuple[list[str], list[Pair], PeoplesChips]:
    """Three people a family, two photos each: noise over a colour that relatives share, as the truth to be found."""
    rng = np.random.default_rng(seed)
    chips: list[Any] = []
    rows: dict[str, Any] = {}
    kin: list[Pair] = []
    for family in range(families):
        colour = rng.uniform(40, 215, 3)
        people = [f"F{family:04}/MID{number}" for number in (1, 2, 3)]
        for person in people:
            own = colour + rng.normal(0, 6, 3)
            rows[person] = np.arange(len(chips), len(chips) + 2)
            chips += [own + rng.normal(0, 12, (SIDE, SIDE, 3)) for _ in range(2)]
        kin += [(people[0], people[1]), (people[0], people[2])]
    pixels = np.clip(np.stack(chips), 0, 255).astype(np.uint8)
    return sorted({family_of(person) for person in rows}), kin, PeoplesChips(pixels, rows)


def tiny_twin() -> Twin:
    load_tensorflow()
    import keras

    keras.utils.set_random_seed(1)
    pixels = keras.Input((SIDE, SIDE, 3))
    x = keras.layers.Rescaling(1 / 127.5, -1.0)(pixels)
    x = keras.layers.AveragePooling2D(8)(x)
    return Twin(keras.Model(pixels, keras.layers.Conv2D(16, 1, activation="relu")(x)), CHIPS)


@pytest.fixture(scope="module")
def colours() -> tuple[KinSplit, PeoplesChips]:
    families, kin, faces = families_of_colours()
    return split_by_family(families, kin, 0), faces


@pytest.fixture(scope="module")
def trained(
    colours: tuple[KinSplit, PeoplesChips], tmp_path_factory: pytest.TempPathFactory
) -> tuple[KinshipNetwork, tuple[Epoch, ...]]:
    split, faces = colours
    return train_siamese(PLAN, tiny_twin(), faces, split, tmp_path_factory.mktemp("trained"))


def held_out_pairs(split: KinSplit) -> list[Pair]:
    related = {frozenset(pair) for pair in split.held_out}
    return [*split.held_out, *strangers_for(split.held_out, related, np.random.default_rng(0))]


def test_no_family_is_in_two_parts_and_every_pair_is_in_one() -> None:
    families, kin, _ = families_of_colours()
    split = split_by_family(families, kin, 0)
    parts = [{family_of(person) for pair in part for person in pair} for part in _parts(split)]
    assert sum(len(part) for part in parts) == len(set().union(*parts)) == len(families)
    assert Counter(pair for part in _parts(split) for pair in part) == Counter(kin)
    assert split_by_family(families, kin, 1) != split


def _parts(split: KinSplit) -> tuple[tuple[Pair, ...], ...]:
    return split.training, split.validation, split.held_out


def test_too_few_families_get_a_sentence() -> None:
    families, kin, _ = families_of_colours(8)
    with pytest.raises(FaceTaggerError, match="too few families"):
        split_by_family(families, kin, 0)


@pytest.mark.parametrize(("share", "kin_each"), [(0.5, 8), (0.25, 4), (0.75, 12)])
def test_batches_have_the_share_of_kin_that_was_asked_for_and_each_kin_pair_comes(
    colours: tuple[KinSplit, PeoplesChips], share: float, kin_each: int
) -> None:
    split, faces = colours
    plan = replace(PLAN, kin_share=share)
    owner = {int(row): person for person, rows in faces.rows.items() for row in rows}
    batches = list(batches_of_pairs(split.training, faces.rows, plan, 1))
    assert len(batches) == steps_of(split.training, plan)
    seen = set()
    for batch in batches:
        assert (batch.is_kin.sum(), len(batch.is_kin)) == (kin_each, 16)
        people = [(owner[int(one)], owner[int(other)]) for one, other in zip(batch.first, batch.second, strict=True)]
        for pair, is_kin in zip(people, batch.is_kin, strict=True):
            assert (pair in split.training) if is_kin else (family_of(pair[0]) != family_of(pair[1]))
        seen |= {pair for pair, is_kin in zip(people, batch.is_kin, strict=True) if is_kin}
    assert seen == set(split.training)


def test_an_epochs_batches_are_the_same_each_time_and_differ_between_epochs(
    colours: tuple[KinSplit, PeoplesChips],
) -> None:
    split, faces = colours

    def rows(epoch: int) -> list[Any]:
        return [batch.first.tolist() for batch in batches_of_pairs(split.training, faces.rows, PLAN, epoch)]

    assert rows(1) == rows(1) != rows(2)


def test_a_planted_likeness_is_learnt_and_told_of_families_never_seen(
    colours: tuple[KinSplit, PeoplesChips], trained: tuple[KinshipNetwork, tuple[Epoch, ...]]
) -> None:
    (split, faces), (network, history) = colours, trained
    assert history[-1].validation_loss < history[0].validation_loss
    pairs = held_out_pairs(split)
    odds = judge(network, faces, pairs)
    is_kin = np.arange(len(pairs)) < len(split.held_out)
    assert area_under_curve(odds, is_kin) > 0.9
    told = [network.probability(each) for each in odds]
    assert np.mean([p for p, kin in zip(told, is_kin, strict=True) if kin]) > 0.6
    assert np.mean([p for p, kin in zip(told, is_kin, strict=True) if not kin]) < 0.4
    swapped = judge(network, faces, [(other, one) for one, other in pairs])
    assert np.allclose(odds, swapped, atol=1e-4)


def test_an_interrupted_training_goes_on_to_the_same_curve(
    colours: tuple[KinSplit, PeoplesChips], trained: tuple[KinshipNetwork, tuple[Epoch, ...]], tmp_path: Path
) -> None:
    split, faces = colours
    token = CancelToken()
    steps = steps_of(split.training, PLAN)

    def stop(progress: Progress) -> None:
        if progress.done > 2 * steps:
            token.cancel()

    with pytest.raises(Cancelled):
        train_siamese(PLAN, tiny_twin(), faces, split, tmp_path, progress=stop, cancel=token)
    _, history = train_siamese(PLAN, tiny_twin(), faces, split, tmp_path)
    curve, expected = (
        np.array([[e.loss, e.validation_loss, e.validation_auc] for e in each]) for each in (history, trained[1])
    )
    np.testing.assert_allclose(curve, expected, rtol=1e-3, atol=1e-4)


def test_a_damaged_checkpoint_gets_a_sentence(colours: tuple[KinSplit, PeoplesChips], tmp_path: Path) -> None:
    split, faces = colours
    (tmp_path / "history.json").write_text('{"history": [], "weights": "epoch-0001.weights.h5"}')
    with pytest.raises(ModelError, match="checkpoint"):
        train_siamese(PLAN, tiny_twin(), faces, split, tmp_path)


@pytest.mark.parametrize(("loss", "optimizer"), [("focal", "rmsprop")])
def test_the_other_loss_and_optimizer_learn_too(
    colours: tuple[KinSplit, PeoplesChips], tmp_path: Path, loss: str, optimizer: str
) -> None:
    split, faces = colours
    plan = replace(PLAN, loss=loss, optimizer=optimizer, kin_share=0.25)
    _, history = train_siamese(plan, tiny_twin(), faces, split, tmp_path)
    assert max(epoch.validation_auc for epoch in history) > 0.8


@pytest.mark.parametrize(
    "wrong",
    [
        {"loss": "hinge"}, {"optimizer": "sgd"}, {"kin_share": 0.0}, {"kin_share": 1.0}, {"kin_share": 0.01},
        {"learning_rate": 0.0}, {"batch": 1}, {"epochs": 0}, {"photos": 0}, {"penalty": -1.0},
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_followed_gets_a_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(FaceTaggerError):
        replace(PLAN, **wrong).check()


def test_the_head_has_the_layers_and_the_first_weights_of_the_recipe() -> None:
    network = build_siamese(tiny_twin().maps, 1e-4, 0)
    dense = [layer for layer in network.get_layer("head").layers if layer.weights and layer.name.startswith("dense")]
    assert [layer.units for layer in dense] == [100, 25, 1]
    kernel, bias = dense[0].get_weights()
    assert abs(kernel.mean()) < 0.02
    assert kernel.std() == pytest.approx(0.2, abs=0.02)
    assert bias.mean() == pytest.approx(0.5, abs=0.01)
    dropouts = [layer.rate for layer in network.get_layer("head").layers if "dropout" in layer.name]
    assert dropouts == [0.1, 0.1]


def test_dlibs_network_becomes_a_twin_that_ends_with_its_last_map() -> None:
    twin = twin_of(SiamesePlan(), CHIPS)
    assert twin.maps.input_shape == (None, 150, 150, 3)
    assert twin.maps.output_shape[3] == 256
    assert twin.alignment.size == 150
    assert build_siamese(twin.maps, 0.0, 0).get_layer("encoder").output_shape == (None, 256)


def test_a_backbone_without_weights_begins_as_the_recipe_says_and_unknown_ones_are_refused() -> None:
    twin = twin_of(SiamesePlan(backbone="mobilenet", side=32), Alignment(32, None, 0.1))
    kernels = [
        w for layer in twin.maps._flatten_layers() if "Conv" in type(layer).__name__ for w in layer.get_weights()
    ]
    assert all(kernel.std() < 0.02 for kernel in kernels)
    with pytest.raises(FaceTaggerError, match="no backbone"):
        twin_of(SiamesePlan(backbone="vgg"), CHIPS)
    with pytest.raises(FaceTaggerError, match="brings its weights"):
        twin_of(SiamesePlan(weights="some.h5"), CHIPS)


def test_a_stored_network_says_the_same_and_altered_files_are_refused(
    colours: tuple[KinSplit, PeoplesChips], trained: tuple[KinshipNetwork, tuple[Epoch, ...]], tmp_path: Path
) -> None:
    (split, faces), (network, _) = colours, trained
    assert not has_network(tmp_path)
    network.save(tmp_path)
    loaded = KinshipNetwork.load(tmp_path)
    assert loaded.alignment == CHIPS
    assert (loaded.slope, loaded.offset) == (network.slope, network.offset)
    pairs = held_out_pairs(split)
    assert np.allclose(judge(loaded, faces, pairs), judge(network, faces, pairs), atol=1e-5)
    content = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(content[:-10])
    with pytest.raises(ModelError, match="not a kinship network"):
        KinshipNetwork.load(tmp_path)
    (tmp_path / FACTS).write_text("{}")
    with pytest.raises(ModelError, match="not a kinship network"):
        KinshipNetwork.load(tmp_path)
    forget_network(tmp_path)
    assert list(tmp_path.iterdir()) == []

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.faces.alignment import Alignment
from facetagger.faces.dlib_resnet import build_dlib_resnet
from facetagger.faces.dlib_weights import DLIB_RESNET_FILE, parse_dlib_weights
from facetagger.faces.packs.facenet import build_facenet
from facetagger.faces.tensorflow_runtime import load_tensorflow
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.jobs.progress import Progress
from facetagger.training.families import Pair, family_of, strangers_for
from facetagger.training.kinship_measuring import area_under_curve
from facetagger.training.kinship_network import FACTS, FILE, KinshipNetwork, forget_network, has_network
from facetagger.training.siamese_network import build_siamese, twin_of
from facetagger.training.siamese_pairs import PeoplesChips, batches_of_pairs, judge, steps_of
from facetagger.training.siamese_plan import KinSplit, SiamesePlan, split_by_family
from facetagger.training.siamese_training import Epoch, train_siamese
from tests.training.families_of_colours import CHIPS, families_of_colours, tiny_twin

PLAN = SiamesePlan(learning_rate=3e-3, batch=16, epochs=5, patience=5, warm_up=1)


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


def test_the_warm_up_teaches_the_dense_layers_alone_and_can_be_left_out(
    colours: tuple[KinSplit, PeoplesChips], tmp_path: Path
) -> None:
    split, faces = colours
    twin = tiny_twin()
    before = [each.copy() for each in twin.maps.get_weights()]
    plan = replace(PLAN, learning_rate=1e-9, epochs=1, warm_up=8)
    _, warm = train_siamese(plan, twin, faces, split, tmp_path / "warm")
    assert all(np.allclose(old, new, atol=1e-6) for old, new in zip(before, twin.maps.get_weights(), strict=True))
    _, cold = train_siamese(replace(plan, warm_up=0), tiny_twin(), faces, split, tmp_path / "cold")
    assert warm[0].validation_loss < 0.7 * cold[0].validation_loss


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
        {"warm_up": -1}, {"learning_rate": 0.0}, {"batch": 1}, {"epochs": 0}, {"photos": 0},
        {"penalty": -1.0},
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


def test_dlibs_network_becomes_a_twin_that_sees_the_same_and_ends_with_its_last_map() -> None:
    import keras

    twin = twin_of(SiamesePlan(), CHIPS)
    network = build_dlib_resnet(parse_dlib_weights(DLIB_RESNET_FILE.read()))
    pixels = np.random.default_rng(0).integers(0, 256, (2, 150, 150, 3)).astype(np.float32)
    dense = network.layers[-1]
    seen = dense(keras.layers.GlobalAveragePooling2D()(twin.maps(pixels)))
    assert np.allclose(seen, network(pixels), atol=1e-4)
    spreads = [float(np.std(each)) for each in twin.maps.get_weights() if each.ndim == 4]
    assert spreads[0] > 0.1 * float(np.median(spreads))
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


def test_facenet_becomes_a_twin_that_whitens_each_chip(tmp_path: Path) -> None:
    load_tensorflow()
    import keras

    keras.utils.set_random_seed(0)
    build_facenet(128).save_weights(tmp_path / "facenet.weights.h5")
    chips = Alignment(160, None, 0.1)
    twin = twin_of(SiamesePlan(backbone="facenet"), chips, (tmp_path / "facenet.weights.h5").read_bytes())
    assert twin.maps.output_shape == (None, 3, 3, 1792)
    pixels = np.random.default_rng(0).uniform(50, 150, (1, 160, 160, 3)).astype(np.float32)
    assert np.allclose(twin.maps(pixels), twin.maps(1.5 * pixels + 10), atol=1e-4)


def test_code_in_a_network_is_never_run(tmp_path: Path) -> None:
    load_tensorflow()
    import keras

    mark = tmp_path / "it ran"

    def leave_a_mark(each: Any) -> Any:
        mark.touch()
        return each

    inputs = keras.Input((4,), name="encoder")
    network = keras.Model(inputs, keras.layers.Lambda(leave_a_mark, output_shape=(4,), name="head")(inputs))
    KinshipNetwork(network, CHIPS).save(tmp_path)
    network(np.zeros((1, 4), np.float32))
    mark.unlink()
    with pytest.raises(ModelError, match="not a kinship network"):
        KinshipNetwork.load(tmp_path)
    assert not mark.exists()


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

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import ModelError
from facetagger.training.kinship_head import KinshipHead, fit, mean_faces, pair_features
from facetagger.training.kinship_measuring import Outcome, area_under_curve, calibrated, cross_validate
from tests.training.families_of_numbers import made_up


@pytest.fixture(scope="module")
def head() -> KinshipHead:
    families, embeddings = made_up(40)
    return fit("model", embeddings, families.kin)


def test_kin_of_families_never_seen_are_told_from_strangers(head: KinshipHead) -> None:
    families, embeddings = made_up(30, seed=1)
    means = mean_faces(embeddings)
    first, second = (np.stack([means[pair[side]] for pair in families.kin]) for side in (0, 1))
    scores = np.concatenate([head.log_odds(first, second), head.log_odds(first, np.roll(second, 2, axis=0))])
    assert area_under_curve(scores, np.arange(len(scores)) < len(first)) > 0.9


def test_it_does_not_matter_who_comes_first(head: KinshipHead) -> None:
    rng = np.random.default_rng(2)
    first, second = rng.normal(size=(2, 10, 128)).astype(np.float32)
    assert np.array_equal(pair_features(first, second), pair_features(second, first))
    assert np.allclose(head.probability(first, second), head.probability(second, first))


def test_a_stored_head_gives_the_same_probabilities(head: KinshipHead, tmp_path: Path) -> None:
    head.save(tmp_path / "models" / "kinship.npz")
    loaded = KinshipHead.load(tmp_path / "models" / "kinship.npz")
    rng = np.random.default_rng(3)
    first, second = rng.normal(size=(2, 10, 128)).astype(np.float32)
    assert np.array_equal(head.probability(first, second), loaded.probability(first, second))
    assert loaded.model_id == "model"


def test_a_file_that_is_no_head_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "kinship.npz"
    with pytest.raises(ModelError, match="train kinship"):
        KinshipHead.load(path)
    for content in (b"", b"PK\x03\x04 nothing", bytes(1000)):
        path.write_bytes(content)
        with pytest.raises(ModelError, match="not a kinship model"):
            KinshipHead.load(path)
    with path.open("wb") as file:
        np.savez(file, format=np.array({"a": 1}, dtype=object))
    with pytest.raises(ModelError, match="not a kinship model"):
        KinshipHead.load(path)


def test_cross_validation_judges_each_pair_once_and_its_interval_holds_the_area() -> None:
    families, embeddings = made_up(40)
    outcome = cross_validate("model", families, embeddings)
    kin = [pair for pair, is_kin in zip(outcome.pairs, outcome.is_kin, strict=True) if is_kin]
    assert sorted(kin) == sorted(families.kin)
    assert outcome.is_kin.mean() == 0.5
    low, high = outcome.interval()
    assert low < outcome.auc < high


def test_odds_that_are_all_alike_tell_nothing() -> None:
    families, _ = made_up(10)
    pairs, count = families.kin * 2, len(families.kin)
    alike = np.zeros(2 * count)
    outcome = Outcome(pairs, np.arange(2 * count) < count, alike, alike, np.zeros(2 * count, np.int64))
    assert (outcome.auc, outcome.interval()) == (0.5, (0.5, 0.5))


def test_calibration_makes_the_probabilities_of_held_out_pairs_right_on_average(head: KinshipHead) -> None:
    families, embeddings = made_up(40)
    outcome = cross_validate("model", families, embeddings)
    fitted = calibrated(head, outcome)
    probabilities = 1 / (1 + np.exp(-(fitted.slope * outcome.log_odds + fitted.offset)))
    assert probabilities.mean() == pytest.approx(0.5, abs=0.02)
    assert fitted.slope > 0

from __future__ import annotations

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError
from facetagger.training.triplets import build_embedder, triplet_loss


def on_circle(*degrees: float) -> np.ndarray:
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def squared(degrees: float) -> float:
    return float(2 - 2 * np.cos(np.radians(degrees)))


def test_the_nearest_of_the_others_that_is_farther_than_the_match_counts() -> None:
    vectors = on_circle(0, 20, 25, 50)
    labels = np.array([1, 1, 2, 2])
    margin = 0.6
    expected = np.mean(
        [
            max(squared(20) - squared(25) + margin, 0),  # 0 and 20: the other at 25 is the nearest beyond the match
            max(squared(20) - squared(30) + margin, 0),  # 20 and 0: the one at 25 is nearer than the match, so 50
            max(squared(25) - squared(25) + margin, 0),  # 25 and 50: the one at 0 is just as far, none beyond
            max(squared(25) - squared(30) + margin, 0),  # 50 and 25: the one at 20
        ]
    )
    assert float(triplet_loss(margin)(labels, vectors)) == pytest.approx(expected, abs=1e-5)


def test_nothing_is_left_to_learn_where_people_are_far_apart() -> None:
    assert float(triplet_loss(0.5)(np.array([1, 1, 2, 2]), on_circle(0, 1, 179, 180))) == 0


def test_where_no_other_is_beyond_the_match_the_farthest_other_counts() -> None:
    loss = triplet_loss(0.2)(np.array([1, 1, 2]), on_circle(0, 90, 45))
    assert float(loss) == pytest.approx(squared(90) - squared(45) + 0.2, abs=1e-5)


@pytest.mark.parametrize("margin", [0.1, 2.1, -1.0, float("nan")])
def test_a_margin_that_cannot_be_learnt_is_refused(margin: float) -> None:
    with pytest.raises(FaceTaggerError, match="margin"):
        triplet_loss(margin)


def test_an_embedding_has_unit_length() -> None:
    network = build_embedder("mobilenet", 32, 16, width=0.25)
    chips = np.random.default_rng(0).uniform(0, 255, (3, 32, 32, 3)).astype(np.float32)
    assert np.allclose(np.linalg.norm(network(chips, training=True).numpy(), axis=1), 1, atol=1e-5)

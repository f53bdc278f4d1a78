from __future__ import annotations

import numpy as np
import pytest

from facetagger.training.verification import (
    area_under_curve,
    best_threshold,
    draw_pairs,
    true_accept_rate,
    verification,
)


def test_figures_of_distances_that_overlap_by_a_known_share() -> None:
    """Matches lie evenly in 0 to 1, mismatches in 0.5 to 1.5: half of each overlap, and order wrongly by half."""
    even = (np.arange(1000) + 0.5) / 1000
    distances, is_same = np.concatenate([even, even + 0.5]), np.repeat([True, False], 1000)
    found = verification(distances, is_same, np.tile(np.arange(1000) % 10, 2))
    assert found.auc == pytest.approx(0.875, abs=0.002)
    assert found.accuracy == pytest.approx(0.75, abs=0.01)
    assert found.tar[0.1] == pytest.approx(0.6, abs=0.01)
    assert found.tar.keys() == {0.1, 0.01}, "a thousandth of a thousand mismatches is one: luck"


def test_pairs_are_as_often_of_one_person_as_of_two() -> None:
    people = np.repeat(np.arange(30), 5)
    pairs = draw_pairs(people, 100, np.random.default_rng(0))
    same = people[pairs.first] == people[pairs.second]
    assert np.array_equal(same, pairs.is_same)
    assert pairs.is_same.mean() == 0.5
    assert (pairs.first != pairs.second).all()
    assert len(np.unique(people[pairs.first[pairs.is_same]])) == 30, "everybody has a say"


def test_vectors_that_tell_people_apart_are_verified() -> None:
    people = np.repeat(np.arange(20), 4)
    pairs = draw_pairs(people, 200, np.random.default_rng(0))
    vectors = np.eye(20, dtype=np.float32)[people]
    assert pairs.verified(vectors).auc == 1


def test_the_best_threshold_lies_between_matches_and_mismatches() -> None:
    distances, is_same = np.array([0.2, 0.3, 0.6, 0.9]), np.array([True, True, False, False])
    assert best_threshold(distances, is_same) == pytest.approx(0.45)


def test_rates_count_what_they_say() -> None:
    distances, is_same = np.array([0.1, 0.5, 0.4, 0.9]), np.array([True, True, False, False])
    assert area_under_curve(distances, is_same) == pytest.approx(0.75)
    assert true_accept_rate(distances, is_same, 1e-3) == pytest.approx(0.5)
    assert area_under_curve(np.array([0.3, 0.3]), np.array([True, False])) == pytest.approx(0.5)


def test_a_fold_is_judged_by_the_threshold_of_the_others() -> None:
    distances = np.array([0.1, 0.1, 0.5, 0.9, 0.9, 0.3])
    is_same = np.array([True, True, True, False, False, False])
    folds = np.array([0, 1, 2, 0, 1, 2])
    assert verification(distances, is_same, folds).accuracy < 1

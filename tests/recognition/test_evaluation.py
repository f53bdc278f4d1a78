"""The measures, on cases small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from facetagger.recognition.evaluation import (
    bcubed,
    identification_rate,
    refusals,
    reliability,
    stratified_folds,
    stratified_split,
)


def test_a_split_holds_out_a_quarter_of_each_person() -> None:
    people = np.repeat(np.arange(4), [1, 2, 8, 40]).astype(np.int64)
    held_out = stratified_split(people, 0.25, seed=0)
    assert np.bincount(people[held_out], minlength=4).tolist() == [0, 1, 2, 10]
    assert not np.array_equal(held_out, stratified_split(people, 0.25, seed=1))


def test_folds_are_even_overall_and_within_each_person() -> None:
    people = np.repeat(np.arange(5), [1, 3, 9, 10, 18]).astype(np.int64)
    parts = stratified_folds(people, 4, seed=0)
    assert parts[0] == -1
    assert np.ptp(np.bincount(parts[parts >= 0])) <= 1
    for person in range(1, 5):
        assert np.ptp(np.bincount(parts[people == person], minlength=4)) <= 1


def test_refusing_the_doubtful_answers_leaves_fewer_errors() -> None:
    likely = np.array([0.05, 0.45, 0.55, 0.97, 1.0])
    is_right = np.array([False, False, True, True, True])
    table = {each.probability: (each.refused, each.errors) for each in refusals(likely, is_right)}
    assert table[0.0] == (0.0, 0.4)
    assert table[0.4] == (0.2, 0.25)
    assert table[0.5] == (0.4, 0.0)


def test_reliability_compares_what_was_expected_with_what_was_right() -> None:
    table = reliability(np.array([0.1, 0.3, 0.9, 1.0]), np.array([False, True, True, True]), bins=2)
    assert [(each.low, each.faces, each.right) for each in table] == [(0.0, 2, 0.5), (0.5, 2, 1.0)]
    assert [each.expected for each in table] == pytest.approx([0.2, 0.95])


def test_identification_rate_counts_right_answers_above_the_unknown_faces() -> None:
    unknown = np.array([0.1, 0.2, 0.3, 0.8])
    scores, is_right = np.array([0.9, 0.85, 0.5, 0.25]), np.array([True, False, True, True])
    assert identification_rate(scores, is_right, unknown, 0.0) == 0.25
    assert identification_rate(scores, is_right, unknown, 0.25) == 0.5


def test_bcubed_of_a_mixed_and_of_a_split_clustering() -> None:
    people = np.array([0, 0, 1, 1])
    assert bcubed(people, people) == (1.0, 1.0, 1.0)
    assert bcubed(np.zeros(4, dtype=np.int64), people) == pytest.approx((0.5, 1.0, 2 / 3))
    assert bcubed(np.arange(4), people) == pytest.approx((1.0, 0.5, 2 / 3))

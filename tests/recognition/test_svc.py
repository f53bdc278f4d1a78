"""The active set reaches the same optimum as all rows at once, and knows which rows it rests on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.svm import SVC

from facetagger.recognition import svc
from tests.recognition.faces_of_people import make_album


def from_scratch(embeddings: NDArray[np.float32], sides: NDArray[np.int8]) -> SVC:
    rows = sides != 0
    return SVC(kernel="linear", C=10, tol=1e-8).fit(embeddings[rows].astype(np.float64), sides[rows])


def largest_difference(embeddings: NDArray[np.float32], sides: NDArray[np.int8], solved: svc.Classifier) -> float:
    expected = from_scratch(embeddings, sides).decision_function(embeddings.astype(np.float64))
    return float(np.abs(solved.decide(embeddings) - expected).max())


@pytest.mark.parametrize("spread", [0.02, 0.1, 0.4])
def test_a_thousand_rows_give_what_scikit_learn_finds_on_all_of_them(spread: float) -> None:
    album = make_album(people=20, faces=50, photo=spread)
    for person in (0, 7, 19):
        sides = np.where(album.people == person, 1, -1).astype(np.int8)
        assert largest_difference(album.embeddings, sides, svc.fit(album.embeddings, sides)) < 2e-4


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), flips=st.integers(0, 30))
def test_labels_that_contradict_each_other_are_solved_too(seed: int, flips: int) -> None:
    album = make_album(people=4, faces=30, seed=seed, photo=0.1)
    rng = np.random.default_rng(seed)
    sides = np.where(album.people == 0, 1, -1).astype(np.int8)
    wrong = rng.choice(len(sides), flips, replace=False)
    sides[wrong] *= -1
    sides[rng.choice(len(sides), 20, replace=False)] = 0
    sides[:2] = 1, -1
    assert largest_difference(album.embeddings, sides, svc.fit(album.embeddings, sides)) < 2e-4


@pytest.mark.parametrize("seed", [33, 41, 136, 233])
def test_copies_that_differ_in_the_last_digit_count_as_so_many_rows(seed: int) -> None:
    """As the faces of a print that was scanned into two files do; here scikit-learn's solver alone never ends."""
    album = make_album(people=4, faces=12, seed=seed, photo=0.02)
    rng = np.random.default_rng(seed)
    sides = np.where(album.people == 0, 1, -1).astype(np.int8)
    sides[rng.choice(len(sides), 6, replace=False)] *= -1
    noise = rng.normal(scale=1e-7, size=album.embeddings.shape).astype(np.float32)
    solved = svc.fit(np.concatenate([album.embeddings, album.embeddings + noise]), np.concatenate([sides, sides]))
    rows = album.embeddings.astype(np.float64)
    twice = SVC(kernel="linear", C=10, tol=1e-8).fit(rows, sides, np.full(len(sides), 2.0))
    assert np.abs(solved.decide(album.embeddings) - twice.decision_function(rows)).max() < 2e-4


@pytest.mark.parametrize("moved", [0.0, 0.2, -5.0])
def test_a_hint_changes_nothing_but_the_way(moved: float) -> None:
    album = make_album(people=5, faces=20)
    sides = np.where(album.people == 0, 1, -1).astype(np.int8)
    other = svc.fit(album.embeddings, np.where(album.people == 3, 1, -1).astype(np.int8))
    hint = replace(other, intercept=other.intercept + moved)
    assert svc.fit(album.embeddings, sides, hint=hint).agrees(svc.fit(album.embeddings, sides))


def test_rows_that_do_not_reach_a_classifier_can_be_left_out() -> None:
    album = make_album(people=30, faces=10)
    sides = np.where(album.people == 0, 1, -1).astype(np.int8)
    solved = svc.fit(album.embeddings, sides)
    negatives = np.flatnonzero(sides < 0)
    is_far = np.array([not svc.reached([solved], album.embeddings[[row]])[0] for row in negatives])
    assert 0 < is_far.sum() < len(negatives)
    sides[negatives[is_far]] = 0
    assert svc.fit(album.embeddings, sides).agrees(solved)


def test_the_intercept_is_in_the_middle_where_no_support_vector_is_free() -> None:
    """One face of each side so near that both stay inside the margin: every b between -1 - w·x and 1 - w·x is best."""
    near = np.array([[1.0, 0.0], [0.99, np.sqrt(1 - 0.99**2)]], dtype=np.float32)
    far = np.array([[-1.0, 0.0]], dtype=np.float32)
    embeddings = np.concatenate([near, far])
    solved = svc.fit(embeddings, np.array([1, -1, 0], dtype=np.int8))
    scores = near.astype(np.float64) @ solved.coef
    assert solved.intercept == pytest.approx(-(scores[0] + scores[1]) / 2, abs=1e-6)
    assert solved.highest_intercept == pytest.approx(1 - scores[0], abs=1e-4) or solved.highest_intercept > (
        solved.intercept
    )

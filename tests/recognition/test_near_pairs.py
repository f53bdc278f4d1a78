"""Every near pair is found, once, whatever is asked about."""

from __future__ import annotations

import numpy as np
import pytest

from facetagger.recognition import near_pairs as module
from facetagger.recognition.near_pairs import near_pairs
from tests.recognition.faces_of_people import make_album

LEAST = 0.93


@pytest.mark.parametrize("rows", [np.arange(60), np.array([3, 17, 18, 59]), np.empty(0, dtype=np.intp)])
@pytest.mark.parametrize("block", [1 << 24, 300])
def test_pairs_are_those_of_the_whole_table(monkeypatch: pytest.MonkeyPatch, rows: np.ndarray, block: int) -> None:
    monkeypatch.setattr(module, "_BLOCK", block)
    embeddings = make_album(people=6, faces=10).embeddings
    pairs, similarities = near_pairs(embeddings, rows, LEAST)
    table = embeddings @ embeddings.T
    expected = {
        (one, other) for one, other in np.argwhere(np.triu(table >= LEAST, k=1)).tolist() if {one, other} & set(rows)
    }
    found = list(map(tuple, pairs.T.tolist()))
    assert len(found) == len(set(found))
    assert set(found) == expected
    np.testing.assert_allclose(similarities, table[tuple(pairs)], atol=1e-6)


def test_a_face_with_many_neighbours_keeps_its_nearest_and_nobody_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STRONGEST", 3)
    monkeypatch.setattr(module, "_BLOCK", 1000)
    embeddings = make_album(people=1, faces=100, photo=0.02).embeddings
    pairs, _ = near_pairs(embeddings, np.arange(100), 0.9)
    assert pairs.shape[1] <= 100 * (3 + 8)
    assert np.unique(pairs).tolist() == list(range(100))

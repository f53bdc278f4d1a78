from __future__ import annotations

import numpy as np
import pytest

from facetagger.training.batches import batches_of


@pytest.mark.parametrize("seed", range(5))
def test_each_batch_has_some_people_with_some_faces_each_and_an_epoch_sees_every_face(seed: int) -> None:
    people = np.repeat(np.arange(40), np.random.default_rng(seed).integers(2, 12, 40))
    batches = batches_of(people, 8, 4, np.random.default_rng(seed))
    for rows in batches:
        names, counts = np.unique(people[rows], return_counts=True)
        assert 2 <= len(names) <= 8
        assert set(counts.tolist()) == {4}
    seen = set(np.concatenate(batches).tolist())
    assert len(seen) > 0.9 * len(people)


def test_who_has_one_face_takes_no_part() -> None:
    batches = batches_of(np.array([0, 0, 1, 2, 2]), 3, 2, np.random.default_rng(0))
    assert set(np.concatenate(batches).tolist()) == {0, 1, 3, 4}

"""The faces most like a face, kept up to date as faces come, go and change."""

from __future__ import annotations

import numpy as np

from facetagger.recognition.neighbours import COUNT, Neighbours, nearest
from tests.recognition.faces_of_people import make_album


def test_the_neighbours_are_the_most_alike_faces_of_other_photos() -> None:
    album = make_album(people=4, faces=5, photo=0.1)
    photos = np.arange(20) // 2
    found, alike = nearest(album.embeddings, photos, np.arange(20))
    similarities = album.embeddings @ album.embeddings.T
    similarities[photos[:, np.newaxis] == photos] = -np.inf
    np.testing.assert_array_equal(found, np.argsort(-similarities, axis=1, kind="stable")[:, :COUNT])
    np.testing.assert_allclose(alike, -np.sort(-similarities, axis=1)[:, :COUNT], atol=1e-6)


def test_a_sample_of_a_large_library_misses_nobody() -> None:
    rng = np.random.default_rng(0)
    embeddings = rng.normal(size=(9000, 16)).astype(np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    asked = np.array([0, 17, 8999])
    found, _ = nearest(embeddings, np.arange(9000), asked)
    similarities = embeddings[asked] @ embeddings.T
    similarities[np.arange(3), asked] = -np.inf
    np.testing.assert_array_equal(found, np.argsort(-similarities, axis=1)[:, :COUNT])


def test_few_faces_have_few_neighbours() -> None:
    album = make_album(people=1, faces=3)
    found, alike = nearest(album.embeddings, np.array([0, 0, 1]), np.arange(3))
    assert [set(row[row >= 0].tolist()) for row in found] == [{2}, {2}, {0, 1}]
    assert np.isneginf(alike[found < 0]).all()


def test_lists_kept_up_to_date_equal_lists_made_anew() -> None:
    album = make_album(people=5, faces=12, photo=0.2)
    rng = np.random.default_rng(1)
    kept = Neighbours()
    before = np.empty(0, dtype=np.int64)
    for count in (40, 42, 60, 30, 33):
        rows = rng.permutation(60)[:count] if count < 60 else np.arange(60)
        place = {row: index for index, row in enumerate(before.tolist())}
        old_rows = np.array([place.get(row, -1) for row in rows.tolist()], dtype=np.int64)
        wanted = rng.random(count) < 0.7
        kept.update(album.embeddings[rows], rows // 3, old_rows, wanted)
        found, alike = nearest(album.embeddings[rows], rows // 3, np.flatnonzero(wanted))
        np.testing.assert_array_equal(kept.rows[wanted], found)
        np.testing.assert_allclose(kept.similarities[wanted], alike, atol=1e-6)
        before = rows

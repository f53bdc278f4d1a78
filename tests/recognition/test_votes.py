"""What neighbours say counts, and is counted again only where something has changed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facetagger.recognition.neighbours import nearest
from facetagger.recognition.shortlist import NOBODY, STRANGER
from facetagger.recognition.votes import Ballot, Beliefs, count
from tests.recognition.faces_of_people import make_album


def beliefs(known: list[int], shares: dict[int, float]) -> Beliefs:
    """All rows know of person 7; the open rows believe in it by their shares."""
    rows = np.array(sorted(shares), dtype=np.int64)
    parts = np.array([[shares[row]] for row in rows.tolist()]).reshape(-1, 1)
    return Beliefs.of(np.array(known, dtype=np.int64), rows, np.full((len(rows), 1), 7), parts)


def vote(known: list[int], similarities: list[float]) -> NDArray[np.float64]:
    """On person 7 for a face whose neighbours are rows 0, 1 …"""
    near = np.arange(len(known), dtype=np.int64)[np.newaxis]
    alike = np.array([similarities], dtype=np.float32)
    shares: NDArray[np.float64] = np.exp(count(beliefs(known, {}), near, alike, np.array([[7]])))[0, 0]
    return shares


def test_confirmed_neighbours_speak_for_their_person_and_ignored_ones_for_nobody() -> None:
    assert vote([7, 7], [0.99, 0.99])[0] > 0.6
    assert vote([8, 8], [0.99, 0.99])[0] < 0.05
    assert vote([STRANGER, STRANGER], [0.99, 0.99])[1] > 0.6


def test_the_nearer_neighbour_has_the_greater_say() -> None:
    for_person, for_nobody = vote([7, STRANGER], [0.99, 0.95])
    assert for_person > 5 * for_nobody


def test_neighbours_that_know_nothing_and_those_far_away_have_none() -> None:
    silence = vote([NOBODY, NOBODY], [0.99, 0.99])
    assert silence[0] == silence[1] < 0.05
    assert vote([7, 7], [0.8, 0.8])[0] < 0.05


def test_a_ballot_held_again_equals_one_held_anew() -> None:
    album = make_album(people=3, faces=10, photo=0.1)
    rng = np.random.default_rng(2)
    near, alike = nearest(album.embeddings, np.arange(30), np.arange(30))
    kept = Ballot(30, 1)
    open_rows = np.arange(5, 30)
    shares = dict.fromkeys(open_rows.tolist(), 0.5)
    for _ in range(4):
        shares[int(rng.choice(open_rows))] = float(rng.random())
        believed = beliefs([7] * 5 + [NOBODY] * 25, shares)
        anew = Ballot(30, 1)
        for ballot in (kept, anew):
            ballot.believe(np.arange(30), believed)
        again, expected = (ballot.hold(near, alike, open_rows) for ballot in (kept, anew))
        np.testing.assert_allclose(again[open_rows], expected[open_rows])

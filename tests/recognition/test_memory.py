"""A recogniser that goes on from what another one remembered knows what one knows that learns from the beginning."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facetagger.recognition.evidence import IGNORED, OPEN, Evidence
from facetagger.recognition.memory import Memory
from facetagger.recognition.recogniser import Recogniser
from facetagger.recognition.taught import Taught
from tests.recognition.faces_of_people import Album, make_album, named, taken


def half_named(album: Album) -> Evidence:
    return named(album.evidence(), {row: int(album.people[row]) for row in range(0, len(album.people), 2)})


def resumed(before: Recogniser, learnt: Evidence, evidence: Evidence, memory: Memory | None = None) -> Recogniser:
    stored = Memory.of((memory or before.memory()).arrays())
    assert stored is not None
    recogniser = Recogniser()
    recogniser.resume(evidence, stored, learnt.taught(), before.classifiers)
    return recogniser


def assert_knows_the_same(recogniser: Recogniser, evidence: Evidence, before: Recogniser) -> None:
    """As one that learns from the beginning, and as the one ``before`` if it had gone on."""
    afresh = Recogniser()
    afresh.learn(evidence)
    before.learn(evidence)
    assert recogniser.classifiers.keys() == afresh.classifiers.keys()
    for person, each in afresh.classifiers.items():
        np.testing.assert_allclose(recogniser.classifiers[person].coef, each.coef, rtol=0, atol=2e-4)
        assert recogniser.classifiers[person].intercept == pytest.approx(each.intercept, abs=2e-4)
    mine, theirs = recogniser.leads(), before.leads()
    np.testing.assert_array_equal(mine.person_ids, theirs.person_ids)
    np.testing.assert_allclose(mine.distances, theirs.distances, atol=1e-6)
    np.testing.assert_allclose(mine.chances, theirs.chances, atol=1e-5)


def changed(evidence: Evidence, rng: np.random.Generator) -> Evidence:
    rows = rng.choice(len(evidence.face_ids), 3, replace=False)
    after = named(evidence, {int(row): int(rng.choice([0, 1, 2, OPEN, IGNORED])) for row in rows})
    kept = np.sort(rng.choice(len(evidence.face_ids), len(evidence.face_ids) - 2, replace=False))
    return taken(after, kept)


def test_nothing_is_fitted_where_nothing_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    evidence = half_named(make_album(people=6, faces=20, photo=0.1))
    before = Recogniser()
    before.learn(evidence)
    suggestions = before.suggest()

    def solve_nothing(*arguments: object) -> None:
        raise AssertionError("a classifier was learnt anew")

    monkeypatch.setattr("facetagger.recognition.hinge._solve", solve_nothing)
    after = resumed(before, evidence, evidence)
    assert [each.face_id for each in after.suggest()] == [each.face_id for each in suggestions]
    chances = [each.probability for each in suggestions]
    assert [each.probability for each in after.suggest()] == pytest.approx(chances, abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_what_changed_meanwhile_is_followed(seed: int) -> None:
    rng = np.random.default_rng(seed)
    album = make_album(people=6, faces=16, seed=seed, photo=0.1)
    evidence = half_named(album)
    before = Recogniser()
    before.learn(taken(evidence, np.arange(0, 92)))
    memory = before.memory()
    learnt = taken(evidence, np.arange(0, 92))
    for _ in range(3):
        learnt = changed(learnt, rng)
        before.learn(learnt)
    evidence = changed(learnt, rng)
    assert_knows_the_same(resumed(before, learnt, evidence, memory), evidence, before)


def test_a_face_that_looks_otherwise_now_counts_as_another_one() -> None:
    evidence = half_named(make_album(people=4, faces=12, photo=0.1))
    before = Recogniser()
    before.learn(evidence)
    embeddings = evidence.embeddings.copy()
    embeddings[[0, 13]] = embeddings[[13, 0]]
    after = replace(evidence, embeddings=embeddings)
    assert_knows_the_same(resumed(before, evidence, after), after, before)


def test_notes_lead_from_what_was_taught_to_what_is() -> None:
    rng = np.random.default_rng(3)
    states = [half_named(make_album(people=3, faces=10))]
    notes = []
    for _ in range(5):
        states.append(changed(states[-1], rng))
        notes.append(states[-2].taught().changes(states[-1].taught()))
    assert states[0].taught().after(notes).fingerprint() == states[-1].fingerprint()
    assert len(Taught.nothing().after([]).face_ids) == 0


def test_arrays_that_make_no_memory_are_none() -> None:
    recogniser = Recogniser()
    recogniser.learn(half_named(make_album(people=3, faces=6)))
    arrays = recogniser.memory().arrays()
    assert Memory.of(arrays) is not None
    assert Memory.of({}) is None
    assert Memory.of(arrays | {"similarities": arrays["similarities"][:, 1:]}) is None
    assert Memory.of(arrays | {"listed": arrays["listed"] + 1000}) is None

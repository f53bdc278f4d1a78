"""What the recogniser knows follows the evidence, whatever the way that led to it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.svm import SVC

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.evidence import IGNORED, OPEN, Evidence
from facetagger.recognition.leads import NOBODY_NEAR
from facetagger.recognition.recogniser import Recogniser
from tests.recognition.faces_of_people import denied, ignored, in_one_photo, make_album, named, taken


def taught(evidence: Evidence) -> Recogniser:
    recogniser = Recogniser()
    recogniser.learn(evidence)
    return recogniser


def suggested(recogniser: Recogniser) -> dict[int, int]:
    """Row of the made-up album -> person."""
    return {each.face_id - 100: each.person_id for each in recogniser.suggest()}


def assert_equal_to_training_from_scratch(recogniser: Recogniser, evidence: Evidence) -> None:
    labels = evidence.labels()
    rows = labels != -1
    embeddings = evidence.embeddings.astype(np.float64)
    people = set(labels[labels >= 0].tolist()) if len(np.unique(labels[rows])) > 1 else set()
    state = recogniser.classifiers
    assert set(state) == people
    for person in people:
        expected = SVC(kernel="linear", C=10, tol=1e-8).fit(embeddings[rows], labels[rows] == person)
        coef, intercept = state[person].coef, state[person].intercept
        np.testing.assert_allclose(
            embeddings @ coef + intercept, expected.decision_function(embeddings), rtol=0, atol=2e-4
        )


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 100_000), photo=st.sampled_from([0.03, 0.1, 0.3]))
def test_decisions_corrections_and_undos_lead_to_what_training_from_scratch_finds(seed: int, photo: float) -> None:
    album = make_album(people=5, faces=8, seed=seed, photo=photo)
    rng = np.random.default_rng(seed)
    evidence = album.evidence()
    recogniser = Recogniser()
    history = [evidence]
    for _ in range(12):
        rows = rng.choice(len(album.people), rng.integers(1, 4), replace=False)
        if rng.random() < 0.25:
            evidence = history[rng.integers(len(history))]
        elif rng.random() < 0.2:
            evidence = named(evidence, dict.fromkeys(rows.tolist(), int(rng.choice([OPEN, IGNORED]))))
        else:
            evidence = named(evidence, {row: int(rng.integers(5)) for row in rows.tolist()})
        history.append(evidence)
        recogniser.learn(evidence)
    assert_equal_to_training_from_scratch(recogniser, evidence)
    afresh = taught(evidence)
    assert suggested(recogniser) == suggested(afresh)
    for row in range(0, 40, 7):
        mine, theirs = (each.candidates(FaceId(row + 100), 3) for each in (recogniser, afresh))
        assert [each.person_id for each in mine] == [each.person_id for each in theirs]
        assert [each.probability for each in mine] == pytest.approx([each.probability for each in theirs], abs=1e-3)


def test_faces_that_come_go_and_change_place_are_followed() -> None:
    album = make_album(people=4, faces=10, photo=0.1)
    rng = np.random.default_rng(1)
    evidence = named(album.evidence(), {row: int(album.people[row]) for row in range(0, 40, 3)})
    recogniser = taught(taken(evidence, np.arange(30)))
    for _ in range(4):
        part = taken(evidence, rng.permutation(40)[:32])
        recogniser.learn(part)
        assert_equal_to_training_from_scratch(recogniser, part)
        assert suggested(recogniser) == suggested(taught(part))


def test_a_new_embedding_of_a_known_face_counts() -> None:
    album = make_album(people=3, faces=6)
    evidence = named(album.evidence(), {0: 0, 6: 1, 12: 2})
    recogniser = taught(evidence)
    embeddings = evidence.embeddings.copy()
    embeddings[[0, 6]] = embeddings[[6, 0]]
    changed = replace(evidence, embeddings=embeddings)
    recogniser.learn(changed)
    assert_equal_to_training_from_scratch(recogniser, changed)
    assert suggested(recogniser) == suggested(taught(changed))


def test_another_model_starts_anew() -> None:
    album = make_album(people=3, faces=6)
    evidence = named(album.evidence(), {0: 0, 6: 1})
    recogniser = taught(evidence)
    shorter = np.ascontiguousarray(evidence.embeddings[:, :64])
    shorter /= np.linalg.norm(shorter, axis=1, keepdims=True)
    changed = replace(evidence, embeddings=shorter)
    recogniser.learn(changed)
    assert_equal_to_training_from_scratch(recogniser, changed)


def test_only_people_whose_optimum_moves_are_refit() -> None:
    album = make_album(people=12, faces=8)
    evidence = named(album.evidence(), {row: int(album.people[row]) for row in range(0, 96, 2)})
    recogniser = taught(evidence)
    before = dict(recogniser.classifiers)
    refit = recogniser.learn(named(evidence, {1: 0}))
    after = recogniser.classifiers
    assert refit <= {0} or len(refit) < 6
    for person in before.keys() - refit:
        assert after[person] is before[person]


def test_one_name_is_enough_for_the_others_of_that_person_to_be_suggested() -> None:
    album = make_album(people=4, faces=6, photo=0.03)
    recogniser = taught(named(album.evidence(), {0: 7}))
    assert recogniser.classifiers == {}
    assert suggested(recogniser) == dict.fromkeys(range(1, 6), 7)


def test_people_with_one_face_stand_beside_people_with_many() -> None:
    album = make_album(people=3, faces=20, photo=0.03)
    names = {row: int(album.people[row]) for row in [0, 20, *range(40, 55)]}
    found = suggested(taught(named(album.evidence(), names)))
    assert found == {row: int(album.people[row]) for row in range(60) if row not in names}


def test_strangers_get_no_suggestion() -> None:
    album = make_album(people=60, faces=4, photo=0.03)
    found = suggested(taught(named(album.evidence(), {row: int(album.people[row]) for row in range(0, 80, 4)})))
    assert found.keys() <= set(range(80))
    assert len(found) >= 54


def test_an_ignored_face_takes_those_like_it_out_of_a_persons_suggestions() -> None:
    album = make_album(people=2, faces=4, photo=0.03)
    blend = album.embeddings.copy()
    blend[4:] = 0.65 * blend[:4] + 0.35 * blend[4:]
    blend /= np.linalg.norm(blend, axis=1, keepdims=True)
    evidence = named(replace(album.evidence(), embeddings=blend), {0: 0, 1: 0})
    assert set(suggested(taught(evidence))) >= {2, 3, 5, 6, 7}
    found = suggested(taught(ignored(evidence, [4, 5])))
    assert set(found) == {2, 3}


def test_a_rejection_is_a_veto_that_no_later_name_lifts() -> None:
    album = make_album(people=2, faces=6, photo=0.03)
    evidence = denied(named(album.evidence(), {0: 0, 6: 1}), row=1, person=0)
    recogniser = taught(evidence)
    assert 1 not in suggested(recogniser)
    recogniser.learn(named(evidence, {2: 0, 3: 0}))
    assert 1 not in suggested(recogniser)
    assert PersonId(0) not in [each.person_id for each in recogniser.candidates(FaceId(101), 5)]
    recogniser.learn(named(album.evidence(), {0: 0, 6: 1}))
    assert suggested(recogniser)[1] == 0


def test_a_rejection_counts_against_the_faces_that_look_like_the_rejected_one() -> None:
    album = make_album(people=2, faces=4, photo=0.02)
    blend = album.embeddings.copy()
    blend[4:] = 0.65 * blend[:4] + 0.35 * blend[4:]
    blend /= np.linalg.norm(blend, axis=1, keepdims=True)
    evidence = named(replace(album.evidence(), embeddings=blend), {0: 0, 1: 0})
    assert set(suggested(taught(evidence))) == {2, 3, 4, 5, 6, 7}
    assert set(suggested(taught(denied(evidence, row=4, person=0)))) == {2, 3}


def test_only_the_best_of_two_faces_in_a_photo_gets_a_person() -> None:
    album = make_album(people=2, faces=5, photo=0.03)
    evidence = named(album.evidence(), {0: 0, 5: 1})
    apart = suggested(taught(evidence))
    together = suggested(taught(in_one_photo(evidence, [1, 2, 6])))
    assert {1, 2} <= apart.keys()
    assert len({1, 2} & together.keys()) == 1
    assert together[6] == 1


def test_a_person_confirmed_in_the_photo_is_less_likely_to_be_there_twice() -> None:
    album = make_album(people=2, faces=5, photo=0.03)
    evidence = named(album.evidence(), {0: 0, 5: 1})
    alone = taught(evidence).candidates(FaceId(101), 1)[0]
    beside = taught(in_one_photo(evidence, [0, 1])).candidates(FaceId(101), 1)[0]
    assert alone.person_id == beside.person_id == 0
    assert beside.probability < alone.probability


def test_faces_that_may_not_teach_neither_train_nor_attract() -> None:
    album = make_album(people=2, faces=5, photo=0.03)
    evidence = named(album.evidence(), {0: 0, 5: 1})
    trainable = evidence.trainable.copy()
    trainable[0] = False
    found = suggested(taught(replace(evidence, trainable=trainable)))
    assert found == dict.fromkeys(range(6, 10), 1)


def test_candidates_are_ranked_for_open_and_for_named_faces_also_below_the_gate() -> None:
    album = make_album(people=5, faces=5, photo=0.03)
    recogniser = taught(named(album.evidence(), {row: int(album.people[row]) for row in range(0, 20, 2)}))
    stranger = recogniser.candidates(FaceId(124), 3)
    assert len(stranger) == 3
    assert all(each.probability < 0.5 for each in stranger)
    own = recogniser.candidates(FaceId(100), 2)
    assert own[0].person_id == 0
    assert own[0].probability > 0.5 > own[1].probability
    with pytest.raises(KeyError):
        recogniser.candidates(FaceId(1), 3)


def test_leads_name_the_best_candidate_of_every_open_face_and_how_far_the_nearest_person_is() -> None:
    album = make_album(people=4, faces=6, photo=0.05)
    evidence = named(album.evidence(), {0: 0, 1: 0, 6: 1, 7: 1})
    recogniser = taught(evidence)
    leads = recogniser.leads()
    assert leads.face_ids.tolist() == evidence.face_ids[evidence.person_ids == OPEN].tolist()
    for face, person, chance, away in zip(
        leads.face_ids, leads.person_ids, leads.chances, leads.distances, strict=True
    ):
        if person == NOBODY_NEAR:
            assert (chance, away) == (0.0, np.inf)
            continue
        (best,) = recogniser.candidates(FaceId(int(face)), 1)
        assert best.person_id == person
        assert best.probability == pytest.approx(chance)
        similarity = album.embeddings[[0, 1, 6, 7]] @ album.embeddings[int(face) - 100]
        assert away == pytest.approx(np.sqrt(2 - 2 * similarity.max()), abs=1e-3)
    assert {each.face_id for each in recogniser.suggest()} <= set(leads.face_ids[leads.person_ids >= 0].tolist())


def test_nothing_known_is_nothing_suggested() -> None:
    recogniser = Recogniser()
    assert recogniser.suggest() == []
    assert recogniser.learn(Evidence.empty()) == frozenset()
    recogniser.learn(make_album(people=2, faces=2).evidence())
    assert recogniser.suggest() == []
    assert recogniser.candidates(FaceId(100), 3) == []
    assert recogniser.learn(Evidence.empty()) == frozenset()


def test_stored_classifiers_are_taken_up_and_corrected_where_they_are_stale() -> None:
    album = make_album(people=4, faces=8, photo=0.1)
    evidence = named(album.evidence(), {row: int(album.people[row]) for row in range(0, 32, 2)})
    state = taught(evidence).classifiers
    recogniser = Recogniser()
    recogniser.restore(state)
    assert recogniser.learn(evidence) == frozenset()
    later = Recogniser()
    later.restore(state)
    moved = named(evidence, {0: 1, 8: 0})
    assert later.learn(moved) >= {0, 1}
    assert_equal_to_training_from_scratch(later, moved)


def test_probabilities_say_how_often_suggestions_are_right() -> None:
    album = make_album(people=40, faces=12, photo=0.06)
    rng = np.random.default_rng(3)
    names = {}
    for person in range(20):
        rows = rng.permutation(album.rows_of(person))
        names.update(dict.fromkeys(rows[: rng.integers(1, 9)].tolist(), person))
    suggestions = taught(named(album.evidence(), names)).suggest()
    is_right = [album.people[each.face_id - 100] == each.person_id for each in suggestions]
    assert len(suggestions) > 80
    assert np.mean(is_right) == pytest.approx(np.mean([each.probability for each in suggestions]), abs=0.08)


def test_a_face_that_is_measured_anew_changes_what_its_person_looks_like() -> None:
    album = make_album(people=4, faces=10, photo=0.1)
    evidence = named(album.evidence(), {row: int(album.people[row]) for row in range(0, 40, 2)})
    quality = np.linspace(0.1, 1.0, 40, dtype=np.float32)
    recogniser = taught(replace(evidence, quality=quality))
    recogniser.guesses()
    changed = replace(evidence, quality=quality[::-1].copy())
    recogniser.learn(changed)
    np.testing.assert_allclose(recogniser.leads().chances, taught(changed).leads().chances, atol=1e-5)

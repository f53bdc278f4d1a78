"""Whatever way led there, the classifiers are those that scikit-learn fits to the same faces from scratch."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.multiclass import OneVsRestClassifier
from sklearn.svm import SVC

from facetagger.recognition.svc import BACKGROUND, UNLABELLED, IncrementalSVC
from tests.recognition.faces_of_people import make_album

WITHIN = 2e-4
Float32s = NDArray[np.float32]
Int64s = NDArray[np.int64]


def from_scratch(embeddings: Float32s, labels: Int64s, queries: Float32s) -> NDArray[np.float64]:
    """Decision values of the peer, (n, classes); those of two classes are each other's opposites, one alone has 0."""
    peer = OneVsRestClassifier(SVC(kernel="linear", C=10, tol=1e-6))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer.fit(embeddings.astype(np.float64), labels)
    values = peer.decision_function(queries.astype(np.float64))
    if len(peer.classes_) == 1:
        return np.zeros((len(queries), 1))
    return np.stack([-values, values], axis=1) if values.ndim == 1 else np.asarray(values)


def assert_agrees(model: IncrementalSVC, embeddings: Float32s, labels: Int64s, queries: Float32s) -> None:
    expected, found = from_scratch(embeddings, labels, queries), model.decision_function(queries)
    assert np.abs(found - expected).max() <= WITHIN
    if expected.shape[1] > 1:
        best_two = np.sort(expected, axis=1)[:, -2:]
        is_clear = best_two[:, 1] - best_two[:, 0] > 2 * WITHIN
        assert (found.argmax(axis=1) == expected.argmax(axis=1))[is_clear].all()


@dataclass
class User:
    """Names, corrects and undoes at random, and keeps account of what is true now."""

    embeddings: Float32s
    people: Int64s
    rng: np.random.Generator
    labels: dict[int, int] = field(default_factory=dict)
    acts: list[tuple[int, int | None]] = field(default_factory=list)

    def act(self, model: IncrementalSVC) -> None:
        if self.acts and self.rng.random() < 0.25:
            face, label = self.acts.pop()
        else:
            face = int(self.rng.integers(len(self.embeddings)))
            label = int(self.people[face]) if self.rng.random() < 0.9 else int(self.rng.integers(self.people.max() + 1))
            self.acts.append((face, self.labels.get(face)))
        key = np.array([face], dtype=np.int64)
        if label is None:
            self.labels.pop(face, None)
            model.forget(key)
        else:
            self.labels[face] = label
            model.partial_fit(self.embeddings[key], np.array([label]), key)

    @property
    def present(self) -> tuple[Float32s, Int64s]:
        faces = sorted(self.labels)
        return self.embeddings[faces], np.array([self.labels[face] for face in faces], dtype=np.int64)


@pytest.mark.parametrize("noise", [0.05, 0.25])
def test_a_thousand_random_acts_end_where_scikit_learn_starts(noise: float) -> None:
    album = make_album(people=8, faces=15, photo=noise, seed=3)
    user = User(album.embeddings, album.people.astype(np.int64), np.random.default_rng(5))
    model = IncrementalSVC()
    for number in range(1000):
        user.act(model)
        if number % 125 == 124:
            assert_agrees(model, *user.present, album.embeddings)


def test_labels_at_random_are_solved_alike() -> None:
    album = make_album(people=5, faces=20, photo=0.2, seed=1)
    rng = np.random.default_rng(2)
    user = User(album.embeddings, rng.integers(0, 5, len(album.embeddings)), rng)
    model = IncrementalSVC()
    for _ in range(150):
        user.act(model)
    assert_agrees(model, *user.present, album.embeddings)


def test_duplicates_with_opposite_labels_are_solved_alike() -> None:
    album = make_album(people=3, faces=6, seed=4)
    embeddings = np.concatenate([album.embeddings, album.embeddings[:7]])
    labels = np.concatenate([album.people, (album.people[:7] + 1) % 3]).astype(np.int64)
    model = IncrementalSVC()
    for row in np.random.default_rng(0).permutation(len(labels)):
        model.partial_fit(embeddings[[row]], labels[[row]])
    assert_agrees(model, embeddings, labels, album.embeddings)


@pytest.mark.parametrize("faces", [1, 5])
def test_one_person_alone_is_decided_about_by_nothing(faces: int) -> None:
    album = make_album(people=2, faces=5)
    model = IncrementalSVC().fit(album.embeddings[:faces], np.zeros(faces, dtype=np.int64))
    assert model.classes_.tolist() == [0]
    assert_agrees(model, album.embeddings[:faces], np.zeros(faces, dtype=np.int64), album.embeddings)


def test_one_example_of_each_of_two_people() -> None:
    album = make_album(people=2, faces=1)
    labels = album.people.astype(np.int64)
    assert_agrees(IncrementalSVC().fit(album.embeddings, labels), album.embeddings, labels, album.embeddings)


def test_the_order_of_the_examples_does_not_matter() -> None:
    album = make_album(people=6, faces=12, photo=0.2)
    labels = album.people.astype(np.int64)
    whole = IncrementalSVC().fit(album.embeddings, labels).decision_function(album.embeddings)
    for seed in range(3):
        model = IncrementalSVC()
        for part in np.array_split(np.random.default_rng(seed).permutation(len(labels)), 9):
            model.partial_fit(album.embeddings[part], labels[part])
        assert np.abs(model.decision_function(album.embeddings) - whole).max() <= WITHIN


def test_forgetting_undoes_learning() -> None:
    album = make_album(people=6, faces=12, photo=0.2)
    labels = album.people.astype(np.int64)
    known, more = np.arange(0, 60), np.arange(60, 72)
    model = IncrementalSVC().fit(album.embeddings[known], labels[known], known)
    before = model.decision_function(album.embeddings)
    model.partial_fit(album.embeddings[more], labels[more], more).forget(more)
    assert np.abs(model.decision_function(album.embeddings) - before).max() <= WITHIN


def test_strangers_stand_against_everybody_and_are_no_class() -> None:
    album = make_album(people=5, faces=10, photo=0.2)
    labels = np.where(album.people == 4, BACKGROUND, album.people).astype(np.int64)
    labels[::7] = UNLABELLED
    model = IncrementalSVC().fit(album.embeddings, labels)
    assert model.classes_.tolist() == [0, 1, 2, 3]
    taught = labels != UNLABELLED
    for column in range(4):
        sides = np.where(labels[taught] == column, 1, -1)
        peer = SVC(kernel="linear", C=10, tol=1e-6).fit(album.embeddings[taught].astype(np.float64), sides)
        expected = peer.decision_function(album.embeddings.astype(np.float64))
        assert np.abs(model.decision_function(album.embeddings)[:, column] - expected).max() <= WITHIN


def test_one_act_refits_only_whom_it_can_reach() -> None:
    album = make_album(people=40, faces=8)
    model = IncrementalSVC().fit(album.embeddings, album.people.astype(np.int64))
    before = dict(model.classifiers)
    # A second look at a face that is known well: nobody else's margin is near.
    model.partial_fit(album.embeddings[[0]], np.array([0]))
    assert sum(model.classifiers[label] is not before[label] for label in before) < 5


def test_it_is_an_estimator_as_scikit_learn_wants_one() -> None:
    album = make_album(people=4, faces=6)
    model = clone(IncrementalSVC(C=3.0))
    assert model.get_params() == {"C": 3.0}
    model.set_params(C=10.0)
    labels = album.people.astype(np.int64)
    assert (model.fit(album.embeddings, labels).predict(album.embeddings) == labels).all()
    with pytest.raises(ValueError, match="gamma"):
        model.set_params(gamma=1.0)


def test_rows_need_not_be_unit_vectors() -> None:
    album = make_album(people=4, faces=30, photo=0.3)
    embeddings = (album.embeddings * np.random.default_rng(0).uniform(0.2, 4.0, (120, 1))).astype(np.float32)
    labels = album.people.astype(np.int64)
    model = IncrementalSVC()
    for part in np.array_split(np.random.default_rng(1).permutation(120), 6):
        model.partial_fit(embeddings[part], labels[part])
    assert_agrees(model, embeddings, labels, embeddings)

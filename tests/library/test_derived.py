from __future__ import annotations

import numpy as np

from facetagger.entities import FaceId, FaceState, PersonId, Suggestion
from facetagger.library import Library, StoredClassifier
from tests.library.sample import MODEL, Sample, name


def suggest(library: Library, *suggestions: Suggestion) -> None:
    with library.transaction() as act:
        act.suggestions.replace(suggestions)


def test_suggestions_replace_all_or_those_of_some_faces(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    one, two, three = (Suggestion(face, anna, 0.5 + face / 100) for face in sample.faces[1:4])
    suggest(library, one, two)
    with library.transaction() as act:
        act.suggestions.replace([three], for_faces=[two.face_id, three.face_id])
    assert library.suggestions.all() == [one, three]
    assert library.suggestions.of_faces(sample.faces) == {one.face_id: one, three.face_id: three}
    assert library.suggestions.of_person(anna) == [three, one]
    assert library.faces.ids(suggested=True) == [one.face_id, three.face_id]


def test_a_change_names_only_what_was_suggested_anew(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    same, other = Suggestion(sample.faces[2], anna, 0.8), Suggestion(sample.faces[4], anna, 0.7)
    suggest(library, same)
    with library.transaction() as act:
        act.suggestions.replace([same, other])
    assert act.change.faces == {other.face_id}
    assert act.change.photos == {sample.photos[2]}
    assert act.change.people == {anna}


def test_suggestions_that_came_too_late_are_dropped(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    with library.transaction("Not Anna") as act:
        act.rejections.add(sample.faces[1:2], anna)
    late = [
        Suggestion(sample.faces[0], anna, 0.9),
        Suggestion(sample.faces[1], anna, 0.9),
        Suggestion(sample.faces[2], PersonId(99), 0.9),
        Suggestion(FaceId(999), anna, 0.9),
    ]
    suggest(library, *late)
    assert library.suggestions.all() == []


def test_a_decision_ends_the_suggestion_and_the_group_of_a_face(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    suggest(library, *(Suggestion(face, anna, 0.9) for face in sample.faces[1:4]))
    with library.transaction() as act:
        act.groups.replace([sample.faces[1:4]])
    with library.transaction("Decide") as act:
        act.faces.set_state([sample.faces[1]], FaceState.IGNORED)
        act.rejections.add([sample.faces[2]], anna)
    assert [each.face_id for each in library.suggestions.all()] == [sample.faces[3]]
    assert [group.faces for group in library.groups.all()] == [sample.faces[2:4]]
    assert library.integrity() == []


def test_a_group_keeps_its_id_while_most_of_its_faces_stay(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        act.groups.replace([sample.faces[0:3], sample.faces[3:6]])
    first, second = (library.groups.of_faces([face])[face] for face in (sample.faces[0], sample.faces[3]))
    with library.transaction() as act:
        act.groups.replace([sample.faces[8:12], sample.faces[4:8], sample.faces[0:4]])
    groups = {group.faces: group.id for group in library.groups.all()}
    assert groups[sample.faces[0:4]] == first
    assert groups[sample.faces[4:8]] == second
    assert groups[sample.faces[8:12]] not in (first, second)


def test_a_classifier_comes_back_as_it_was_put(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    coef = np.linspace(-1, 1, 128)
    with library.transaction() as act:
        act.classifiers.put(MODEL, [StoredClassifier(anna, coef, 0.25), StoredClassifier(PersonId(99), coef, 0.0)])
    (stored,) = library.classifiers.load(MODEL)
    assert (stored.person_id, stored.intercept) == (anna, 0.25)
    assert stored.coef.dtype == np.float64
    np.testing.assert_array_equal(stored.coef, coef)
    with library.transaction() as act:
        act.classifiers.remove(MODEL, [anna])
    assert library.classifiers.load(MODEL) == []


def test_embeddings_of_faces_that_are_gone_are_left_out(library: Library, sample: Sample) -> None:
    with library.transaction() as act:
        act.embeddings.put([sample.faces[0], FaceId(999)], "model-b", np.ones((2, 4), dtype=np.float32))
    assert list(library.embeddings.of_faces([sample.faces[0], FaceId(999)], "model-b")) == [sample.faces[0]]
    assert library.embeddings.models() == [MODEL, "model-b"]


def test_derived_rows_can_be_cleared(library: Library, sample: Sample) -> None:
    anna = name(library, sample.faces[:1], "Anna")
    suggest(library, Suggestion(sample.faces[1], anna, 0.9))
    with library.transaction() as act:
        act.groups.replace([sample.faces[2:4]])
        act.classifiers.put(MODEL, [StoredClassifier(anna, np.ones(128), 0.0)])
    with library.transaction() as act:
        act.suggestions.clear()
        act.groups.clear()
        act.classifiers.clear()
    counts = library.counts()
    assert (counts.suggested, counts.groups, counts.confirmed) == (0, 0, 1)
    assert library.classifiers.load(MODEL) == []

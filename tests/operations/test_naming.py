"""The decisions about faces, on the sample album with real embeddings."""

from __future__ import annotations

import pytest

from facetagger.entities import FaceState
from facetagger.errors import AmbiguousNameError, FaceTaggerError, UnknownNameError
from facetagger.geometry import Box
from facetagger.operations.naming import NewPerson
from facetagger.operations.session import Session


def test_a_new_name_makes_a_person_and_confirms_the_face(session: Session) -> None:
    face = session.library.faces.ids()[0]
    change = session.naming.name([face], "Grace Hopper")
    named = session.library.faces.get(face)
    assert named.state is FaceState.CONFIRMED
    assert named.person_id is not None
    assert session.library.people.get(named.person_id).name == "Grace Hopper"
    assert change.faces == {face}
    assert change.entry is not None
    assert change.entry.text == "name Grace Hopper"


def test_a_name_that_differs_in_case_only_is_the_same_person(session: Session) -> None:
    first, second = session.library.faces.ids()[:2]
    session.naming.name([first], "Grace Hopper")
    session.naming.name([second], "grace  hopper")
    assert len(session.library.people.all()) == 1


def test_undo_of_the_first_name_takes_the_person_away_too(session: Session) -> None:
    face = session.library.faces.ids()[0]
    session.naming.name([face], "Grace Hopper")
    session.history.undo()
    assert session.library.faces.get(face).state is FaceState.OPEN
    assert session.library.people.all() == []
    session.history.redo()
    assert session.library.faces.get(face).state is FaceState.CONFIRMED


def test_undo_works_after_a_restart(session: Session) -> None:
    face = session.library.faces.ids()[0]
    folder = session.library.folder
    session.naming.name([face], "Grace Hopper")
    session.close()
    with Session.open(folder) as again:
        again.history.undo()
        assert again.library.faces.get(face).state is FaceState.OPEN


def test_a_correction_remembers_who_the_face_is_not(session: Session) -> None:
    face = session.library.faces.ids()[0]
    session.naming.name([face], "Grace")
    session.naming.name([face], "Eileen")
    grace = session.library.people.resolve("Grace")
    assert (face, grace.id) in session.library.rejections.all()
    session.naming.name([face], "Grace")
    assert (face, grace.id) not in session.library.rejections.all()


def test_a_rejected_person_is_never_suggested_for_the_face_again(session: Session) -> None:
    faces = session.library.faces.ids()
    session.naming.name([faces[0]], "Grace")
    session.suggesting.refresh()
    suggestion = session.library.suggestions.all()[0]
    session.naming.reject([suggestion.face_id], "Grace")
    session.suggesting.refresh()
    assert suggestion.face_id not in session.library.suggestions.of_faces(faces)
    named = {candidate.person_id for candidate in session.suggesting.candidates(suggestion.face_id)}
    assert suggestion.person_id not in named


def test_a_handful_is_confirmed_and_its_exclusions_remembered_in_one_act(session: Session) -> None:
    first, second, third, fourth = session.library.faces.ids()[:4]
    session.naming.name([first], "Grace")
    session.naming.settle("Grace", [second, third], [fourth])
    grace = session.library.people.resolve("Grace")
    assert [face.person_id for face in session.library.faces.get_many([second, third])] == [grace.id] * 2
    assert session.library.rejections.all() == {(fourth, grace.id)}
    session.history.undo()
    assert session.library.rejections.all() == frozenset()
    assert session.library.faces.get(second).state is FaceState.OPEN


def test_strangers_and_wrong_detections_leave_the_queues_and_come_back(session: Session) -> None:
    stranger, statue = session.library.faces.ids()[:2]
    session.naming.ignore([stranger])
    session.naming.not_a_face([statue])
    assert session.library.counts().ignored == 1
    assert session.library.counts().not_a_face == 1
    session.naming.reopen([stranger, statue])
    assert session.library.counts().ignored == 0
    assert session.library.counts().not_a_face == 0


def test_a_drawn_face_is_named_at_once_and_teaches_nothing_before_it_was_looked_into(session: Session) -> None:
    photo = session.library.photos.get_many(session.library.photos.ids())[0]
    change = session.naming.draw(photo.id, Box(0.1, 0.1, 0.2, 0.2), "Somebody")
    (face,) = session.library.faces.get_many(sorted(change.faces))
    assert face.state is FaceState.CONFIRMED
    assert not face.is_trainable
    session.suggesting.refresh()
    assert session.library.suggestions.all() == []
    session.history.undo()
    assert face.id not in session.library.faces.ids()


@pytest.mark.parametrize("box", [Box(1.2, 0.1, 0.2, 0.2), Box(0.1, 0.1, 0.0, 0.2)])
def test_a_box_outside_the_photo_is_refused(session: Session, box: Box) -> None:
    photo_id = session.library.photos.ids()[0]
    with pytest.raises(FaceTaggerError, match="outside"):
        session.naming.draw(photo_id, box, "Somebody")


@pytest.mark.parametrize("name", ["", "   "])
def test_an_empty_name_is_refused(session: Session, name: str) -> None:
    with pytest.raises(FaceTaggerError, match="empty"):
        session.naming.name(session.library.faces.ids()[:1], name)


def test_an_unknown_id_is_refused_rather_than_taken_for_a_name(session: Session) -> None:
    with pytest.raises(UnknownNameError):
        session.naming.name(session.library.faces.ids()[:1], "#4711")


def test_a_name_that_two_people_carry_must_be_made_clear(session: Session) -> None:
    first, second, third = session.library.faces.ids()[:3]
    session.naming.name([first], "Anna")
    session.people.split([second], "Anna")
    with pytest.raises(AmbiguousNameError):
        session.naming.name([third], "Anna")
    person_id = session.library.faces.get(second).person_id
    session.naming.name([third], f"#{person_id}")
    assert session.library.faces.get(third).person_id == person_id


def test_an_unknown_face_is_refused_and_nothing_is_written(session: Session) -> None:
    face = session.library.faces.ids()[0]
    with pytest.raises(FaceTaggerError, match="no face"):
        session.naming.name([face, face + 4711], "Grace")  # type: ignore[list-item]
    assert session.library.people.all() == []


def test_a_group_that_a_suggestion_reaches_is_not_unknown_any_more(session: Session) -> None:
    unknown = session.library.groups.unknown()
    assert session.library.counts().groups == len(unknown) > 0
    session.naming.name(unknown[0].faces[:1], "Grace")
    session.suggesting.refresh()
    left = session.library.groups.unknown()
    assert len(left) == session.library.counts().groups < len(unknown)
    suggested = set(session.library.suggestions.of_faces(unknown[0].faces))
    assert suggested.isdisjoint(face for group in left for face in group.faces)


def test_somebody_new_may_have_the_name_of_somebody_known(session: Session) -> None:
    first, second = session.library.faces.ids()[:2]
    session.naming.name([first], "Anna")
    session.naming.name([second], NewPerson("Anna"))
    assert session.library.faces.get(first).person_id != session.library.faces.get(second).person_id
    assert [row.person.name for row in session.library.people.all()] == ["Anna", "Anna"]


@pytest.mark.parametrize("name", ["#12", "7"])
def test_a_number_is_nobodys_name(session: Session, name: str) -> None:
    with pytest.raises(FaceTaggerError):
        session.naming.name(session.library.faces.ids()[:1], name)
    with pytest.raises(FaceTaggerError, match="number"):
        session.naming.name(session.library.faces.ids()[:1], NewPerson(name))
    assert session.library.people.all() == []


def test_a_name_is_kept_on_one_line(session: Session) -> None:
    change = session.naming.name(session.library.faces.ids()[:1], " Anna\n  Maria ")
    assert change.entry is not None
    assert change.entry.text == "name Anna Maria"
    assert session.library.people.resolve("Anna Maria").name == "Anna Maria"

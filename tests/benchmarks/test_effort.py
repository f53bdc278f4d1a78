"""The count of decisions counts what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from facetagger.entities import FaceState
from tests.benchmarks.perfect_user import STRANGER, PerfectUser, Truth
from tests.benchmarks.simple_scheme import simple_scheme
from tests.recognition.faces_of_people import make_album
from tests.ui.review.family import Family, make_family


def truth_of(family: Family, missed: int = 0) -> Truth:
    faces = family.session.library.faces
    names = dict.fromkeys(faces.ids(person=family.peter), "Peter Lind") | dict.fromkeys(family.peters, "Peter Lind")
    names |= dict.fromkeys(faces.ids(person=family.emil), "Emil") | dict.fromkeys(family.emils, "Emil")
    names |= dict.fromkeys(family.largest_group, "Hugo") | dict.fromkeys(family.small_group, STRANGER)
    return Truth(names, missed)


def test_a_perfect_user_names_everybody_and_nobody_wrongly(tmp_path: Path) -> None:
    family = make_family(tmp_path)
    with family.session as session:
        effort = PerfectUser(session, truth_of(family)).work()
        named = session.library.faces.get_many(session.library.faces.ids(state=FaceState.CONFIRMED))
        people = {each.id: session.library.people.get(each.person_id).name for each in named if each.person_id}
    assert (effort.decisions[-1], effort.wrong) == (3, 0)
    assert {people[face] for face in family.largest_group} == {"Hugo"}
    assert len(people) == 22


def test_every_exclusion_and_every_missed_face_costs_a_decision(tmp_path: Path) -> None:
    family = make_family(tmp_path)
    truth = truth_of(family, missed=2)
    other = family.largest_group[0]
    with family.session as session:
        user = PerfectUser(session, Truth({**truth.names, other: "Nils"}, truth.missed))
        effort = user.work()
        person = session.library.faces.get(other).person_id
        assert person is not None
        assert session.library.people.get(person).name == "Nils"
    peter, hugo_without_one, emil, strangers, nils, missed = 1, 2, 1, 1, 1, 2
    assert effort.decisions[-1] == peter + hugo_without_one + emil + strangers + nils + missed
    assert effort.faces == len(truth.names) + 2


def test_the_simple_scheme_names_clusters_and_then_what_is_near() -> None:
    album = make_album(people=4, faces=10, photo=0.03)
    names = np.array([f"person {person}" for person in album.people], dtype=np.object_)
    effort = simple_scheme(album.embeddings, names, 3)
    assert effort.decisions[-1] == 4 + 3
    assert effort.settled[-1] == 43

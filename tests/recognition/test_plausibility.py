"""Dates speak against a person, softly."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from facetagger.entities import FaceId, PersonId
from facetagger.recognition.evidence import Lifetime
from facetagger.recognition.plausibility import against
from facetagger.recognition.recogniser import Recogniser
from tests.recognition.faces_of_people import make_album, named


def test_a_photo_older_than_the_person_speaks_against_it_and_one_after_its_death_a_little() -> None:
    lifetimes = {PersonId(1): Lifetime(1931.0, 1990.0), PersonId(2): Lifetime(math.nan, math.nan)}
    taken = np.array([1925.0, 1950.0, 2015.0, math.nan, 1925.0, 1925.0])
    lost = against(taken, np.array([1, 1, 1, 1, 2, 3]), lifetimes)
    assert lost[0] > lost[2] > 0
    assert lost[[1, 3, 4, 5]].tolist() == [0, 0, 0, 0]


def test_who_was_not_born_yet_is_less_likely_and_not_ruled_out() -> None:
    album = make_album(people=2, faces=4, photo=0.03)
    evidence = replace(
        named(album.evidence(), {0: 0, 4: 1}),
        taken=np.full(8, 1925.0),
    )
    plain, dated = Recogniser(), Recogniser()
    plain.learn(evidence)
    dated.learn(replace(evidence, lifetimes={PersonId(0): Lifetime(1931.0, math.nan)}))
    before, after = (each.candidates(FaceId(101), 1)[0] for each in (plain, dated))
    assert before.person_id == after.person_id == 0
    assert 0 < after.probability < before.probability

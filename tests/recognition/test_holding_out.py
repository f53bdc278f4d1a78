"""The program's own recogniser, asked about faces whose names it is not told, and what the answers say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from facetagger.recognition.evaluation_report import (
    FEWEST_SUGGESTIONS,
    SuggestionReport,
    by_decade,
    offered,
    report_on,
    suggestion_table,
)
from facetagger.recognition.evidence import IGNORED, Evidence
from facetagger.recognition.holding_out import NO_ANSWER, folds_for, hold_out_faces, hold_out_people
from facetagger.recognition.mistakes import likely_mistakes
from facetagger.recognition.penalties import penalty_steps, penalty_table
from tests.recognition.faces_of_people import make_album


def evidence_of(people: int, faces: int, photo: float = 0.045) -> Evidence:
    album = make_album(people, faces, photo=photo)
    return replace(album.evidence(), person_ids=album.people)


def nothing(count: int) -> None:
    """A step that nobody waits for."""


def test_every_face_of_a_person_with_two_is_asked_about_once_and_found() -> None:
    evidence = evidence_of(6, 8)
    counted: list[int] = []
    report = report_on(evidence, hold_out_faces(evidence, 4, 0, counted.append))
    assert sum(counted) == report.faces == 48
    assert report.accuracy == 1.0
    assert report.folds == (1.0,) * 4
    assert np.array_equal(report.confusion, 8 * np.eye(6))
    assert [(each.faces, each.precision, each.recall) for each in report.per_person] == [(8, 1.0, 1.0)] * 6


def test_a_person_with_one_face_is_known_but_not_asked_about() -> None:
    evidence = evidence_of(3, 5)
    rows = np.arange(11)
    few = replace(evidence, **{name: getattr(evidence, name)[rows] for name in ARRAYS})
    held = hold_out_faces(few, 4, 0, nothing)
    assert held.turns[10] == NO_ANSWER
    report = report_on(few, held)
    assert [each.person_id for each in report.per_person] == [0, 1]
    assert len(report.people) == 3


ARRAYS = ("face_ids", "photo_ids", "person_ids", "trainable", "embeddings", "quality", "taken")


def test_one_name_on_two_peoples_faces_shows_as_confusion_and_as_mistakes() -> None:
    evidence = evidence_of(3, 8)
    wrong = evidence.person_ids.copy()
    wrong[[16, 17]] = 0
    evidence = replace(evidence, person_ids=wrong)
    held = hold_out_faces(evidence, 8, 0, nothing)
    report = report_on(evidence, held)
    assert report.confusion[0, 2] > 0
    assert report.per_person[0].recall < 1.0
    assert {each.face_id for each in likely_mistakes(evidence, held)} <= {116, 117}


def test_strangers_teach_but_are_asked_about_only_as_unknown() -> None:
    evidence = evidence_of(8, 8)
    person_ids = np.where(evidence.person_ids == 7, IGNORED, evidence.person_ids)
    evidence = replace(evidence, person_ids=person_ids)
    closed = hold_out_faces(evidence, 4, 0, nothing)
    assert not closed.is_asked[person_ids == IGNORED].any()
    held, is_unknown = hold_out_people(evidence, 0, nothing)
    assert is_unknown[64:].all()
    assert not is_unknown[:64].any()
    known_turn, unknown_turn = held.turns[:64], held.turns[64:]
    assert (known_turn != unknown_turn).all()


def test_unknown_people_get_fewer_suggestions_than_known_ones() -> None:
    evidence = evidence_of(24, 8)
    table = suggestion_table(evidence, *hold_out_people(evidence, 0, nothing))
    at = {each.probability: each for each in table}
    assert at[0.75].reached > 0.9
    assert at[0.75].strangers < 0.1
    assert at[0.99].reached <= at[0.5].reached


def test_a_threshold_is_offered_only_where_it_and_all_above_it_keep_the_promise() -> None:
    many = 10 * FEWEST_SUGGESTIONS

    def row(probability: float, right: float, count: int = many) -> SuggestionReport:
        return SuggestionReport(probability, count, round(right * count), 0.9, 0.1)

    table = [row(0.5, 0.98), row(0.6, 0.96), row(0.7, 0.975), row(0.8, 0.99), row(0.9, 0.5, count=3)]
    best = offered(table)
    assert best is not None
    assert best.probability == 0.7
    assert offered([row(0.5, 0.9), row(0.9, 0.95)]) is None
    assert offered([row(0.5, 1.0, count=FEWEST_SUGGESTIONS - 1)]) is None


def test_decades_count_the_photos_that_have_a_date() -> None:
    evidence = evidence_of(3, 6)
    taken = np.tile([1955.5, 1959.0, 1960.0, 1961.2, np.nan, np.nan], 3)
    evidence = replace(evidence, taken=taken)
    found = by_decade(evidence, hold_out_faces(evidence, 6, 0, nothing))
    assert [(each.person_id, each.decade, each.faces) for each in found] == [
        (person, decade, 2) for person in range(3) for decade in (1950, 1960)
    ]


def test_folds_are_as_many_as_half_of_the_people_can_fill() -> None:
    assert folds_for(np.repeat(np.arange(3), [2, 4, 30])) == 4
    assert folds_for(np.repeat(np.arange(3), [20, 20, 30])) == 10
    assert folds_for(np.repeat(np.arange(3), [1, 1, 2])) == 2


def test_the_penalty_table_has_a_row_for_each_c_and_tells_its_steps() -> None:
    album = make_album(5, 8, photo=0.12)
    counted: list[int] = []
    table = penalty_table(album.embeddings, album.people, 4, 0, counted.append)
    assert len(counted) == penalty_steps(4)
    assert [each.c for each in table] == [0.01, 0.1, 1.0, 10.0, 100.0]
    assert table[3].accuracy > 0.9
    assert all(each.std >= 0.0 and 0.0 <= each.split <= 1.0 for each in table)


@pytest.mark.parametrize("seed", [18, 23])
def test_the_penalty_table_comes_to_an_end_on_prints_that_were_scanned_twice(seed: int) -> None:
    album = make_album(people=4, faces=12, seed=seed, photo=0.02)
    rng = np.random.default_rng(seed)
    people = album.people.copy()
    people[rng.choice(len(people), 6, replace=False)] = 0
    noise = rng.normal(scale=1e-7, size=album.embeddings.shape).astype(np.float32)
    copies = np.concatenate([album.embeddings, album.embeddings + noise])
    table = penalty_table(copies, np.concatenate([people, people]), 4, 0, lambda step: None)
    assert table[-1].accuracy > 0.8


def test_a_report_on_nothing_is_refused() -> None:
    evidence = evidence_of(3, 1)
    with pytest.raises(ValueError, match="nobody"):
        report_on(evidence, hold_out_faces(evidence, 2, 0, nothing))

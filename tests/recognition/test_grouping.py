"""Groups hold one person each, and stay what they are while the album grows."""

from __future__ import annotations

import numpy as np
import pytest

from facetagger.entities import FaceId
from facetagger.recognition import near_pairs
from facetagger.recognition.grouping import Grouper, group_faces
from tests.recognition.faces_of_people import Album, in_one_photo, make_album, taken


def grouped(
    album: Album, rows: np.ndarray | None = None, existing: list[tuple[FaceId, ...]] | None = None
) -> list[tuple[FaceId, ...]]:
    evidence = album.evidence() if rows is None else taken(album.evidence(), rows)
    return group_faces(evidence.face_ids, evidence.embeddings, evidence.photo_ids, existing or [])


def people_of(album: Album, group: tuple[FaceId, ...]) -> set[int]:
    return {int(album.people[face - 100]) for face in group}


def test_a_group_is_one_person_and_nearly_all_of_them() -> None:
    album = make_album(people=12, faces=10, photo=0.035)
    groups = grouped(album)
    assert all(len(people_of(album, group)) == 1 for group in groups)
    assert len(groups) == 12
    assert sum(map(len, groups)) > 110


def test_people_seen_once_make_no_group() -> None:
    assert grouped(make_album(people=80, faces=1)) == []
    assert grouped(make_album(people=1, faces=1)) == []


def test_two_faces_of_one_photo_never_share_a_group() -> None:
    album = make_album(people=2, faces=8, photo=0.02)
    evidence = in_one_photo(album.evidence(), [0, 1, 2])
    groups = group_faces(evidence.face_ids, evidence.embeddings, evidence.photo_ids)
    assert sum(1 for group in groups if len({100, 101, 102} & set(group)) > 1) == 0
    assert max(map(len, groups)) == 8


def test_the_order_of_the_faces_has_no_effect() -> None:
    album = make_album(people=8, faces=8, photo=0.045)
    shuffled = np.random.default_rng(0).permutation(64)
    assert grouped(album, shuffled) == grouped(album)


def test_the_size_of_a_block_has_no_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    album = make_album(people=8, faces=8, photo=0.045)
    whole = grouped(album)
    monkeypatch.setattr(near_pairs, "_BLOCK", 640)
    assert grouped(album) == whole


def test_an_existing_group_keeps_its_faces_and_grows() -> None:
    album = make_album(people=6, faces=10, photo=0.035)
    early = np.flatnonzero(np.arange(60) % 10 < 5).astype(np.int64)
    before = grouped(album, early)
    after = grouped(album, existing=before)
    for group in before:
        home = [each for each in after if set(group) & set(each)]
        assert len(home) == 1
        assert set(group) <= set(home[0])
    assert sum(map(len, after)) > sum(map(len, before))
    assert all(len(people_of(album, group)) == 1 for group in after)


def test_a_group_that_looks_wrong_is_still_not_reshuffled() -> None:
    album = make_album(people=2, faces=4, photo=0.03)
    mixed = (FaceId(100), FaceId(104))
    assert any(set(mixed) <= set(group) for group in grouped(album, existing=[mixed]))


def test_faces_that_are_no_longer_open_leave_their_group_and_a_lone_face_is_none() -> None:
    album = make_album(people=2, faces=3, photo=0.03)
    before = grouped(album)
    assert [len(group) for group in before] == [3, 3]
    after = grouped(album, np.array([0, 1, 3], dtype=np.int64), existing=before)
    assert after == [(100, 101)]


def test_existing_groups_stay_in_front_in_their_order() -> None:
    album = make_album(people=5, faces=4, photo=0.03)
    groups = grouped(album)
    kept = [groups[3], groups[1]]
    assert grouped(album, existing=kept)[:2] == kept


def test_a_grouper_that_remembers_groups_like_one_that_does_not() -> None:
    album = make_album(people=8, faces=8, photo=0.045)
    rng = np.random.default_rng(0)
    grouper = Grouper()
    existing: list[tuple[FaceId, ...]] = []
    for count in (20, 40, 30, 64, 50):
        part = taken(album.evidence(), rng.permutation(64)[:count])
        afresh = group_faces(part.face_ids, part.embeddings, part.photo_ids, existing)
        existing = grouper.group(part.face_ids, part.embeddings, part.photo_ids, existing)
        assert existing == afresh


def test_faces_that_only_leave_let_nobody_join() -> None:
    album = make_album(people=4, faces=6, photo=0.045)
    evidence = album.evidence()
    grouper = Grouper()
    before = grouper.group(evidence.face_ids, evidence.embeddings, evidence.photo_ids)
    part = taken(evidence, np.arange(3, 24))
    after = grouper.group(part.face_ids, part.embeddings, part.photo_ids, before)
    gone = {100, 101, 102}
    left = [tuple(face for face in group if face not in gone) for group in before]
    assert after == [group for group in left if len(group) > 1]


def test_faces_whose_group_came_apart_look_for_company_again() -> None:
    album = make_album(people=2, faces=5, photo=0.03)
    evidence = album.evidence()
    grouper = Grouper()
    groups = grouper.group(evidence.face_ids, evidence.embeddings, evidence.photo_ids)
    assert len(groups) == 2
    assert grouper.group(evidence.face_ids, evidence.embeddings, evidence.photo_ids, groups[:1]) == groups


def test_a_grouper_compares_faces_anew_whose_embedding_has_changed() -> None:
    album = make_album(people=2, faces=3, photo=0.03)
    evidence = album.evidence()
    grouper = Grouper()
    grouper.group(evidence.face_ids, evidence.embeddings, evidence.photo_ids)
    swapped = evidence.embeddings[[3, 1, 2, 0, 4, 5]]
    assert grouper.group(evidence.face_ids, swapped, evidence.photo_ids) == [(100, 104, 105), (101, 102, 103)]
    shorter = evidence.embeddings[:, :64]
    assert grouper.group(evidence.face_ids, shorter, evidence.photo_ids) == group_faces(
        evidence.face_ids, shorter, evidence.photo_ids
    )

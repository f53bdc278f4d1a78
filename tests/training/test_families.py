from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError
from facetagger.training.families import TABLE, family_of, folds_of, read_families, read_pairs, strangers_for
from tests.training.families_of_numbers import made_up


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = ["p1,p2", "F1/MID1,F1/MID2", "F1/MID2,F1/MID1", "F2/MID1,F2/MID2", "F2/MID1,F2/MID9"]
    (tmp_path / TABLE).write_text("\n".join(rows))
    return tmp_path


def photos_in(folder: Path) -> list[Path]:
    return [
        folder / name for name in ("F1/MID1/a.jpg", "F1/MID1/b.jpg", "F1/MID2/c.jpg", "F2/MID1/d.jpg", "F2/MID2/e.jpg")
    ]


def test_people_and_their_kin_are_read_each_pair_once_and_only_with_photos(folder: Path) -> None:
    families = read_families(folder, photos_in(folder))
    assert families.kin == (("F1/MID1", "F1/MID2"), ("F2/MID1", "F2/MID2"))
    assert families.people["F1/MID1"] == (folder / "F1/MID1/a.jpg", folder / "F1/MID1/b.jpg")
    assert families.families == ("F1", "F2")


def test_a_folder_of_another_layout_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FaceTaggerError, match="no families"):
        read_families(tmp_path, [tmp_path / "Anna" / "a.jpg"])


def test_a_missing_table_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FaceTaggerError, match="cannot be read"):
        read_families(tmp_path, photos_in(tmp_path))


def test_a_row_that_is_no_pair_is_named_by_its_line(folder: Path) -> None:
    (folder / TABLE).write_text("p1,p2\nF1/MID1,F1/MID2\nF1/MID1\n")
    with pytest.raises(FaceTaggerError, match="Line 3"):
        read_pairs(folder / TABLE)


def test_the_pairs_of_the_challenge_are_read_from_one_column(tmp_path: Path) -> None:
    (tmp_path / "test.csv").write_text("img_pair,is_related\nface1.jpg-face2.jpg,0\n")
    assert read_pairs(tmp_path / "test.csv") == [("face1.jpg", "face2.jpg")]


def test_strangers_are_of_other_families_and_made_of_the_same_people() -> None:
    families, _ = made_up(20)
    related = {frozenset(pair) for pair in families.kin}
    pairs = strangers_for(families.kin, related, np.random.default_rng(0))
    assert len(pairs) == len(families.kin)
    assert all(family_of(one) != family_of(other) for one, other in pairs)
    assert {one for one, _ in pairs} == {one for one, _ in families.kin}
    assert {other for _, other in pairs} <= {other for _, other in families.kin}


def test_every_family_is_in_one_fold() -> None:
    folds = folds_of([f"F{number}" for number in range(23)], 5, np.random.default_rng(0))
    counts = np.bincount(list(folds.values()))
    assert counts.tolist() == [5, 5, 5, 4, 4]

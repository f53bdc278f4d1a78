from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facetagger.entities import FaceId
from facetagger.geometry import Box
from tests.benchmarks.data import read_pairs
from tests.benchmarks.detect import figures, match
from tests.benchmarks.groups import bcubed, many_faces
from tests.benchmarks.open_window import late_beats


def test_pairs_without_folds_are_dealt_out_by_tenths_of_each_kind(tmp_path: Path) -> None:
    matches = "".join(f"Anna\t{number}\t{number + 1}\n" for number in range(1, 21))
    mismatches = "".join(f"Anna\t{number}\tBert\t7\n" for number in range(1, 21))
    (tmp_path / "pairs.txt").write_text(f"20\n{matches}{mismatches}")
    pairs = read_pairs(tmp_path / "pairs.txt", tmp_path)
    assert [pair.fold for pair in pairs] == 2 * [fold for fold in range(10) for _ in range(2)]
    assert [pair.is_same for pair in pairs] == [True] * 20 + [False] * 20
    assert pairs[0].second == tmp_path / "Anna" / "Anna_0002.jpg"
    assert pairs[-1].second == tmp_path / "Bert" / "Bert_0007.jpg"


def test_pairs_with_folds_keep_them(tmp_path: Path) -> None:
    fold = "Anna\t1\t2\nAnna\t1\t3\nAnna\t1\tBert\t1\nAnna\t2\tBert\t1\n"
    (tmp_path / "pairs.txt").write_text(f"3\t2\n{3 * fold}")
    assert [pair.fold for pair in read_pairs(tmp_path / "pairs.txt", tmp_path)] == [0] * 4 + [1] * 4 + [2] * 4


def test_each_face_is_found_by_one_detection_and_the_others_are_false() -> None:
    face, far = Box(0, 0, 40, 40), Box(500, 500, 40, 40)
    found, false = match([face, far], [Box(2, 2, 40, 40), Box(1, 1, 40, 40), Box(200, 200, 40, 40)])
    assert found == [face]
    assert len(false) == 2


def test_small_faces_are_neither_wanted_nor_false() -> None:
    small, large = Box(0, 0, 20, 20), Box(100, 100, 50, 50)
    assert figures([([small, large], [small, large])]) == {"recall": 1.0, "false_per_photo": 0.0}
    assert figures([([small, large], [large])]) == {"recall": 1.0, "false_per_photo": 0.0}


def test_groups_are_judged_by_bcubed() -> None:
    truth = np.array([0, 0, 0, 1, 2])
    groups = [(FaceId(0), FaceId(1)), (FaceId(2), FaceId(3))]
    assert bcubed(groups, truth) == {"precision": 0.8, "recall": 0.73333, "f": 0.76522}


def test_made_up_faces_are_grouped_by_person_and_never_reshuffled() -> None:
    figures = many_faces(400, 40, 12)
    assert figures["reshuffled"] == 0


def test_every_beat_that_fell_into_a_wait_is_late_by_what_was_left_of_it() -> None:
    assert late_beats(0.0101) == pytest.approx([0.0001])
    assert late_beats(0.009) == [0.0]
    assert late_beats(0.0452) == pytest.approx([0.0352, 0.0252, 0.0152, 0.0052])
    assert len(late_beats(0.3)) == 30

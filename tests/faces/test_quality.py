from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageFilter

from facetagger.faces.alignment import TEMPLATE, extract_chip
from facetagger.faces.detector import Pixels
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.faces.quality import measure, pose, sharpness
from facetagger.geometry import Box


@pytest.fixture(scope="module")
def chip(detector: MtcnnDetector, grace_hopper: Pixels) -> Pixels:
    return extract_chip(grace_hopper, detector.detect([grace_hopper])[0][0].landmarks)


def test_a_blurred_face_is_less_sharp_and_a_faded_one_is_not(chip: Pixels) -> None:
    blurred = np.asarray(Image.fromarray(chip).filter(ImageFilter.GaussianBlur(3)))
    faded = (chip * 0.5 + 80).astype(np.uint8)
    assert sharpness(blurred) < 0.3 * sharpness(chip)
    assert sharpness(faded) == pytest.approx(sharpness(chip), rel=0.2)


@pytest.mark.parametrize("roll", [-170.0, -40.0, 0.0, 90.0])
def test_a_frontal_face_looks_ahead_whatever_its_roll(roll: float) -> None:
    angle = np.radians(roll)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    yaw, pitch, measured = pose((TEMPLATE @ turn.T * 80 + 30).astype(np.float32))
    assert abs(yaw) < 5
    assert abs(pitch) < 5
    assert measured == pytest.approx(roll, abs=1)


def test_a_nose_to_the_right_is_a_face_that_looks_right() -> None:
    points = TEMPLATE.copy()
    points[2, 0] += 0.15
    assert pose(points.astype(np.float32))[0] > 20


def test_points_that_fall_together_have_no_pose() -> None:
    assert pose(np.zeros((5, 2), np.float32)) == (0.0, 0.0, 0.0)


def test_small_blurred_or_turned_faces_are_worth_less(chip: Pixels) -> None:
    points = (TEMPLATE * 120).astype(np.float32)
    turned = points.copy()
    turned[2, 0] += 20
    blurred = np.asarray(Image.fromarray(chip).filter(ImageFilter.GaussianBlur(4)))
    best = measure(Box(0, 0, 120, 150), points, chip).score
    assert 0 < best <= 1
    for worse in (
        measure(Box(0, 0, 30, 40), points, chip),
        measure(Box(0, 0, 120, 150), turned, chip),
        measure(Box(0, 0, 120, 150), points, blurred),
    ):
        assert worse.score < best

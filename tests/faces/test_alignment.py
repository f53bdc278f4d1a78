"""dlib itself is the oracle: its chips are what the network was trained on."""

from __future__ import annotations

import numpy as np
import pytest

from facetagger.faces.alignment import (
    PADDING,
    TEMPLATE,
    Alignment,
    FloatArray,
    chip_frame,
    cut,
    extract_centre_chip,
    extract_chip,
    similarity,
)
from facetagger.faces.detector import Pixels
from facetagger.geometry import Box

# dlib/image_transforms/interpolation.h, get_face_chip_details: corners of the eyes, image-right eye first; the nose.
DLIB_TEMPLATE = np.array(
    [
        [0.8595674595992, 0.2134981538014],
        [0.6460604764104, 0.2289674387677],
        [0.1205750620789, 0.2137274526848],
        [0.3340850613712, 0.2290642403242],
        [0.4901123135679, 0.6277975316475],
    ]
)


def placed(template: FloatArray, *, center: tuple[float, float], size: float, angle: float) -> FloatArray:
    """The template's points with the face turned by ``angle`` and ``size`` pixels wide."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points: FloatArray = ((template - 0.5) * size) @ turn.T + np.array(center)
    return points


def noise(width: int, height: int) -> Pixels:
    """Blocks of random colours: edges everywhere, so that a shift by part of a pixel shows."""
    blocks = np.random.default_rng(7).integers(0, 256, (height // 4 + 1, width // 4 + 1, 3), np.uint8)
    return np.ascontiguousarray(np.kron(blocks, np.ones((4, 4, 1), np.uint8))[:height, :width])


@pytest.mark.parametrize("angle", [0.0, 0.4, -2.5])
@pytest.mark.parametrize("size", [40, 100, 230, 700, 1500])
@pytest.mark.parametrize("center", [(420.0, 300.0), (20.0, 580.0)])
def test_a_chip_has_the_pixels_that_dlib_cuts(angle: float, size: int, center: tuple[float, float]) -> None:
    dlib = pytest.importorskip("dlib", reason="dlib-bin is not installed")
    photo = noise(900, 640)
    points = np.round(placed(DLIB_TEMPLATE, center=center, size=size, angle=angle))
    shape = dlib.full_object_detection(dlib.rectangle(0, 0, 9, 9), [dlib.point(int(x), int(y)) for x, y in points])
    expected = dlib.get_face_chip(photo, shape, 150, PADDING).astype(int)
    ours = cut(photo, chip_frame(points, DLIB_TEMPLATE, 150, PADDING), 150)
    assert np.abs(ours - expected).max() <= 1
    assert np.mean(ours != expected) < 0.001


def test_landmarks_on_the_template_give_back_the_square_they_were_placed_in() -> None:
    photo = noise(150, 150)
    points = (PADDING + TEMPLATE) / (1 + 2 * PADDING) * 150
    chip = extract_chip(photo, points.astype(np.float32))
    assert np.abs(chip[1:-1, 1:-1].astype(int) - photo[1:-1, 1:-1]).max() <= 1


@pytest.mark.parametrize("quarter_turns", [1, 2, 3])
def test_a_face_lying_on_its_side_gives_the_chip_of_the_upright_face(
    quarter_turns: int, eileen_collins: Pixels
) -> None:
    landmarks = np.array([[203.5, 100.8], [247.0, 103.5], [224.7, 128.4], [201.1, 139.5], [245.9, 141.1]], np.float32)
    turned, points, side = eileen_collins, landmarks, eileen_collins.shape[0]
    for _ in range(quarter_turns):
        turned, points = np.rot90(turned), np.stack([points[:, 1], side - points[:, 0]], axis=1)
    upright = extract_chip(eileen_collins, landmarks).astype(int)
    assert np.abs(extract_chip(np.ascontiguousarray(turned), points) - upright).max() <= 1


def test_what_lies_outside_the_photo_is_black() -> None:
    photo = np.full((200, 200, 3), 200, np.uint8)
    chip = extract_chip(photo, placed(TEMPLATE, center=(0, 100), size=100, angle=0).astype(np.float32))
    assert chip[:, 0].max() == 0
    assert chip[75, -1].min() == 200
    outside = placed(TEMPLATE, center=(-5000, 100), size=100, angle=0).astype(np.float32)
    assert extract_chip(photo, outside).max() == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 300), (5000, 3)])
def test_a_huge_face_on_a_tiny_photo_is_cut_without_error(size: tuple[int, int]) -> None:
    photo = np.full((size[1], size[0], 3), 9, np.uint8)
    landmarks = placed(TEMPLATE, center=(1, 1), size=3000, angle=1).astype(np.float32)
    assert extract_chip(photo, landmarks).shape == (150, 150, 3)
    assert extract_centre_chip(photo).shape == (150, 150, 3)


def test_a_similarity_is_recovered_from_the_points_it_moved() -> None:
    matrix, shift = similarity(TEMPLATE, placed(TEMPLATE, center=(30, -4), size=80, angle=2.0))
    assert np.allclose(matrix, 80 * np.array([[np.cos(2), -np.sin(2)], [np.sin(2), np.cos(2)]]))
    assert np.allclose(matrix @ [0.5, 0.5] + shift, [30, -4])


def test_a_chip_without_a_template_shows_the_square_around_the_box() -> None:
    photo = noise(300, 200)
    chip = extract_chip(photo, np.zeros((5, 2), np.float32), Box(70, 60, 80, 100), Alignment(100, None, 0.0))
    assert np.abs(chip[1:-1, 1:-1].astype(int) - photo[60:160, 60:160][1:-1, 1:-1]).max() <= 1


def test_a_template_of_another_network_is_met_where_the_landmarks_lie_on_it() -> None:
    photo = noise(112, 112)
    template = ((0.34, 0.46), (0.66, 0.46), (0.5, 0.64), (0.37, 0.82), (0.63, 0.82))
    points = (np.array(template) * 112).astype(np.float32)
    chip = extract_chip(photo, points, None, Alignment(112, template, 0.0))
    assert np.abs(chip[1:-1, 1:-1].astype(int) - photo[1:-1, 1:-1]).max() <= 1

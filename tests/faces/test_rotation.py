from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from facetagger.faces.canvas import FILL
from facetagger.faces.detector import Pixels
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.faces.rotation import search, uprightness
from facetagger.faces.settings import NORMAL, THOROUGH, AnalysisSettings
from facetagger.geometry import Box, box_to_stored, rotated_orientation


def tilted(photo: Pixels, degrees: float) -> Pixels:
    image = Image.fromarray(photo)
    return np.asarray(image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(FILL, FILL, FILL)))


@pytest.mark.parametrize("settings", [NORMAL, THOROUGH], ids=lambda each: each.name)
@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_photo_lying_on_its_side_says_how_to_turn_it_and_has_the_face_of_the_upright_one(
    analyser: FaceAnalyser, grace_hopper: Pixels, quarter_turns: int, settings: AnalysisSettings
) -> None:
    upright, lying = analyser.analyse_photos([grace_hopper, np.rot90(grace_hopper, quarter_turns)], settings)
    assert upright.quarter_turns == 0
    assert lying.quarter_turns == quarter_turns
    expected, found = upright.faces[0], lying.faces[0]
    assert expected.embedding is not None
    assert found.embedding is not None
    assert box_to_stored(expected.box, rotated_orientation(1, quarter_turns)).iou(found.box) > 0.7
    assert float(np.linalg.norm(expected.embedding - found.embedding)) < 0.2


@pytest.mark.parametrize("degrees", [30, 45, 120, 135, 225, 315])
def test_a_tilted_face_is_found_where_it_lies_and_aligned(
    detector: MtcnnDetector, eileen_collins: Pixels, degrees: int
) -> None:
    photo = tilted(eileen_collins, degrees)
    face = search(detector, [photo], NORMAL)[0].faces[0]
    turns = round(-degrees / 90) % 4
    assert uprightness(face.landmarks, turns) > np.cos(np.radians(60))
    middle = np.array([224.0, 122.0]) - np.array(eileen_collins.shape[1::-1]) / 2
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    expected = turn @ middle + np.array(photo.shape[1::-1]) / 2
    assert np.linalg.norm(face.landmarks.mean(axis=0) - expected) < 20


def test_a_photo_without_faces_is_left_as_it_lies(detector: MtcnnDetector) -> None:
    noise = np.random.default_rng(3).integers(0, 256, (300, 400, 3), np.uint8)
    (searched,) = search(detector, [noise], NORMAL)
    assert searched.faces == []
    assert searched.quarter_turns == 0


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_drawn_box_gets_landmarks_and_the_embedding_of_its_face(
    analyser: FaceAnalyser, eileen_collins: Pixels, quarter_turns: int
) -> None:
    (found,) = analyser.analyse([eileen_collins])[0]
    drawn = Box(found.box.left - 0.02, found.box.top - 0.01, found.box.width * 1.15, found.box.height * 1.1)
    orientation = rotated_orientation(1, quarter_turns)
    photo = np.ascontiguousarray(np.rot90(eileen_collins, quarter_turns))
    box = box_to_stored(drawn, orientation)
    face, nothing = analyser.analyse_regions(photo, [box, Box(0.02, 0.02, 0.1, 0.1)])
    assert nothing is None
    assert face is not None
    assert face.box.iou(box) > 0.999
    assert face.embedding is not None
    assert found.embedding is not None
    assert float(np.linalg.norm(face.embedding - found.embedding)) < 0.3


def test_no_boxes_and_boxes_beyond_the_edge_are_looked_at_without_error(
    analyser: FaceAnalyser, eileen_collins: Pixels
) -> None:
    assert analyser.analyse_regions(eileen_collins, []) == []
    assert analyser.analyse_regions(eileen_collins, [Box(2, 2, 0.1, 0.1)]) == [None]

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from facetagger.faces.alignment import extract_chip
from facetagger.faces.detector import Pixels
from facetagger.faces.dlib_resnet import DlibEmbedder, build_dlib_resnet
from facetagger.faces.dlib_weights import DLIB_RESNET_FILE, parse_dlib_weights
from facetagger.faces.embedder import Chips
from facetagger.faces.models import DLIB_RESNET, EMBEDDING_SIZE
from facetagger.faces.mtcnn import MtcnnDetector


@pytest.fixture(scope="module")
def chips(detector: MtcnnDetector, eileen_collins: Pixels, grace_hopper: Pixels) -> Chips:
    """Two faces, their mirror images, noise and a gradient."""
    photos = [eileen_collins, grace_hopper]
    faces = [
        extract_chip(photo, found[0].landmarks) for photo, found in zip(photos, detector.detect(photos), strict=True)
    ]
    noise = np.random.default_rng(0).integers(0, 256, (150, 150, 3), np.uint8)
    gradient = np.broadcast_to(np.arange(150, dtype=np.uint8)[:, np.newaxis, np.newaxis], (150, 150, 3))
    return np.stack([*faces, *(face[:, ::-1] for face in faces), noise, gradient])


def test_the_network_answers_what_dlib_answers(chips: Chips) -> None:
    dlib = pytest.importorskip("dlib", reason="dlib-bin is not installed")
    spec = importlib.util.find_spec(DLIB_RESNET_FILE.package)
    assert spec is not None
    assert spec.submodule_search_locations is not None
    path = Path(spec.submodule_search_locations[0]) / DLIB_RESNET_FILE.path
    expected = np.array(dlib.face_recognition_model_v1(str(path)).compute_face_descriptor(list(chips)))
    network = build_dlib_resnet(parse_dlib_weights(DLIB_RESNET_FILE.read()))
    assert np.abs(network(chips.astype(np.float32)).numpy() - expected).max() <= 1e-5


def test_an_embedding_is_the_normalised_mean_of_the_chip_and_its_mirror_image(
    embedder: DlibEmbedder, chips: Chips
) -> None:
    network = build_dlib_resnet(parse_dlib_weights(DLIB_RESNET_FILE.read()))
    mean = network(chips.astype(np.float32)).numpy() + network(chips[:, :, ::-1].astype(np.float32)).numpy()
    assert np.allclose(embedder.embed(chips), mean / np.linalg.norm(mean, axis=1, keepdims=True), atol=1e-5)


def test_embeddings_have_length_one_and_say_who_made_them(embedder: DlibEmbedder, chips: Chips) -> None:
    embeddings = embedder.embed(chips)
    assert embeddings.dtype == np.float32
    assert embeddings.shape == (len(chips), EMBEDDING_SIZE)
    assert np.allclose(np.linalg.norm(embeddings, axis=1), 1, atol=1e-6)
    assert embedder.model_id == DLIB_RESNET


@pytest.mark.parametrize("count", [1, 3, 5, 33])
def test_an_embedding_does_not_depend_on_the_batch(embedder: DlibEmbedder, chips: Chips, count: int) -> None:
    many = np.resize(chips, (count, *chips.shape[1:]))
    alone = np.concatenate([embedder.embed(each[np.newaxis]) for each in chips])
    expected = np.resize(alone, (count, EMBEDDING_SIZE))
    assert np.abs(embedder.embed(many) - expected).max() <= 1e-5


def test_no_chips_give_no_embeddings(embedder: DlibEmbedder) -> None:
    assert embedder.embed(np.empty((0, 150, 150, 3), np.uint8)).shape == (0, EMBEDDING_SIZE)


def test_the_package_that_carries_the_weights_is_never_imported(embedder: DlibEmbedder) -> None:
    assert embedder.model_id
    assert "face_recognition_models" not in sys.modules
    assert "mtcnn" not in sys.modules

"""The real networks, loaded once, and photographs that the installed packages carry."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.faces.detector import Pixels
from facetagger.faces.dlib_resnet import DlibEmbedder
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.faces.pipeline import FaceAnalyser, load_analyser


@pytest.fixture(scope="session")
def analyser() -> FaceAnalyser:
    return load_analyser()


@pytest.fixture(scope="session")
def detector(analyser: FaceAnalyser) -> MtcnnDetector:
    assert isinstance(analyser.detector, MtcnnDetector)
    return analyser.detector


@pytest.fixture(scope="session")
def embedder(analyser: FaceAnalyser) -> DlibEmbedder:
    assert isinstance(analyser.embedder, DlibEmbedder)
    return analyser.embedder


@pytest.fixture(scope="session")
def eileen_collins() -> Pixels:
    """A portrait of 512 x 512 pixels, NASA, public domain."""
    return _bundled("skimage", "data/astronaut.png")


@pytest.fixture(scope="session")
def grace_hopper() -> Pixels:
    """A portrait of 512 x 600 pixels, US Navy, public domain."""
    return _bundled("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")


def _bundled(package: str, name: str) -> Pixels:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    with Image.open(Path(spec.origin).parent / name) as image:
        return np.asarray(image.convert("RGB"))

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import ModelError
from facetagger.faces.packs.inspection import TrialFace
from facetagger.faces.packs.loading import load_detector, load_embedder
from facetagger.faces.packs.manifest import Manifest, PackKind
from facetagger.faces.packs.store import CARD, PackStore
from facetagger.imaging import isolation
from facetagger.operations.trial_faces import trial_faces
from tests.faces.packs.tiny_onnx import DIMENSIONS, tiny_onnx


@pytest.fixture(autouse=True)
def _no_worker_is_left() -> Iterator[None]:
    yield
    isolation.close()


@pytest.fixture(scope="module")
def faces() -> list[TrialFace]:
    return trial_faces()


@pytest.fixture
def store(tmp_path: Path) -> PackStore:
    return PackStore(tmp_path / "models")


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A network that works, and a manifest beside it."""
    path = tmp_path / "tiny.onnx"
    path.write_bytes(tiny_onnx())
    path.with_suffix(".json").write_text(json.dumps({"kind": "embedder", "dimensions": DIMENSIONS, "licence": "CC0"}))
    return path


def changed(path: Path, **fields: object) -> None:
    manifest = path.with_suffix(".json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | fields))


def test_an_installed_pack_is_listed_loads_and_gives_unit_vectors(
    store: PackStore, tiny: Path, faces: list[TrialFace]
) -> None:
    pack = store.install(tiny, faces)
    assert [each.id for each in store.all()] == ["tiny"]
    assert store.get(pack.model_id) == store.get("tiny") == pack
    embedder = load_embedder(pack, store.weights(pack))
    chips = np.random.default_rng(0).integers(0, 256, (5, 112, 112, 3), np.uint8)
    vectors = embedder.embed(chips)
    assert vectors.shape == (5, DIMENSIONS + 1)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(embedder.embed(chips[3:4]), vectors[3:4], atol=1e-6)
    assert np.allclose(embedder.embed(chips[:, :, ::-1]), vectors, atol=1e-5)


def test_the_model_card_says_what_the_file_is_and_how_it_did(
    store: PackStore, tiny: Path, faces: list[TrialFace], tmp_path: Path
) -> None:
    pack = store.install(tiny, faces)
    card = (tmp_path / "models" / "tiny" / CARD).read_text(encoding="utf-8")
    assert pack.sha256 in card
    assert "CC0" in card
    assert "of two people" in card


def test_a_pack_that_is_there_already_is_not_replaced(store: PackStore, tiny: Path, faces: list[TrialFace]) -> None:
    store.install(tiny, faces)
    with pytest.raises(ModelError, match="already"):
        store.install(tiny, faces)
    store.remove("tiny")
    assert store.all() == []
    store.install(tiny, faces)


def test_weights_that_changed_since_are_refused(
    store: PackStore, tiny: Path, faces: list[TrialFace], tmp_path: Path
) -> None:
    pack = store.install(tiny, faces)
    (tmp_path / "models" / "tiny" / "tiny.onnx").write_bytes(tiny_onnx() + b"\0")
    with pytest.raises(ModelError, match=r"tiny\.onnx"):
        store.weights(pack)


@pytest.mark.parametrize("content", [b"", b"\x08", tiny_onnx()[:-40], b"\xff" * 5000, b"\x3a\xff\xff\xff\x7f"])
def test_a_damaged_network_gets_a_sentence_and_changes_nothing(
    store: PackStore, tiny: Path, faces: list[TrialFace], content: bytes, tmp_path: Path
) -> None:
    tiny.write_bytes(content)
    with pytest.raises(ModelError):
        store.install(tiny, faces)
    assert not (tmp_path / "models").exists()


def test_a_manifest_that_does_not_fit_the_network_gets_a_sentence(
    store: PackStore, tiny: Path, faces: list[TrialFace]
) -> None:
    changed(tiny, dimensions=128)
    with pytest.raises(ModelError, match="48 numbers"):
        store.install(tiny, faces)
    changed(tiny, dimensions=DIMENSIONS, sha256="0" * 64)
    with pytest.raises(ModelError, match="not the file"):
        store.install(tiny, faces)


def test_a_file_of_no_known_kind_is_refused(store: PackStore, tmp_path: Path, faces: list[TrialFace]) -> None:
    (tmp_path / "model.pt").write_bytes(b"PK\x03\x04")
    with pytest.raises(ModelError, match="kind of model"):
        store.install(tmp_path / "model.pt", faces)
    with pytest.raises(ModelError, match="cannot be read"):
        store.install(tmp_path / "absent.onnx", faces)


def test_a_pack_whose_manifest_is_damaged_does_not_hide_the_others(
    store: PackStore, tiny: Path, faces: list[TrialFace], tmp_path: Path
) -> None:
    store.install(tiny, faces)
    broken = tmp_path / "models" / "broken"
    broken.mkdir()
    (broken / "manifest.json").write_text("{")
    assert [each.id for each in store.all()] == ["tiny"]


def test_published_networks_install_without_a_manifest(
    store: PackStore, data_folder: Path, faces: list[TrialFace]
) -> None:
    embedder = store.install(data_folder / "models" / "mobilefacenet.onnx", faces)
    assert (embedder.kind, embedder.dimensions) == (PackKind.EMBEDDER, 128)
    detector = store.install(data_folder / "models" / "yunet_n_640_640.onnx", faces)
    assert detector.kind is PackKind.DETECTOR
    assert_finds_the_faces(store, detector, faces)


def assert_finds_the_faces(store: PackStore, pack: Manifest, faces: list[TrialFace]) -> None:
    """Upright and lying on their sides."""
    detector = load_detector(pack, store.weights(pack))
    for face in faces[::3]:
        (upright,) = detector.detect([face.pixels])
        assert max(found.box.iou(face.box) for found in upright) > 0.5
        turned = np.ascontiguousarray(np.rot90(face.pixels))
        (lying,) = detector.detect([turned], quarter_turns=1)
        height = face.pixels.shape[1]
        expected = np.stack([face.landmarks[:, 1], height - face.landmarks[:, 0]], axis=1)
        assert min(np.abs(found.landmarks - expected).max() for found in lying) < 0.1 * face.box.width
        (located,) = detector.locate(face.pixels, [face.box])
        assert np.abs(located.landmarks - face.landmarks).max() < 0.1 * face.box.width

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from facetagger.errors import ModelError
from facetagger.faces.packs.manifest import PackKind, parse
from facetagger.faces.packs.scaling import BUILT_IN_THRESHOLD, scaled

GOOD: dict[str, Any] = {
    "id": "tiny",
    "title": "Tiny",
    "kind": "embedder",
    "format": "onnx",
    "file": "tiny.onnx",
    "sha256": "a" * 64,
    "dimensions": 48,
}


def test_a_manifest_reads_back_what_it_writes() -> None:
    manifest = parse(json.dumps(GOOD))
    assert manifest.kind is PackKind.EMBEDDER
    assert parse(manifest.to_json()) == manifest


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", "../evil"),
        ("id", 7),
        ("kind", "oracle"),
        ("file", "../../etc/passwd"),
        ("file", "folder/x.onnx"),
        ("sha256", "abc"),
        ("input_size", 100_000),
        ("input_size", True),
        ("colours", "cmyk"),
        ("scale", 0),
        ("alignment", "sideways"),
        ("margin", -1),
        ("dimensions", 1),
        ("distance", "manhattan"),
        ("threshold", 3),
        ("surprise", 1),
    ],
)
def test_a_wrong_field_is_named(field: str, value: object) -> None:
    with pytest.raises(ModelError, match=field):
        parse(json.dumps({**GOOD, field: value}))


@pytest.mark.parametrize("text", ["", "[]", "{", json.dumps({**GOOD, "title": None})])
def test_what_is_no_manifest_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="manifest"):
        parse(text)


@pytest.mark.parametrize("missing", ["id", "kind", "file", "sha256"])
def test_a_missing_field_is_named(missing: str) -> None:
    with pytest.raises(ModelError, match=f"{missing}.*missing"):
        parse(json.dumps({name: value for name, value in GOOD.items() if name != missing}))


def test_the_model_id_follows_what_changes_the_vectors_and_nothing_else() -> None:
    one = parse(json.dumps(GOOD))
    assert parse(json.dumps({**GOOD, "title": "Other", "licence": "MIT"})).model_id == one.model_id
    others: list[dict[str, Any]] = [
        {"mean": 0.0},
        {"sha256": "b" * 64},
        {"colours": "bgr"},
        {"threshold": 1.0},
        {"alignment": "dlib"},
    ]
    ids = {parse(json.dumps({**GOOD, **each})).model_id for each in others}
    assert len(ids) == len(others)
    assert one.model_id not in ids


def test_the_margin_of_a_box_is_part_of_the_chip() -> None:
    manifest = parse(json.dumps({**GOOD, "alignment": "box", "input_size": 160, "margin": 32}))
    assert manifest.chip.template is None
    # A box of 128 pixels has 16 pixels of room on each side of it on a chip of 160.
    assert 128 * (1 + 2 * manifest.chip.padding) == pytest.approx(160)


def test_scaling_multiplies_every_distance_and_keeps_vectors_at_length_one() -> None:
    vectors = np.random.default_rng(0).normal(size=(6, 16)).astype(np.float32)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    result = scaled(vectors, 1.1)
    assert result.shape == (6, 17)
    assert np.allclose(np.linalg.norm(result, axis=1), 1, atol=1e-6)
    before = np.linalg.norm(unit[:, None] - unit[None], axis=2)
    after = np.linalg.norm(result[:, None] - result[None], axis=2)
    assert np.allclose(after, before * BUILT_IN_THRESHOLD / 1.1, atol=1e-5)

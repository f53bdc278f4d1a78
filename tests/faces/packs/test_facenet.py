from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from facetagger.errors import ModelError
from facetagger.faces.packs.facenet import PARAMETERS, build_facenet
from facetagger.faces.packs.facenet_weights import read_dimensions, read_weights
from facetagger.faces.packs.keras_embedder import load_facenet, load_safely
from facetagger.faces.packs.manifest import checked
from facetagger.faces.tensorflow_runtime import load_tensorflow

# Keras' own way to numpy warns under numpy 2.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Any:
    load_tensorflow()
    import keras

    keras.utils.set_random_seed(0)
    return build_facenet(128)


def test_the_networks_have_as_many_parameters_as_was_published(network: Any) -> None:
    assert network.count_params() == PARAMETERS[128]
    assert build_facenet(512).count_params() == PARAMETERS[512]


@pytest.mark.parametrize("ending", [".keras", ".weights.h5", ".h5"])
def test_each_layout_of_weights_is_read(network: Any, ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"facenet{ending}"
    network.save_weights(path) if ending == ".weights.h5" else network.save(path)
    content = path.read_bytes()
    assert read_dimensions(content) == 128
    loaded = load_facenet(content)
    chips = np.random.default_rng(0).normal(size=(2, 160, 160, 3)).astype(np.float32)
    assert np.allclose(loaded(chips, training=False), network(chips, training=False), atol=1e-5)


def test_the_layout_of_early_keras_is_read_whatever_the_order_of_its_names() -> None:
    content = early_keras({"Bottleneck": {"Bottleneck/kernel:0": np.ones((1792, 128))}})
    assert read_dimensions(content) == 128
    named = {"b/moving_variance:0": np.full(4, 3.0), "b/beta:0": np.full(4, 1.0), "b/moving_mean:0": np.full(4, 2.0)}
    arrays = read_weights(early_keras({"b": named}), {"b": [(4,), (4,), (4,)]})
    assert [each[0] for each in arrays["b"]] == [1, 2, 3]


def early_keras(layers: dict[str, dict[str, Any]]) -> bytes:
    import h5py

    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        for name, variables in layers.items():
            group = file.create_group(name)
            group.attrs["weight_names"] = [each.encode() for each in variables]
            for path, values in variables.items():
                group[path] = values.astype(np.float32)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("layers", "reason"),
    [
        ({"a": {"a/kernel:0": np.ones((3, 4))}}, "shapes"),
        ({"a": {"a/kernel:0": np.full((3, 3), np.nan)}}, "numbers"),
        ({"c": {"c/kernel:0": np.ones((3, 3))}}, "missing"),
    ],
)
def test_weights_that_do_not_fit_are_refused_by_the_layer(layers: dict[str, Any], reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        read_weights(early_keras(layers), {"a": [(3, 3)]})


@pytest.mark.parametrize("content", [b"", b"\x89HDF\r\n\x1a\n" + bytes(500), b"PK\x03\x04", bytes(3000)])
def test_what_is_no_file_of_weights_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError, match="Inception"):
        read_dimensions(content)


def test_a_truncated_file_is_refused() -> None:
    content = early_keras({"Bottleneck": {"Bottleneck/kernel:0": np.ones((1792, 128))}})
    with pytest.raises(ModelError, match="Inception"):
        read_weights(content[: len(content) // 2], {"Bottleneck": [(1792, 128)]})


def test_an_archive_that_lacks_its_weights_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("config.json", "{}")
    with pytest.raises(ModelError, match="Inception"):
        read_dimensions(buffer.getvalue())


def test_code_in_a_model_is_never_run(tmp_path: Path) -> None:
    load_tensorflow()
    import keras

    mark = tmp_path / "it ran"
    inputs = keras.Input((16, 16, 3))

    def leave_a_mark(each: Any) -> Any:
        mark.touch()
        return each

    x = keras.layers.Lambda(leave_a_mark, output_shape=(16, 16, 3))(inputs)
    model = keras.Model(inputs, keras.layers.Flatten()(x))
    mark.unlink(missing_ok=True)
    model.save(tmp_path / "evil.keras")
    fields = {"id": "evil", "title": "", "kind": "embedder", "format": "keras", "file": "evil.keras"}
    manifest = checked({**fields, "sha256": "0" * 64, "input_size": 16, "dimensions": 768})
    with pytest.raises(ModelError, match="code of its own"):
        load_safely((tmp_path / "evil.keras").read_bytes(), manifest)
    assert not mark.exists()

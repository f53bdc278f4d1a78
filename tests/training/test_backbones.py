from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import FaceTaggerError, ModelError
from facetagger.training.backbones import BACKBONES, build_backbone


@pytest.mark.parametrize("name", BACKBONES)
def test_every_backbone_makes_a_map_of_more_than_one_place_from_small_chips(name: str) -> None:
    network = build_backbone(name, 64, width=0.25 if BACKBONES[name].has_width else 1.0)
    answer = network(np.full((2, 64, 64, 3), 127.5, np.float32)).numpy()
    assert answer.shape[0] == 2
    assert answer.shape[1] > 1
    assert np.isfinite(answer).all()


def test_weights_of_a_file_are_those_that_were_saved(tmp_path: Path) -> None:
    first = build_backbone("mobilenet", 32, width=0.25)
    first.layers[-1].save_weights(tmp_path / "saved.weights.h5")
    second = build_backbone("mobilenet", 32, width=0.25, weights=tmp_path / "saved.weights.h5")
    pixels = np.random.default_rng(0).uniform(0, 255, (1, 32, 32, 3)).astype(np.float32)
    assert np.allclose(first(pixels).numpy(), second(pixels).numpy())


def test_published_weights_that_read_blue_first_get_it(tmp_path: Path) -> None:
    first = build_backbone("resnet50", 32)
    first.layers[-1].save_weights(tmp_path / "saved.weights.h5")
    second = build_backbone("resnet50", 32, weights=tmp_path / "saved.weights.h5")
    kernels = [next(each for each in one.layers[-1].layers if each.weights).get_weights()[0] for one in (first, second)]
    assert np.array_equal(kernels[0][:, :, ::-1], kernels[1])


@pytest.mark.parametrize("content", [b"", b"no weights at all", None])
def test_a_wrong_file_of_weights_is_refused_in_a_sentence(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "wrong.weights.h5"
    if content is None:
        build_backbone("mobilenet", 32, width=0.5).layers[-1].save_weights(path)
    else:
        path.write_bytes(content)
    with pytest.raises(ModelError, match="does not fit MobileNet"):
        build_backbone("mobilenet", 32, width=0.25, weights=path)


def test_what_cannot_be_built_is_said(tmp_path: Path) -> None:
    with pytest.raises(FaceTaggerError, match="no backbone"):
        build_backbone("vgg16", 96)
    with pytest.raises(FaceTaggerError, match="pixels a side"):
        build_backbone("mobilenet", 16)
    with pytest.raises(FaceTaggerError, match="one width"):
        build_backbone("resnet50", 96, width=0.5)
    with pytest.raises(ModelError, match="is not there"):
        build_backbone("mobilenet", 96, weights=tmp_path / "none.h5")

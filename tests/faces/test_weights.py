from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import numpy as np
import pytest

from facetagger.errors import ModelError
from facetagger.faces.dlib_stream import DlibReader
from facetagger.faces.dlib_weights import DLIB_RESNET_FILE, parse_dlib_weights
from facetagger.faces.weights import WeightsFile


@pytest.fixture(scope="module")
def content() -> bytes:
    return DLIB_RESNET_FILE.read()


def carrier(folder: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, sha256: str) -> WeightsFile:
    """A package on the path that carries ``content`` and must not be imported."""
    package = folder / "carrier_of_weights"
    package.mkdir()
    (package / "__init__.py").write_text("raise AssertionError('imported')")
    (package / "weights.bin").write_bytes(content)
    monkeypatch.syspath_prepend(folder)
    return WeightsFile("carrier_of_weights", "weights.bin", sha256)


def test_weights_are_read_without_importing_their_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = carrier(tmp_path, monkeypatch, b"weights", hashlib.sha256(b"weights").hexdigest())
    assert file.read() == b"weights"
    assert "carrier_of_weights" not in sys.modules


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = carrier(tmp_path, monkeypatch, b"weights!", hashlib.sha256(b"weights").hexdigest())
    with pytest.raises(ModelError, match=r"weights\.bin is damaged"):
        file.read()


def test_weights_of_a_package_that_is_not_installed_are_refused_with_what_to_install() -> None:
    with pytest.raises(ModelError, match="pip install"):
        WeightsFile("a_package_that_nobody_has", "weights.bin", "").read()


def test_a_missing_weights_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = carrier(tmp_path, monkeypatch, b"", "")
    (tmp_path / "carrier_of_weights" / "weights.bin").unlink()
    with pytest.raises(ModelError, match="cannot be read"):
        file.read()


def test_the_dlib_file_holds_29_convolutions_and_a_dense_layer(content: bytes) -> None:
    weights = parse_dlib_weights(content)
    assert len(weights.convolutions) == 29
    assert weights.convolutions[0].kernel.shape == (7, 7, 3, 32)
    assert weights.dense.shape == (256, 128)
    assert weights.mean == pytest.approx((122.782, 117.001, 104.298), abs=1e-4)
    learned = sum(each.kernel.size + each.bias.size for each in weights.convolutions) + weights.dense.size
    assert learned == 5_607_488


def test_a_file_cut_off_anywhere_is_refused(content: bytes) -> None:
    ends = [0, 1, 28, 30, 288, 333, 400, len(content) // 2, len(content) - 40, len(content) - 1]
    for end in ends:
        with pytest.raises(ModelError):
            parse_dlib_weights(content[:end])


def test_a_file_with_bytes_after_the_network_is_refused(content: bytes) -> None:
    with pytest.raises(ModelError):
        parse_dlib_weights(content + b"\x01")


def test_a_file_with_a_structural_byte_altered_is_refused(content: bytes) -> None:
    """Every fifth of the bytes before the first filters: versions, names, the input layer."""
    first_filter = content.index(b"con_4") + len(b"con_4")
    loss_numbers = range(17, 29)
    colour_means = range(content.index(b"input_rgb_image_sized") + 21, first_filter - 10)
    for position in range(0, first_filter, 5):
        if position in loss_numbers or position in colour_means:
            continue
        altered = bytearray(content)
        altered[position] ^= 0x40
        with pytest.raises(ModelError):
            parse_dlib_weights(bytes(altered))


def test_a_tensor_larger_than_the_file_is_refused_before_memory_is_taken() -> None:
    dimension = bytes([0x04]) + (0x7FFFFFFF).to_bytes(4, "little")
    with pytest.raises(ModelError):
        DlibReader(b"\x01\x02" + 4 * dimension).tensor()
    with pytest.raises(ModelError):
        DlibReader(b"\x01\x02" + 4 * b"\x01\xff").tensor()


@pytest.mark.parametrize(
    ("encoded", "value"),
    [("0102", 2), ("028012", 4736), ("811c", -28), ("0100", 0)],
)
def test_integers_are_read_as_dlib_writes_them(encoded: str, value: int) -> None:
    assert DlibReader(bytes.fromhex(encoded)).integer() == value


@pytest.mark.parametrize(
    ("encoded", "value"), [("01108104", 1.0), ("0100010b", 0.0), ("039a99998118", np.float32(0.6))]
)
def test_numbers_are_read_as_dlib_writes_them(encoded: str, value: float) -> None:
    assert DlibReader(bytes.fromhex(encoded)).number() == pytest.approx(float(value), abs=0)


@pytest.mark.parametrize("encoded", ["", "09", "00", "71", "01"])
def test_what_is_no_integer_is_refused(encoded: str) -> None:
    with pytest.raises(ModelError):
        DlibReader(bytes.fromhex(encoded)).integer()

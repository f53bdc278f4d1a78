"""No file, however broken or hostile, brings the program down."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PIL import Image

from facetagger.errors import PhotoError
from facetagger.imaging import isolation
from facetagger.imaging.decode import decode
from facetagger.imaging.hashing import image_hash
from facetagger.imaging.hazards import is_risky_to_decode
from facetagger.imaging.probe import probe
from tests.imaging.pictures import noise, saved

_PATIENCE = 10.0


def test_every_broken_file_is_read_or_refused_within_seconds(data_folder: Path) -> None:
    paths = sorted((data_folder / "bad").iterdir())
    assert len(paths) >= 80
    for path in paths:
        started = time.monotonic()
        _read(path)
        assert time.monotonic() - started < _PATIENCE, path.name


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "bmp", "gif"])
def test_a_file_cut_anywhere_or_with_any_byte_changed_is_read_or_refused(tmp_path: Path, suffix: str) -> None:
    whole = saved(noise(24, 16), tmp_path / f"whole.{suffix}").read_bytes()
    path = tmp_path / f"broken.{suffix}"
    for position in range(0, len(whole), max(1, len(whole) // 60)):
        path.write_bytes(whole[:position])
        _read(path)
        path.write_bytes(whole[:position] + bytes((whole[position] ^ 0xFF,)) + whole[position + 1 :])
        _read(path)


def test_a_broken_heic_is_read_or_refused(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    path = tmp_path / "a.heic"
    heif.from_pillow(noise(64, 64)).save(path, quality=50)
    whole = path.read_bytes()
    for position in range(0, len(whole), len(whole) // 40):
        path.write_bytes(whole[:position] + bytes((whole[position] ^ 0xFF,)) + whole[position + 1 :])
        _read(path)


def test_a_jpeg_with_a_thousand_scans_is_left_to_a_process_that_can_be_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = saved(Image.new("L", (8000, 8000), 128), tmp_path / "a.jpg", progressive=True)
    assert not is_risky_to_decode(path)
    whole = path.read_bytes()
    last_scan = whole[whole.rindex(b"\xff\xda") : -2]
    path.write_bytes(whole[:-2] + last_scan * 2000 + whole[-2:])
    assert is_risky_to_decode(path)
    monkeypatch.setattr(isolation, "TIMEOUT", 0.5)
    with pytest.raises(PhotoError, match="too long"):
        decode(path, orientation=1, max_side=500)


def _read(path: Path) -> None:
    refusals: list[PhotoError] = []
    try:
        for page in probe(path):
            decode(path, page=page.page, orientation=page.orientation, max_side=500)
        image_hash(path)
    except PhotoError as error:
        refusals.append(error)
    assert all(refusal.title and refusal.hint for refusal in refusals)

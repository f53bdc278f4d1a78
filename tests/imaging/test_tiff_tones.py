"""Whatever a TIFF counts its samples in, and however it lays them out, the tones come out right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from facetagger.errors import PhotoError
from facetagger.geometry import Size
from facetagger.imaging import tiff_samples
from facetagger.imaging.decode import decode
from facetagger.imaging.hashing import image_hash
from facetagger.imaging.pixels import bounded_size
from facetagger.imaging.probe import probe
from facetagger.imaging.tiff_picture import read_picture
from facetagger.imaging.tiff_samples import read_page
from tests.imaging.pictures import linear_grey_profile, pale_ink_profile, saved
from tests.imaging.tiffs import (
    CIELAB,
    CMYK,
    DEFLATE,
    GREY,
    GREY_FROM_WHITE,
    ICCLAB,
    LZW,
    NONE,
    PACK_BITS,
    RGB,
    Tiff,
)

RAMP = np.tile(np.arange(256, dtype=np.uint8), (40, 1))[:, :, None]
COLOURS = np.concatenate([RAMP, 255 - RAMP, np.full_like(RAMP, 100)], axis=2)
FULL = np.full_like(RAMP, 255)
AS_GREY = RAMP.repeat(3, axis=2)


def _decoded(path: Path, tiff: Tiff, samples: NDArray[Any]) -> NDArray[np.uint8]:
    path.write_bytes(tiff.encode(samples))
    (page,) = probe(path)
    assert (page.stored_size, page.orientation) == (Size(256, 40), 1)
    assert len(image_hash(path)) == 32
    return decode(path, orientation=1)


def _assert_near(pixels: NDArray[np.uint8], expected: NDArray[Any], tolerance: int = 1) -> None:
    assert pixels.shape == (40, 256, 3)
    assert np.abs(pixels.astype(int) - expected.astype(int)).max() <= tolerance


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("compression", [NONE, DEFLATE, LZW, PACK_BITS])
@pytest.mark.parametrize("is_planar", [False, True])
def test_16_bits_a_colour(tmp_path: Path, order: str, compression: int, is_planar: bool) -> None:
    tiff = Tiff(RGB, order, compression, is_planar=is_planar)
    _assert_near(_decoded(tmp_path / "a.tif", tiff, COLOURS.astype(np.uint16) * 257), COLOURS)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("photometric", [GREY, GREY_FROM_WHITE])
@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "f4", "f8", "f2"])
def test_grey_in_every_depth_counted_from_black_or_white(
    tmp_path: Path, order: str, photometric: int, kind: str
) -> None:
    values = RAMP if photometric == GREY else 255 - RAMP
    dtype = np.dtype(kind)
    full = 1.0 if dtype.kind == "f" else float(np.iinfo(dtype).max)
    samples = (values / 255.0 * full).astype(dtype)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(photometric, order, DEFLATE), samples), AS_GREY)


@pytest.mark.parametrize("full", [1023, 4095])
def test_scanners_that_count_to_less_than_their_16_bits_give_no_black_picture(tmp_path: Path, full: int) -> None:
    samples = (COLOURS / 255.0 * full).round().astype(np.uint16)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(RGB), samples), COLOURS)


def test_14_bits_are_known_by_their_tag(tmp_path: Path) -> None:
    samples = (RAMP / 255.0 * 16383).round().astype(np.uint16)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(GREY, tags=[(281, 3, [16383])]), samples), AS_GREY)


def test_a_dark_scan_of_16_bits_stays_dark(tmp_path: Path) -> None:
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(GREY), RAMP.astype(np.uint16) * 64), AS_GREY // 4)


@pytest.mark.parametrize("full", [0.5, 127.5])
def test_floating_point_keeps_its_scale(tmp_path: Path, full: float) -> None:
    samples = (COLOURS / 255.0 * full).astype(np.float32)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(RGB, ">", DEFLATE), samples), COLOURS // 2)


@pytest.mark.parametrize("kind", ["i2", "f4"])
def test_what_counts_below_zero_is_spread_from_its_darkest_to_its_brightest(tmp_path: Path, kind: str) -> None:
    samples = (RAMP.astype(np.int32) * 100 - 12000).astype(kind)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(GREY, compression=DEFLATE), samples), AS_GREY)


def test_infinite_and_missing_values_do_no_harm(tmp_path: Path) -> None:
    samples = (RAMP / 255.0).astype(np.float32)
    samples[0, :3, 0] = np.nan, np.inf, -np.inf
    pixels = _decoded(tmp_path / "a.tif", Tiff(GREY), samples)
    _assert_near(pixels[1:].repeat(2, axis=0)[:40], AS_GREY)
    assert pixels[0, :3, 0].tolist() == [0, 255, 0]


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("is_planar", [False, True])
@pytest.mark.parametrize("kind", ["u1", "u2", "f4"])
def test_tiles(tmp_path: Path, order: str, is_planar: bool, kind: str) -> None:
    dtype = np.dtype(kind)
    samples = (COLOURS / 255.0 * (1.0 if dtype.kind == "f" else np.iinfo(dtype).max)).astype(dtype)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(RGB, order, LZW, is_planar=is_planar, tile=48), samples), COLOURS)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("predictor", "kind"), [(2, "u1"), (2, "u2"), (2, "u4"), (3, "f4"), (3, "f8")])
def test_predictors_are_undone(tmp_path: Path, order: str, predictor: int, kind: str) -> None:
    dtype = np.dtype(kind)
    samples = (COLOURS / 255.0 * (1.0 if dtype.kind == "f" else np.iinfo(dtype).max)).astype(dtype)
    tiff = Tiff(RGB, order, DEFLATE, predictor=predictor)
    _assert_near(_decoded(tmp_path / "a.tif", tiff, samples), COLOURS)


@pytest.mark.parametrize("order", ["<", ">"])
def test_big_tiff_in_either_byte_order(tmp_path: Path, order: str) -> None:
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(RGB, order, is_big=True), COLOURS), COLOURS)


@pytest.mark.parametrize("scale", [1, 257])
@pytest.mark.parametrize("is_planar", [False, True])
def test_cmyk(tmp_path: Path, scale: int, is_planar: bool) -> None:
    inks = np.concatenate([255 - COLOURS, np.zeros_like(RAMP)], axis=2).astype(np.uint16 if scale > 1 else np.uint8)
    _assert_near(_decoded(tmp_path / "a.tif", Tiff(CMYK, is_planar=is_planar), inks * scale), COLOURS, 2)


@pytest.mark.parametrize("scale", [1, 257])
@pytest.mark.parametrize("photometric", [CIELAB, ICCLAB])
def test_lab(tmp_path: Path, scale: int, photometric: int) -> None:
    neutral = 0 if photometric == CIELAB else 128
    samples = np.concatenate([RAMP, np.full_like(RAMP, neutral), np.full_like(RAMP, neutral)], axis=2)
    pixels = _decoded(
        tmp_path / "a.tif",
        Tiff(photometric, compression=DEFLATE),
        samples.astype(np.uint16 if scale > 1 else np.uint8) * scale,
    )
    lightness = np.arange(256) / 255 * 100
    linear = np.where(lightness > 8, ((lightness + 16) / 116) ** 3, lightness / 903.3)
    grey = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear) * 255
    assert np.abs(pixels[20].astype(float) - grey[:, None]).max() <= 3


@pytest.mark.parametrize("scale", [1, 257])
@pytest.mark.parametrize(("base", "photometric"), [(RAMP, GREY), (COLOURS, RGB)])
def test_transparent_parts_are_white_and_a_spare_channel_is_nothing(
    tmp_path: Path, scale: int, base: NDArray[np.uint8], photometric: int
) -> None:
    expected = base.repeat(3, axis=2) if base.shape[2] == 1 else base
    opacity = FULL.copy()
    opacity[:20] = 0
    samples = np.concatenate([base, opacity], axis=2).astype(np.uint16 if scale > 1 else np.uint8) * scale
    seen = _decoded(tmp_path / "a.tif", Tiff(photometric, tags=[(338, 3, [2])]), samples)
    assert (seen[:20] == 255).all()
    _assert_near(seen[20:].repeat(2, axis=0), expected)
    _assert_near(_decoded(tmp_path / "b.tif", Tiff(photometric, tags=[(338, 3, [0])]), samples), expected)


def test_premultiplied_colours_are_divided_by_their_alpha(tmp_path: Path) -> None:
    half = np.full_like(RAMP, 128)
    samples = np.concatenate([(COLOURS * (128 / 255)).astype(np.uint8), half], axis=2)
    seen = _decoded(tmp_path / "a.tif", Tiff(RGB, tags=[(338, 3, [1])]), samples)
    _assert_near(seen, COLOURS / 2 + 127.5, 3)


def test_a_profile_of_16_bit_grey_is_applied(tmp_path: Path) -> None:
    """A grey profile with gamma 1.0: what it calls 50 % is 188 in sRGB."""
    tiff = Tiff(GREY, tags=[(34675, 7, list(linear_grey_profile()))])
    pixels = _decoded(tmp_path / "a.tif", tiff, RAMP.astype(np.uint16) * 257)
    assert abs(int(pixels[20, 128, 0]) - 188) <= 2
    assert pixels[20, 0, 0] == 0
    assert pixels[20, 255, 0] == 255


@pytest.mark.parametrize("suffix", ["tif", "png"])
def test_a_profile_of_grey_holds_beside_transparency_too(tmp_path: Path, suffix: str) -> None:
    samples, path = np.concatenate([np.full_like(RAMP, 128), RAMP], axis=2), tmp_path / f"a.{suffix}"
    if suffix == "tif":
        path.write_bytes(Tiff(GREY, tags=[(338, 3, [2]), (34675, 7, list(linear_grey_profile()))]).encode(samples))
    else:
        saved(Image.fromarray(samples), path, icc_profile=linear_grey_profile())
    pixels = decode(path, orientation=1)
    assert pixels[20, 0].tolist() == [255, 255, 255]
    assert np.abs(pixels[20, 255].astype(int) - 188).max() <= 2


@pytest.mark.parametrize("scale", [1, 257])
def test_a_profile_of_inks_is_applied(tmp_path: Path, scale: int) -> None:
    """One ink leaves a lightness of 70, which is a grey of 171 in sRGB; without the profile it would be a colour."""
    inks = np.zeros((40, 256, 4), np.uint16 if scale > 1 else np.uint8)
    inks[:, 128:, 1] = 255
    tiff = Tiff(CMYK, tags=[(34675, 7, list(pale_ink_profile()))])
    pixels = _decoded(tmp_path / "a.tif", tiff, inks * scale)
    assert np.abs(pixels[20, 20].astype(int) - 255).max() <= 1
    assert np.abs(pixels[20, 200].astype(int) - 171).max() <= 2


def test_a_jpeg_with_a_profile_of_inks(tmp_path: Path) -> None:
    image = Image.new("CMYK", (16, 16), (0, 255, 0, 0))
    path = saved(image, tmp_path / "a.jpg", quality=95, icc_profile=pale_ink_profile())
    assert np.abs(decode(path, orientation=1)[8, 8].astype(int) - 171).max() <= 4


@pytest.mark.parametrize("factor", [2, 5, 9])
def test_a_scan_is_scaled_down_as_a_whole_whatever_its_strips(tmp_path: Path, factor: int) -> None:
    noise = np.random.default_rng(0).integers(0, 65536, (301, 407, 3), dtype=np.uint16)
    path = tmp_path / "a.tif"
    side = 407 // (2 * factor)
    results = []
    for rows in (1, 16, 301):
        path.write_bytes(Tiff(RGB, ">", DEFLATE, rows=rows).encode(noise))
        with path.open("rb") as stream:
            page = read_page(stream, 0)
            assert page is not None
            results.append(np.asarray(read_picture(stream, page, bounded_size(page.size, side))))
    plain = Image.fromarray((noise >> 8).astype(np.uint8)).reduce(407 // side // 2)
    for result in results:
        np.testing.assert_array_equal(result, np.asarray(plain))
    assert max(decode(path, orientation=1, max_side=side).shape) == side


@pytest.mark.parametrize("compression", [NONE, DEFLATE, LZW, PACK_BITS])
@pytest.mark.parametrize("rows", [1, 3, 40])
@pytest.mark.parametrize("band", [1, 5000, 20000])
def test_a_scan_is_the_same_however_many_rows_are_read_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compression: int, rows: int, band: int
) -> None:
    monkeypatch.setattr(tiff_samples, "_BAND_BYTES", band)
    path = tmp_path / "a.tif"
    path.write_bytes(Tiff(RGB, ">", compression, rows=rows, predictor=2).encode(COLOURS.astype(np.uint16) * 257))
    with path.open("rb") as stream:
        page = read_page(stream, 0)
        assert page is not None
        _assert_near(np.asarray(read_picture(stream, page, page.size)), COLOURS)


@pytest.mark.parametrize("compression", [NONE, DEFLATE, LZW])
def test_a_scan_that_ends_too_early_is_refused(tmp_path: Path, compression: int) -> None:
    path = tmp_path / "a.tif"
    whole = Tiff(RGB, compression=compression).encode(COLOURS.astype(np.uint16) * 257)
    path.write_bytes(whole[: len(whole) * 3 // 4])
    with pytest.raises(PhotoError, match=r"incomplete|damaged"):
        decode(path, orientation=1)

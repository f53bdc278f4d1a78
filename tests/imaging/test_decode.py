"""Whatever is stored comes out as RGB, upright and no larger than asked."""

from __future__ import annotations

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from facetagger.errors import PhotoError
from facetagger.imaging.decode import decode
from facetagger.imaging.opening import open_image
from facetagger.imaging.probe import probe
from tests.imaging.pictures import UPRIGHT, colours, exchanging_profile, exif, noise, quarters, saved


@pytest.mark.parametrize("orientation", range(1, 9))
def test_each_orientation_is_applied(tmp_path: Path, orientation: int) -> None:
    path = saved(quarters(), tmp_path / "a.png")
    assert colours(decode(path, orientation=orientation)) == UPRIGHT[orientation]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_once_though_its_decoder_turns_it_too(tmp_path: Path, orientation: int) -> None:
    path = saved(quarters(), tmp_path / "a.tif", exif=exif(orientation=orientation), compression="tiff_lzw")
    (page,) = probe(path)
    assert page.orientation == orientation
    assert colours(decode(path, orientation=orientation)) == UPRIGHT[orientation]
    assert colours(decode(path, orientation=1, max_side=20)) == UPRIGHT[1]


def test_real_photographs_of_all_orientations_come_out_alike(data_folder: Path) -> None:
    for kind in ("Landscape", "Portrait"):
        upright = [
            decode(path, orientation=probe(path)[0].orientation, max_side=300).astype(int)
            for path in (data_folder / "metadata" / "orientation" / f"{kind}_{n}.jpg" for n in range(1, 9))
        ]
        for other in upright[1:]:
            assert np.abs(other - upright[0]).mean() < 12


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "bmp", "gif"])
def test_every_format_shows_its_colours(tmp_path: Path, suffix: str) -> None:
    pixels = decode(saved(quarters(), tmp_path / f"a.{suffix}"), orientation=1)
    assert pixels.dtype == np.uint8
    assert pixels.shape == (48, 64, 3)
    assert pixels.flags.c_contiguous
    assert pixels.flags.writeable
    assert colours(pixels) == UPRIGHT[1]


def test_a_heic_shows_its_colours(tmp_path: Path) -> None:
    heif = pytest.importorskip("pillow_heif")
    path = tmp_path / "a.heic"
    heif.from_pillow(quarters()).save(path, quality=90)
    assert colours(decode(path, orientation=6)) == UPRIGHT[6]


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "I", "F", "I;16"])
def test_a_grey_ramp_stays_one_in_every_mode(tmp_path: Path, mode: str) -> None:
    ramp = Image.fromarray(np.tile(np.arange(256, dtype=np.uint8), (16, 1)))
    suffix = "tif" if mode in ("CMYK", "F", "I") else "png"
    image = _deep(ramp, mode) if mode in ("I;16", "I", "F") else _shallow(ramp, mode)
    pixels = decode(saved(image, tmp_path / f"a.{suffix}"), orientation=1)[8].astype(int)
    if mode == "1":
        assert set(np.unique(pixels)) == {0, 255}
    else:
        assert np.abs(pixels - np.arange(256)[:, None]).max() <= 3


@pytest.mark.parametrize("suffix", ["tif", "png"])
def test_16_bit_grey_is_scaled_and_not_clipped(tmp_path: Path, suffix: str) -> None:
    values = np.linspace(0, 65535, 256).astype(np.uint16)[None, :].repeat(8, 0)
    pixels = decode(saved(Image.fromarray(values), tmp_path / f"a.{suffix}"), orientation=1)
    assert np.abs(pixels[4, :, 0].astype(int) - np.arange(256)).max() <= 1


def test_transparent_parts_are_white(tmp_path: Path) -> None:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 24))
    pixels = decode(saved(image, tmp_path / "a.png"), orientation=1)
    assert pixels[5, 5].tolist() == [255, 255, 255]
    assert colours(pixels)[1] == UPRIGHT[1][1]


def test_a_palette_with_a_transparent_colour_is_white_there(tmp_path: Path) -> None:
    image = Image.new("P", (8, 8), 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.putpixel((4, 4), 1)
    pixels = decode(saved(image, tmp_path / "a.gif", transparency=0), orientation=1)
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[4, 4].tolist() == [200, 100, 50]


def test_cmyk_as_photoshop_writes_it_is_not_a_negative(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (16, 16), (240, 240, 240)).convert("CMYK"), tmp_path / "a.jpg")
    assert decode(path, orientation=1).min() > 200


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp"])
def test_an_embedded_profile_is_converted_to_srgb(tmp_path: Path, suffix: str) -> None:
    path = saved(quarters(), tmp_path / f"a.{suffix}", icc_profile=exchanging_profile())
    assert colours(decode(path, orientation=1))[1][0] == "red", "the profile's blue is red"


def test_srgb_by_another_name_changes_no_pixel(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    renamed = profile.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    assert renamed != profile
    picture = noise(60, 40)
    path = saved(picture, tmp_path / "a.png", icc_profile=renamed)
    assert np.array_equal(decode(path, orientation=1), np.asarray(picture))


def test_a_profile_for_another_kind_of_pixels_is_ignored(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    path = saved(quarters(), tmp_path / "a.png", icc_profile=profile)
    assert colours(decode(path, orientation=1)) == UPRIGHT[1]


def test_a_damaged_profile_is_ignored(tmp_path: Path) -> None:
    path = saved(quarters(), tmp_path / "a.png", icc_profile=b"no profile at all" * 20)
    assert colours(decode(path, orientation=1)) == UPRIGHT[1]


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
@pytest.mark.parametrize("side", [7, 63, 200, 1000])
def test_the_long_side_is_bounded_and_never_enlarged(tmp_path: Path, suffix: str, side: int) -> None:
    path = saved(noise(301, 200), tmp_path / f"a.{suffix}")
    pixels = decode(path, orientation=6, max_side=side)
    assert max(pixels.shape[:2]) == min(side, 301)
    assert pixels.shape[0] >= pixels.shape[1]


def test_a_very_narrow_picture_keeps_a_pixel_of_width(tmp_path: Path) -> None:
    path = saved(noise(1, 400), tmp_path / "a.png")
    assert decode(path, orientation=1, max_side=20).shape == (20, 1, 3)


def test_a_bounded_jpeg_shows_what_the_whole_one_shows(tmp_path: Path) -> None:
    path = saved(quarters(1600, 1200), tmp_path / "a.jpg")
    pixels = decode(path, orientation=8, max_side=100)
    assert pixels.shape == (100, 75, 3)
    assert colours(pixels) == UPRIGHT[8]


@pytest.mark.parametrize(
    ("size", "side"), [((4000, 3000), 2000), ((4001, 2999), 2001), ((4097, 3), 2048), ((3000, 100), 2048)]
)
def test_a_jpeg_that_is_nearly_small_enough_at_half_its_size_is_taken_as_it_is(
    tmp_path: Path, size: tuple[int, int], side: int
) -> None:
    path = saved(quarters(*size), tmp_path / "a.jpg")
    assert max(decode(path, orientation=1, max_side=2048).shape) == side


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("suffix", ["jpg", "png", "tif"])
def test_quickly_decoded_pixels_show_the_same(tmp_path: Path, suffix: str, orientation: int) -> None:
    """Of a picture without detail finer than the scaling; with detail the quick one is a little rougher."""
    blurred = noise(300, 200).resize((1500, 1000), Image.Resampling.BICUBIC)
    path = saved(blurred, tmp_path / f"a.{suffix}", icc_profile=exchanging_profile())
    slowly = decode(path, orientation=orientation, max_side=1100)
    quickly = decode(path, orientation=orientation, max_side=1100, is_quick=True)
    assert quickly.shape == slowly.shape
    assert quickly.flags.writeable
    assert np.abs(quickly.astype(int) - slowly).mean() < 2


def test_each_page_of_a_tiff_can_be_decoded(tmp_path: Path) -> None:
    second = quarters(40, 30).rotate(180)
    path = saved(quarters(), tmp_path / "a.tif", save_all=True, append_images=[second])
    assert colours(decode(path, page=1, orientation=1)) == UPRIGHT[3]
    with pytest.raises(PhotoError, match="no page 3"):
        decode(path, page=2, orientation=1)


@pytest.mark.parametrize("suffix", ["jpg", "png", "tif", "webp", "bmp", "gif"])
def test_a_truncated_file_says_what_is_wrong_and_what_to_do(tmp_path: Path, suffix: str) -> None:
    path = saved(noise(400, 300), tmp_path / f"a.{suffix}")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(PhotoError, match=r"“a\.\w+” is (incomplete|damaged)") as caught:
        decode(path, orientation=1)
    assert "Copy it again" in caught.value.hint


def test_an_animation_shows_its_first_frame(tmp_path: Path) -> None:
    path = saved(quarters(), tmp_path / "a.gif", save_all=True, append_images=[quarters().rotate(180)])
    assert colours(decode(path, orientation=1)) == UPRIGHT[1]


def test_odd_files_opened_on_several_threads_leave_the_warning_filters_alone(tmp_path: Path) -> None:
    paths = [saved(noise(seed=n), tmp_path / f"{n}.jpg") for n in range(2)]
    before = list(warnings.filters)
    entered, may_leave = threading.Barrier(2), [threading.Event(), threading.Event()]

    def hold(n: int) -> None:
        with open_image(paths[n]):
            entered.wait(10)
            may_leave[n].wait(10)

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(hold, 0), pool.submit(hold, 1)
        may_leave[0].set()
        first.result(10)
        may_leave[1].set()
        second.result(10)
    assert warnings.filters == before


def _shallow(ramp: Image.Image, mode: str) -> Image.Image:
    return ramp.convert("P") if mode == "P" else ramp.convert("RGB").convert(mode)


def _deep(ramp: Image.Image, mode: str) -> Image.Image:
    values = np.asarray(ramp)
    if mode == "F":
        return Image.fromarray(values.astype(np.float32) / 255)
    if mode == "I":
        return Image.fromarray(values.astype(np.int32) * 257)
    return Image.fromarray(values.astype(np.uint16) * 257)

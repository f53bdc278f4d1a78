from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from facetagger.training.augmentation import augment


def chips(count: int = 64) -> NDArray[np.uint8]:
    """A dark spot left of the middle on a coloured ramp."""
    ramp = np.linspace(60, 200, 48)
    pixels = np.stack(np.broadcast_arrays(ramp[:, np.newaxis], 120.0, 255 - ramp[np.newaxis]), axis=-1)
    pixels[20:28, 8:16] = 10
    return np.repeat(pixels[np.newaxis].astype(np.uint8), count, axis=0)


def test_a_seed_tells_all_and_another_seed_tells_otherwise() -> None:
    first, again, other = (augment(chips(), seed).numpy() for seed in ((1, 2), (1, 2), (1, 3)))
    assert np.array_equal(first, again)
    assert not np.allclose(first, other)


def test_chips_stay_chips_and_each_is_changed_in_its_own_way() -> None:
    changed = augment(chips(), (0, 0)).numpy()
    assert changed.shape == (64, 48, 48, 3)
    assert changed.min() >= 0
    assert changed.max() <= 255
    assert len({each.tobytes() for each in changed}) == 64


def test_about_half_are_mirrored_and_a_fifth_grey() -> None:
    changed = augment(chips(400), (3, 0)).numpy()
    dark = changed.mean(axis=-1)[:, 12:36]
    is_mirrored = dark[:, :, :24].min(axis=(1, 2)) > dark[:, :, 24:].min(axis=(1, 2))
    assert 0.35 < is_mirrored.mean() < 0.65
    hues = np.abs(changed[..., 0] - changed[..., 2])
    assert 0.05 < (hues.std(axis=(1, 2)) < 12).mean() < 0.45


def test_a_chip_keeps_most_of_what_it_shows() -> None:
    changed = augment(chips(200), (5, 0)).numpy()
    plain = chips(1)[0].astype(float)
    mirrored = plain[:, ::-1]
    likeness = [
        max(np.corrcoef(each.mean(axis=-1).ravel(), one.mean(axis=-1).ravel())[0, 1] for one in (plain, mirrored))
        for each in changed
    ]
    assert np.median(likeness) > 0.6

"""Chips changed at random as prints and cameras change faces: light, colour, tilt, fading, grey, something in front.

Which changes a chip gets follows from a seed alone, so that an interrupted training goes on as it would have.
"""

from __future__ import annotations

import math
from typing import Any, Final

from facetagger.faces.tensorflow_runtime import load_tensorflow

Tensor = Any

_TILT: Final = math.radians(12)
_ZOOM: Final = 0.1
_SHIFT: Final = 0.06
"""Shares of the side."""

_BRIGHTNESS: Final = 40.0
_CONTRAST: Final = 0.3
_TINT: Final = 0.12
_GREY_SHARE: Final = 0.2
_FADED_SHARE: Final = 0.15
_COVERED_SHARE: Final = 0.25
"""Shares of the chips that are made grey, faded, and covered in part."""

_OLD_PAPER: Final = (214.0, 196.0, 160.0)
_FADING: Final = 0.6
"""How far a faded print has gone to the colour of its paper, at most."""

_LARGEST_COVER: Final = 0.4
_LUMA: Final = (0.299, 0.587, 0.114)


def augment(chips: Tensor, seed: tuple[int, int]) -> Tensor:
    """Chips (n, s, s, 3) of 0 to 255 to float32 chips of the same shape and range."""
    tf = load_tensorflow()
    count = tf.shape(chips)[0]
    numbers = tf.random.stateless_uniform((20, count), seed)
    draw = iter(tf.unstack(numbers, 20))

    def between(low: float, high: float) -> Tensor:
        return low + (high - low) * next(draw)

    x = _moved(tf, tf.cast(chips, tf.float32), next(draw) < 0.5, [between(-1, 1) for _ in range(4)])
    luma = tf.reduce_sum(x * _LUMA, axis=-1, keepdims=True)
    x = tf.where(_each(tf, next(draw) < _GREY_SHARE), luma, x)
    tint = 1 + tf.stack([between(-_TINT, _TINT) for _ in range(3)], axis=-1)[:, tf.newaxis, tf.newaxis]
    x = x * tint
    middle = tf.reduce_mean(x, axis=[1, 2], keepdims=True)
    x = (x - middle) * _each(tf, between(1 - _CONTRAST, 1 + _CONTRAST)) + middle
    x += _each(tf, between(-_BRIGHTNESS, _BRIGHTNESS))
    fading = tf.where(next(draw) < _FADED_SHARE, between(0.2, _FADING), 0.0)
    x += (tf.constant(_OLD_PAPER) - x) * _each(tf, fading)
    return tf.clip_by_value(_covered(tf, x, [next(draw) for _ in range(6)]), 0.0, 255.0)


def _each(tf: Any, values: Tensor) -> Tensor:
    """One value for each chip (n,), for all its pixels."""
    return values[:, tf.newaxis, tf.newaxis, tf.newaxis]


def _moved(tf: Any, chips: Tensor, is_mirrored: Tensor, draws: list[Tensor]) -> Tensor:
    """Mirrored, tilted, zoomed and shifted about the middle; the edge goes on where the chip ends."""
    side = tf.cast(tf.shape(chips)[1], tf.float32)
    angle, zoom = draws[0] * _TILT, 1 + draws[1] * _ZOOM
    cosine, sine = tf.cos(angle) * zoom, tf.sin(angle) * zoom
    flip = tf.where(is_mirrored, -1.0, 1.0)
    middle = (side - 1) / 2
    to_x, to_y = middle + draws[2] * _SHIFT * side, middle + draws[3] * _SHIFT * side
    rows = [
        cosine * flip, -sine, to_x - cosine * flip * middle + sine * middle,
        sine * flip, cosine, to_y - sine * flip * middle - cosine * middle,
        tf.zeros_like(angle), tf.zeros_like(angle),
    ]  # fmt: skip
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=chips,
        transforms=tf.stack(rows, axis=1),
        output_shape=tf.shape(chips)[1:3],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )


def _covered(tf: Any, chips: Tensor, draws: list[Tensor]) -> Tensor:
    """A plain rectangle over a part of some chips, as a hand, a hat or a crease would be."""
    covers, left, top, width, height, shade = draws
    places = tf.linspace(0.0, 1.0, tf.shape(chips)[1])
    across = tf.logical_and(places > left[:, tf.newaxis], places < (left + _LARGEST_COVER * width)[:, tf.newaxis])
    down = tf.logical_and(places > top[:, tf.newaxis], places < (top + _LARGEST_COVER * height)[:, tf.newaxis])
    is_covered = tf.logical_and(down[:, :, tf.newaxis], across[:, tf.newaxis])[..., tf.newaxis]
    is_covered = tf.logical_and(is_covered, _each(tf, covers < _COVERED_SHARE))
    return tf.where(is_covered, _each(tf, shade * 255), chips)

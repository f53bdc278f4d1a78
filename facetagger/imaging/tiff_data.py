"""The picture of a TIFF (TIFF 6.0; BigTIFF): per page the tags that say how strips are read, and the strips."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, Final

from facetagger.imaging.image_data import Malformed, read_blocks
from facetagger.imaging.tiff_directories import Directory, directories

# Orientation is missing on purpose: it is metadata, and programs write it.
_PICTURE_TAGS: Final = (
    254, 256, 257, 258, 259, 262, 266, 277, 284, 292, 293, 301, 317, 320, 322, 323, 332, 338, 339, 347, 512, 515,
    529, 530, 531, 532,
)  # fmt: skip
"""NewSubfileType, ImageWidth, ImageLength, BitsPerSample, Compression, Photometric, FillOrder, SamplesPerPixel,
PlanarConfiguration, T4Options, T6Options, TransferFunction, Predictor, ColorMap, TileWidth, TileLength, InkSet,
ExtraSamples, SampleFormat, JPEGTables, JPEGProc, JPEGRestartInterval, YCbCrCoefficients, YCbCrSubSampling,
YCbCrPositioning, ReferenceBlackWhite."""

_PLACES: Final = ((273, 279), (324, 325), (513, 514))
"""Offsets and byte counts of strips, of tiles, of an old-style JPEG stream."""

_REPEAT_LIMIT: Final = 4
"""A hostile file points many strips at one place; no real one holds several times its own size."""


def tiff_data(stream: IO[bytes]) -> Iterator[bytes]:
    """Every page in order. Raises ``Malformed``."""
    budget = stream.seek(0, os.SEEK_END) * _REPEAT_LIMIT
    wanted = {*_PICTURE_TAGS, *(tag for pair in _PLACES for tag in pair)}
    for _, directory in directories(stream, wanted):
        yield repr([(tag, directory[tag]) for tag in _PICTURE_TAGS if tag in directory]).encode()
        for place, length in _strips(directory):
            budget -= length
            if budget < 0:
                raise Malformed
            stream.seek(place)
            yield from read_blocks(stream, length)


def _strips(directory: Directory) -> Iterator[tuple[int, int]]:
    for places, lengths in _PLACES:
        if places in directory:
            if len(directory[places]) != len(directory.get(lengths, ())):
                raise Malformed
            for place, length in zip(directory[places], directory[lengths], strict=True):
                yield int(place), int(length)

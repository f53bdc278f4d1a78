from __future__ import annotations

import pytest
from PySide6.QtGui import QPixmap
from pytestqt.qtbot import QtBot

from facetagger.ui.photo_view.picture import FULL, Failure, PictureLoader, sharpest, step
from tests.ui.naming.rig import Rig


@pytest.mark.parametrize(
    ("shown", "available", "decoded"),
    [(700, 6000, 1024), (1025, 6000, 1536), (5000, 6000, 6000), (9000, 12_000, FULL), (700, 500, 500)],
)
def test_pixels_are_decoded_in_steps_and_never_beyond_the_photo(shown: int, available: int, decoded: int) -> None:
    assert step(shown, available) == decoded


def test_the_smallest_picture_that_is_sharp_enough_is_painted(qtbot: QtBot) -> None:
    small, middle, large = (QPixmap(side, side // 2) for side in (100, 1000, 4000))
    assert sharpest([large, small, middle], 800) is middle
    assert sharpest([small, middle], 3000) is middle
    assert sharpest([], 100) is None


def test_pixels_of_a_photo_that_was_left_are_dropped(rig: Rig, qtbot: QtBot) -> None:
    loader = PictureLoader(rig.bridge, rig.images)
    photo = rig.session.library.photos.get(rig.family.beach)
    loader.show(photo, 1.0, 600)
    loader.stop()
    with qtbot.assertNotEmitted(loader.arrived):
        rig.run()


def test_a_missing_file_is_told_from_one_that_cannot_be_read(rig: Rig, qtbot: QtBot) -> None:
    loader = PictureLoader(rig.bridge, rig.images)
    failures: list[Failure] = []
    loader.failed.connect(failures.append)
    photos = [rig.session.library.photos.get(each) for each in (rig.family.beach, rig.family.garden)]
    photos[0].path.unlink()
    photos[1].path.write_bytes(b"no picture")
    for photo in photos:
        loader.show(photo, 1.0, 600)
        rig.run()
    assert [failure.is_missing for failure in failures] == [True, False]

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.faces.canvas import View, views
from facetagger.faces.detector import Detection, Pixels
from facetagger.faces.mtcnn import MtcnnDetector
from facetagger.faces.pyramid import LONGEST_SIDE
from facetagger.faces.settings import NORMAL, THOROUGH
from facetagger.geometry import Box, Size
from facetagger.imaging.decode import decode
from facetagger.imaging.formats import find_photos

# Measured by hand on the two pictures.
EILEEN_COLLINS_EYES_AND_MOUTH = Box.from_corners(200, 95, 248, 145)
GRACE_HOPPER_EYES_AND_MOUTH = Box.from_corners(223, 185, 310, 282)


def blank(width: int, height: int, value: int = 0) -> Pixels:
    return np.full((height, width, 3), value, np.uint8)


def bounds(detection: Detection) -> Box:
    (left, top), (right, bottom) = detection.landmarks.min(axis=0).tolist(), detection.landmarks.max(axis=0).tolist()
    return Box.from_corners(left, top, right, bottom)


def largest_difference(one: list[Detection], other: list[Detection]) -> float:
    """In pixels, over boxes and landmarks; the two lists must hold the same faces in the same order."""
    assert len(one) == len(other)
    differences = [0.0]
    for a, b in zip(one, other, strict=True):
        differences.append(float(np.abs(a.landmarks - b.landmarks).max()))
        differences.extend(
            abs(x - y)
            for x, y in zip(
                (a.box.left, a.box.top, a.box.right, a.box.bottom),
                (b.box.left, b.box.top, b.box.right, b.box.bottom),
                strict=True,
            )
        )
    return max(differences)


def test_the_face_of_eileen_collins_is_found_with_its_five_points(
    detector: MtcnnDetector, eileen_collins: Pixels
) -> None:
    (face,) = detector.detect([eileen_collins])[0]
    assert face.score > 0.95
    assert bounds(face).iou(EILEEN_COLLINS_EYES_AND_MOUTH) > 0.7
    assert face.box.contains(*EILEEN_COLLINS_EYES_AND_MOUTH.center)


def test_the_face_of_grace_hopper_is_found_with_its_five_points(detector: MtcnnDetector, grace_hopper: Pixels) -> None:
    (face,) = detector.detect([grace_hopper])[0]
    assert bounds(face).iou(GRACE_HOPPER_EYES_AND_MOUTH) > 0.7
    left_eye, right_eye, nose, left_mouth, right_mouth = face.landmarks
    assert left_eye[0] < nose[0] < right_eye[0]
    assert left_eye[1] < nose[1] < left_mouth[1]
    assert left_mouth[0] < right_mouth[0]


def test_a_mirrored_photo_has_mirrored_landmarks(detector: MtcnnDetector, eileen_collins: Pixels) -> None:
    (face,) = detector.detect([eileen_collins])[0]
    (mirrored,) = detector.detect([np.ascontiguousarray(eileen_collins[:, ::-1])])[0]
    back = mirrored.landmarks[[1, 0, 2, 4, 3]]
    back[:, 0] = eileen_collins.shape[1] - back[:, 0]
    assert np.abs(back - face.landmarks).max() < 0.03 * face.box.width


def test_a_photo_that_is_shrunk_for_the_search_gives_coordinates_of_its_own_size(
    detector: MtcnnDetector, eileen_collins: Pixels
) -> None:
    (small,) = detector.detect([eileen_collins])[0]
    enlarged = np.asarray(Image.fromarray(eileen_collins).resize((2560, 2560), Image.Resampling.BICUBIC))
    (large,) = detector.detect([enlarged])[0]
    assert np.abs(large.landmarks / 5 - small.landmarks).max() < 0.05 * small.box.width


def test_a_photo_has_the_same_faces_alone_and_in_any_batch(
    detector: MtcnnDetector, eileen_collins: Pixels, grace_hopper: Pixels
) -> None:
    quarter = np.ascontiguousarray(eileen_collins[::2, ::2])
    photos = [blank(512, 512), eileen_collins, blank(700, 900, 255), grace_hopper, quarter, eileen_collins]
    together = detector.detect(photos)
    for photo, found in zip(photos, together, strict=True):
        assert largest_difference(found, detector.detect([photo])[0]) < 1.0
    for photo, found in zip(reversed(photos), detector.detect(photos[::-1]), strict=True):
        assert largest_difference(found, detector.detect([photo])[0]) < 1.0


@pytest.mark.parametrize("size", [(1, 1), (3000, 5), (5, 3000), (12, 12), (300, 200), (1024, 1024), (4000, 3000)])
@pytest.mark.parametrize("value", [0, 128, 255])
def test_a_blank_photo_of_any_size_has_no_faces(detector: MtcnnDetector, size: tuple[int, int], value: int) -> None:
    assert detector.detect([blank(*size, value)]) == [[]]


def test_no_photos_give_no_faces(detector: MtcnnDetector) -> None:
    assert detector.detect([]) == []


def test_every_size_of_photo_and_batch_runs_through_the_graphs_that_were_traced_first(detector: MtcnnDetector) -> None:
    traced = detector.trace_count
    noise = np.random.default_rng(0)
    for width, height in [(250, 250), (640, 480), (480, 640), (1, 900), (3000, 700), (1023, 1025)]:
        photo = noise.integers(0, 255, (height, width, 3), np.uint8)
        for batch in (1, 3):
            detector.detect([photo] * batch)
        detector.detect([photo], quarter_turns=1)
        detector.locate(photo, [Box(3, 4, 50, 60)] * 3)
    detector.detect([noise.integers(0, 255, (700, 2500, 3), np.uint8)], THOROUGH)
    assert detector.trace_count == traced == 3


@pytest.mark.parametrize("size", [Size(250, 250), Size(1, 1), Size(700, 400), Size(6000, 4000), Size(9, 20000)])
@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_a_photo_is_never_enlarged_in_normal_and_always_fits_its_canvas(size: Size, quarter_turns: int) -> None:
    (view,) = views(size, NORMAL, quarter_turns)
    assert view.scaled.width <= size.width
    assert view.scaled.height <= size.height
    assert view.used.width <= view.canvas.width <= LONGEST_SIDE
    assert view.used.height <= view.canvas.height <= LONGEST_SIDE
    assert min(view.used.width, view.used.height) >= 1


@pytest.mark.parametrize("size", [Size(6000, 4000), Size(4344, 6144), Size(2500, 300)])
def test_tiles_cover_a_large_scan_and_overlap_by_more_than_a_small_face(size: Size) -> None:
    tiles = [view for view in views(size, THOROUGH) if view.scaled == view.part]
    covered = np.zeros((size.height, size.width), np.uint8)
    for tile in tiles:
        assert max(tile.canvas.width, tile.canvas.height) <= LONGEST_SIDE
        covered[tile.top : tile.top + tile.part.height, tile.left : tile.left + tile.part.width] += 1
    assert covered.min() == 1
    assert np.count_nonzero(covered[size.height // 2] > 1) >= 200
    assert len({tile.part for tile in tiles}) == 1


@pytest.mark.parametrize("quarter_turns", [0, 1, 2, 3])
def test_what_a_view_shows_is_found_again_in_the_photo(quarter_turns: int) -> None:
    photo = blank(80, 60)
    photo[20:24, 50:54] = 255
    view = View(30, 10, Size(40, 40), Size(20, 20), 24, quarter_turns)
    canvas = np.full((64, 64, 3), 0, np.uint8)
    view.draw(photo, canvas)
    rows, columns = np.nonzero(canvas[..., 0] > 128)
    center = np.array([[columns.mean() + 0.5, rows.mean() + 0.5]], np.float32)
    assert np.abs(view.to_photo(center) - [52, 22]).max() < 0.6


def test_photos_that_are_searched_together_have_equal_keys(detector: MtcnnDetector) -> None:
    assert detector.batch_key(Size(4000, 3000)) == detector.batch_key(Size(2000, 1500))
    assert detector.batch_key(Size(1000, 750)) == detector.batch_key(Size(990, 740))
    assert detector.batch_key(Size(4000, 3000)) != detector.batch_key(Size(3000, 4000))


def test_a_crowd_is_found_without_doubles(detector: MtcnnDetector, data_folder: Path) -> None:
    crowd = data_folder / "photos" / "groups" / "bald_guys.jpg"
    faces = detector.detect([decode(crowd, orientation=1, max_side=2048)])[0]
    assert len(faces) == 24
    assert all(one.box.iou(other.box) < 0.2 for one in faces for other in faces if one is not other)


def test_nearly_every_photo_of_an_album_has_a_face(detector: MtcnnDetector, data_folder: Path) -> None:
    photos = find_photos([data_folder / "album"])[::20]
    found = detector.detect([decode(photo, orientation=1) for photo in photos])
    assert sum(bool(each) for each in found) >= len(photos) - 1

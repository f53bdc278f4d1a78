"""The faces that an embedder is trained on: cut from the photos of a dataset, one a photo, and kept for the next time.

The cache holds chips of the photos' faces, in the user's cache folder; nothing else of them.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from facetagger import paths
from facetagger.errors import FaceTaggerError, PhotoError
from facetagger.faces.alignment import Alignment, extract_chip
from facetagger.faces.detector import Detection, Detector, Pixels
from facetagger.faces.rotation import search
from facetagger.faces.settings import NORMAL
from facetagger.geometry import Box
from facetagger.imaging.formats import find_photos
from facetagger.imaging.probe import probe
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress, ProgressMeter
from facetagger.log import logger
from facetagger.operations.box_lists import key_of, read_boxes
from facetagger.operations.main_faces import load_photo, load_with_room

_BATCH: Final = 8
_COMPANY: Final = 1 / 3
"""A second face so large, as a share of the first one's height, is another person and no bystander."""

_FAMILY_DEPTH: Final = 3
_FEWEST_PEOPLE: Final = 4


class Refusal(StrEnum):
    """Why a photo is not trained on."""

    UNREADABLE = "could not be read"
    FACELESS = "no face found"
    SEVERAL = "several people"
    SMALL = "too small"
    UNLISTED = "not in the list of boxes"


@dataclass(frozen=True, slots=True)
class FaceWishes:
    """``smallest`` is the short side of a face in pixels of its photo; ``boxes`` a list that stands for detection."""

    alignment: Alignment
    smallest: float = 100.0
    boxes: Path | None = None


@dataclass(frozen=True, slots=True, eq=False)
class TrainingFaces:
    """``chips`` uint8 (n, s, s, 3), RGB; ``people`` and ``groups`` (n,) number the people, and whom a split must keep
    together: families where the dataset has them, else the people themselves. Everybody has two faces at least."""

    chips: NDArray[np.uint8]
    people: NDArray[np.int64]
    groups: NDArray[np.int64]
    photos: int
    refused: Mapping[str, int]


def find_training_faces(
    data: Path,
    wishes: FaceWishes,
    load_detector: Callable[[], Detector],
    *,
    progress: Callable[[Progress], None] | None = None,
    cancel: CancelToken | None = None,
) -> TrainingFaces:
    """From ``data``, a folder with a folder per person, or with one per family that has one per person.

    Raises:
        FaceTaggerError: The folder or the list of boxes is not of that form, or too little is left to train on.
        Cancelled: ``cancel`` was cancelled.
    """
    hint = "Give a folder that has a folder of photos for each person."
    if not data.is_dir():
        raise FaceTaggerError(f"{data} is not a folder.", hint=hint)
    root = data.absolute()
    photos = [path for path in find_photos([root]) if path.parent != root]
    if not photos:
        raise FaceTaggerError(f"There are no photos in the folders of {data}.", hint=hint)
    report, token = progress or (lambda progress: None), cancel or CancelToken()
    chips, kept, refusals = _kept(
        root, photos, wishes, lambda: _cut_all(root, photos, wishes, load_detector, report, token)
    )
    is_of_families = all(len(path.relative_to(root).parts) == _FAMILY_DEPTH for path in photos)
    names = [person_of(photos[row].relative_to(root), is_of_families) for row in kept.tolist()]
    counts = Counter(names)
    is_enough = np.array([counts[name] > 1 for name in names], dtype=np.bool_)
    if len({name for name, count in counts.items() if count > 1}) < _FEWEST_PEOPLE:
        raise FaceTaggerError(
            f"{data} has too few people to learn from.",
            f"At least {_FEWEST_PEOPLE} with two faces each are needed; {_told(refusals)}.",
            "Add photos, or lower the smallest size of a face.",
        )
    chosen = [name for name, is_good in zip(names, is_enough.tolist(), strict=True) if is_good]
    people = np.unique(chosen, return_inverse=True)[1].astype(np.int64)
    groups = np.unique([name.split("/")[0] for name in chosen], return_inverse=True)[1].astype(np.int64)
    return TrainingFaces(chips[is_enough], people, groups, len(photos), refusals)


def person_of(photo: Path, is_of_families: bool) -> str:
    """``Person``, or ``Family/Person``, of a photo's path below the dataset."""
    return "/".join(photo.parts[: 2 if is_of_families else 1])


def _told(refusals: Mapping[str, int]) -> str:
    parts = [f"{count} photos: {reason}" for reason, count in refusals.items() if count]
    return ", ".join(parts) or "the folders hold too few photos"


Cut = tuple[NDArray[np.uint8], NDArray[np.intp], dict[str, int]]
"""Chips, the rows of their photos, and how many photos were refused for which reason."""


def _cut_all(
    root: Path,
    photos: Sequence[Path],
    wishes: FaceWishes,
    load_detector: Callable[[], Detector],
    progress: Callable[[Progress], None],
    cancel: CancelToken,
) -> Cut:
    meter = ProgressMeter(len(photos), progress)
    boxes = None if wishes.boxes is None else read_boxes(wishes.boxes)
    detector = load_detector() if boxes is None else None

    def cut(batch: Sequence[Path]) -> Iterator[Pixels | Refusal]:
        if detector is not None:
            return _cut_found(batch, detector, wishes)
        given = boxes or {}
        return (_cut_box(path, given.get(key_of(path.relative_to(root))), wishes) for path in batch)

    chips, rows, refused = [], [], Counter[str]()
    for start in range(0, len(photos), _BATCH):
        cancel.checkpoint()
        batch = photos[start : start + _BATCH]
        for row, outcome in enumerate(cut(batch), start=start):
            if isinstance(outcome, Refusal):
                refused[outcome.value] += 1
            else:
                chips.append(outcome)
                rows.append(row)
        meter.advance(len(batch))
    side = wishes.alignment.size
    stacked = np.stack(chips) if chips else np.empty((0, side, side, 3), np.uint8)
    return stacked, np.array(rows, dtype=np.intp), dict(refused)


def _cut_found(batch: Sequence[Path], detector: Detector, wishes: FaceWishes) -> Iterator[Pixels | Refusal]:
    """Detected; where nothing is, once more with room around the photo, for it may be a tight crop."""
    with ThreadPoolExecutor(2, "decode") as pool:
        images = list(pool.map(_loaded, batch))
    readable = [image for image in images if image is not None]
    found = iter(search(detector, readable, NORMAL))
    for path, image in zip(batch, images, strict=True):
        if image is None:
            yield Refusal.UNREADABLE
            continue
        faces = next(found).faces
        if not faces:
            image = load_with_room(path)
            faces = search(detector, [image], NORMAL)[0].faces
        yield _judged(path, image, faces, wishes)


def _judged(path: Path, image: Pixels, faces: Sequence[Detection], wishes: FaceWishes) -> Pixels | Refusal:
    if not faces:
        return Refusal.FACELESS
    main, *others = sorted(faces, key=lambda face: -face.box.height)
    if any(face.box.height > _COMPANY * main.box.height for face in others):
        return Refusal.SEVERAL
    if min(main.box.width, main.box.height) * _enlargement(path, image) < wishes.smallest:
        return Refusal.SMALL
    return extract_chip(image, main.landmarks, main.box, wishes.alignment)


def _enlargement(path: Path, image: Pixels) -> float:
    """From the photo as it was decoded to its file's own pixels; never less than 1, for room may be around it."""
    return max(1.0, probe(path)[0].stored_size.long_side / int(max(image.shape[:2])))


def _cut_box(path: Path, box: Box | None, wishes: FaceWishes) -> Pixels | Refusal:
    if box is None:
        return Refusal.UNLISTED
    if min(box.width, box.height) < wishes.smallest:
        return Refusal.SMALL
    image = _loaded(path)
    if image is None:
        return Refusal.UNREADABLE
    height, width = image.shape[:2]
    scale = max(width, height) / probe(path)[0].stored_size.long_side
    scaled = Box(box.left * scale, box.top * scale, box.width * scale, box.height * scale)
    if scaled.left >= width or scaled.top >= height or scaled.right <= 0 or scaled.bottom <= 0:
        return Refusal.FACELESS
    return extract_chip(image, np.zeros((5, 2), np.float32), scaled, wishes.alignment)


def _loaded(path: Path) -> Pixels | None:
    try:
        return load_photo(path)
    except PhotoError as error:
        logger.info("%s is left out: %s", path, error)
        return None


def _kept(root: Path, photos: Sequence[Path], wishes: FaceWishes, cut: Callable[[], Cut]) -> Cut:
    """What ``cut`` gives, from the cache where these very files were cut in this very way before."""
    path = paths.cache_folder() / "training" / f"{_fingerprint(root, photos, wishes)}.npz"
    try:
        with np.load(path, allow_pickle=False) as stored:
            return stored["chips"], stored["rows"].astype(np.intp), json.loads(str(stored["refused"]))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError) as error:
        logger.warning("the cached faces in %s are not used: %s", path, error)
    chips, rows, refused = cut()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            np.savez(file, chips=chips, rows=rows, refused=np.array(json.dumps(refused)))
        Path(file.name).replace(path)
    except OSError as error:
        logger.warning("the faces could not be cached: %s", error)
    return chips, rows, refused


def _fingerprint(root: Path, photos: Sequence[Path], wishes: FaceWishes) -> str:
    digest = hashlib.sha256(repr((wishes.alignment, wishes.smallest)).encode())
    for path in [*photos, *([] if wishes.boxes is None else _files(wishes.boxes))]:
        stat = path.stat()
        name = path.relative_to(root) if path.is_relative_to(root) else path
        digest.update(os.fsencode(name) + f"\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:32]


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise FaceTaggerError(f"{path} is not there.", hint="Give the path of a list of boxes.")
    return sorted(path.glob("*.txt")) if path.is_dir() else [path.absolute()]

"""Lists that say where the face is in each image, in the forms that face datasets come with.

A table (CSV) with a header: ``image`` (or ``path``, ``name_id``: VGGFace2's, without the ending), ``left`` and ``top``
(or ``x``, ``y``), and ``right`` and ``bottom`` or ``width`` and ``height`` (or ``w``, ``h``), in pixels. Or a folder of
VGGFace's own lists, ``Name.txt`` with lines ``0001 URL left top right bottom …`` for the image ``Name/0001.jpg``.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from facetagger.errors import FaceTaggerError
from facetagger.geometry import Box

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "image": ("image", "path", "file", "name_id"),
    "left": ("left", "x", "xmin"),
    "top": ("top", "y", "ymin"),
    "right": ("right", "xmax"),
    "bottom": ("bottom", "ymax"),
    "width": ("width", "w"),
    "height": ("height", "h"),
}
_HINT: Final = "The first line names the columns: image, left, top, right, bottom; or width, height instead."
_FEWEST_WORDS: Final = 6


def read_boxes(path: Path) -> dict[str, Box]:
    """The box of each image in its upright pixels, by the image's path below the dataset without its ending.

    Raises:
        FaceTaggerError: The list cannot be read, or a line of it not be understood; the sentence names the line.
    """
    try:
        if path.is_dir():
            return dict(_vggface(path))
        return dict(_table(path))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FaceTaggerError(f"The list of boxes {path.name} cannot be read.", str(error)) from error


def key_of(path: Path) -> str:
    """Of an image's path below the dataset."""
    return path.with_suffix("").as_posix()


def _table(path: Path) -> Iterator[tuple[str, Box]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        box_of = _reader_of([name.strip().lower() for name in next(rows, [])], path)
        for number, row in enumerate(rows, start=2):
            if any(cell.strip() for cell in row):
                try:
                    yield box_of(row)
                except (ValueError, IndexError) as error:
                    raise _no_box(path, number, ",".join(row)) from error


def _reader_of(header: Sequence[str], path: Path) -> Callable[[Sequence[str]], tuple[str, Box]]:
    place = {
        name: next((header.index(each) for each in spellings if each in header), None)
        for name, spellings in _NAMES.items()
    }
    image, left, top = place["image"], place["left"], place["top"]
    right, bottom, width, height = (place[name] for name in ("right", "bottom", "width", "height"))
    if image is None or left is None or top is None:
        raise FaceTaggerError(f"{path.name} is no list of boxes.", hint=_HINT)

    def box_of(row: Sequence[str]) -> tuple[str, Box]:
        corner = float(row[left]), float(row[top])
        if right is not None and bottom is not None:
            return _entry(row[image], Box.from_corners(*corner, float(row[right]), float(row[bottom])))
        assert width is not None
        assert height is not None
        return _entry(row[image], Box(*corner, float(row[width]), float(row[height])))

    if (right is None or bottom is None) and (width is None or height is None):
        raise FaceTaggerError(f"{path.name} is no list of boxes.", hint=_HINT)
    return box_of


def _vggface(folder: Path) -> Iterator[tuple[str, Box]]:
    lists = sorted(folder.glob("*.txt"))
    if not lists:
        raise FaceTaggerError(f"There are no lists of boxes in {folder}.", hint="They are called Name.txt.")
    for path in lists:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            words = line.split()
            if not words:
                continue
            try:
                if len(words) < _FEWEST_WORDS:
                    raise ValueError(line)
                yield _entry(f"{path.stem}/{words[0]}", Box.from_corners(*(float(word) for word in words[2:6])))
            except ValueError as error:
                raise _no_box(path, number, line) from error


def _entry(image: str, box: Box) -> tuple[str, Box]:
    if not (box.width > 0 and box.height > 0):
        raise ValueError(f"empty box of {image}")
    path = Path(image.strip())
    return (key_of(path) if path.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp", ".bmp") else path.as_posix()), box


def _no_box(path: Path, number: int, line: str) -> FaceTaggerError:
    return FaceTaggerError(f"Line {number} of {path.name} is no box: {line}.", hint=_HINT)

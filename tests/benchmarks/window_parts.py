"""What the ``window`` benchmark measures, each part in a process of its own: ``python -m … PART LIBRARY [PATH…]``.

A part prints its figures as one JSON line.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from facetagger.entities import FaceState, PhotoId
from facetagger.ui.photo_grid.grid import PhotoGrid
from facetagger.ui.photo_view.page import PhotoPage
from tests.benchmarks.open_window import (
    Heartbeat,
    OpenWindow,
    Paintings,
    milliseconds_until_painted,
    open_window,
    rest,
    wait_for,
)

_SETTLING_MS: Final = 600
"""Longer than any delay after which the window reads something again."""
_FRAME_MS: Final = 16
_FRAMES: Final = 900
_NOTCH: Final = 120
_PHOTOS_OPENED: Final = 24
_PEOPLE_NAMED: Final = 12
_SECONDS_FOR_A_SUGGESTION: Final = 10.0


def analyse(library: Path, photos: Sequence[Path]) -> dict[str, float]:
    """Adds photos, in a process that has loaded none of the networks, and listens to the window's heart."""
    with open_window(library) as opened:
        rest(_SETTLING_MS)
        ended: list[object] = []
        opened.bridge.import_finished.connect(ended.append)
        heart, began = Heartbeat(), time.perf_counter()
        opened.bridge.start_import(photos)
        wait_for(lambda: bool(ended), 3600.0)
        seconds = time.perf_counter() - began
        late = np.array(heart.late) * 1000
        return {
            "late_p99_ms": float(np.percentile(late, 99)),
            "late_max_ms": float(late.max()),
            "beats": len(late),
            "photos": opened.session.library.counts().photos,
            "seconds": seconds,
        }


def open_photos(library: Path, _photos: Sequence[Path]) -> dict[str, float | None]:
    """Double-clicks the largest photos: until something of the photo is painted, and until it is sharp."""
    with open_window(library) as opened:
        grid, page = opened.window.pages.grid.grid, opened.window.pages.photo
        wait_for(lambda: bool(grid.photo_ids))
        first, sharp = [], []
        sizes = opened.session.library.photos.upright_sizes(grid.photo_ids)
        for photo_id in sorted(sizes, key=lambda each: sizes[each].area)[-_PHOTOS_OPENED:]:
            grid.select(photo_id)
            rest(_SETTLING_MS)
            waits = milliseconds_until_painted(
                page.stage.canvas,
                lambda photo_id=photo_id: _double_click(grid, photo_id),  # type: ignore[misc]
                lambda photo_id=photo_id: _shows(page, photo_id, 1),  # type: ignore[misc]
                lambda photo_id=photo_id: _shows(page, photo_id, page.stage.canvas.shown_side()),  # type: ignore[misc]
            )
            if waits is not None:
                first.append(waits[0])
                sharp.append(waits[1])
            page.back_wanted.emit()
        return {"open_photo_ms": _median(first), "open_photo_sharp_ms": _median(sharp)}


def name_people(library: Path, _photos: Sequence[Path]) -> dict[str, float | None]:
    """Names somebody on one photo, goes on to the next photo of the same folder, and waits for the suggestion there."""
    with open_window(library) as opened:
        page = opened.window.pages.photo
        taken: list[float] = []
        wait_for(lambda: bool(opened.window.pages.grid.grid.photo_ids))
        for number, (first, second) in enumerate(_pairs_of_photos(opened)):
            if number == _PEOPLE_NAMED:
                break
            opened.window.pages.open_photo(first, [first, second])
            rest(_SETTLING_MS)
            page.flow.ask_first()
            rest(_SETTLING_MS)
            if not page.stage.is_asking:
                continue
            name = f"Somebody {number}"
            QTest.keyClicks(page.stage.field.edit, name)
            rest(_SETTLING_MS)
            waits = milliseconds_until_painted(
                page.stage.canvas,
                lambda second=second: _name_and_go_on(page, second),  # type: ignore[misc]
                lambda name=name, second=second: _is_suggested(page, second, name),  # type: ignore[misc]
                seconds=_SECONDS_FOR_A_SUGGESTION,
            )
            taken += waits or []
            page.flow.deactivate()
        return {"name_to_suggestions_ms": _median(taken), "suggestions_seen": len(taken)}


def scroll(library: Path, _photos: Sequence[Path]) -> dict[str, float]:
    """From one painted frame to the next while the wheel turns one notch each frame."""
    with open_window(library) as opened:
        grid = opened.window.pages.grid.grid
        wait_for(lambda: bool(grid.photo_ids))
        rest(3 * _SETTLING_MS)
        wheel = _Wheel(grid.viewport())
        # Pictures that arrive are painted between the frames of the scrolling.
        frames = Paintings(grid.viewport(), wheel.take_turn)
        wait_for(lambda: len(frames.times) > _FRAMES, _FRAMES * _FRAME_MS / 1000 * 10)
        wheel.stop()
        between = np.diff(frames.times) * 1000
        return {"scroll_p99_ms": float(np.percentile(between, 99)), "scroll_max_ms": float(between.max())}


class _Wheel(QObject):
    """Turns by one notch in each frame."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._has_turned = False
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._turn)
        self._timer.start(_FRAME_MS)

    def take_turn(self) -> bool:
        """Whether it has turned since this was asked last."""
        has_turned, self._has_turned = self._has_turned, False
        return has_turned

    def stop(self) -> None:
        self._timer.stop()

    def _turn(self) -> None:
        _turn_wheel(self._widget)
        self._has_turned = True


def _shows(page: PhotoPage, photo_id: PhotoId, side: int) -> bool:
    """Whether the photo has pixels on the canvas, so many at least on its long side."""
    picture = page.stage.canvas.picture
    is_there = page.contents is not None and page.contents.photo.id == photo_id
    return is_there and picture is not None and max(picture.width(), picture.height()) >= side


def _double_click(grid: PhotoGrid, photo_id: PhotoId) -> None:
    place = grid.cell_rect(photo_id).center()
    QTest.mouseDClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def _pairs_of_photos(opened: OpenWindow) -> Iterator[tuple[PhotoId, PhotoId]]:
    """Two photos from each folder, with one face each that has no name."""
    library = opened.session.library

    def has_one_open_face(photo_id: PhotoId) -> bool:
        return [face.state for face in library.faces.of_photo(photo_id)] == [FaceState.OPEN]

    for _, photo_ids in library.photos.sections():
        alone = [each for each in photo_ids if has_one_open_face(each)]
        if len(alone) > 1:
            yield alone[0], alone[1]


def _name_and_go_on(page: PhotoPage, following: PhotoId) -> None:
    QTest.keyClick(page.stage.field.edit, Qt.Key.Key_Return)
    page.open(following)


def _is_suggested(page: PhotoPage, photo_id: PhotoId, name: str) -> bool:
    contents = page.contents
    if contents is None or contents.photo.id != photo_id:
        return False
    return any(face.suggested is not None and face.suggested.name == name for face in contents.faces)


def _turn_wheel(widget: QWidget) -> None:
    place, modifiers = QPointF(widget.rect().center()), Qt.KeyboardModifier.NoModifier
    turned = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, -_NOTCH),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turned)


def _median(milliseconds: Sequence[float]) -> float | None:
    return statistics.median(milliseconds) if milliseconds else None


PARTS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "analyse": analyse,
    "open": open_photos,
    "name": name_people,
    "scroll": scroll,
}


def _main(part: str, library: str, *photos: str) -> None:
    arguments = (Path(library), [Path(each) for each in photos])
    print(json.dumps(PARTS[part](*arguments)))


if __name__ == "__main__":
    _main(*sys.argv[1:])

"""A small family in a real library, behind a real bridge whose lanes are cranked by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from facetagger.entities import (
    AlbumId,
    Face,
    FaceId,
    FaceOrigin,
    FaceState,
    PersonId,
    PhotoId,
    Suggestion,
)
from facetagger.errors import FaceTaggerError
from facetagger.geometry import Box, Size
from facetagger.imaging.hashing import image_hash
from facetagger.jobs.lanes import Lane
from facetagger.jobs.runner import ManualExecutor
from facetagger.library import Act
from facetagger.operations.session import Session
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.theme import ThemeChoice, ThemeManager

SIZE = Size(600, 400)
TAKEN = "1998-07-16T14:03:00"
BOXES = tuple(Box(left, 0.3, 0.1, 0.2) for left in (0.1, 0.35, 0.6, 0.8))
"""Where the faces of the beach photo are, from left to right."""


@dataclass(frozen=True, slots=True)
class Family:
    """Ids of what the library holds: the beach shows Anna (confirmed), somebody, Peter (suggested), a stranger."""

    album: AlbumId
    beach: PhotoId
    garden: PhotoId
    street: PhotoId
    anna: PersonId
    peter: PersonId
    clara: PersonId
    faces: tuple[FaceId, ...]
    garden_face: FaceId


class Rig:
    """Everything a page is given, and the crank that runs its work on the test's own thread."""

    def __init__(self, session: Session, family: Family, theme: ThemeManager) -> None:
        self.session = session
        self.family = family
        self.theme = theme
        self.lanes = {lane: ManualExecutor() for lane in Lane}
        self.bridge = Bridge(session, self.lanes)
        self.images = ImageLoader(self.bridge)
        self.errors: list[FaceTaggerError] = []
        self.bridge.failed.connect(self.errors.append)

    def run(self, *lanes: Lane) -> None:
        """Runs what waits on these lanes (on all but recognition without any) and delivers it, until nothing waits."""
        chosen = lanes or (Lane.LIBRARY, Lane.DECODE, Lane.FILES)
        QApplication.processEvents()
        while sum([self.lanes[lane].run_all() for lane in chosen]):
            QApplication.processEvents()

    def face(self, face_id: FaceId) -> Face:
        return self.session.library.faces.get(face_id)

    def faces_of(self, photo_id: PhotoId) -> Sequence[Face]:
        return self.session.library.faces.of_photo(photo_id)


@contextmanager
def opened_rig(folder: Path, application: QApplication) -> Iterator[Rig]:
    theme = ThemeManager(application, ThemeChoice.LIGHT)
    with Session.open(folder / "library") as session:
        rig = Rig(session, make_family(session, folder / "Beach, summer 1998"), theme)
        try:
            yield rig
        finally:
            rig.bridge.close()
            rig.bridge.deleteLater()
            theme.deleteLater()
            # Outside an event loop nothing else deletes them, and every theme would dress all of them again.
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def make_family(session: Session, folder: Path) -> Family:
    folder.mkdir()
    with session.library.transaction() as act:
        album = act.albums.add("Beach, summer 1998", folder)
        beach, garden, street = (
            _add_photo(act, folder / f"{name}.jpg", number)
            for number, name in enumerate(("1 beach", "2 garden", "3 street"))
        )
        act.albums.add_photos(album, [beach, garden, street])
        faces = tuple(_add_face(act, beach, box) for box in BOXES)
        garden_face = _add_face(act, garden, BOXES[1])
        _add_face(act, street, BOXES[0])
    with session.library.transaction("name the family") as act:
        anna, peter, clara = (act.people.add(name) for name in ("Anna Lind", "Peter Lind", "Clara Öberg"))
        act.people.set_dates(anna, "1967", "")
        act.people.set_aliases(clara, ["Lala"])
        act.faces.set_state([faces[0]], FaceState.CONFIRMED, anna)
        act.faces.set_state([garden_face], FaceState.CONFIRMED, peter)
        act.faces.set_state([faces[3]], FaceState.IGNORED)
    with session.library.transaction() as act:
        act.suggestions.replace([Suggestion(faces[2], peter, 0.97)])
    return Family(album, beach, garden, street, anna, peter, clara, faces, garden_face)


def _add_photo(act: Act, path: Path, seed: int) -> PhotoId:
    pixels = np.random.default_rng(seed).integers(0, 255, (SIZE.height // 20, SIZE.width // 20, 3), dtype=np.uint8)
    Image.fromarray(pixels).resize((SIZE.width, SIZE.height)).save(path)
    found, stamp = image_hash(path), path.stat()
    photo_id = act.photos.add(found, 0, SIZE, 1, TAKEN)
    act.photos.put_file(path, found, stamp.st_size, stamp.st_mtime_ns)
    return photo_id


def _add_face(act: Act, photo_id: PhotoId, box: Box) -> FaceId:
    x, y = box.center
    landmarks = np.full((5, 2), (x, y), dtype=np.float32)
    return act.faces.add(photo_id, box, landmarks, 0.99, FaceOrigin.DETECTED, SIZE)

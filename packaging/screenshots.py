"""Takes the pictures of the README: the real window on the sample album. ``make screenshots`` runs it offscreen.

``python packaging/screenshots.py [FOLDER] [--theme dark] [--scale 2]`` writes ``start``, ``photos``, ``photo``,
``review`` and ``people`` as PNG files into FOLDER, by default ``packaging/screenshots``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEventLoop, QTimer

if TYPE_CHECKING:
    from facetagger.entities import Change, FaceId, PhotoId
    from facetagger.ui.bridge import Bridge

HERE = Path(__file__).parents[1]
_SETTLE_MS = 1500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", default=HERE / "packaging" / "screenshots")
    arguments.add_argument("--theme", choices=("light", "dark"), default="light")
    arguments.add_argument("--scale", type=int, default=1)
    chosen = arguments.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["QT_SCALE_FACTOR"] = str(chosen.scale)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ.update(HOME=home, XDG_CONFIG_HOME=home, XDG_DATA_HOME=home, XDG_CACHE_HOME=home, XDG_STATE_HOME=home)
        _take(Path(home), chosen.folder, chosen.theme)


def _take(home: Path, folder: Path, theme_name: str) -> None:
    from facetagger import app, paths, settings
    from facetagger.operations.sample_album import make_sample_album
    from facetagger.operations.session import Session
    from facetagger.ui.bridge import Bridge
    from facetagger.ui.destinations import ALL_PHOTOS, Destination, Place
    from facetagger.ui.executor import qthread_executors
    from facetagger.ui.images import ImageLoader
    from facetagger.ui.main_window import MainWindow

    settings.save(paths.settings_file(), settings.Settings(theme=theme_name))
    _, theme, preferences = app.make_application()
    with Session.open(home / "library") as session:
        bridge = Bridge(session, qthread_executors())
        window = MainWindow(bridge, ImageLoader(bridge), theme, preferences)
        window.resize(1280, 800)
        window.show()

        def picture(name: str) -> None:
            _settle()
            window.grab().save(str(folder / f"{name}.png"))

        picture("start")
        # Below a home, as a family's own albums are: the path is to be seen in the picture of one photo.
        album = make_sample_album(home / "Pictures" / "Sample album")
        _import(bridge, album)
        both, unnamed = _name_some(bridge, album)
        window.go(ALL_PHOTOS)
        picture("photos")
        window.open_photo(both)
        _settle()
        window.pages.photo.flow.ask(unnamed)
        picture("photo")
        window.go(Destination(Place.REVIEW))
        picture("review")
        window.go(Destination(Place.PEOPLE))
        picture("people")
        window.close()
        bridge.close()


def _import(bridge: Bridge, album: Path) -> None:
    loop = QEventLoop()
    bridge.import_finished.connect(loop.quit)
    bridge.start_import([album])
    loop.exec()
    _rest(bridge)


def _name_some(bridge: Bridge, album: Path) -> tuple[PhotoId, FaceId]:
    """Names each of the two women once, with her dates, and one of them where both are; returns that photo and the
    face that has no name on it."""
    from facetagger.operations.sample_album import EILEEN, GRACE, sample_people

    session = bridge.session

    def faces(file: str) -> list[FaceId]:
        (photo,) = session.library.photos.by_path(album / file)
        return [face.id for face in sorted(session.library.faces.of_photo(photo.id), key=lambda face: face.box.left)]

    def act(operation: Callable[[], Change]) -> None:
        bridge.act(operation)
        _rest(bridge)

    people = sample_people()
    for person, born, died in ((GRACE, "1906", "1992"), (EILEEN, "1956", "")):
        (face, *_) = faces(next(file for file, who in people.items() if who == (person,)))
        act(lambda: session.naming.name([face], person))  # noqa: B023 - done before the next one begins
        person_id = session.library.people.resolve(person).id
        act(lambda: session.people.set_dates(person_id, born, died))  # noqa: B023
    together = next(file for file, who in people.items() if len(who) == 2)
    (photo,) = session.library.photos.by_path(album / together)
    left, right = faces(together)
    act(lambda: session.naming.name([left], people[together][0]))
    return photo.id, right


def _rest(bridge: Bridge) -> None:
    """Waits until suggestions rest, and the badge that counts the questions is right."""
    loop = QEventLoop()
    bridge.busy_changed.connect(lambda is_busy: None if is_busy else loop.quit())
    loop.exec()


def _settle() -> None:
    """Lets the window load its pictures."""
    loop = QEventLoop()
    QTimer.singleShot(_SETTLE_MS, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()

"""Takes the pictures of the README: the real window on the sample album. ``make screenshots`` runs it offscreen.

``python packaging/screenshots.py [FOLDER] [--theme dark] [--scale 2]`` writes ``start``, ``photos``, ``photo``,
``review`` and ``people`` as PNG files into FOLDER, by default ``resources/screenshots``.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

HERE = Path(__file__).parents[1]
_SETTLE_MS = 1500


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, nargs="?", default=HERE / "resources" / "screenshots")
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
    from facetagger.operations.sample_album import EILEEN, GRACE, make_sample_album, sample_people
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

        def picture(name: str, act: Callable[[], object]) -> None:
            act()
            _settle()
            window.grab().save(str(folder / f"{name}.png"))

        picture("start", lambda: None)
        album = make_sample_album(home / "Sample album")
        session.importing.run([album], on_change=bridge.changed.emit)
        for person in (GRACE, EILEEN):
            path = album / next(name for name, people in sample_people().items() if people == (person,))
            (photo,) = session.library.photos.by_path(path)
            bridge.changed.emit(session.naming.name([session.library.faces.of_photo(photo.id)[0].id], person))
        bridge.changed.emit(session.suggesting.refresh())
        picture("photos", lambda: window.go(ALL_PHOTOS))
        together = next(name for name, people in sample_people().items() if len(people) == 2)
        (both,) = session.library.photos.by_path(album / together)
        first = session.library.faces.of_photo(both.id)[0].id

        def name_a_face() -> None:
            window.open_photo(both.id)
            _settle()
            window.pages.photo.flow.ask(first)

        picture("photo", name_a_face)
        picture("review", lambda: window.go(Destination(Place.REVIEW)))
        picture("people", lambda: window.go(Destination(Place.PEOPLE)))
        window.close()
        bridge.close()


def _settle() -> None:
    """Lets the window load its pictures."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    QTimer.singleShot(_SETTLE_MS, loop.quit)
    loop.exec()


if __name__ == "__main__":
    main()

"""Why a photo is not to be seen, said in its place, and what can be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from facetagger.entities import Album, Change, Photo, PhotoId
from facetagger.errors import FaceTaggerError
from facetagger.jobs.lanes import Lane
from facetagger.ui.bridge import Bridge
from facetagger.ui.photo_view.contents import PhotoContents
from facetagger.ui.photo_view.picture import Failure
from facetagger.ui.photo_view.stage import Stage


class Trouble(QObject):
    successor_found = Signal(object, object)
    """PhotoId of a photo that was let go of, and of the one that was added from its file."""

    def __init__(self, bridge: Bridge, stage: Stage, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._stage, self._page = bridge, stage, page
        self._let_go: dict[Path, PhotoId] = {}
        bridge.import_finished.connect(self._find_successors)

    def say(self, failure: Failure, contents: PhotoContents) -> None:
        """Covers the photo, its frames included."""
        if failure.is_replaced:
            self._ask_about(contents.photo)
        elif failure.is_missing:
            self._say_missing(contents)
        else:
            self._stage.message.say(failure.error.title, hint=failure.error.message)
        self._stage.show_message()

    def _say_missing(self, contents: PhotoContents) -> None:
        sentence = self.tr("This photo’s file is not where it was.")
        hint = self.tr("Its names are safe. It was {path}.").format(path=contents.photo.path)
        album, message = contents.album, self._stage.message
        if album is None or album.folder is None:
            message.say(sentence, hint=hint)
        else:
            message.say(sentence, self.tr("The folder has moved…"), lambda: self._find_folder(album), hint)

    def _find_folder(self, album: Album) -> None:
        albums = self._bridge.session.albums
        title = self.tr("Where is the folder of “{album}” now?").format(album=album.name)
        folder = QFileDialog.getExistingDirectory(self._page, title)
        if folder:
            self._bridge.act(lambda: albums.relink(album.id, Path(folder)))

    def _find_successors(self) -> None:
        photos, let_go = self._bridge.session.library.photos, self._let_go
        self._let_go = {}
        for path, old in let_go.items():
            self._bridge.fetch(Lane.LIBRARY, partial(photos.by_path, path), partial(self._tell_successor, old))

    def _tell_successor(self, old: PhotoId, found: Sequence[Photo]) -> None:
        if found:
            self.successor_found.emit(old, found[0].id)

    def _ask_about(self, photo: Photo) -> None:
        message, replacing, path = self._stage.message, self._bridge.session.replacing, photo.path

        def show(error: FaceTaggerError) -> None:
            message.hint(str(error))

        def keep() -> None:
            self._bridge.act(lambda: replacing.keep_names([path]), on_error=show)

        def add(_change: Change) -> None:
            self._let_go[path] = photo.id
            self._bridge.start_import([path])

        def let_go() -> None:
            self._bridge.act(lambda: replacing.let_go([path]), add, show)

        message.say(
            self.tr("This file holds another picture than when it was added."),
            self.tr("It is the same photo, touched up"),
            keep,
        )
        message.offer(self.tr("It is another photo"), let_go)

"""Why a photo is not to be seen, said in its place, and what can be done about it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from facetagger.entities import Album
from facetagger.errors import FaceTaggerError
from facetagger.ui.bridge import Bridge
from facetagger.ui.photo_view.contents import PhotoContents
from facetagger.ui.photo_view.picture import Failure
from facetagger.ui.photo_view.stage import Stage


class Trouble(QObject):
    def __init__(self, bridge: Bridge, stage: Stage, page: QWidget) -> None:
        super().__init__(page)
        self._bridge, self._stage, self._page = bridge, stage, page

    def say(self, failure: Failure, contents: PhotoContents) -> None:
        """Covers the photo, its frames included."""
        if failure.is_replaced:
            self._ask_about(contents.photo.path)
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

    def _ask_about(self, path: Path) -> None:
        message, replacing = self._stage.message, self._bridge.session.replacing

        def show(error: FaceTaggerError) -> None:
            message.hint(str(error))

        def keep() -> None:
            self._bridge.act(lambda: replacing.keep_names([path]), on_error=show)

        def let_go() -> None:
            self._bridge.act(
                lambda: replacing.let_go([path]), lambda _change: self._bridge.start_import([path]), on_error=show
            )

        message.say(
            self.tr("This file holds another picture than when it was added."),
            self.tr("It is the same photo, touched up"),
            keep,
        )
        message.offer(self.tr("It is another photo"), let_go)

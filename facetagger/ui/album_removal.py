"""Removing an album; what is still being added to it is stopped first, for nothing shall go on unseen."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from facetagger.entities import Album
from facetagger.ui.bridge import Bridge


class AlbumRemoval(QObject):
    """Removing hides the album and can be undone, so it asks only where it would stop something."""

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._window = bridge, window
        self._waiting: list[Album] = []
        bridge.import_finished.connect(self._remove_waiting)

    def remove(self, album: Album) -> None:
        if self._is_being_added_to(album.folder):
            self._ask(album)
        else:
            self._remove(album)

    def stop_and_remove(self, album: Album) -> None:
        """Removes the album when the import has ended: it would show what it adds to."""
        if self._bridge.is_importing:
            self._waiting.append(album)
            self._bridge.cancel_import()
        else:
            self._remove(album)

    def _ask(self, album: Album) -> None:
        text = self.tr("Photos are still being added to “{0}”.").format(album.name)
        box = QMessageBox(QMessageBox.Icon.Question, "facetagger", text, parent=self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(self.tr("Removing it stops that. What was added so far can be brought back with undo."))
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        stop = box.addButton(self.tr("Stop and remove"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Go on adding"), QMessageBox.ButtonRole.RejectRole)
        stop.clicked.connect(lambda: self.stop_and_remove(album))
        box.setEscapeButton(keep)
        box.open()

    def _is_being_added_to(self, folder: Path | None) -> bool:
        paths = (path.absolute() for path in self._bridge.import_paths)
        return folder is not None and any(folder.is_relative_to(path) or path.parent == folder for path in paths)

    def _remove_waiting(self) -> None:
        albums, self._waiting = self._waiting, []
        for album in albums:
            self._remove(album)

    def _remove(self, album: Album) -> None:
        albums = self._bridge.session.albums
        self._bridge.act(lambda: albums.remove(album.id))

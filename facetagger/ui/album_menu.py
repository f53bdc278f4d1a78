"""What one can do to an album from the sidebar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMenu, QWidget

from facetagger.entities import Album
from facetagger.ui.bridge import Bridge
from facetagger.ui.icons import Icon, icon
from facetagger.ui.theme import ThemeManager


class AlbumMenu(QMenu):
    remove_requested = Signal(object)
    """Carries the ``Album``."""

    def __init__(self, album: Album, bridge: Bridge, theme: ThemeManager, parent: QWidget) -> None:
        super().__init__(parent)
        self._album, self._bridge, self._theme = album, bridge, theme
        self._add(self.tr("Rename…"), Icon.EDIT, self._rename)
        if album.folder is not None:
            folder = album.folder
            self._add(self.tr("Look for new photos"), Icon.RESCAN, lambda: bridge.start_import([folder]))
            look = self.tr("Look harder for faces")
            self._add(look, Icon.SEARCH, lambda: bridge.start_import([folder], look_harder=True))
            self._add(self.tr("Show folder"), Icon.FOLDER, lambda: _show(folder))
            self._add(self.tr("The folder was moved…"), Icon.MISSING, self._relink)
        self.addSeparator()
        self._add(self.tr("Remove from the library"), Icon.REMOVE, lambda: self.remove_requested.emit(album))

    def open_at(self, place: QPoint) -> None:
        self.aboutToHide.connect(self.deleteLater)
        self.popup(place)

    def rename(self, name: str) -> None:
        albums, album_id = self._bridge.session.albums, self._album.id
        self._bridge.act(lambda: albums.rename(album_id, name))

    def _add(self, text: str, drawing: Icon, act: Callable[[], object]) -> None:
        self.addAction(icon(drawing, self._theme.current, "muted", 16), text, lambda: act())

    def _rename(self) -> None:
        name, is_given = QInputDialog.getText(
            self.parentWidget(), self.tr("Rename album"), self.tr("Name"), text=self._album.name
        )
        if is_given and name.strip():
            self.rename(name)

    def _relink(self) -> None:
        title = self.tr("Where is “{0}” now?").format(self._album.name)
        folder = QFileDialog.getExistingDirectory(self.parentWidget(), title)
        if folder:
            albums, album_id = self._bridge.session.albums, self._album.id
            self._bridge.act(lambda: albums.relink(album_id, Path(folder)))


def _show(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

"""The albums of the folders that an import meets: made, shown again, and kept in step with files that move."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from facetagger.entities import AlbumId, PhotoId
from facetagger.library import Act, Library


class FolderAlbums:
    """Those of one import. An album that the user removes while it runs stays removed."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._met: dict[Path, AlbumId] = {}
        self._added: dict[AlbumId, str] = {}

    def of(self, act: Act, folder: Path) -> AlbumId:
        """The folder's album: made where there is none, shown again where it was removed before."""
        if not self.show(act, folder):
            name = folder.name or str(folder)
            self._met[folder] = act.albums.add(name, folder)
            self._added[self._met[folder]] = name
        return self._met[folder]

    def show(self, act: Act, folder: Path) -> bool:
        """Shows the folder's album again if it was removed before; false where the folder has none."""
        if folder not in self._met:
            album = self._library.albums.by_folder(folder)
            if album is None:
                return False
            act.albums.set_removed(album.id, False)
            self._met[folder] = album.id
        return True

    def follow(self, act: Act, old: Path, new: Path) -> None:
        """An album whose folder is gone moves along with its photos, unless the new folder has an album already."""
        album = self._library.albums.by_folder(old)
        if album is None or os.path.lexists(old) or self.show(act, new):
            return
        act.albums.set_folder(album.id, new)
        act.albums.set_removed(album.id, False)
        if album.name == old.name:
            act.albums.rename(album.id, new.name)
        self._met[new] = album.id

    def leave(self, act: Act, photos: Iterable[PhotoId]) -> None:
        """Takes photos whose files have moved out of the albums whose folders hold them no more.

        A photo without any file stays where it is, to be seen as missing. An album that is empty then is hidden.
        """
        for photo_id in photos:
            folders = {path.parent for path in self._library.photos.places(photo_id)}
            for album in self._library.albums.of_photo(photo_id):
                if folders and album.folder is not None and album.folder not in folders:
                    act.albums.take_photos(album.id, [photo_id])
                    if not self._library.albums.photos(album.id):
                        act.albums.set_removed(album.id, True)
                        self._met.pop(album.folder, None)

    def take_added(self) -> dict[AlbumId, str]:
        """The albums that were made since the last call, with their names."""
        added, self._added = self._added, {}
        return added

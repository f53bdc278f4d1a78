"""What the user does to whole albums and to the way a photo is shown. No file is ever touched."""

from __future__ import annotations

from pathlib import Path

from facetagger.entities import Album, AlbumId, Change, PhotoId, name_key
from facetagger.errors import FaceTaggerError
from facetagger.library import Act, Library
from facetagger.operations.scanning import FileFacts, Untouched, absolute, look


class Albums:
    def __init__(self, library: Library) -> None:
        self._library = library

    def remove(self, album_id: AlbumId) -> Change:
        """Takes an album out of sight. Its photos, names and files stay; undo or import brings it back."""
        album = self._library.albums.get(album_id)
        with self._library.transaction(f"remove album {album.name}") as act:
            act.albums.set_removed(album_id, True)
        return act.change

    def rename(self, album_id: AlbumId, name: str) -> Change:
        album = self._library.albums.get(album_id)
        if not name.strip():
            raise FaceTaggerError("The album's name is empty.", hint="Type a name.")
        with self._library.transaction(f"rename album {album.name}") as act:
            act.albums.rename(album_id, name.strip())
        return act.change

    def relink(self, album_id: AlbumId, folder: Path) -> Change:
        """Follows a folder that was moved: every file of the library below the old place that is found below the new
        one is there from now on, so sibling albums that moved along come too. A file that only has the same name, with
        another picture in it, is left out.

        Raises ``FaceTaggerError`` when the new folder holds none of the album's files.
        """
        album = self._library.albums.get(album_id)
        if album.folder is None:
            raise FaceTaggerError(f"“{album.name}” is a selection, not a folder.")
        old, new = _differing_tops(album.folder, absolute(folder))
        moves = {
            path: new / path.relative_to(old)
            for path in (*self._library.photos.file_stamps(), *self._library.photos.missing_files())
            if path.is_relative_to(old) and self._is_same_picture(path, new / path.relative_to(old))
        }
        if not any(path.is_relative_to(album.folder) for path in moves):
            raise FaceTaggerError(
                f"No photo of “{album.name}” is in {folder}.", hint="Choose the folder that has the same files."
            )
        with self._library.transaction(f"move album {album.name}") as act:
            self._move_files(act, moves)
            for summary in self._library.albums.all():
                place = summary.album.folder
                if place is not None and place.is_relative_to(old) and (new / place.relative_to(old)).is_dir():
                    act.albums.set_folder(summary.album.id, new / place.relative_to(old))
        return act.change

    def _is_same_picture(self, old: Path, new: Path) -> bool:
        """A file that was moved kept its stamp; one that was copied may have lost it, and is read."""
        record = self._library.photos.file(old)
        if record is None:
            return False
        seen = look(new, (record.byte_size, record.mtime_ns))
        return isinstance(seen, Untouched) or (isinstance(seen, FileFacts) and seen.image_hash == record.image_hash)

    def _move_files(self, act: Act, moves: dict[Path, Path]) -> None:
        for old, new in moves.items():
            record = self._library.photos.file(old)
            assert record is not None
            act.photos.put_file(new, record.image_hash, record.byte_size, record.mtime_ns, record.byte_hash or None)
        act.photos.forget_files(moves)

    def find(self, name: str) -> Album:
        """The album of that name, whatever its case. Raises ``FaceTaggerError`` when there is none, or several."""
        wanted = name_key(name)
        found = [row.album for row in self._library.albums.all() if name_key(row.album.name) == wanted]
        if len(found) != 1:
            if not found:
                names = ", ".join(f"“{row.album.name}”" for row in self._library.albums.all())
                raise FaceTaggerError(f"No album is called “{name}”.", hint=names and f"There are {names}.")
            raise FaceTaggerError(f"{len(found)} albums are called “{name}”.", hint="Rename albums to tell them apart.")
        return found[0]

    def rotate(self, photo_id: PhotoId, quarter_turns: int) -> Change:
        """Turns the view clockwise; stored with the photo, never written to the file."""
        photo = self._library.photos.get(photo_id)
        with self._library.transaction("turn a photo") as act:
            act.photos.set_rotation(photo_id, (photo.rotation + quarter_turns) % 4)
        return act.change


def _differing_tops(old: Path, new: Path) -> tuple[Path, Path]:
    """The highest folders at which the two paths differ: ``/a/P/Beach`` and ``/b/P/Beach`` give ``/a/P`` and ``/b/P``
    as long as the names below agree."""
    while old.name == new.name and old.parent != new.parent and old.parent.name and new.parent.name:
        old, new = old.parent, new.parent
    return old, new

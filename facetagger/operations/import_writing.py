"""The writing half of an import: what was analysed or found again waits here and is written in batches."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from facetagger.entities import AlbumId, Change, FaceOrigin, Photo, PhotoId
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.pipeline import AnalysedFace
from facetagger.geometry import box_to_stored, points_to_stored
from facetagger.imaging.probe import PageInfo
from facetagger.library import Act, Library
from facetagger.operations.scanning import FileFacts

_UNFINISHED = -1
"""Stamp of a file whose later pages are still being analysed: no real file has it, so it is looked at again."""


@dataclass(frozen=True, slots=True)
class NewPage:
    """One page of a file that the library does not have yet."""

    facts: FileFacts
    page: PageInfo

    @property
    def is_last(self) -> bool:
        return self.page.page == self.facts.pages[-1].page


class ImportWriter:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._albums: dict[Path, AlbumId] = {}
        self._analysed: list[tuple[NewPage, list[AnalysedFace]]] = []
        self._found: list[tuple[FileFacts, list[Photo]]] = []
        self._seen_folders: set[Path] = set()
        self._twins: dict[bytes, list[FileFacts]] = {}
        self._new_albums: dict[AlbumId, str] = {}
        self.added = self.moved = self.duplicates = self.photos_with_faces = self.faces = 0

    @property
    def waiting(self) -> int:
        return len(self._analysed) + len(self._found)

    def see(self, path: Path) -> None:
        """A file that is as it was: its album is shown again if it had been removed."""
        self._seen_folders.add(path.parent)

    def expect(self, facts: FileFacts) -> None:
        """From now on until it is written, another file with the same picture is a twin."""
        self._twins[facts.image_hash] = []

    def is_on_its_way(self, image_hash: bytes) -> bool:
        return image_hash in self._twins

    def add_twin(self, facts: FileFacts) -> None:
        self._twins[facts.image_hash].append(facts)
        self.duplicates += 1

    def found_again(self, facts: FileFacts, known: list[Photo]) -> None:
        """A picture the library has: moved here if its other files are gone, else one more copy."""
        self._found.append((facts, known))

    def take(self, page: NewPage, faces: list[AnalysedFace]) -> None:
        self._analysed.append((page, faces))

    def give_up(self, page: NewPage) -> list[Path]:
        """A page that cannot be decoded; the other files that hold the same picture."""
        twins = self._twins.pop(page.facts.image_hash, [])
        self.duplicates -= len(twins)
        return [twin.path for twin in twins]

    def flush(self) -> Change:
        """Writes everything that waits in one transaction."""
        if not (self._analysed or self._found or self._seen_folders):
            return Change()
        with self._library.transaction() as act:
            for folder in sorted(self._seen_folders):
                self._album(act, folder)
            for facts, known in self._found:
                self._write_found(act, facts, known)
            for page, faces in self._analysed:
                self._write_new(act, page, faces)
        self._analysed, self._found, self._seen_folders = [], [], set()
        return act.change

    def record(self) -> Change:
        """Makes one entry of the history of the albums that are new, so that undo takes them out of sight again."""
        if not self._new_albums:
            return Change()
        names = list(self._new_albums.values())
        text = f"add {names[0]}" if len(names) == 1 else f"add {len(names)} albums"
        with self._library.transaction() as act:
            for album_id in self._new_albums:
                act.albums.set_removed(album_id, True)
        with self._library.transaction(text) as act:
            for album_id in self._new_albums:
                act.albums.set_removed(album_id, False)
        self._new_albums = {}
        return act.change

    def _write_new(self, act: Act, new: NewPage, faces: list[AnalysedFace]) -> None:
        facts, page = new.facts, new.page
        photo_id = act.photos.add(facts.image_hash, page.page, page.stored_size, page.orientation, page.taken)
        stamp = (facts.byte_size, facts.mtime_ns) if new.is_last else (_UNFINISHED, _UNFINISHED)
        act.photos.put_file(facts.path, facts.image_hash, *stamp)
        act.albums.add_photos(self._album(act, facts.path.parent), [photo_id])
        self._write_faces(act, photo_id, page, faces)
        act.photos.set_analysed(photo_id, DLIB_RESNET)
        self.added += 1
        self.faces += len(faces)
        self.photos_with_faces += bool(faces)
        if new.is_last:
            for twin in self._twins.pop(facts.image_hash, []):
                act.photos.put_file(twin.path, twin.image_hash, twin.byte_size, twin.mtime_ns)
                act.albums.add_photos(self._album(act, twin.path.parent), [photo_id])

    @staticmethod
    def _write_faces(act: Act, photo_id: PhotoId, page: PageInfo, faces: list[AnalysedFace]) -> None:
        ids, vectors = [], []
        for face in faces:
            box = box_to_stored(face.box.clipped(), page.orientation)
            landmarks = points_to_stored(face.landmarks, page.orientation).astype(np.float32)
            face_id = act.faces.add(photo_id, box, landmarks, face.score, FaceOrigin.DETECTED, page.stored_size)
            if face.embedding is not None:
                ids.append(face_id)
                vectors.append(face.embedding)
        if ids:
            act.embeddings.put(ids, DLIB_RESNET, np.stack(vectors))

    def _write_found(self, act: Act, facts: FileFacts, known: list[Photo]) -> None:
        others = {path for photo in known for path in self._library.photos.paths(photo.id)} - {facts.path}
        gone = sorted(path for path in others if not path.exists())
        is_new_place = facts.path not in {photo.path for photo in known}
        act.photos.put_file(facts.path, facts.image_hash, facts.byte_size, facts.mtime_ns)
        if is_new_place and gone and len(gone) == len(others):
            act.photos.forget_files(gone)
            self._follow(act, gone[0].parent, facts.path.parent)
            self.moved += 1
        else:
            self.duplicates += 1
        act.albums.add_photos(self._album(act, facts.path.parent), [photo.id for photo in known])

    def _follow(self, act: Act, old: Path, new: Path) -> None:
        """An album whose folder is gone moves along with its photos, unless the new folder has an album already."""
        album = self._library.albums.by_folder(old)
        if album is None or old.is_dir() or new in self._albums or self._library.albums.by_folder(new) is not None:
            return
        act.albums.set_folder(album.id, new)
        if album.name == old.name:
            act.albums.rename(album.id, new.name)
        self._albums[new] = album.id

    def _album(self, act: Act, folder: Path) -> AlbumId:
        if folder not in self._albums:
            album = self._library.albums.by_folder(folder)
            if album is None:
                name = folder.name or str(folder)
                self._albums[folder] = act.albums.add(name, folder)
                self._new_albums[self._albums[folder]] = name
            else:
                act.albums.set_removed(album.id, False)
                self._albums[folder] = album.id
        return self._albums[folder]

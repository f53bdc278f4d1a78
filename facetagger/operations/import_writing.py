"""The writing half of an import: what was analysed or found again waits here and is written in batches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from facetagger.entities import AlbumId, Change, EntryId, Photo
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.pipeline import AnalysedPhoto
from facetagger.faces.settings import AnalysisSettings
from facetagger.imaging.probe import PageInfo
from facetagger.library import Act, Library
from facetagger.operations.face_writing import add_faces
from facetagger.operations.folder_albums import FolderAlbums
from facetagger.operations.scanning import FileFacts, is_gone

UNFINISHED: Final = (-1, -1)
"""Stamp of a file that the library has only some pages of: no real file has it, so it is looked at again."""


@dataclass(frozen=True, slots=True)
class NewPage:
    """One page of a file that the library does not have yet."""

    facts: FileFacts
    page: PageInfo


@dataclass(frozen=True, slots=True)
class _FoundAgain:
    facts: FileFacts
    known: list[Photo]
    is_whole: bool


@dataclass(slots=True)
class _OnItsWay:
    """A file whose pages are being analysed or written, and the other files that hold the same picture."""

    unanalysed: int
    unwritten: int
    is_whole: bool = True
    twins: list[FileFacts] = field(default_factory=list)


class ImportWriter:
    def __init__(self, library: Library, settings: AnalysisSettings) -> None:
        self._library = library
        self._settings = settings
        self._albums = FolderAlbums(library)
        self._analysed: list[tuple[NewPage, AnalysedPhoto]] = []
        self._found: list[_FoundAgain] = []
        self._seen_folders: set[Path] = set()
        self._on_their_way: dict[bytes, _OnItsWay] = {}
        self._announced: dict[AlbumId, str] = {}
        self._entry: EntryId | None = None
        self.added = self.moved = self.duplicates = self.photos_with_faces = self.faces = 0

    @property
    def waiting(self) -> int:
        return len(self._analysed) + len(self._found)

    def see(self, path: Path) -> None:
        """A file that is as it was: its album is shown again if it had been removed."""
        self._seen_folders.add(path.parent)

    def expect(self, facts: FileFacts, pages: Sequence[PageInfo]) -> None:
        """From now on until these pages are written, another file with the same picture is a twin."""
        self._on_their_way[facts.image_hash] = _OnItsWay(len(pages), len(pages))

    def is_on_its_way(self, image_hash: bytes) -> bool:
        return image_hash in self._on_their_way

    def is_analysed(self, facts: FileFacts) -> bool:
        """Whether every page of the file is through the analysis."""
        file = self._on_their_way.get(facts.image_hash)
        return file is None or not file.unanalysed

    def add_twin(self, facts: FileFacts) -> None:
        self._on_their_way[facts.image_hash].twins.append(facts)
        self.duplicates += 1

    def found_again(self, facts: FileFacts, known: list[Photo], *, is_whole: bool) -> None:
        """A picture the library has, or has some pages of: moved here if its other files are gone, else a copy."""
        self._found.append(_FoundAgain(facts, known, is_whole))

    def take(self, page: NewPage, photo: AnalysedPhoto) -> None:
        self._on_their_way[page.facts.image_hash].unanalysed -= 1
        self._analysed.append((page, photo))

    def give_up(self, page: NewPage) -> list[Path]:
        """A page that cannot be decoded; the other files that hold the same picture."""
        file = self._on_their_way[page.facts.image_hash]
        file.unanalysed -= 1
        file.is_whole = False
        twins, file.twins = file.twins, []
        self.duplicates -= len(twins)
        self._page_is_done(page.facts.image_hash)
        return [twin.path for twin in twins]

    def flush(self) -> Change:
        """Writes everything that waits in one transaction, then notes for undo which albums are new."""
        if not (self._analysed or self._found or self._seen_folders):
            return Change()
        with self._library.transaction() as act:
            for folder in sorted(self._seen_folders):
                self._albums.show(act, folder)
            for found in self._found:
                self._write_found(act, found)
            for page, photo in self._analysed:
                self._write_new(act, page, photo)
        self._analysed, self._found, self._seen_folders = [], [], set()
        return act.change | self._announce(self._albums.take_added())

    def _announce(self, added: dict[AlbumId, str]) -> Change:
        """One entry of the history for the new albums of the whole import, where its first one appeared."""
        if not added:
            return Change()
        self._announced |= added
        names = list(self._announced.values())
        text = f"add {names[0]}" if len(names) == 1 else f"add {len(names)} albums"
        with self._library.transaction(text, joins=self._entry) as act:
            shown = [album_id for album_id in added if not self._library.albums.is_removed(album_id)]
            for album_id in shown:
                act.albums.set_removed(album_id, True)
            act.begin_here()
            for album_id in shown:
                act.albums.set_removed(album_id, False)
        self._entry = act.change.entry.id if act.change.entry else None
        return act.change

    def _write_new(self, act: Act, new: NewPage, photo: AnalysedPhoto) -> None:
        facts, page = new.facts, new.page
        photo_id = act.photos.add(facts.image_hash, page.page, page.stored_size, page.orientation, page.taken)
        file = self._page_is_done(facts.image_hash)
        is_whole = file.is_whole and not file.unwritten
        _put_file(act, facts, is_whole=is_whole)
        act.albums.add_photos(self._albums.of(act, facts.path.parent), [photo_id])
        add_faces(act, photo_id, photo.faces, page.orientation, page.stored_size, photo.model_id)
        act.photos.propose_rotation(photo_id, photo.quarter_turns)
        act.photos.set_analysed(photo_id, DLIB_RESNET, self._settings.name)
        self.added += 1
        self.faces += len(photo.faces)
        self.photos_with_faces += bool(photo.faces)
        if not file.unwritten:
            photos = [photo.id for photo in self._library.photos.find(facts.image_hash)]
            for twin in file.twins:
                _put_file(act, twin, is_whole=is_whole)
                act.albums.add_photos(self._albums.of(act, twin.path.parent), photos)

    def _page_is_done(self, image_hash: bytes) -> _OnItsWay:
        file = self._on_their_way[image_hash]
        file.unwritten -= 1
        if not file.unwritten:
            del self._on_their_way[image_hash]
        return file

    def _write_found(self, act: Act, found: _FoundAgain) -> None:
        """Where several files changed places, each is put right as it comes; a photo may be without one in between."""
        facts, photos = found.facts, self._library.photos
        held = photos.file(facts.path)
        is_new_place = held is None or held.image_hash != facts.image_hash
        displaced = [photo.id for photo in photos.by_path(facts.path)] if is_new_place else []
        before = photos.get_many(photo.id for photo in found.known)
        others = [path for path in photos.places(before[0].id) if path != facts.path]
        gone = [path for path in others if is_gone(path)]
        has_moved = is_new_place and len(gone) == len(others)
        _put_file(act, facts, is_whole=found.is_whole)
        if has_moved:
            self._albums.follow(act, before[0].path.parent, facts.path.parent)
        if is_new_place:
            act.photos.forget_files(gone)
        write_headers(act, facts, photos.get_many(photo.id for photo in before))
        act.albums.add_photos(self._albums.of(act, facts.path.parent), [photo.id for photo in before])
        if is_new_place:
            self._albums.leave(act, [*displaced, *(photo.id for photo in before)])
        self.moved += has_moved
        self.duplicates += not has_moved


def write_headers(act: Act, facts: FileFacts, photos: Iterable[Photo]) -> None:
    """What another program wrote into the file that shows these photos. A date that is gone from it is kept here."""
    pages = {page.page: page for page in facts.pages}
    for photo in photos:
        if photo.path == facts.path and photo.page in pages:
            page = pages[photo.page]
            act.photos.set_header(photo.id, page.orientation, page.taken or photo.taken)


def _put_file(act: Act, facts: FileFacts, *, is_whole: bool) -> None:
    stamp = (facts.byte_size, facts.mtime_ns) if is_whole else UNFINISHED
    act.photos.put_file(facts.path, facts.image_hash, *stamp)

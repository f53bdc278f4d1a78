"""Collects what is to leave the program, with the confirmed names, and hands it to the exporters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from facetagger.entities import AlbumId, Face, Person, PersonId, Photo, PhotoId, Suggestion
from facetagger.errors import FaceTaggerError
from facetagger.exporters.export import ExportFace, ExportFormat, ExportItem, ExportReport, export
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.library import Library, PhotoQuery


class Exporting:
    def __init__(self, library: Library) -> None:
        self._library = library

    def run(
        self,
        destination: Path,
        format: ExportFormat = ExportFormat.PHOTOS,
        *,
        people: Sequence[PersonId] = (),
        albums: Sequence[AlbumId] = (),
        progress: Callable[[Progress], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> ExportReport:
        """Exports every photo, or those that show any of ``people`` or lie in any of ``albums``.

        Raises ``FaceTaggerError`` when there is nothing to export, or ``destination`` cannot be written or holds
        files of the library.
        """
        with self._library.snapshot():
            items = list(self._items(people, albums))
        if not items:
            raise FaceTaggerError("There is no photo to export.", hint="Choose other people or albums.")
        originals = self._library.photos.file_stamps()
        return export(items, destination, format, progress, cancel, originals=originals)

    def _items(self, people: Sequence[PersonId], albums: Sequence[AlbumId]) -> Iterator[ExportItem]:
        known = {row.person.id: row.person for row in self._library.people.all()}
        for album_name, ids in self._photos_by_album(people, albums):
            for photo in self._library.photos.get_many(ids):
                faces = self._library.faces.of_photo(photo.id)
                guesses = self._library.suggestions.of_faces([face.id for face in faces])
                yield ExportItem(
                    self._where_it_is(photo),
                    album_name,
                    tuple(_export_face(face, guesses.get(face.id), known) for face in faces),
                )

    def _where_it_is(self, photo: Photo) -> Photo:
        """The photo by a file that exists, where one of several that hold it was deleted."""
        if photo.path.exists():
            return photo
        living = next((path for path in self._library.photos.paths(photo.id) if path.exists()), photo.path)
        return replace(photo, path=living)

    def _photos_by_album(
        self, people: Sequence[PersonId], albums: Sequence[AlbumId]
    ) -> Iterator[tuple[str, list[PhotoId]]]:
        """Each photo once, under the first of its albums."""
        wanted = {photo_id for person in people for photo_id in self._library.photos.ids(PhotoQuery(people=(person,)))}
        seen: set[PhotoId] = set()
        for summary in self._library.albums.all():
            if albums and summary.album.id not in albums:
                continue
            held = self._library.photos.ids(PhotoQuery(album=summary.album.id, sort="name"))
            ids = [photo_id for photo_id in held if photo_id not in seen and (not people or photo_id in wanted)]
            seen.update(ids)
            yield summary.album.name, ids


def _export_face(face: Face, guess: Suggestion | None, known: Mapping[PersonId, Person]) -> ExportFace:
    person = known[face.person_id] if face.person_id is not None else None
    if guess is None:
        return ExportFace(face, person)
    return ExportFace(face, person, known[guess.person_id], guess.probability)

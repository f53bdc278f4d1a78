"""What the body of a transaction writes with, and the ``Change`` that comes of it."""

from __future__ import annotations

from facetagger.entities import Change, FaceId, HistoryEntry, PersonId, PhotoId
from facetagger.library.albums import AlbumWriter
from facetagger.library.choices import ChoiceWriter
from facetagger.library.database import Connection, ids_parameter
from facetagger.library.derived import ClassifierWriter, EmbeddingWriter, GroupWriter, SuggestionWriter
from facetagger.library.faces import FaceWriter
from facetagger.library.found_names import FoundNameWriter
from facetagger.library.memories import MemoryWriter
from facetagger.library.people import PeopleWriter
from facetagger.library.photo_writer import PhotoWriter
from facetagger.library.recording import Recorder, check_job
from facetagger.library.rejections import RejectionWriter


class Act:
    """The writers of one transaction. ``change`` is there once the block has ended."""

    def __init__(self, database: Connection, recorder: Recorder) -> None:
        self._recorder = recorder
        self._derived_faces: set[FaceId] = set()
        self._derived_people: set[PersonId] = set()
        self._change: Change | None = None
        self.photos = PhotoWriter(database)
        self.faces = FaceWriter(database)
        self.people = PeopleWriter(database)
        self.albums = AlbumWriter(database)
        self.rejections = RejectionWriter(database)
        self.choices = ChoiceWriter(database)
        self.embeddings = EmbeddingWriter(database)
        self.found_names = FoundNameWriter(database)
        self.suggestions = SuggestionWriter(database, self._derived_faces, self._derived_people)
        self.groups = GroupWriter(database, self._derived_faces)
        self.classifiers = ClassifierWriter(database)
        self.memory = MemoryWriter(database)

    @property
    def change(self) -> Change:
        if self._change is None:
            raise RuntimeError("the transaction has not ended")
        return self._change

    def begin_here(self) -> None:
        """Makes what is written so far the state that undo leads back to: a job within the act, bound as jobs are."""
        check_job(self._recorder)
        self._recorder.start()

    def finish(self, database: Connection, recorder: Recorder, entry: HistoryEntry | None) -> None:
        derived = Change(faces=frozenset(self._derived_faces), people=frozenset(self._derived_people))
        self._change = touched(database, recorder, derived, entry)


def touched(database: Connection, recorder: Recorder, derived: Change, entry: HistoryEntry | None) -> Change:
    """The ids that a view must read again after what ``recorder`` saw and what was derived anew."""
    face_column = {column: i for i, column in enumerate(recorder.columns["face"])}
    photos: set[PhotoId] = {key[0] for key, _, _ in recorder.touched("photo")}
    faces: set[FaceId] = set(derived.faces)
    people: set[PersonId] = set(derived.people)
    for key, *rows in recorder.touched("face"):
        faces.add(key[0])
        for row in filter(None, rows):
            photos.add(row[face_column["photo_id"]])
            people.add(row[face_column["person_id"]])
    rejections = [key for key, _, _ in recorder.touched("rejection")]
    memberships = [key for key, _, _ in recorder.touched("album_photo")]
    faces |= {key[0] for table in ("rejection", "found_name") for key, _, _ in recorder.touched(table)}
    people |= {key[1] for key in rejections}
    people |= {key[0] for table in ("person", "alias") for key, _, _ in recorder.touched(table)}
    albums = {key[0] for key, _, _ in recorder.touched("album")} | {key[0] for key in memberships}
    photos |= {key[1] for key in memberships}
    photos |= set(
        database.column(
            "SELECT DISTINCT photo_id FROM face WHERE id IN (SELECT value FROM json_each(?))", (ids_parameter(faces),)
        )
    )
    people.discard(None)
    return Change(frozenset(photos), frozenset(faces), frozenset(people), frozenset(albums), entry)

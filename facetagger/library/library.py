"""The library: one folder, one database, one writer, any number of readers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from facetagger.entities import Change, EntryId, HistoryEntry
from facetagger.errors import LibraryError
from facetagger.library import counts, history, integrity, migration, opening, recording
from facetagger.library.act import Act, touched
from facetagger.library.albums import AlbumReader
from facetagger.library.choices import ChoiceReader
from facetagger.library.database import Connection
from facetagger.library.derived import ClassifierReader, EmbeddingReader, GroupReader, SuggestionReader
from facetagger.library.faces import FaceReader
from facetagger.library.found_names import FoundNameReader
from facetagger.library.history import HistoryReader
from facetagger.library.memories import MemoryReader
from facetagger.library.news import News, NewsLog
from facetagger.library.people import PeopleReader
from facetagger.library.photos import PhotoReader
from facetagger.library.recording import Recorder
from facetagger.library.records import Counts
from facetagger.library.rejections import RejectionReader
from facetagger.library.writer_lock import WriterLock


class Library:
    """Usable from any thread. Each thread reads through a connection of its own; one at a time writes."""

    def __init__(self, folder: Path, lock: WriterLock | None) -> None:
        """Use ``open``."""
        self.folder = folder
        self._lock = lock
        self._threads = threading.local()
        self._readers: list[Connection] = []
        self._is_closed = False
        self._guard = threading.Lock()
        self._writing = threading.Lock()
        self._writing_thread: int | None = None
        self._writer: Connection | None = None
        self._recorder: Recorder | None = None
        self._news = NewsLog()
        if lock is not None:
            self._writer = opening.connect_writer(folder)
            self._recorder = Recorder(self._writer)
        self.photos = PhotoReader(self._connection)
        self.faces = FaceReader(self._connection)
        self.people = PeopleReader(self._connection)
        self.albums = AlbumReader(self._connection)
        self.rejections = RejectionReader(self._connection)
        self.suggestions = SuggestionReader(self._connection)
        self.groups = GroupReader(self._connection)
        self.classifiers = ClassifierReader(self._connection)
        self.memory = MemoryReader(self._connection)
        self.embeddings = EmbeddingReader(self._connection)
        self.choices = ChoiceReader(self._connection)
        self.found_names = FoundNameReader(self._connection)
        self.history = HistoryReader(self._connection)

    @classmethod
    def open(cls, folder: Path, *, write: bool = True) -> Self:
        """Opens the library in ``folder``; makes it where there is none and ``write`` is true.

        Raises ``LibraryError``: another writer, a newer or damaged library, a folder that cannot be read or written.
        """
        lock = opening.prepare(folder, write=write)
        try:
            return cls(folder, lock)
        except BaseException:
            if lock is not None:
                lock.release()
            raise

    def close(self) -> None:
        """Waits for a running transaction; no thread may use the library afterwards."""
        if self._writing_thread == threading.get_ident():
            raise RuntimeError("the library cannot be closed inside its own transaction")
        with self._writing, self._guard:
            self._is_closed = True
            for connection in self._readers:
                connection.close()
            self._readers.clear()
            if self._writer is not None:
                self._writer.close()
                self._writer = None
            if self._lock is not None:
                self._lock.release()
                self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self, text: str | None = None, *, joins: EntryId | None = None) -> Iterator[Act]:
        """Everything written in the block happens or nothing does.

        With ``text`` it is an act of the user, recorded for undo unless nothing changed in the end; without, it is a
        job, which may not touch what the user said (``recording.ProtectedRowError``). Reads of this thread inside the
        block see what it wrote.

        What an act does to rows that are new may join an entry that stands already: that gets ``text``, and undoing it
        undoes both. Where it was undone or is gone the act is an entry of its own.
        """
        with self._write() as (writer, recorder):
            act = Act(writer, recorder)
            yield act
            recording.check_rejections(writer, recorder)
            if text is None:
                recording.check_job(recorder)
                act.finish(writer, recorder, None)
                return
            changes = recorder.changes()
            entry = history.record(writer, text, changes, joins) if changes else None
            act.finish(writer, recorder, entry)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All that this thread reads in the block is of one moment, whatever others write meanwhile. Keep it short."""
        database = self._connection()
        if database.in_transaction:
            yield
            return
        database.run("BEGIN")
        try:
            yield
        finally:
            database.run("ROLLBACK")

    def undo(self) -> Change:
        """Takes the last act back. Raises ``LibraryError`` where there is none."""
        return self._step(history.step_back, "Nothing to undo.")

    def redo(self) -> Change:
        """Does the act that was undone last again. Raises ``LibraryError`` where there is none."""
        return self._step(history.step_forward, "Nothing to redo.")

    def news(self, since: int) -> News:
        """What was written after a mark that ``news`` gave earlier; everything, where it is negative or long ago.

        Where the library is open for reading only another process may write, so that it is everything then, too.
        """
        return self._news.since(since if self._lock is not None else -1)

    def counts(self) -> Counts:
        return counts.count(self._connection())

    def integrity(self) -> list[str]:
        """What is wrong with the library, one sentence each; empty where all is well."""
        return integrity.problems(self._connection())

    def backup(self) -> Path:
        """Copies the library into its ``backups`` folder."""
        return migration.backup(self._connection(), self.folder)

    def _step(self, turn: Callable[[Connection, Recorder], HistoryEntry | None], nothing: str) -> Change:
        with self._write() as (writer, recorder):
            entry = turn(writer, recorder)
            if entry is None:
                raise LibraryError(nothing)
            return touched(writer, recorder, Change(), entry)

    @contextmanager
    def _write(self) -> Iterator[tuple[Connection, Recorder]]:
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("a transaction inside a transaction")
        with self._writing:
            if self._writer is None or self._recorder is None:
                raise RuntimeError("the library is closed, or open for reading only")
            self._writing_thread = me
            try:
                self._writer.run("BEGIN IMMEDIATE")
                self._recorder.start()
                yield self._writer, self._recorder
                self._writer.run("COMMIT")
                self._news.note(self._recorder)
            finally:
                self._writing_thread = None
                if self._writer.in_transaction:
                    self._writer.run("ROLLBACK")

    def _connection(self) -> Connection:
        if self._writing_thread == threading.get_ident() and self._writer is not None:
            return self._writer
        found: Connection | None = getattr(self._threads, "connection", None)
        if found is None:
            found = opening.connect_reader(self.folder)
            with self._guard:
                if self._is_closed:
                    found.close()
                    raise RuntimeError("the library is closed")
                self._readers.append(found)
            self._threads.connection = found
        return found

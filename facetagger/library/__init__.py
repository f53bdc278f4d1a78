"""What is known, in one SQLite folder. The only package that knows sqlite3.

``Library`` opens a folder, hands each thread a connection to read with, and lets one thread of one process write at a
time. Readers (``library.photos``, ``library.faces`` …) answer questions; writers live on the ``Act`` that
``library.transaction`` yields. ``schema`` has the tables, ``recording`` watches them, ``history`` undoes.

Invariants:

- A transaction happens wholly or not at all, and once it has ended it survives a power cut.
- An act of the user (a transaction with a text) is recorded row by row and can be undone and redone at any depth, also
  after a restart. A job (without a text) is not recorded and cannot change what the user said.
- Suggestions, groups, classifiers and what recognition remembers are derived: never recorded, dropped where their face
  or person goes.
- A photo is visible where an album that is not removed holds it. Removing hides and never deletes.
- A released migration step is never edited; an older library is backed up before it is migrated.
"""

from facetagger.library.act import Act
from facetagger.library.library import Library
from facetagger.library.news import News
from facetagger.library.records import (
    AlbumDetails,
    AlbumSummary,
    Counts,
    FileRecord,
    Group,
    PersonSummary,
    PhotoQuery,
    PhotoSummary,
    RecognitionRows,
    StoredClassifier,
)

__all__ = [
    "Act",
    "AlbumDetails",
    "AlbumSummary",
    "Counts",
    "FileRecord",
    "Group",
    "Library",
    "News",
    "PersonSummary",
    "PhotoQuery",
    "PhotoSummary",
    "RecognitionRows",
    "StoredClassifier",
]

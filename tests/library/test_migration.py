from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from facetagger.entities import FaceId, FaceState, PersonId, PhotoId
from facetagger.errors import LibraryError
from facetagger.library import Library, migration, schema
from facetagger.library.database import FILE_NAME, connect
from tests.library.sample import MODEL, fill, name

ADDED = "CREATE TABLE extra (id INTEGER PRIMARY KEY);\nINSERT INTO extra VALUES (1);\n"
BROKEN = "CREATE TABLE extra (id INTEGER PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);\n"


@pytest.fixture
def stored(folder: Path) -> Path:
    """A library as version 1 of the program left it."""
    folder.mkdir()
    database = sqlite3.connect(folder / FILE_NAME)
    database.executescript((Path(__file__).parent / "version_1.sql").read_text(encoding="utf-8"))
    database.close()
    return folder


def test_a_library_of_version_1_opens_with_everything_in_it(stored: Path) -> None:
    with Library.open(stored) as library:
        assert library.integrity() == []
        anna = library.people.resolve("granny")
        assert (anna.name, anna.born, anna.died, anna.portrait) == ("Anna Gönczy", "1931", "c. 2004", FaceId(1))
        counts = library.counts()
        assert (counts.photos, counts.confirmed, counts.ignored, counts.open) == (6, 3, 1, 8)
        assert (counts.suggested, counts.groups, counts.missing) == (1, 1, 1)
        assert library.rejections.all() == {(FaceId(4), PersonId(1))}
        assert library.classifiers.load(MODEL)[0].coef.shape == (128,)
        assert library.faces.all_for_recognition(MODEL).embeddings.shape == (12, 128)
        assert library.photos.unanalysed(MODEL) == [PhotoId(2), PhotoId(3), PhotoId(4), PhotoId(5)]


def test_faces_of_version_1_have_no_quality_and_work_without(stored: Path) -> None:
    with Library.open(stored) as library:
        assert {face.quality for face in library.faces.get_many(library.faces.ids())} == {None}
        assert np.isnan(library.faces.all_for_recognition(MODEL).quality).all()


def test_the_acts_of_version_1_can_be_redone_and_undone(stored: Path) -> None:
    with Library.open(stored) as library:
        library.redo()
        assert library.people.names() == ["Anna Gönczy", "Bela", "Granny", "Nan"]
        while library.history.undo_entry() is not None:
            library.undo()
        assert library.people.all() == []
        assert library.faces.ids(FaceState.OPEN) == library.faces.ids()


def test_an_older_library_is_backed_up_before_it_is_migrated(folder: Path) -> None:
    with Library.open(folder) as library:
        name(library, fill(library).faces[:1], "Anna")
    database = connect(folder / FILE_NAME, write=True)
    migration.migrate(database, folder, (*schema.STEPS, ADDED))
    assert migration.version(database) == schema.VERSION + 1
    assert database.column("SELECT id FROM extra") == [1]
    database.close()
    (backup,) = (folder / "backups").iterdir()
    restored = folder.with_name("restored")
    restored.mkdir()
    backup.rename(restored / FILE_NAME)
    with Library.open(restored) as library:
        assert library.people.names() == ["Anna"]
        assert library.integrity() == []


def test_a_migration_that_fails_leaves_the_library_as_it_was(folder: Path) -> None:
    Library.open(folder).close()
    database = connect(folder / FILE_NAME, write=True)
    with pytest.raises(sqlite3.OperationalError):
        migration.migrate(database, folder, (*schema.STEPS, BROKEN))
    assert migration.version(database) == schema.VERSION
    assert database.value("SELECT count(*) FROM sqlite_master WHERE name = 'extra'") == 0
    database.close()


def test_a_library_that_cannot_be_backed_up_is_not_migrated(folder: Path) -> None:
    Library.open(folder).close()
    (folder / "backups").write_text("in the way")
    database = connect(folder / FILE_NAME, write=True)
    with pytest.raises(LibraryError, match="could not be backed up"):
        migration.migrate(database, folder, (*schema.STEPS, ADDED))
    assert migration.version(database) == schema.VERSION
    database.close()

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from facetagger.errors import LibraryError
from facetagger.library import Library, schema
from facetagger.library.database import FILE_NAME, connect
from facetagger.library.network import kind_of
from tests.library.sample import fill

HOLDER = """
import sys
from pathlib import Path
from facetagger.library import Library
with Library.open(Path(sys.argv[1])):
    print("open", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    with Library.open(folder) as library:
        fill(library)
    folder.chmod(0o500)
    (folder / FILE_NAME).chmod(0o400)
    if os.access(folder, os.W_OK):
        folder.chmod(0o700)
        pytest.skip("this user may write everywhere")
    yield folder
    folder.chmod(0o700)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="permission bits are POSIX")
def test_nobody_else_may_read_the_library(folder: Path) -> None:
    with Library.open(folder) as library:
        fill(library)
        library.backup()
        assert mode(folder) == 0o700
        assert mode(folder / "backups") == 0o700
        files = [path for path in folder.rglob("*") if path.is_file()]
        assert len(files) >= 3
        assert {mode(path) for path in files} == {0o600}


def test_a_second_writer_is_refused_with_a_sentence(folder: Path, library: Library) -> None:
    with pytest.raises(LibraryError, match="open in another window"):
        Library.open(folder)


def test_a_reader_may_open_while_another_writes(folder: Path, library: Library) -> None:
    fill(library)
    with Library.open(folder, write=False) as reader:
        assert reader.counts() == library.counts()


def test_the_lock_of_a_killed_process_is_free(folder: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(LibraryError, match="open in another window"):
            Library.open(folder)
        holder.kill()
    Library.open(folder).close()


def test_a_closed_library_can_be_opened_again(folder: Path) -> None:
    Library.open(folder).close()
    with Library.open(folder) as library:
        assert library.integrity() == []


def test_reading_where_there_is_no_library_says_so(folder: Path) -> None:
    with pytest.raises(LibraryError, match="There is no library here"):
        Library.open(folder, write=False)
    assert not folder.exists()


def test_a_newer_library_is_refused_with_a_sentence(folder: Path) -> None:
    Library.open(folder).close()
    database = sqlite3.connect(folder / FILE_NAME)
    database.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    database.close()
    for write in (True, False):
        with pytest.raises(LibraryError, match="newer facetagger"):
            Library.open(folder, write=write)


def test_a_database_of_another_program_is_refused(folder: Path) -> None:
    folder.mkdir()
    database = sqlite3.connect(folder / FILE_NAME)
    database.execute("CREATE TABLE recipe (title TEXT)")
    database.close()
    with pytest.raises(LibraryError, match="another program"):
        Library.open(folder)


def test_a_file_that_is_no_database_is_refused_with_a_hint(folder: Path) -> None:
    folder.mkdir()
    (folder / FILE_NAME).write_bytes(b"no database at all" * 500)
    with pytest.raises(LibraryError, match="damaged") as caught:
        Library.open(folder)
    assert "backups" in caught.value.hint


def test_a_damaged_page_is_reported_as_damage(folder: Path) -> None:
    with Library.open(folder) as library:
        fill(library)
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(LibraryError, match="damaged"), Library.open(folder) as library:
        library.people.all()


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file")
    with pytest.raises(LibraryError, match="folder of the library cannot be made"):
        Library.open(tmp_path / "library")


def test_a_read_only_library_can_be_read(read_only: Path) -> None:
    with Library.open(read_only, write=False) as library:
        assert library.counts().photos == 6


def test_a_read_only_library_cannot_be_opened_for_writing(read_only: Path) -> None:
    with pytest.raises(LibraryError, match="cannot be written"):
        Library.open(read_only)


def test_a_full_disk_is_reported_with_a_hint(folder: Path) -> None:
    Library.open(folder).close()
    database = connect(folder / FILE_NAME, write=True)
    database.run(f"PRAGMA max_page_count = {database.value('PRAGMA page_count')}")
    try:
        with pytest.raises(LibraryError, match="disk is full") as caught:
            database.run_many("INSERT INTO person (name, name_key) VALUES (?, ?)", [("x" * 5000, "x")] * 10)
    finally:
        database.close()
    assert "Make room" in caught.value.hint


def test_the_library_is_in_wal_mode(folder: Path, library: Library) -> None:
    fill(library)
    assert (folder / f"{FILE_NAME}-wal").exists()


def test_network_drives_are_told_by_their_mount() -> None:
    mounts = "\n".join(
        ["/dev/sda1 / ext4 rw 0 0", "nas:/home /mnt/nas nfs4 rw 0 0", "//pc/x /mnt/my\\040share cifs rw 0 0", "odd"]
    )
    assert kind_of(Path("/mnt/nas/photos"), mounts) == "nfs4"
    assert kind_of(Path("/mnt/my share"), mounts) == "cifs"
    assert kind_of(Path("/mnt/nasty"), mounts) == "ext4"

"""An import that is cut short, or fails in part, or runs while the user goes on: the next one finishes it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from facetagger.entities import Change
from facetagger.errors import LibraryError
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.operations import importing, scanning
from facetagger.operations.session import Session
from tests.imaging.pictures import noise
from tests.operations.one_face_each import open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with open_session(tmp_path / "library") as opened:
        yield opened


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Beach and Garden with four photos each."""
    for number in range(8):
        folder = tmp_path / "pictures" / ("Beach" if number < 4 else "Garden")
        folder.mkdir(parents=True, exist_ok=True)
        noise(seed=number).save(folder / f"scan{number}.jpg")
    return tmp_path / "pictures"


def _book(path: Path, pages: int, broken: int | None = None) -> Path:
    """A file of several pages; the strip of one of them may be garbage."""
    images = [noise(seed=100 + number) for number in range(pages)]
    images[0].save(path, save_all=True, append_images=images[1:], compression="tiff_lzw")
    if broken is not None:
        alone = path.with_name("alone.tif")
        images[broken].save(alone, compression="tiff_lzw")
        strip = alone.read_bytes()[8:2000]
        alone.unlink()
        data = path.read_bytes()
        assert data.count(strip) == 1
        path.write_bytes(data.replace(strip, b"\xff" * len(strip)))
    return path


def _stop_after_the_first_batch(session: Session, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cancel = CancelToken()
    with monkeypatch.context() as patched:
        patched.setattr(importing, "_BATCH", 1)
        assert session.importing.run([path], cancel=cancel, on_change=lambda change: cancel.cancel()).was_cancelled


def test_the_pages_that_an_interrupted_import_left_out_are_added_by_the_next(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = _book(tmp_path / "book.tif", 6)
    _stop_after_the_first_batch(session, book, monkeypatch)
    written = len(session.library.photos.by_path(book))
    assert 0 < written < 6
    report = session.importing.run([book])
    assert report.added == 6 - written
    assert [photo.page for photo in session.library.photos.by_path(book)] == list(range(6))
    assert session.library.counts().faces == 6
    assert session.importing.run([book]).unchanged == 1


def test_check_leaves_a_half_imported_file_for_the_next_import(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = _book(tmp_path / "book.tif", 6)
    _stop_after_the_first_batch(session, book, monkeypatch)
    assert session.checking.run(repair=True).changed == ()
    session.importing.run([book])
    assert len(session.library.photos.by_path(book)) == 6


@pytest.mark.parametrize("broken", [0, 1, 2])
def test_a_page_that_cannot_be_read_is_told_each_time_and_costs_no_other_page(
    session: Session, tmp_path: Path, broken: int
) -> None:
    book = _book(tmp_path / "book.tif", 3, broken)
    for added in (2, 0):
        report = session.importing.run([book])
        assert report.added == added
        assert [skipped.path for skipped in report.skipped] == [book]
        assert report.skipped[0].reason.startswith(f"Page {broken + 1}: ")
    assert session.library.counts().faces == 2


def test_a_copy_of_a_file_with_several_pages_puts_every_page_into_its_album(session: Session, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        _book(tmp_path / name / "book.tif", 5)
    report = session.importing.run([tmp_path / "a", tmp_path / "b"])
    assert (report.added, report.unchanged) == (5, 1)
    assert {row.album.name: row.photos for row in session.library.albums.all()} == {"a": 5, "b": 5}
    assert session.importing.run([tmp_path / "a", tmp_path / "b"]).unchanged == 2


def test_undo_of_an_import_hides_all_its_albums_and_redo_shows_them(session: Session, pictures: Path) -> None:
    session.importing.run([pictures])
    assert [entry.text for entry in session.library.history.entries()] == ["add 2 albums"]
    session.history.undo()
    assert session.library.counts().photos == 0
    assert session.library.albums.all() == []
    session.history.redo()
    assert session.library.counts().photos == 8


def test_a_name_given_while_photos_are_added_is_what_undo_takes_back_first(
    session: Session, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 1)

    def name_once(change: Change) -> None:
        if not session.library.people.names():
            session.naming.name(session.library.faces.ids()[:1], "Grace")

    session.importing.run([pictures], on_change=name_once)
    assert [entry.text for entry in session.library.history.entries()] == ["name Grace", "add 2 albums"]
    session.history.undo()
    assert session.library.counts().photos == 8
    session.history.undo()
    assert session.library.counts().photos == 0
    session.history.redo()
    session.history.redo()
    assert session.library.counts().confirmed == 1


def test_an_album_that_is_removed_while_photos_are_added_stays_removed(
    session: Session, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 1)

    def remove_beach(change: Change) -> None:
        for row in session.library.albums.all():
            if row.album.name == "Beach":
                session.albums.remove(row.album.id)

    session.importing.run([pictures], on_change=remove_beach)
    assert [row.album.name for row in session.library.albums.all()] == ["Garden"]
    assert session.library.integrity() == []


def test_undo_while_photos_are_added_hides_what_was_there_and_the_import_goes_on(
    session: Session, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 1)
    undone: list[Change] = []

    def undo_once(change: Change) -> None:
        if not undone:
            undone.append(session.history.undo())

    assert session.importing.run([pictures], on_change=undo_once).added == 8
    assert [row.album.name for row in session.library.albums.all()] == ["Garden"]
    session.importing.run([pictures])
    assert session.library.counts().photos == 8


def test_an_import_whose_program_ends_stops_without_an_error(
    session: Session, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.importing.run([pictures])
    monkeypatch.setattr(scanning, "CHUNK", 2)
    cancel = CancelToken()
    with ThreadPoolExecutor(1) as decoders:

        def end(progress: Progress) -> None:
            cancel.cancel()
            decoders.shutdown(wait=False, cancel_futures=True)

        report = session.importing.run([pictures], cancel=cancel, decode_executor=decoders, progress=end)
    assert report.was_cancelled


def test_a_disk_that_is_full_half_way_keeps_whole_photos_and_says_so(
    session: Session, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "_BATCH", 1)
    writer = session.library._writer
    assert writer is not None

    def fill_the_disk(change: Change) -> None:
        writer.run(f"PRAGMA max_page_count = {writer.value('PRAGMA page_count')}")

    for number in range(100, 200):
        noise(seed=number).save(pictures / "Beach" / f"scan{number}.jpg")
    with pytest.raises(LibraryError, match="disk is full"):
        session.importing.run([pictures], on_change=fill_the_disk)
    assert session.library.integrity() == []
    writer.run("PRAGMA max_page_count = 1000000")
    session.importing.run([pictures])
    counts = session.library.counts()
    assert counts.photos == counts.faces == 108

"""From files to photos: what is new, what moved, what cannot be read, and what happens when the process dies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.entities import Change, FaceState
from facetagger.faces.models import DLIB_RESNET
from facetagger.jobs.cancel import CancelToken
from facetagger.jobs.progress import Progress
from facetagger.operations.evidence_store import load_evidence
from facetagger.operations.session import Session


@pytest.fixture
def pictures(sample_album: Path, tmp_path: Path) -> Path:
    """Six prints of the sample album that the test may change."""
    folder = tmp_path / "Beach"
    folder.mkdir()
    for path in sorted(sample_album.rglob("*.jpg"))[:6]:
        shutil.copy2(path, folder)
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Session:
    return Session.open(tmp_path / "empty library")


def test_every_print_of_the_sample_album_is_added_with_its_faces(session: Session) -> None:
    counts = session.library.counts()
    assert counts.photos >= 20
    assert counts.faces >= counts.photos
    assert counts.missing == 0


def test_every_face_is_added_with_its_quality_and_the_date_of_its_photo(session: Session) -> None:
    evidence = load_evidence(session.library, DLIB_RESNET)
    assert len(evidence.face_ids) >= 20
    assert ((evidence.quality > 0) & (evidence.quality <= 1)).all()
    photos = {photo.id: photo.taken for photo in session.library.photos.get_many(session.library.photos.ids())}
    years = [int((photos[photo_id] or "0")[:4]) for photo_id in evidence.photo_ids.tolist()]
    np.testing.assert_array_equal(np.floor(np.nan_to_num(evidence.taken)), years)


def test_a_second_import_adds_nothing_and_loads_no_network(session: Session, sample_album: Path) -> None:
    before = session.library.counts()
    code = (
        "import sys; from pathlib import Path; from facetagger.operations.session import Session\n"
        "with Session.open(Path(sys.argv[1])) as session: report = session.importing.run([Path(sys.argv[2])])\n"
        "assert report.added == 0 and report.moved == 0, report\n"
        "assert 'tensorflow' not in sys.modules"
    )
    folder = session.library.folder
    session.close()
    subprocess.run([sys.executable, "-c", code, folder, sample_album], check=True)
    with Session.open(folder) as again:
        assert again.library.counts() == before


def test_a_moved_folder_is_recognised_and_its_names_stay(empty: Session, pictures: Path) -> None:
    with empty as session:
        session.importing.run([pictures])
        face = session.library.faces.ids()[0]
        session.naming.name([face], "Grace")
        moved = pictures.rename(pictures.with_name("Seaside"))
        report = session.importing.run([moved])
        assert (report.added, report.moved) == (0, 6)
        assert session.library.faces.get(face).state is FaceState.CONFIRMED
        assert session.library.counts().missing == 0
        assert [row.album.name for row in session.library.albums.all()] == ["Seaside"]


def test_metadata_written_by_another_program_leaves_photo_and_names(empty: Session, pictures: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("exiftool is not installed")
    with empty as session:
        session.importing.run([pictures])
        face = session.library.faces.ids()[0]
        session.naming.name([face], "Grace")
        subprocess.run(["exiftool", "-q", "-overwrite_original", "-Artist=Somebody", pictures], check=True)
        report = session.importing.run([pictures])
        assert (report.added, report.unchanged, report.moved) == (0, 6, 0)
        assert session.library.faces.get(face).state is FaceState.CONFIRMED


def test_the_same_picture_under_two_names_is_one_photo(empty: Session, pictures: Path) -> None:
    first = min(pictures.iterdir())
    shutil.copy2(first, pictures / "copy.jpg")
    with empty as session:
        report = session.importing.run([pictures])
        assert (report.added, report.unchanged) == (6, 1)
        assert len(session.library.photos.paths(session.library.photos.by_path(first)[0].id)) == 2


def test_other_pixels_at_a_known_path_are_not_taken_for_the_photo(empty: Session, pictures: Path) -> None:
    first = min(pictures.iterdir())
    with empty as session:
        session.importing.run([pictures])
        (photo,) = session.library.photos.by_path(first)
        Image.new("RGB", (64, 64), "navy").save(first)
        report = session.importing.run([pictures])
        assert [skipped.path for skipped in report.skipped] == [first]
        assert report.added == 0
        assert session.library.photos.get(photo.id).image_hash == photo.image_hash


def test_a_file_that_cannot_be_read_is_skipped_with_a_reason_and_stops_nobody(empty: Session, pictures: Path) -> None:
    (pictures / "broken.jpg").write_bytes(b"not a photograph")
    whole = min(pictures.iterdir()).read_bytes()
    (pictures / "half.jpg").write_bytes(whole[: len(whole) // 8])
    with empty as session:
        report = session.importing.run([pictures])
        assert report.added == 6
        assert {skipped.path.name for skipped in report.skipped} == {"broken.jpg", "half.jpg"}
        assert all(skipped.reason for skipped in report.skipped)


def test_every_page_of_a_file_is_a_photo(empty: Session, pictures: Path, tmp_path: Path) -> None:
    pages = [Image.open(path).convert("RGB") for path in sorted(pictures.iterdir())[:3]]
    book = tmp_path / "book.tif"
    pages[0].save(book, save_all=True, append_images=pages[1:])
    with empty as session:
        report = session.importing.run([book])
        assert report.added == 3
        assert [photo.page for photo in session.library.photos.by_path(book)] == [0, 1, 2]
        assert session.importing.run([book]).unchanged == 1


def test_photos_appear_and_progress_is_told_while_the_import_runs(empty: Session, pictures: Path) -> None:
    changes: list[Change] = []
    steps: list[Progress] = []
    with empty as session:
        session.importing.run([pictures], on_change=changes.append, progress=steps.append)
        assert {photo for change in changes for photo in change.photos} == set(session.library.photos.ids())
    assert (steps[-1].done, steps[-1].total) == (6, 6)


def test_a_cancelled_import_keeps_what_is_written_and_the_next_one_finishes(
    empty: Session, pictures: Path, sample_album: Path
) -> None:
    for path in sorted(sample_album.rglob("*.jpg"))[6:]:
        shutil.copy2(path, pictures)
    everything = len(list(pictures.iterdir()))
    with empty as session:
        cancel = CancelToken()
        first = session.importing.run([pictures], cancel=cancel, on_change=lambda change: cancel.cancel())
        assert first.was_cancelled
        assert 0 < first.added == session.library.counts().photos < everything
        second = session.importing.run([pictures])
        assert (second.added, second.unchanged) == (everything - first.added, first.added)


def test_a_file_that_is_gone_is_noted_as_missing_and_keeps_its_names(empty: Session, pictures: Path) -> None:
    first = min(pictures.iterdir())
    with empty as session:
        session.importing.run([pictures])
        (photo,) = session.library.photos.by_path(first)
        face = session.library.faces.of_photo(photo.id)[0]
        session.naming.name([face.id], "Grace")
        first.unlink()
        session.importing.run([pictures])
        assert session.library.photos.get(photo.id).is_missing
        assert session.library.faces.get(face.id).state is FaceState.CONFIRMED


def test_a_removed_album_comes_back_when_its_folder_is_imported_again(empty: Session, pictures: Path) -> None:
    with empty as session:
        session.importing.run([pictures])
        (row,) = session.library.albums.all()
        session.albums.remove(row.album.id)
        assert session.library.counts().photos == 0
        session.importing.run([pictures])
        assert session.library.counts().photos == 6


def test_names_of_files_that_are_not_utf8_are_no_obstacle(empty: Session, pictures: Path) -> None:
    strange = os.fsdecode(os.fsencode(pictures) + b"/caf\xe9.jpg")
    shutil.copy2(min(pictures.iterdir()), strange)
    Image.fromarray(np.full((80, 80, 3), 200, np.uint8)).save(Path(strange), format="JPEG")
    with empty as session:
        assert session.importing.run([pictures]).added == 7
        assert session.library.photos.by_path(Path(strange))


def test_the_photographs_themselves_are_never_touched(empty: Session, pictures: Path) -> None:
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in pictures.iterdir()}
    with empty as session:
        session.importing.run([pictures])
        session.naming.name(session.library.faces.ids()[:1], "Grace")
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in pictures.iterdir()} == before

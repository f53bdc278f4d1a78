"""Files that move, change places, change their tags, come and go: photos, names and albums follow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from facetagger.entities import FaceId, Photo
from facetagger.errors import PhotoError
from facetagger.operations.session import Session
from tests.imaging.pictures import noise
from tests.operations.one_face_each import open_session

_ORIENTATION = 0x0112


@pytest.fixture
def places(tmp_path: Path) -> Path:
    """A folder with the folders Beach and Garden, three photos each, all files called alike."""
    for number in range(6):
        folder = tmp_path / "pictures" / ("Beach" if number < 3 else "Garden")
        folder.mkdir(parents=True, exist_ok=True)
        noise(seed=number).save(folder / f"scan{number % 3}.jpg")
    return tmp_path / "pictures"


@pytest.fixture
def session(places: Path, tmp_path: Path) -> Iterator[Session]:
    """A library that has them."""
    with open_session(tmp_path / "library of places") as opened:
        assert opened.importing.run([places]).added == 6
        yield opened


def _photo(session: Session, path: Path) -> Photo:
    (photo,) = session.library.photos.by_path(path)
    return photo


def _albums(session: Session) -> dict[str, set[Path]]:
    return {
        row.album.name: {photo.path for photo in session.library.photos.get_many(photos)}
        for row in session.library.albums.all()
        for photos in [session.library.albums.photos(row.album.id)]
    }


def _every_photo_is_in_its_place(session: Session, places: Path) -> None:
    files = set(places.rglob("*.jpg"))
    assert {photo.path for photo in session.library.photos.get_many(session.library.photos.ids())} == files
    assert _albums(session) == {
        folder.name: set(folder.iterdir()) for folder in places.iterdir() if any(folder.iterdir())
    }
    assert session.checking.run().is_clean


def _name_a_face(session: Session, photo: Photo) -> FaceId:
    face = session.library.faces.of_photo(photo.id)[0].id
    session.naming.name([face], "Grace")
    return face


def test_half_a_folder_that_moved_leaves_its_album(session: Session, places: Path) -> None:
    photo = _photo(session, places / "Beach" / "scan0.jpg")
    face = _name_a_face(session, photo)
    (places / "Pond").mkdir()
    (places / "Beach" / "scan0.jpg").rename(places / "Pond" / "scan0.jpg")
    report = session.importing.run([places])
    assert (report.added, report.moved, report.unchanged) == (0, 1, 5)
    assert _photo(session, places / "Pond" / "scan0.jpg").id == photo.id
    assert session.library.faces.get(face).person_id is not None
    _every_photo_is_in_its_place(session, places)


def test_a_folder_that_is_emptied_into_another_leaves_no_empty_album(session: Session, places: Path) -> None:
    for path in (places / "Beach").iterdir():
        path.rename(places / "Garden" / f"beach {path.name}")
    (places / "Beach").rmdir()
    assert session.importing.run([places]).moved == 3
    _every_photo_is_in_its_place(session, places)


def test_a_folder_that_is_shared_out_among_two_leaves_nothing_behind(session: Session, places: Path) -> None:
    for number, name in enumerate(("Lake", "Pond", "Pond")):
        (places / name).mkdir(exist_ok=True)
        (places / "Beach" / f"scan{number}.jpg").rename(places / name / f"scan{number}.jpg")
    (places / "Beach").rmdir()
    assert session.importing.run([places]).moved == 3
    _every_photo_is_in_its_place(session, places)


def test_a_file_renamed_in_its_folder_is_the_same_photo(session: Session, places: Path) -> None:
    photo = _photo(session, places / "Beach" / "scan0.jpg")
    (places / "Beach" / "scan0.jpg").rename(places / "Beach" / "the pier.jpg")
    assert session.importing.run([places]).moved == 1
    assert _photo(session, places / "Beach" / "the pier.jpg").id == photo.id
    _every_photo_is_in_its_place(session, places)


@pytest.mark.parametrize("order", [(2, 1, 0), (0, 1, 2)])
def test_scans_that_are_numbered_anew_keep_their_faces(session: Session, places: Path, order: tuple[int, ...]) -> None:
    beach = places / "Beach"
    photos = [_photo(session, beach / f"scan{number}.jpg").id for number in range(3)]
    step = 1 if order[0] else -1
    for number in order:
        (beach / f"scan{number}.jpg").rename(beach / f"scan{number + step}.jpg")
    report = session.importing.run([places])
    assert (report.added, report.skipped) == (0, ())
    assert [_photo(session, beach / f"scan{number + step}.jpg").id for number in range(3)] == photos
    _every_photo_is_in_its_place(session, places)


def test_folders_that_changed_places_are_followed(session: Session, places: Path) -> None:
    photos = [_photo(session, places / name / "scan0.jpg").id for name in ("Beach", "Garden")]
    (places / "Beach").rename(places / "aside")
    (places / "Garden").rename(places / "Beach")
    (places / "aside").rename(places / "Garden")
    report = session.importing.run([places])
    assert (report.added, report.skipped) == (0, ())
    assert [_photo(session, places / name / "scan0.jpg").id for name in ("Garden", "Beach")] == photos
    _every_photo_is_in_its_place(session, places)


def test_another_picture_at_the_path_is_never_shown_as_the_photo(session: Session, places: Path) -> None:
    first, second = (places / "Beach" / f"scan{number}.jpg" for number in (0, 1))
    photo, other = _photo(session, first), _photo(session, second)
    (face,) = session.library.faces.of_photo(photo.id)
    noise(seed=77).save(first)
    with pytest.raises(PhotoError, match="another one"):
        session.thumbnails.photo(photo, 32)
    with pytest.raises(PhotoError, match="another one"):
        session.thumbnails.face(photo, face, 32)
    assert session.thumbnails.photo(other, 32).is_file()
    second.replace(first)
    session.importing.run([places])
    assert session.library.photos.get(photo.id).is_missing
    with pytest.raises(PhotoError, match="another one"):
        session.thumbnails.photo(session.library.photos.get(photo.id), 32)
    assert session.thumbnails.photo(session.library.photos.get(other.id), 64).is_file()


def test_a_copy_beside_the_original_is_in_both_albums(session: Session, places: Path) -> None:
    shutil.copy2(places / "Beach" / "scan0.jpg", places / "Garden" / "copy.jpg")
    report = session.importing.run([places])
    assert (report.added, report.moved, report.unchanged) == (0, 0, 7)
    photo = _photo(session, places / "Garden" / "copy.jpg")
    assert photo.path == places / "Beach" / "scan0.jpg"
    assert {album.name for album in session.library.albums.of_photo(photo.id)} == {"Beach", "Garden"}


def test_photos_that_were_missing_are_found_where_their_folder_is_now(session: Session, places: Path) -> None:
    moved = (places / "Beach").rename(places.with_name("Seaside"))
    session.importing.run([places])
    assert session.library.counts().missing == 3
    assert session.importing.run([moved]).moved == 3
    assert session.library.counts().missing == 0
    assert session.library.photos.missing_files() == []
    assert {row.album.name: row.photos for row in session.library.albums.all()} == {"Garden": 3, "Seaside": 3}


def test_a_removed_album_that_moved_is_shown_when_its_new_folder_is_added(session: Session, places: Path) -> None:
    session.albums.remove(next(row.album.id for row in session.library.albums.all() if row.album.name == "Beach"))
    moved = (places / "Beach").rename(places / "Seaside")
    session.importing.run([moved])
    assert session.library.counts().photos == 6


def test_an_unplugged_drive_makes_nothing_missing(session: Session, places: Path) -> None:
    away = places.rename(places.with_name("unplugged"))
    report = session.importing.run([places])
    assert [skipped.path for skipped in report.skipped] == [places]
    assert session.library.counts().missing == 0
    places.mkdir()
    session.importing.run([places])
    assert session.library.counts().missing == 0
    places.rmdir()
    away.rename(places)
    assert session.importing.run([places]).unchanged == 6
    _every_photo_is_in_its_place(session, places)


def test_a_linked_folder_whose_drive_is_unplugged_is_not_missing(session: Session, places: Path) -> None:
    drive = (places / "Beach").rename(places.with_name("drive"))
    (places / "Beach").symlink_to(drive)
    assert session.importing.run([places]).unchanged == 6
    drive.rename(drive.with_name("unplugged"))
    session.importing.run([places])
    assert session.library.counts().missing == 0


def test_importing_one_folder_says_nothing_of_another(session: Session, places: Path) -> None:
    shutil.rmtree(places / "Garden")
    session.importing.run([places / "Beach"])
    assert session.library.counts().missing == 0
    session.importing.run([places])
    assert session.library.counts().missing == 3


def _turn_the_tag(path: Path, orientation: int, taken: str = "") -> None:
    """Rewrites the Exif block alone, as a viewer that turns a picture without loss does."""
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    block = exif.tobytes()
    data = path.read_bytes()
    app1 = b"\xff\xe1" + (len(block) + 2).to_bytes(2, "big") + block
    path.write_bytes(data[:2] + app1 + data[2:])


@pytest.mark.parametrize("does_check_come_first", [False, True])
def test_an_orientation_that_another_program_wrote_is_followed(
    session: Session, places: Path, does_check_come_first: bool
) -> None:
    path = places / "Beach" / "scan0.jpg"
    before = _photo(session, path)
    face = _name_a_face(session, before)
    box = session.library.faces.get(face).box
    _turn_the_tag(path, 6, "1961:07:08 09:10:11")
    if does_check_come_first:
        session.checking.run(repair=True)
    assert session.importing.run([places]).unchanged == 6
    photo = _photo(session, path)
    assert (photo.id, photo.orientation, photo.taken) == (before.id, 6, "1961-07-08T09:10:11")
    assert photo.upright_size == before.upright_size.transposed()
    assert session.library.faces.get(face).box == box


def test_a_copy_with_another_tag_does_not_turn_the_photo(session: Session, places: Path) -> None:
    path = places / "Beach" / "scan0.jpg"
    copy = Path(shutil.copy2(path, places / "Beach" / "turned.jpg"))
    _turn_the_tag(copy, 6)
    session.importing.run([places])
    assert _photo(session, path).orientation == 1

"""Albums that go, come back and move; people who are merged, split and corrected; search; check."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from facetagger.entities import FaceId, FaceState
from facetagger.errors import AmbiguousNameError, FaceTaggerError, UnknownNameError
from facetagger.operations.session import Session


@pytest.fixture
def moved(session: Session, sample_album: Path, tmp_path: Path) -> Iterator[Path]:
    """The sample album somewhere else, and its old place out of the library's sight."""
    new = Path(shutil.copytree(sample_album, tmp_path / "elsewhere" / sample_album.name))
    hidden = sample_album.rename(sample_album.with_name("hidden"))
    yield new
    hidden.rename(sample_album)


def test_a_removed_album_is_out_of_sight_until_undo(session: Session) -> None:
    before = session.library.counts()
    album = session.library.albums.all()[0]
    session.albums.remove(album.album.id)
    assert session.library.counts().photos == before.photos - album.photos
    session.history.undo()
    assert session.library.counts() == before


def test_a_folder_that_moved_is_followed_with_its_neighbours(session: Session, moved: Path) -> None:
    first, second = (row.album for row in session.library.albums.all())
    assert first.folder is not None
    face = session.library.faces.ids()[0]
    session.naming.name([face], "Grace")
    session.albums.relink(first.id, moved / first.folder.name)
    photos = session.library.photos.get_many(session.library.photos.ids())
    assert all(photo.path.is_file() and photo.path.is_relative_to(moved) for photo in photos)
    assert session.library.albums.get(second.id).folder == moved / second.name
    assert session.library.faces.get(face).state is FaceState.CONFIRMED
    assert session.importing.run([moved]).unchanged == len(photos)


def test_a_folder_without_the_albums_photos_is_refused(session: Session, tmp_path: Path) -> None:
    album = session.library.albums.all()[0].album
    with pytest.raises(FaceTaggerError, match="No photo"):
        session.albums.relink(album.id, tmp_path)


def test_files_with_the_same_names_but_other_pictures_are_not_taken_for_the_albums(
    session: Session, sample_album: Path, tmp_path: Path
) -> None:
    album = session.library.albums.all()[0].album
    assert album.folder is not None
    for path in album.folder.iterdir():
        other = tmp_path / "other" / album.folder.name / path.name
        other.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (64, 64), "navy").save(other)
    with pytest.raises(FaceTaggerError, match="No photo"):
        session.albums.relink(album.id, other.parent)


def test_a_turned_photo_keeps_its_stored_boxes_and_can_be_turned_back(session: Session) -> None:
    photo = session.library.photos.get_many(session.library.photos.ids())[0]
    boxes = [face.box for face in session.library.faces.of_photo(photo.id)]
    session.albums.rotate(photo.id, 1)
    turned = session.library.photos.get(photo.id)
    assert turned.upright_size == photo.upright_size.transposed()
    assert [face.box for face in session.library.faces.of_photo(photo.id)] == boxes
    session.history.undo()
    assert session.library.photos.get(photo.id) == photo


def test_merged_people_are_one_with_both_names_and_undo_makes_them_two(session: Session) -> None:
    first, second, third = session.library.faces.ids()[:3]
    session.naming.name([first], "Anna Lind")
    session.naming.name([second], "Anna Berg")
    session.naming.reject([third], "Anna Berg")
    anna, berg = (session.library.people.resolve(name) for name in ("Anna Lind", "Anna Berg"))
    session.people.merge(anna.id, [berg.id])
    assert session.library.people.resolve("Anna Berg").id == anna.id
    assert session.library.faces.get(second).person_id == anna.id
    assert session.library.rejections.all() == {(third, anna.id)}
    session.history.undo()
    assert session.library.faces.get(second).person_id == berg.id
    assert session.library.people.get(berg.id).name == "Anna Berg"
    assert session.library.rejections.all() == {(third, berg.id)}


def test_a_merge_keeps_dates_and_portrait_where_there_were_none(session: Session) -> None:
    first, second = session.library.faces.ids()[:2]
    session.naming.name([first], "Anna Lind")
    session.naming.name([second], "Anna Berg")
    lind, berg = (session.library.people.resolve(name) for name in ("Anna Lind", "Anna Berg"))
    session.people.set_dates(lind.id, "1906", "")
    session.people.set_dates(berg.id, "1907", "1992")
    session.people.set_portrait(berg.id, second)
    session.people.merge(lind.id, [berg.id])
    merged = session.library.people.get(lind.id)
    assert (merged.born, merged.died, merged.portrait) == ("1906", "1992", second)
    session.history.undo()
    assert session.library.people.get(berg.id).portrait == second


def test_a_face_that_turns_out_to_be_somebody_else_is_no_portrait_any_more(session: Session) -> None:
    face = session.library.faces.ids()[0]
    session.naming.name([face], "Grace")
    grace = session.library.people.resolve("Grace")
    session.people.set_portrait(grace.id, face)
    session.naming.name([face], "Eileen")
    assert session.library.people.get(grace.id).portrait is None
    session.history.undo()
    assert session.library.people.get(grace.id).portrait == face


def test_a_split_of_faces_that_do_not_exist_makes_nobody(session: Session) -> None:
    with pytest.raises(FaceTaggerError, match="no face 4711"):
        session.people.split([FaceId(4711)], "Rosa")
    assert session.library.people.all() == []


def test_nobody_can_be_merged_with_themselves(session: Session) -> None:
    session.naming.name(session.library.faces.ids()[:1], "Anna")
    anna = session.library.people.resolve("Anna")
    with pytest.raises(FaceTaggerError, match="somebody else"):
        session.people.merge(anna.id, [anna.id])


def test_split_makes_a_new_person_and_remembers_who_it_is_not(session: Session) -> None:
    first, second = session.library.faces.ids()[:2]
    session.naming.name([first, second], "Anna")
    anna = session.library.people.resolve("Anna")
    session.people.split([second], "Rosa")
    assert session.library.faces.get(second).person_id == session.library.people.resolve("Rosa").id
    assert (second, anna.id) in session.library.rejections.all()


def test_dates_aliases_and_portrait_are_kept_and_undone(session: Session) -> None:
    face = session.library.faces.ids()[0]
    session.naming.name([face], "Grace Hopper")
    grace = session.library.people.resolve("Grace Hopper")
    session.people.set_dates(grace.id, "1906", "1992")
    session.people.set_aliases(grace.id, ["Amazing Grace", "amazing grace", "Grace Hopper"])
    session.people.set_portrait(grace.id, face)
    kept = session.library.people.get(grace.id)
    assert (kept.born, kept.died, kept.portrait) == ("1906", "1992", face)
    assert len(kept.aliases) == 1
    for _ in range(3):
        session.history.undo()
    assert session.library.people.get(grace.id) == grace


@pytest.mark.parametrize(("born", "died"), [("banana", ""), ("", "soon"), ("1930", "1920")])
def test_dates_that_make_no_sense_are_refused(session: Session, born: str, died: str) -> None:
    session.naming.name(session.library.faces.ids()[:1], "Anna")
    anna = session.library.people.resolve("Anna")
    with pytest.raises(FaceTaggerError):
        session.people.set_dates(anna.id, born, died)
    assert session.library.people.get(anna.id) == anna


def test_somebody_on_no_photo_can_be_taken_out_and_nobody_else(session: Session) -> None:
    face = session.library.faces.ids()[0]
    session.naming.name([face], "Ana")
    session.naming.name([face], "Anna")
    wrong, right = (session.library.people.resolve(name) for name in ("Ana", "Anna"))
    session.people.remove(wrong.id)
    assert [row.person.name for row in session.library.people.all()] == ["Anna"]
    with pytest.raises(FaceTaggerError, match="is on photos"):
        session.people.remove(right.id)
    session.history.undo()
    assert session.library.people.resolve("Ana").id == wrong.id


@pytest.fixture
def searched(session: Session) -> Session:
    faces = session.library.faces.ids()
    session.naming.name([faces[0]], "Anna Lind")
    session.naming.name([faces[1]], "Aunt Rosa")
    return session


def _paths(session: Session, expression: str) -> set[str]:
    return {photo.path.name for photo in session.searching.photos(expression)}


@pytest.mark.parametrize("expression", ["Anna Lind", '"Anna Lind"', "anna", "Lind"])
def test_a_person_is_found_by_name_or_part_of_it(searched: Session, expression: str) -> None:
    (face,) = searched.library.faces.ids(person=searched.library.people.resolve("Anna Lind").id)
    photo = searched.library.photos.get(searched.library.faces.get(face).photo_id)
    assert _paths(searched, expression) == {photo.path.name}


def test_people_can_be_excluded_and_years_bounded(searched: Session) -> None:
    everything = _paths(searched, "")
    assert _paths(searched, '-"Aunt Rosa"') < everything
    assert _paths(searched, "1800..1801") == set()
    dated = {photo.path.name for photo in searched.searching.photos("") if photo.taken}
    assert _paths(searched, "1900..") == dated < everything


@pytest.mark.parametrize(
    ("expression", "error"),
    [("Nobody", UnknownNameError), ("A", AmbiguousNameError), ("1980..1970", FaceTaggerError)],
)
def test_a_search_that_cannot_be_understood_says_why(
    searched: Session, expression: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        searched.searching.photos(expression)


def test_check_finds_files_that_are_gone_or_changed_and_repairs_what_it_can(session: Session, moved: Path) -> None:
    report = session.checking.run()
    assert not report.is_clean
    assert len(report.missing) == session.library.counts().photos
    assert report.changed == ()
    session.checking.run(repair=True)
    assert session.library.counts().missing == session.library.counts().photos
    assert session.library.counts().faces > 0


def test_check_finds_a_file_that_holds_another_picture_and_leaves_it_to_the_user(session: Session, moved: Path) -> None:
    first = session.library.albums.all()[0].album
    assert first.folder is not None
    session.albums.relink(first.id, moved / first.folder.name)
    path = session.library.photos.get(session.library.photos.ids()[0]).path
    Image.new("RGB", (64, 64), "navy").save(path)
    for repair in (False, True):
        assert session.checking.run(repair=repair).changed == (path,)

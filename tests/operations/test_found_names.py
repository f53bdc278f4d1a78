"""Names from other programs: found at import, beside the faces they are about, nobody's until they are taken over."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from facetagger.entities import Face, FaceId, FaceOrigin, FaceState, FoundIn, NamedRegion, PhotoId
from facetagger.errors import AmbiguousNameError, FaceTaggerError
from facetagger.geometry import Box
from facetagger.library.recording import ProtectedRowError
from facetagger.metadata.sidecar import sidecar_path
from facetagger.operations.found_regions import is_name, match
from facetagger.operations.session import Session
from tests.metadata.samples import make_photo, mwg, mwg_entry, near, with_xmp, xmp
from tests.operations.one_face_each import open_session

# What ``one_face_each`` finds in every photo: the middle of it.
MIDDLE = mwg_entry("Anna Müller", 0.5, 0.5, 0.4, 0.6)
CORNER = mwg_entry("Bob", 0.1, 0.15, 0.1, 0.15)
PICASA = "[scan1.jpg]\nfaces=rect64(40004000c000c000),1f;rect64(1fff1fff),2f\n[Contacts2]\n1f=Anna Müller;;\n2f=Bob;;\n"


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    folder.mkdir()
    return folder


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return open_session(tmp_path / "library")


def _photo(folder: Path, name: str, *entries: str) -> Path:
    return with_xmp(folder / name, xmp(f">{mwg(*entries)}"))


def _faces(session: Session, path: Path) -> list[Face]:
    return [face for photo in session.library.photos.by_path(path) for face in session.library.faces.of_photo(photo.id)]


def _names(session: Session) -> list[str]:
    return [each.name for each in session.found_names.offer().names]


def test_a_found_name_stands_beside_the_face_it_is_about_and_names_nobody(session: Session, album: Path) -> None:
    path = _photo(album, "scan1.jpg", MIDDLE)
    with session:
        report = session.importing.run([album])
        (face,) = _faces(session, path)
        assert (report.faces, face.origin, face.state) == (1, FaceOrigin.DETECTED, FaceState.OPEN)
        (found,) = session.found_names.offer().names
        assert (found.face_id, found.name, found.found_in) == (face.id, "Anna Müller", FoundIn.FILE)
        assert session.library.people.all() == []
        assert session.library.history.undo_entry().text == "add album"  # type: ignore[union-attr]


def test_a_region_where_no_face_was_found_becomes_one_with_its_exact_box(session: Session, album: Path) -> None:
    path = _photo(album, "scan1.jpg", MIDDLE, CORNER)
    with session:
        session.importing.run([album])
        added = _faces(session, path)[1]
        assert (added.origin, added.state, added.landmarks) == (FaceOrigin.METADATA, FaceState.OPEN, None)
        assert near(added.box, Box(0.05, 0.075, 0.1, 0.15))
        assert session.library.faces.not_looked_into() == [added.id]


def test_taking_over_is_one_act_and_undo_offers_the_names_again(session: Session, album: Path) -> None:
    for number in range(3):
        _photo(album, f"scan{number}.jpg", MIDDLE, CORNER)
        shutil.copy2(album / f"scan{number}.jpg", album / f"copy{number}.jpg")
    _photo(album, "other.jpg", mwg_entry("anna  müller", 0.1, 0.15, 0.1, 0.15))
    with session:
        session.importing.run([album])
        offer = session.found_names.offer()
        assert (len(offer.names), offer.people, len(offer.photos)) == (2, 2, 1), "seven files of one picture"
        change = session.found_names.take()
        assert change.entry is not None
        assert change.entry.text == "take over 2 names that were found (2 faces)"
        confirmed = [session.library.faces.get(face) for face in offer.faces]
        named = {session.library.people.get(face.person_id).name for face in confirmed if face.person_id}
        assert named == {"Anna Müller", "Bob"}
        assert _names(session) == []
        session.history.undo()
        assert session.library.people.all() == []
        assert session.found_names.offer() == offer
        session.history.redo()
        assert [row.person.name for row in session.library.people.all()] == ["Anna Müller", "Bob"]


def test_a_name_that_somebody_carries_is_theirs_also_by_another_name(session: Session, album: Path) -> None:
    first = make_photo(album / "first.jpg", seed=2)
    second = _photo(album, "second.jpg", MIDDLE)
    with session:
        session.importing.run([album])
        session.naming.name([_faces(session, first)[0].id], "Anna Schmidt")
        anna = session.library.people.resolve("Anna Schmidt").id
        session.people.describe(anna, aliases=["anna müller"])
        session.found_names.take()
        assert _faces(session, second)[0].person_id == anna


def test_a_name_that_two_people_carry_is_left_for_the_user(session: Session, album: Path) -> None:
    first, second = make_photo(album / "a.jpg", seed=2), make_photo(album / "b.jpg", seed=3)
    third = _photo(album, "c.jpg", mwg_entry("Anna", 0.5, 0.5, 0.4, 0.6), CORNER)
    with session:
        session.importing.run([album])
        session.naming.name([_faces(session, first)[0].id], "Anna")
        session.people.split([_faces(session, second)[0].id], "Anna")
        session.found_names.take()
        assert [face.state for face in _faces(session, third)] == [FaceState.OPEN, FaceState.CONFIRMED]
        with pytest.raises(AmbiguousNameError):
            session.found_names.take()


def test_a_confirmed_face_keeps_its_name_whatever_the_file_says(session: Session, album: Path) -> None:
    path = make_photo(album / "scan1.jpg")
    with session:
        session.importing.run([album])
        (face,) = _faces(session, path)
        session.naming.name([face.id], "Eva")
        eva = session.library.people.resolve("Eva").id
        sidecar_path(path).write_bytes(xmp(f">{mwg(MIDDLE)}"))
        session.importing.run([album])
        assert _names(session) == []
        assert _faces(session, path)[0].person_id == eva


def test_a_job_may_not_take_a_name_over_by_itself(session: Session, album: Path) -> None:
    path = _photo(album, "scan1.jpg", MIDDLE)
    with session:
        session.importing.run([album])
        (face,) = _faces(session, path)
        with pytest.raises(ProtectedRowError), session.library.transaction() as act:
            act.faces.set_state([face.id], FaceState.CONFIRMED, act.people.add("Anna Müller"))


def test_another_import_doubles_nothing_and_reads_a_sidecar_that_came_later(session: Session, album: Path) -> None:
    path = _photo(album, "scan1.jpg", CORNER)
    with session:
        for _ in range(3):
            session.importing.run([album])
        assert len(_faces(session, path)) == 2
        assert _names(session) == ["Bob"]
        path.with_suffix(".xmp").write_bytes(xmp(f">{mwg(MIDDLE, CORNER.replace('0.15', '0.16'))}"))
        report = session.importing.run([album])
        assert (report.added, report.unchanged) == (0, 1)
        assert len(_faces(session, path)) == 2
        found = session.library.found_names.of_faces([face.id for face in _faces(session, path)])
        assert Counter(each.found_in for each in found.values()) == {FoundIn.FILE: 1, FoundIn.SIDECAR: 1}


def test_a_name_that_was_corrected_in_the_file_is_offered_and_a_declined_one_is_not(
    session: Session, album: Path
) -> None:
    path = make_photo(album / "scan1.jpg")
    sidecar = sidecar_path(path)
    sidecar.write_bytes(xmp(f">{mwg(MIDDLE)}"))
    with session:
        session.importing.run([album])
        (face,) = _faces(session, path)
        session.found_names.decline([face.id])
        assert _names(session) == []
        sidecar.write_bytes(xmp(f" >{mwg(MIDDLE)}"))
        session.importing.run([album])
        assert _names(session) == []
        sidecar.write_bytes(xmp(f">{mwg(MIDDLE.replace('Anna Müller', 'Eva'))}"))
        session.importing.run([album])
        assert _names(session) == ["Eva"]
        with pytest.raises(FaceTaggerError):
            session.found_names.decline([face.id + 1])  # type: ignore[list-item]


def test_declining_can_be_undone_and_a_rejected_person_is_not_offered(session: Session, album: Path) -> None:
    first, second = make_photo(album / "first.jpg", seed=2), _photo(album, "second.jpg", MIDDLE)
    with session:
        session.importing.run([album])
        (face,) = _faces(session, second)
        session.found_names.decline([face.id])
        session.history.undo()
        assert _names(session) == ["Anna Müller"]
        session.naming.name([_faces(session, first)[0].id], "Anna Müller")
        session.naming.reject([face.id], "Anna Müller")
        assert _names(session) == []
        with pytest.raises(FaceTaggerError, match="No names"):
            session.found_names.take()


def test_faces_that_were_set_aside_are_not_offered(session: Session, album: Path) -> None:
    path = _photo(album, "scan1.jpg", MIDDLE)
    with session:
        session.importing.run([album])
        (face,) = _faces(session, path)
        session.naming.ignore([face.id])
        assert _names(session) == []
        session.history.undo()
        assert _names(session) == ["Anna Müller"]


def test_a_folder_of_picasa_is_understood(session: Session, album: Path) -> None:
    path = make_photo(album / "scan1.jpg")
    (album / ".picasa.ini").write_text(PICASA, encoding="utf-8")
    with session:
        session.importing.run([album])
        assert len(_faces(session, path)) == 2
        assert [(each.name, each.found_in) for each in session.found_names.offer().names] == [
            ("Anna Müller", FoundIn.PICASA),
            ("Bob", FoundIn.PICASA),
        ]


def test_boxes_of_one_face_may_differ_in_size_and_neighbours_in_a_hug_stay_apart() -> None:
    def face(number: int, box: Box) -> Face:
        return Face(FaceId(number), PhotoId(1), box, None, 1.0, FaceOrigin.DETECTED, FaceState.OPEN, None)

    left, right = face(1, Box(0.30, 0.30, 0.10, 0.14)), face(2, Box(0.38, 0.32, 0.10, 0.14))
    with_hair = NamedRegion(Box(0.34, 0.25, 0.18, 0.26), "Eva")
    assert match([with_hair], [left, right]) == [right]
    assert match([with_hair], [left]) == [None]
    assert match([NamedRegion(left.box, "Anna"), with_hair], [right, left]) == [left, right]
    assert match([with_hair, NamedRegion(right.box, "Eva")], [right]) == [None, right], "the closest comes first"


def test_only_the_first_page_of_a_file_has_its_regions(session: Session, album: Path) -> None:
    pages = [make_photo(album / f"{seed}.png", seed=seed) for seed in (1, 2)]
    from PIL import Image

    first, second = (Image.open(page) for page in pages)
    first.save(album / "book.tif", save_all=True, append_images=[second])
    for page in pages:
        page.unlink()
    sidecar_path(album / "book.tif").write_bytes(xmp(f">{mwg(CORNER)}"))
    with session:
        session.importing.run([album])
        pages_of = session.library.photos.by_path(album / "book.tif")
        assert [len(session.library.faces.of_photo(photo.id)) for photo in pages_of] == [2, 1]


def test_a_person_without_a_place_is_the_only_face_or_nobody(session: Session, album: Path) -> None:
    everywhere = mwg_entry("Anna Müller", 0.5, 0.5, 1.0, 1.0)
    path = _photo(album, "scan1.jpg", everywhere)
    with session:
        session.importing.run([album])
        assert [face.origin for face in _faces(session, path)] == [FaceOrigin.DETECTED]
        assert _names(session) == ["Anna Müller"]


def test_regions_of_no_face_without_a_name_or_made_for_another_picture_name_nobody(
    session: Session, album: Path
) -> None:
    pet = _photo(album, "pet.jpg", mwg_entry("Rex", 0.5, 0.5, 0.4, 0.6, kind="Pet"))
    nameless = with_xmp(album / "nameless.png.jpg", xmp(f">{mwg(mwg_entry('', 0.5, 0.5, 0.4, 0.6))}"))
    cropped = with_xmp(album / "cropped.jpg", xmp(f">{mwg(MIDDLE, width=80, height=80)}"))
    for number, path in enumerate((pet, nameless, cropped)):
        path.write_bytes(path.read_bytes() + bytes([number]))
    with session:
        session.importing.run([album])
        assert _names(session) == []


@pytest.mark.parametrize("text", ["", "  ", "#12", "1987", "_UNKNOWN_", "Unknown", "??"])
def test_what_is_nobodys_name(text: str) -> None:
    assert not is_name(text)


def test_a_long_or_foreign_name_is_a_name() -> None:
    assert is_name("O’Brien-Çelik, 山田 太郎 \N{LATIN SMALL LETTER E}\N{COMBINING ACUTE ACCENT}")


def test_the_real_samples_of_other_programs_are_read_and_taken_over(session: Session, data_folder: Path) -> None:
    with session:
        session.importing.run([data_folder / "metadata" / "regions", data_folder / "metadata" / "picasa"])
        offer = session.found_names.offer()
        names = {each.name for each in offer.names}
        assert {"Haley", "Alex", "Luke", "Claire", "Phil"} <= names
        session.found_names.take()
        assert {row.person.name for row in session.library.people.all()} == names
        assert session.library.integrity() == []

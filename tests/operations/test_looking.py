"""Looking harder at photos of the library: what is found, what stays, and how it is taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.entities import Embedding, Face, FaceId, FaceState, PhotoId
from facetagger.faces.detector import Pixels
from facetagger.faces.models import DLIB_RESNET
from facetagger.faces.pipeline import FaceAnalyser
from facetagger.faces.rotation import Searched
from facetagger.faces.settings import NORMAL, THOROUGH, AnalysisSettings
from facetagger.geometry import Box
from facetagger.jobs.cancel import CancelToken
from facetagger.library import Library
from facetagger.operations import looking
from facetagger.operations.face_writing import pair_up
from facetagger.operations.looking import LookingHarder
from facetagger.operations.session import Session
from tests.imaging.pictures import noise
from tests.imaging.portrait import grace_hopper
from tests.operations.one_face_each import CORNERS, open_session, quick_analyser


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three photos; in each a normal search finds one face and a thorough one finds five."""
    photos = tmp_path / "Beach"
    photos.mkdir()
    for number in range(3):
        noise(seed=number).save(photos / f"scan{number}.jpg")
    return photos


@pytest.fixture
def session(tmp_path: Path, folder: Path) -> Iterator[Session]:
    with open_session(tmp_path / "library") as opened:
        opened.importing.run([folder])
        yield opened


def _photos(session: Session) -> list[PhotoId]:
    return session.library.photos.ids()


def _state(library: Library) -> list[tuple[Face, bytes]]:
    """Every face with its landmarks and its embedding."""
    faces = library.faces.get_many(library.faces.ids())
    vectors = library.embeddings.of_faces([face.id for face in faces], DLIB_RESNET)
    return [(face, np.asarray(face.landmarks).tobytes() + _bytes(vectors.get(face.id))) for face in faces]


def _bytes(vector: Embedding | None) -> bytes:
    return b"" if vector is None else vector.tobytes()


def test_faces_that_were_missed_are_added_and_the_known_one_stays_itself(session: Session) -> None:
    photo = _photos(session)[0]
    (known,) = session.library.faces.of_photo(photo)
    report = session.looking.run([photo])
    assert (report.photos, report.faces, report.skipped) == (1, len(CORNERS), ())
    faces = session.library.faces.of_photo(photo)
    assert faces[0] == known
    assert len(faces) == 1 + len(CORNERS)
    assert all(face.quality is not None for face in faces)
    assert len(session.library.embeddings.of_faces([face.id for face in faces], DLIB_RESNET)) == len(faces)
    assert report.change.faces == {face.id for face in faces[1:]}
    assert session.library.photos.settings(_photos(session), DLIB_RESNET)[photo] == THOROUGH.name
    assert session.library.integrity() == []


def test_a_second_look_finds_nothing_and_leaves_no_trace_in_the_history(session: Session) -> None:
    photo = _photos(session)[0]
    session.looking.run([photo])
    before = session.library.history.entries()
    assert session.looking.run([photo]).faces == 0
    assert session.library.history.entries() == before


def test_one_undo_takes_a_look_at_many_photos_back_and_one_redo_does_it_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_BATCH", 1)
    before = _state(session.library)
    session.looking.run(_photos(session))
    after = _state(session.library)
    assert len(after) == 15
    entry, *_ = session.library.history.entries()
    assert entry.text == "look harder at 3 photos"
    session.history.undo()
    assert _state(session.library) == before
    assert set(session.library.photos.settings(_photos(session), DLIB_RESNET).values()) == {NORMAL.name}
    session.history.redo()
    assert _state(session.library) == after


@pytest.mark.parametrize("act", ["name", "ignore", "not a face", "reject", "draw"])
def test_a_face_the_user_has_touched_stays_exactly_as_it_is(session: Session, act: str) -> None:
    photo = _photos(session)[0]
    (face,) = session.library.faces.of_photo(photo)
    _forget_quality(session, face.id)
    if act == "name":
        session.naming.name([face.id], "Anna")
    elif act == "ignore":
        session.naming.ignore([face.id])
    elif act == "not a face":
        session.naming.not_a_face([face.id])
    elif act == "reject":
        session.naming.name([session.library.faces.of_photo(_photos(session)[1])[0].id], "Anna")
        session.naming.reject([face.id], "Anna")
    else:
        session.naming.draw(photo, Box(0.03, 0.03, 0.14, 0.14), "Bela")
    touched = [each for each in _state(session.library) if each[0].photo_id == photo]
    rejections = session.library.rejections.all()
    session.looking.run([photo])
    assert [each for each in _state(session.library) if each[0].photo_id == photo][: len(touched)] == touched
    assert session.library.rejections.all() == rejections
    added = len(CORNERS) - (act == "draw")
    assert len(session.library.faces.of_photo(photo)) == len(touched) + added
    session.history.undo()
    assert [each for each in _state(session.library) if each[0].photo_id == photo] == touched


def _forget_quality(session: Session, face_id: FaceId) -> None:
    """As an older library has it."""
    face = session.library.faces.get(face_id)
    with session.library.transaction() as act:
        act.faces.set_region(face_id, face.box, face.landmarks, face.score, None)


def test_a_face_of_an_older_library_is_measured_anew_and_undo_brings_the_old_measures_back(session: Session) -> None:
    photo = _photos(session)[0]
    (face,) = session.library.faces.of_photo(photo)
    with session.library.transaction() as act:
        act.faces.set_region(face.id, Box(0.2, 0.3, 0.5, 0.4), face.landmarks, 0.8, None)
        act.embeddings.put([face.id], "another model", np.ones((1, 4), np.float32))
    before = _state(session.library)
    assert session.looking.run([photo]).clearer == 1
    again = session.library.faces.get(face.id)
    assert (again.box, again.score, again.quality) == (face.box, face.score, face.quality)
    assert session.library.embeddings.of_faces([face.id], "another model") == {}
    session.history.undo()
    assert _state(session.library) == before
    assert len(session.library.embeddings.of_faces([face.id], "another model")) == 1


def test_a_name_given_while_the_look_runs_stays_and_is_undone_before_it(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "_BATCH", 1)

    def name_once(_change: object) -> None:
        if not session.library.people.names():
            faces = [session.library.faces.of_photo(photo)[0].id for photo in _photos(session)]
            session.naming.name(faces, "Anna")

    session.looking.run(_photos(session), on_change=name_once)
    assert len(session.library.faces.ids(FaceState.CONFIRMED)) == 3
    session.history.undo()
    assert session.library.counts().faces == 15
    session.history.undo()
    assert session.library.counts().faces == 3
    assert session.library.integrity() == []


def test_a_look_that_is_cancelled_keeps_what_it_has_written(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "_BATCH", 1)
    cancel = CancelToken()
    report = session.looking.run(_photos(session), cancel=cancel, on_change=lambda change: cancel.cancel())
    assert report.was_cancelled
    assert session.library.counts().faces == 3 + report.faces > 3


def test_a_photo_whose_file_is_gone_is_skipped_with_a_reason(session: Session, folder: Path) -> None:
    (folder / "scan1.jpg").unlink()
    report = session.looking.run(_photos(session))
    assert report.photos == 2
    assert [each.path for each in report.skipped] == [folder / "scan1.jpg"]


def test_a_thorough_import_looks_harder_at_photos_that_were_added_normally(session: Session, folder: Path) -> None:
    noise(seed=9).save(folder / "new.jpg")
    progress: list[float] = []
    report = session.importing.run(
        [folder], settings=THOROUGH, progress=lambda each: progress.append(each.done / each.total)
    )
    assert (report.added, report.unchanged, report.faces, report.more_faces) == (1, 3, 5, 12)
    assert progress[-1] == 1
    assert session.library.counts().faces == 20
    again = session.importing.run([folder], settings=THOROUGH)
    assert (again.added, again.unchanged, again.more_faces) == (0, 4, 0)
    assert session.library.history.entries()[0].text == "look harder at 3 photos"


def test_a_photo_whose_file_holds_another_picture_by_now_gets_no_faces_of_that(session: Session, folder: Path) -> None:
    copies = folder.parent / "Copies"
    copies.mkdir()
    shutil.copy2(folder / "scan0.jpg", copies)
    session.importing.run([copies])
    (photo,) = session.library.photos.by_path(copies / "scan0.jpg")
    noise(seed=77).save(photo.path)
    report = session.importing.run([copies if photo.path.parent == folder else folder], settings=THOROUGH)
    assert [each.path for each in report.skipped] == [photo.path]
    assert len(session.library.faces.of_photo(photo.id)) == 1
    assert session.looking.run([photo.id]).faces == 0


def test_a_normal_import_does_not_look_again(session: Session, folder: Path) -> None:
    session.importing.run([folder], settings=THOROUGH)
    assert session.importing.run([folder]).more_faces == 0
    assert set(session.library.photos.settings(_photos(session), DLIB_RESNET).values()) == {THOROUGH.name}


def test_a_photo_the_user_has_turned_stays_turned(tmp_path: Path) -> None:
    """Grace Hopper upside down, whom the user wants to see so."""
    portrait = tmp_path / "portrait.jpg"
    grace_hopper().rotate(180).save(portrait)
    with Session.open(tmp_path / "library") as session:
        session.importing.run([portrait])
        (photo,) = session.library.photos.by_path(portrait)
        assert photo.rotation == 2
        session.albums.rotate(photo.id, 2)
        before = session.library.history.entries()
        session.looking.run([photo.id])
        assert session.library.photos.get(photo.id).rotation == 0
        assert session.library.history.entries() == before
        session.history.undo()
        assert session.library.photos.get(photo.id).rotation == 2


class _SeesItUpsideDown(FaceAnalyser):
    """Finds the faces in the corners only, and that they stand on their heads."""

    def find(self, images: Sequence[Pixels], settings: AnalysisSettings = NORMAL) -> list[Searched]:
        return [Searched(photo.faces[1:], 2) for photo in super().find(images, settings)]


def test_what_was_seen_the_wrong_way_up_goes_when_the_photo_is_turned_and_comes_back_with_undo(
    session: Session,
) -> None:
    quick = quick_analyser()
    looking = LookingHarder(
        session.library, lambda: _SeesItUpsideDown(quick.detector, quick.embedder), session.checking.verify
    )
    open_photo, named_photo, _ = _photos(session)
    (wrong,), (named,) = (session.library.faces.of_photo(each) for each in (open_photo, named_photo))
    session.naming.name([named.id], "Anna")
    before = _state(session.library)
    report = looking.run([open_photo, named_photo])
    assert report.turned == 2
    assert session.library.photos.get(open_photo).rotation == 2
    assert wrong not in session.library.faces.of_photo(open_photo)
    assert named.id in [face.id for face in session.library.faces.of_photo(named_photo)]
    session.history.undo()
    assert _state(session.library) == before
    assert session.library.photos.get(open_photo).rotation == 0


def test_small_faces_of_a_large_scan_are_found_by_looking_harder(tmp_path: Path) -> None:
    """Three faces some 28 pixels wide on a sheet of six megapixels."""
    sheet = Image.new("RGB", (3000, 2000), (200, 196, 190))
    small = grace_hopper().resize((80, 94), Image.Resampling.LANCZOS)
    for place in ((300, 300), (1500, 900), (2500, 1600)):
        sheet.paste(small, place)
    sheet.save(tmp_path / "sheet.jpg", quality=95)
    with Session.open(tmp_path / "library") as session:
        session.importing.run([tmp_path / "sheet.jpg"])
        missed = 3 - session.library.counts().faces
        assert missed > 0
        report = session.looking.run(session.library.photos.ids())
        assert report.faces == missed
        boxes = [face.box for face in session.library.faces.of_photo(session.library.photos.ids()[0])]
        for x, y in ((300, 300), (1500, 900), (2500, 1600)):
            pasted = Box(x / 3000, y / 2000, 80 / 3000, 94 / 2000)
            assert sum(pasted.contains(*box.center) for box in boxes) == 1


def test_boxes_pair_up_by_how_much_they_share_and_each_once() -> None:
    known = [Box(0.1, 0.1, 0.2, 0.2), Box(0.5, 0.5, 0.3, 0.3)]
    found = [Box(0.55, 0.55, 0.2, 0.2), Box(0.5, 0.5, 0.29, 0.29), Box(0.8, 0.1, 0.1, 0.1), Box(0.1, 0.1, 0.2, 0.19)]
    assert pair_up(found, known) == {1: 1, 3: 0}

"""Faces drawn by hand: they get landmarks and an embedding after the act, whatever comes in between."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from facetagger.entities import Change, Face, FaceId, FaceOrigin, FaceState, Photo
from facetagger.faces.models import DLIB_RESNET
from facetagger.geometry import Box, Size, box_to_upright
from facetagger.jobs.cancel import Cancelled, CancelToken
from facetagger.operations.session import Session

NOWHERE = Box(0.0, 0.0, 0.06, 0.06)


def _detected(session: Session) -> tuple[Photo, Face]:
    """A face that the detector found, with its photo."""
    face = session.library.faces.get(session.library.faces.ids()[0])
    return session.library.photos.get(face.photo_id), face


def _draw(session: Session, photo: Photo, upright: Box) -> FaceId:
    (face_id,) = session.naming.draw(photo.id, upright).faces
    return face_id


def _vector(session: Session, face_id: FaceId) -> np.ndarray | None:
    return session.library.embeddings.of_faces([face_id], DLIB_RESNET).get(face_id)


@pytest.mark.parametrize("rotation", range(4))
def test_a_drawn_face_is_measured_like_a_detected_one_and_its_box_stays(session: Session, rotation: int) -> None:
    photo, known = _detected(session)
    session.albums.rotate(photo.id, rotation)
    photo = session.library.photos.get(photo.id)
    drawn = _draw(session, photo, box_to_upright(known.box, photo.view_orientation))
    before = session.library.faces.get(drawn)
    changes: list[Change] = []
    assert session.regions.run(on_change=changes.append) == {drawn}
    after = session.library.faces.get(drawn)
    assert [(set(change.faces), set(change.photos)) for change in changes] == [({drawn}, {photo.id})]
    assert (after.box, after.origin, after.state) == (before.box, FaceOrigin.DRAWN, FaceState.OPEN)
    assert after.landmarks is not None
    assert known.landmarks is not None
    np.testing.assert_allclose(after.landmarks, known.landmarks, atol=0.1 * known.box.width)
    assert after.quality is not None
    mine, theirs = _vector(session, drawn), _vector(session, known.id)
    assert mine is not None
    assert theirs is not None
    assert float(mine @ theirs) > 0.9


def test_a_drawn_face_without_a_name_gets_a_suggestion(session: Session) -> None:
    photo, known = _detected(session)
    group = next(each for each in session.library.groups.all() if known.id in each.faces)
    session.naming.name([face for face in group.faces if face != known.id], "Grace")
    session.naming.not_a_face([known.id])
    drawn = _draw(session, photo, box_to_upright(known.box, photo.view_orientation))
    session.suggesting.refresh()
    assert drawn not in session.library.suggestions.of_faces([drawn])
    session.regions.run()
    session.suggesting.refresh()
    assert session.library.suggestions.of_faces([drawn])[drawn].probability > 0.5


def test_a_named_drawn_face_teaches_once_it_is_made_out(session: Session) -> None:
    photo, known = _detected(session)
    drawn = _draw(session, photo, box_to_upright(known.box, photo.view_orientation))
    session.naming.name([drawn], "Grace")
    assert drawn not in session.library.faces.trainable()
    session.regions.run()
    assert drawn in session.library.faces.trainable()


def test_where_nothing_is_made_out_the_face_keeps_its_name_teaches_nothing_and_is_not_tried_again(
    session: Session,
) -> None:
    photo, _ = _detected(session)
    change = session.naming.draw(photo.id, NOWHERE, "Grace")
    (drawn,) = change.faces
    session.regions.run()
    face = session.library.faces.get(drawn)
    assert (face.state, face.landmarks, face.is_trainable) == (FaceState.CONFIRMED, None, False)
    assert session.library.faces.not_looked_into() == []
    assert not session.regions.run()


def test_undo_and_redo_take_what_was_measured_along(session: Session) -> None:
    photo, known = _detected(session)
    drawn = _draw(session, photo, box_to_upright(known.box, photo.view_orientation))
    session.regions.run()
    vector = _vector(session, drawn)
    session.history.undo()
    assert session.library.faces.get_many([drawn]) == []
    session.history.redo()
    assert session.library.faces.get(drawn).landmarks is not None
    np.testing.assert_array_equal(_vector(session, drawn), vector)
    assert not session.regions.run()


def test_a_face_that_was_undone_before_it_was_measured_is_measured_after_redo(session: Session) -> None:
    photo, known = _detected(session)
    drawn = _draw(session, photo, box_to_upright(known.box, photo.view_orientation))
    session.history.undo()
    assert not session.regions.run()
    session.history.redo()
    assert drawn in session.regions.run()


def test_what_an_earlier_session_left_is_measured_in_the_next(session: Session) -> None:
    photo, known = _detected(session)
    token = CancelToken()
    token.cancel()
    drawn = _draw(session, photo, box_to_upright(known.box, photo.view_orientation))
    with pytest.raises(Cancelled):
        session.regions.run(token)
    folder = session.library.folder
    session.close()
    with Session.open(folder) as again:
        assert drawn in again.regions.run()


def test_a_face_that_is_drawn_meanwhile_is_the_next_one(session: Session) -> None:
    detected = {face.photo_id: face for face in session.library.faces.get_many(session.library.faces.ids())}
    first, second, third, last = (detected[photo] for photo in sorted(detected)[:4])
    with session.library.transaction() as act:
        stored = [
            act.faces.add(face.photo_id, face.box, None, 1.0, FaceOrigin.METADATA, Size(100, 100))
            for face in (first, second, third)
        ]
    order: list[FaceId] = []
    drawn: list[FaceId] = []

    def follow(change: Change) -> None:
        order.extend(change.faces)
        if not drawn:
            photo = session.library.photos.get(last.photo_id)
            drawn.append(_draw(session, photo, box_to_upright(last.box, photo.view_orientation)))

    assert len(session.regions.run(on_change=follow)) == 4
    assert order == [stored[0], drawn[0], stored[1], stored[2]]


def test_a_photo_that_cannot_be_read_is_left_for_another_day(session: Session) -> None:
    photo, known = _detected(session)
    drawn = _draw(session, photo, known.box)
    hidden = photo.path.rename(photo.path.with_suffix(".away"))
    try:
        assert not session.regions.run()
        assert session.library.faces.not_looked_into() == [drawn]
    finally:
        hidden.rename(photo.path)


def test_a_small_face_in_a_large_scan_is_read_at_its_full_resolution(session: Session, tmp_path: Path) -> None:
    photo, known = _detected(session)
    scan = tmp_path / "scan"
    scan.mkdir()
    with Image.open(photo.path) as print_:
        page = Image.new("RGB", (5000, 3000), "white")
        page.paste(print_.convert("RGB").resize((400, 400 * print_.height // print_.width)), (4300, 100))
    page.save(scan / "page.png")
    session.importing.run([scan])
    (large,) = session.library.photos.by_path(scan / "page.png")
    height = 400 * photo.stored_size.height // photo.stored_size.width
    box = known.box
    there = Box((4300 + box.left * 400) / 5000, (100 + box.top * height) / 3000, box.width * 400 / 5000,
                box.height * height / 3000)  # fmt: skip
    drawn = _draw(session, large, there)
    session.regions.run()
    mine, theirs = _vector(session, drawn), _vector(session, known.id)
    assert mine is not None
    assert theirs is not None
    assert float(mine @ theirs) > 0.75

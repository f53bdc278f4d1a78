from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from facetagger.entities import FaceId, FaceOrigin, FaceState
from facetagger.geometry import Size
from facetagger.ui.photo_view.canvas import PhotoCanvas
from facetagger.ui.photo_view.face_menu import FaceAct
from facetagger.ui.photo_view.page import PhotoPage
from tests.ui.naming.rig import Rig

Key = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    """Unlike the page it has no smallest size: offscreen Qt warns about those."""
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1064, 724)
    return window


@pytest.fixture
def page(rig: Rig, window: QWidget) -> PhotoPage:
    """The beach photo, open and read."""
    page = PhotoPage(rig.bridge, rig.images, rig.theme, window)
    page.resize(window.size())
    window.show()
    window.activateWindow()
    family = rig.family
    page.show_photos([family.beach, family.garden, family.street], family.beach)
    rig.run()
    return page


def _canvas(page: PhotoPage) -> PhotoCanvas:
    return page.stage.canvas


def _middle(page: PhotoPage, face_id: FaceId) -> QPoint:
    rect = _canvas(page).face_rect(face_id)
    assert rect is not None
    return rect.center().toPoint()


def _click_face(qtbot: QtBot, page: PhotoPage, face_id: FaceId) -> None:
    QTest.mouseClick(_canvas(page), LEFT, pos=_middle(page, face_id))


def _type(qtbot: QtBot, page: PhotoPage, text: str, key: Key = Key.Key_Return) -> None:
    QTest.keyClicks(page.stage.field.edit, text)
    QTest.keyClick(page.stage.field.edit, key)


def _drag(qtbot: QtBot, canvas: PhotoCanvas, start: QPoint, end: QPoint, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.mousePress(canvas, LEFT, modifier, start)
    QTest.mouseMove(canvas, end)
    QTest.mouseRelease(canvas, LEFT, modifier, end)


def test_whoever_comes_back_does_not_see_the_photo_that_was_left(page: PhotoPage, rig: Rig) -> None:
    page.hide()
    page.show_photos([rig.family.beach, rig.family.garden], rig.family.garden)
    page.show()
    assert _canvas(page).picture is None
    assert _canvas(page).face_rects() == []
    rig.run()
    assert _canvas(page).picture is not None


def test_whoever_walks_on_sees_the_old_photo_until_the_new_one_is_there(page: PhotoPage, rig: Rig) -> None:
    page.show_photos([rig.family.beach, rig.family.garden], rig.family.garden)
    assert _canvas(page).picture is not None


def test_a_photo_opens_with_its_faces_and_its_pixels(page: PhotoPage, rig: Rig) -> None:
    assert page.contents is not None
    assert [face.id for face in page.contents.faces] == list(rig.family.faces)
    picture = _canvas(page).picture
    assert picture is not None
    assert Size(picture.width(), picture.height()) == Size(600, 400)


def test_the_panel_tells_album_file_place_people_and_date(page: PhotoPage) -> None:
    texts = [label.text() for label in page.panel.labels()]
    assert "Beach, summer 1998" in texts
    assert "1 beach.jpg · 1 of 3" in texts
    assert any("July 1998" in text for text in texts)
    faces = page.panel.people.faces
    spoken = [faces.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(faces.rowCount())]
    assert spoken == ["Anna Lind, age 31", "Who is this?", "Peter Lind?, suggested · confirm with ⏎", "Stranger"]


def test_a_click_on_a_face_opens_the_field_there(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    assert page.stage.is_asking
    assert page.stage.field.edit.hasFocus()
    assert page.stage.field.subject.faces == (rig.family.faces[1],)


def test_naming_a_face_goes_on_to_the_next_open_one(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    rig.run()
    _type(qtbot, page, "clara")
    assert _canvas(page).active_face == rig.family.faces[2], "the next face is open before the act has run"
    rig.run()
    assert rig.face(rig.family.faces[1]).person_id == rig.family.clara
    assert page.stage.field.subject.faces == (rig.family.faces[2],)


def test_enter_confirms_a_suggestion_and_ends_at_the_last_face(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[2])
    QTest.keyClick(page.stage.field.edit, Key.Key_Return)
    _type(qtbot, page, "Nils Lind")
    rig.run()
    assert rig.face(rig.family.faces[2]).person_id == rig.family.peter
    assert rig.session.library.people.resolve("Nils Lind").id == rig.face(rig.family.faces[1]).person_id
    assert not page.stage.is_asking
    assert _canvas(page).hasFocus()


def test_enter_on_a_suggested_face_without_the_field_confirms_it(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    page.flow.activate(rig.family.faces[2])
    QTest.keyClick(_canvas(page), Key.Key_Return)
    rig.run()
    assert rig.face(rig.family.faces[2]).person_id == rig.family.peter


def test_tab_goes_round_the_faces_that_want_a_name(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _, unnamed, suggested, _ = rig.family.faces
    QTest.keyClick(_canvas(page), Key.Key_Tab)
    assert _canvas(page).active_face == unnamed
    QTest.keyClick(page.stage.field.edit, Key.Key_Tab)
    assert _canvas(page).active_face == suggested
    QTest.keyClick(page.stage.field.edit, Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert _canvas(page).active_face == unnamed


def test_a_face_left_for_later_is_not_come_back_to_after_naming(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    QTest.keyClick(_canvas(page), Key.Key_Tab)
    QTest.keyClick(page.stage.field.edit, Key.Key_Tab)
    QTest.keyClick(page.stage.field.edit, Key.Key_Return)
    rig.run()
    assert not page.stage.is_asking
    assert rig.face(rig.family.faces[1]).state is FaceState.OPEN


def test_a_new_person_may_have_the_name_of_somebody_else(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    QTest.keyClicks(page.stage.field.edit, "Anna Lind")
    QTest.keyClick(page.stage.field.edit, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    rig.run()
    assert rig.face(rig.family.faces[1]).person_id not in (None, rig.family.anna)
    assert len(rig.session.library.people.find("Anna Lind")) == 2


def test_alt_x_in_the_field_sets_a_stranger_aside(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    QTest.keyClick(page.stage.field.edit, Key.Key_X, Qt.KeyboardModifier.AltModifier)
    rig.run()
    assert rig.face(rig.family.faces[1]).state is FaceState.IGNORED


def test_esc_closes_the_field_then_the_mark_then_the_page(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    QTest.keyClick(page.stage.field.edit, Key.Key_Escape)
    assert not page.stage.is_asking
    assert _canvas(page).active_face == rig.family.faces[1]
    QTest.keyClick(_canvas(page), Key.Key_Escape)
    assert _canvas(page).active_face is None
    with qtbot.waitSignal(page.back_wanted, timeout=1000):
        QTest.keyClick(_canvas(page), Key.Key_Escape)


def test_a_frame_drawn_with_shift_becomes_a_named_face(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    canvas = _canvas(page)
    corner = canvas.view.rect.topLeft().toPoint()
    _drag(qtbot, canvas, corner + QPoint(300, 20), corner + QPoint(380, 120), shift=True)
    assert page.stage.is_asking
    rig.run()
    _type(qtbot, page, "peter")
    rig.run()
    drawn = next(face for face in rig.faces_of(rig.family.beach) if face.origin is FaceOrigin.DRAWN)
    assert drawn.person_id == rig.family.peter
    expected = canvas.view.box_between(QPointF(corner + QPoint(300, 20)), QPointF(corner + QPoint(380, 120)))
    assert drawn.box.iou(expected) > 0.99


def test_the_key_a_draws_a_frame_and_esc_drops_it(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    canvas = _canvas(page)
    QTest.keyClick(canvas, Key.Key_A)
    assert canvas.is_drawing
    _drag(qtbot, canvas, QPoint(300, 300), QPoint(380, 380))
    assert not canvas.is_drawing
    QTest.keyClick(page.stage.field.edit, Key.Key_Escape)
    rig.run()
    assert len(rig.faces_of(rig.family.beach)) == 4


def test_esc_drops_a_frame_while_it_is_drawn(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    canvas = _canvas(page)
    for modifier in (Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier):
        if modifier is Qt.KeyboardModifier.NoModifier:
            QTest.keyClick(canvas, Key.Key_A)
        QTest.mousePress(canvas, LEFT, modifier, QPoint(300, 300))
        QTest.mouseMove(canvas, QPoint(360, 360))
        QTest.keyClick(canvas, Key.Key_Escape)
        assert not canvas.is_drawing
        QTest.mouseMove(canvas, QPoint(390, 390))
        QTest.mouseRelease(canvas, LEFT, modifier, QPoint(400, 400))
        assert not page.stage.is_asking
    rig.run()
    assert len(rig.faces_of(rig.family.beach)) == 4


def test_a_frame_around_a_face_that_is_there_asks_about_that_face(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    canvas, stranger = _canvas(page), rig.family.faces[3]
    rect = canvas.face_rect(stranger)
    assert rect is not None
    there = rect.adjusted(-4, -4, 6, 2).toRect()
    _drag(qtbot, canvas, there.topLeft(), there.bottomRight(), shift=True)
    assert canvas.active_face == stranger
    rig.run()
    _type(qtbot, page, "peter")
    rig.run()
    assert rig.face(stranger).person_id == rig.family.peter
    assert len(rig.faces_of(rig.family.beach)) == 4


def test_a_slip_of_the_mouse_draws_nothing_and_the_next_drag_does(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    canvas = _canvas(page)
    QTest.keyClick(canvas, Key.Key_A)
    _drag(qtbot, canvas, QPoint(300, 300), QPoint(304, 380))
    assert canvas.is_drawing
    assert not page.stage.is_asking
    _drag(qtbot, canvas, QPoint(300, 300), QPoint(380, 380))
    assert page.stage.is_asking


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_frame_drawn_on_a_turned_photo_lies_where_it_was_drawn(
    page: PhotoPage, rig: Rig, qtbot: QtBot, turns: int
) -> None:
    rig.session.albums.rotate(rig.family.beach, turns)
    page.open(rig.family.beach)
    rig.run()
    canvas = _canvas(page)
    corner = canvas.view.rect.topLeft().toPoint()
    start, end = corner + QPoint(-30, 20), corner + QPoint(60, 70)
    _drag(qtbot, canvas, start, end, shift=True)
    QTest.keyClick(page.stage.field.edit, Key.Key_Tab)
    rig.run()
    assert page.contents is not None
    drawn = next(each for each in page.contents.faces if each.face.origin is FaceOrigin.DRAWN)
    assert drawn.box.left == 0, "what lies beside the photo is cut off"
    assert drawn.box.iou(canvas.view.box_between(QPointF(start), QPointF(end))) > 0.99


def test_a_frame_without_a_name_is_kept_for_later(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _drag(qtbot, _canvas(page), QPoint(300, 300), QPoint(380, 380), shift=True)
    QTest.keyClick(page.stage.field.edit, Key.Key_Tab)
    rig.run()
    drawn = next(face for face in rig.faces_of(rig.family.beach) if face.origin is FaceOrigin.DRAWN)
    assert drawn.state is FaceState.OPEN


@pytest.mark.parametrize(
    ("act", "number", "state"),
    [
        (FaceAct.CONFIRM, 2, FaceState.CONFIRMED),
        (FaceAct.NOT_THIS_PERSON, 0, FaceState.OPEN),
        (FaceAct.STRANGER, 1, FaceState.IGNORED),
        (FaceAct.NOT_A_FACE, 1, FaceState.NOT_A_FACE),
        (FaceAct.BRING_BACK, 3, FaceState.OPEN),
    ],
)
def test_the_menu_acts_on_its_face(page: PhotoPage, rig: Rig, act: FaceAct, number: int, state: FaceState) -> None:
    assert page.contents is not None
    page.flow.do(act, page.contents.faces[number])
    rig.run()
    assert rig.face(rig.family.faces[number]).state is state


def test_the_menu_offers_what_makes_sense_for_the_face(page: PhotoPage, rig: Rig) -> None:
    _canvas(page).menu_wanted.emit(rig.family.faces[2], QPoint(10, 10))
    menu = page.stage.findChild(QMenu)
    assert isinstance(menu, QMenu)
    texts = [action.text() for action in menu.actions()]
    assert texts == ["Yes, Peter Lind", "Not Peter Lind", "This is someone else…", "Stranger", "Not a face"]
    menu.actions()[1].trigger()
    rig.run()
    assert (rig.family.faces[2], rig.family.peter) in rig.session.library.rejections.all()


def test_not_this_person_is_remembered(page: PhotoPage, rig: Rig) -> None:
    assert page.contents is not None
    page.flow.do(FaceAct.NOT_THIS_PERSON, page.contents.faces[0])
    rig.run()
    assert (rig.family.faces[0], rig.family.anna) in rig.session.library.rejections.all()


def test_the_menu_chooses_a_portrait(page: PhotoPage, rig: Rig) -> None:
    assert page.contents is not None
    page.flow.do(FaceAct.PORTRAIT, page.contents.faces[0])
    rig.run()
    assert rig.session.library.people.get(rig.family.anna).portrait == rig.family.faces[0]


def test_somebody_else_replaces_a_confirmed_name(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[0])
    rig.run()
    _type(qtbot, page, "peter")
    rig.run()
    assert rig.face(rig.family.faces[0]).person_id == rig.family.peter


def test_not_anna_takes_the_name_away_and_asks_who_it_is_then(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    face_id = rig.family.faces[0]
    _click_face(qtbot, page, face_id)
    rig.run()
    page.stage.field.rejected.emit(rig.family.anna)
    rig.run()
    assert rig.face(face_id).state is FaceState.OPEN
    assert page.stage.field.edit.placeholderText() == "Who is this?"
    assert "Anna Lind" not in [row.name for row in page.stage.field.rows()]


def test_the_canvas_says_which_face_is_marked(page: PhotoPage, rig: Rig) -> None:
    page.flow.activate(rig.family.faces[0])
    assert _canvas(page).accessibleDescription() == "Anna Lind, age 31"


def test_turning_shows_the_same_faces_on_the_turned_photo(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    QTest.keyClick(_canvas(page), Key.Key_R)
    rig.run()
    assert page.contents is not None
    assert page.contents.photo.upright_size == Size(400, 600)
    picture = _canvas(page).picture
    assert picture is not None
    assert picture.height() > picture.width()
    assert {face.id for face in page.contents.faces} == set(rig.family.faces)


def test_a_change_elsewhere_is_not_read_and_one_here_keeps_zoom_and_face(
    page: PhotoPage, rig: Rig, qtbot: QtBot
) -> None:
    canvas = _canvas(page)
    canvas.zoom(3.0)
    page.flow.activate(rig.family.faces[1])
    view = canvas.view
    rig.bridge.act(lambda: rig.session.naming.name([rig.family.faces[2]], "Nils Lind"))
    rig.run()
    assert canvas.view == view
    assert canvas.active_face == rig.family.faces[1]
    assert page.contents is not None
    assert page.contents.faces[2].person is not None
    before = page.contents
    rig.bridge.act(lambda: rig.session.naming.ignore([rig.family.garden_face]))
    rig.run()
    assert page.contents is before


def test_arrow_and_page_keys_walk_through_the_photos(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    family = rig.family
    with qtbot.waitSignal(page.photo_shown, timeout=1000) as blocker:
        QTest.keyClick(_canvas(page), Key.Key_Right)
        rig.run()
    assert blocker.args == [family.garden]
    QTest.keyClick(_canvas(page), Key.Key_PageDown)
    rig.run()
    QTest.keyClick(_canvas(page), Key.Key_Right)
    rig.run()
    assert page.contents is not None
    assert page.contents.photo.id == family.street
    assert page.stage.film.currentIndex().row() == 2


def test_whoever_is_naming_goes_on_in_the_next_photo(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    page.open(rig.family.street)
    rig.run()
    assert page.stage.is_asking
    assert page.stage.field.subject.photo_id == rig.family.street


def test_what_is_read_for_a_photo_left_behind_is_dropped(page: PhotoPage, rig: Rig) -> None:
    page.open(rig.family.garden)
    page.open(rig.family.street)
    rig.run()
    assert page.contents is not None
    assert page.contents.photo.id == rig.family.street


def test_a_missing_file_says_so_and_offers_to_find_the_folder(page: PhotoPage, rig: Rig) -> None:
    rig.session.library.photos.get(rig.family.garden).path.unlink()
    page.open(rig.family.garden)
    rig.run()
    assert page.stage.message.isVisible()
    page.grab()
    page.open(rig.family.street)
    rig.run()
    assert not page.stage.message.isVisible()
    assert rig.errors == []


def test_zoom_keys_reach_the_photo_although_the_window_has_them_too(
    page: PhotoPage, window: QWidget, qtbot: QtBot
) -> None:
    larger = QAction("Larger pictures", window)
    larger.setShortcut(QKeySequence("Ctrl++"))
    window.addAction(larger)
    with qtbot.assertNotEmitted(larger.triggered):
        QTest.keyClick(_canvas(page), Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert not _canvas(page).view.is_fitted
    QTest.keyClick(_canvas(page), Key.Key_0)
    assert _canvas(page).view.is_fitted


def test_boxes_fade_while_the_pointer_rests_and_return_when_it_moves(page: PhotoPage, qtbot: QtBot) -> None:
    canvas = _canvas(page)
    canvas.fade.fade()
    qtbot.waitUntil(lambda: canvas.fade.opacity == 0.0)
    QTest.mouseMove(canvas, QPoint(200, 200))
    assert canvas.fade.opacity == 1.0


def test_boxes_stay_while_a_face_is_being_named(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[1])
    assert not _canvas(page).fade.is_about_to_fade


def test_every_control_has_a_name_for_screen_readers(page: PhotoPage, rig: Rig, qtbot: QtBot) -> None:
    _click_face(qtbot, page, rig.family.faces[0])
    controls = [each for kind in (QAbstractButton, QLineEdit, QListView) for each in page.findChildren(kind)]
    seen = [each for each in controls if each.isVisible()]
    nameless = [each for each in seen if not (each.accessibleName() or getattr(each, "text", str)())]
    assert nameless == []
    assert "Anna Lind" in _canvas(page).accessibleName()


def test_deleting_the_page_while_it_reads_is_harmless(rig: Rig, qtbot: QtBot) -> None:
    page = PhotoPage(rig.bridge, rig.images, rig.theme)
    qtbot.addWidget(page)
    page.show_photos([rig.family.beach], rig.family.beach)
    page.close()
    QApplication.processEvents()
    rig.run()
    assert rig.errors == []

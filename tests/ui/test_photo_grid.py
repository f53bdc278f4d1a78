"""Looking at photos in the real window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from facetagger.geometry import Size
from facetagger.ui.bridge import Bridge
from facetagger.ui.destinations import Destination, Place
from facetagger.ui.main_window import MainWindow
from facetagger.ui.photo_grid.contents import GridFilter, Scope, load_sections
from facetagger.ui.photo_grid.rows import Shapes
from tests.ui.conftest import DrawnAlbum


def _show(qtbot: QtBot, window: MainWindow, only: GridFilter, count: int) -> None:
    window.pages.grid.show_filter(only)
    qtbot.waitUntil(lambda: len(window.pages.grid.grid.photo_ids) == count)


def test_every_album_is_a_section_with_its_counts(drawn: DrawnAlbum) -> None:
    beach, shoe_box = load_sections(drawn.session, Scope("All photos"), GridFilter.ALL, "date")
    assert (beach.title, beach.people, beach.unnamed, beach.years) == ("Beach", 1, 1, (1990, 1995))
    assert (shoe_box.title, len(shoe_box.photo_ids), shoe_box.people) == ("Shoe box", 6, 0)


def test_the_grid_shows_the_photos_of_all_albums(window: MainWindow, drawn: DrawnAlbum) -> None:
    assert tuple(window.pages.grid.grid.photo_ids) == drawn.photos


def test_the_filter_leaves_the_photos_with_unnamed_faces(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    _show(qtbot, window, GridFilter.UNNAMED, 1)
    assert list(window.pages.grid.grid.photo_ids) == [drawn.photos[1]]


def test_naming_the_last_face_empties_the_filter(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    _show(qtbot, window, GridFilter.UNNAMED, 1)
    bridge.act(lambda: drawn.session.naming.name([drawn.unnamed], "Anna"))
    qtbot.waitUntil(lambda: not window.pages.grid.grid.photo_ids)


def test_photos_can_be_sorted_by_when_they_were_added(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    window.pages.grid.sort_by("added")
    qtbot.waitUntil(lambda: window.pages.grid.grid.photo_ids[0] == drawn.photos[5])


def test_the_arrows_walk_and_enter_opens(qtbot: QtBot, window: MainWindow, drawn: DrawnAlbum) -> None:
    grid = window.pages.grid.grid
    QTest.keyClick(grid, Qt.Key.Key_Home)
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.selected == [drawn.photos[1]]
    QTest.keyClick(grid, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected == [drawn.photos[1], drawn.photos[2]]
    with qtbot.waitSignal(grid.photo_opened) as blocker:
        QTest.keyClick(grid, Qt.Key.Key_Return)
    assert blocker.args == [drawn.photos[2]]


def test_end_goes_to_the_last_photo_and_brings_it_into_view(window: MainWindow, drawn: DrawnAlbum) -> None:
    window.resize(760, 480)
    grid = window.pages.grid.grid
    grid.set_row_height(300)
    QTest.keyClick(grid, Qt.Key.Key_End)
    assert grid.current == drawn.photos[-1]
    assert grid.viewport().rect().intersects(grid.cell_rect(drawn.photos[-1]))
    assert grid.verticalScrollBar().value() > 0


def test_a_click_selects_and_a_click_beside_clears(window: MainWindow, drawn: DrawnAlbum) -> None:
    grid = window.pages.grid.grid
    place = grid.cell_rect(drawn.photos[2]).center()
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert grid.selected == [drawn.photos[2]]
    QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(2, 2))
    assert grid.selected == []


def test_control_adds_to_the_selection_and_takes_away(window: MainWindow, drawn: DrawnAlbum) -> None:
    grid, control = window.pages.grid.grid, Qt.KeyboardModifier.ControlModifier
    for photo_id in (drawn.photos[0], drawn.photos[3], drawn.photos[0]):
        place = grid.cell_rect(photo_id).center()
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, control, place)
    assert grid.selected == [drawn.photos[3]]


def test_all_can_be_selected(window: MainWindow, drawn: DrawnAlbum) -> None:
    grid = window.pages.grid.grid
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert grid.selected == list(drawn.photos)


def test_larger_pictures_keep_the_reader_at_the_same_photo(window: MainWindow, drawn: DrawnAlbum) -> None:
    window.resize(760, 480)
    page, grid = window.pages.grid, window.pages.grid.grid
    grid.set_row_height(240)
    grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    top = next(each for each in drawn.photos if grid.cell_rect(each).bottom() > 0)
    page.resize_pictures(1)
    assert abs(grid.cell_rect(top).top()) <= grid.cell_rect(top).height()


def test_the_size_and_the_order_are_remembered(window: MainWindow, qtbot: QtBot) -> None:
    from facetagger import paths, settings

    window.pages.grid.resize_pictures(1)
    window.pages.grid.sort_by("name")
    stored = settings.load(paths.settings_file())
    assert (stored.thumbnail_size, stored.sort) == (200, "name")


def test_a_turned_photo_takes_its_new_shape(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    grid, photo = window.pages.grid.grid, drawn.photos[7]
    qtbot.waitUntil(lambda: grid.cell_rect(photo).height() > grid.cell_rect(photo).width())
    bridge.act(lambda: drawn.session.albums.rotate(photo, 1))
    qtbot.waitUntil(lambda: grid.cell_rect(photo).height() < grid.cell_rect(photo).width())


def test_shapes_of_very_many_photos_are_read_in_few_steps(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    with drawn.session.library.transaction() as act:
        ids = [act.photos.add(number.to_bytes(32, "big"), 0, Size(30, 10), 6, None) for number in range(6000)]
    shapes = Shapes(bridge)
    told: list[int] = []
    shapes.changed.connect(lambda: told.append(1))
    shapes.of(ids)
    qtbot.waitUntil(lambda: shapes.known(ids).max() < 1)
    assert shapes.known(ids).tolist() == [1 / 3] * 6000
    assert len(told) == 2


def test_photos_that_leave_while_another_page_is_shown_are_gone_when_the_grid_comes_back(
    qtbot: QtBot, window: MainWindow, bridge: Bridge, drawn: DrawnAlbum
) -> None:
    window.go(Destination(Place.PEOPLE))
    bridge.act(lambda: drawn.session.albums.remove(drawn.beach))
    qtbot.waitUntil(lambda: not bridge.is_acting)
    assert tuple(window.pages.grid.grid.photo_ids) == drawn.photos
    window.pages.show_page(window.pages.grid)
    qtbot.waitUntil(lambda: tuple(window.pages.grid.grid.photo_ids) == drawn.photos[6:])

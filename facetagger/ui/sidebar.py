"""The places to go, with their counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from facetagger.entities import AlbumId
from facetagger.ui import icons, words
from facetagger.ui.controls import frame, label
from facetagger.ui.destinations import ALL_PHOTOS, Destination, Place
from facetagger.ui.icons import Icon
from facetagger.ui.overview import Overview
from facetagger.ui.painting import draw_pill, pill_size
from facetagger.ui.theme import Radius, Space, TextSize, ThemeManager, Weight

if TYPE_CHECKING:
    from facetagger.library.records import AlbumSummary

WIDTH: Final = 216
_ROW: Final = 32


class SidebarRow(QAbstractButton):
    """Icon, name, count; the count of what waits for the user is an amber badge."""

    menu_requested = Signal(QPoint)

    def __init__(self, text: str, drawing: Icon, destination: Destination, theme: ThemeManager) -> None:
        super().__init__()
        self.destination = destination
        self._drawing, self._theme = drawing, theme
        self._count = 0
        self._is_badge = False
        self.setText(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        theme.changed.connect(self.updateGeometry)

    def show_count(self, count: int, *, as_badge: bool = False) -> None:
        self._count, self._is_badge = count, as_badge
        self.setAccessibleName(f"{self.text()}, {words.number(count)}")
        self.update()

    def sizeHint(self) -> QSize:
        px = self._theme.current.px
        return QSize(px(WIDTH) - 2 * px(Space.S), px(_ROW))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme.current
        px, ratio = theme.px, self.devicePixelRatioF()
        row = QRectF(self.rect()).adjusted(0, px(1), 0, -px(1))
        ink = theme.colour("accent" if self.isChecked() else "text")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter, row)
            side = px(18)
            drawing = icons.pixmap(self._drawing, ink, side, ratio)
            painter.drawPixmap(round(px(Space.S)), round(row.center().y() - side / 2), drawing)
            right = self._paint_count(painter, row)
            left = px(Space.S) + side + px(Space.S)
            font = theme.font(weight=Weight.STRONG if self.isChecked() else Weight.REGULAR)
            painter.setFont(font)
            painter.setPen(ink)
            room = right - left - px(Space.XS)
            text = QFontMetricsF(font).elidedText(self.text(), Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(left, row.top(), room, row.height()), Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_ground(self, painter: QPainter, row: QRectF) -> None:
        theme = self._theme.current
        radius = theme.px(Radius.CONTROL)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.colour("accent_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(row, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.colour("accent"))
            painter.drawRoundedRect(row.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _paint_count(self, painter: QPainter, row: QRectF) -> float:
        """Returns where the room for the name ends."""
        theme = self._theme.current
        right = row.right() - theme.px(Space.S)
        text = words.number(self._count)
        if self._is_badge and self._count:
            font = theme.font(TextSize.LABEL, Weight.STRONG)
            size = pill_size(text, font, theme)
            place = QRectF(right - size.width(), row.center().y() - size.height() / 2, size.width(), size.height())
            draw_pill(painter, place, text, font, theme.colour("amber"), theme.colour("on_amber"))
            return place.left()
        font = theme.font(TextSize.META)
        painter.setFont(font)
        painter.setPen(theme.colour("muted"))
        width = QFontMetricsF(font).horizontalAdvance(text)
        painter.drawText(QRectF(right - width, row.top(), width + 1, row.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return right - width


class Sidebar(QScrollArea):
    """``chosen`` carries a ``Destination``; ``album_menu_requested`` an album id and where to open a menu."""

    chosen = Signal(object)
    album_menu_requested = Signal(int, QPoint)
    focus_lost = Signal()
    """The row with the focus is gone."""

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._albums: dict[AlbumId, SidebarRow] = {}
        self._current = ALL_PHOTOS
        self._panel = frame("sidebar")
        self._column = QVBoxLayout(self._panel)
        px = theme.current.px
        self._column.setContentsMargins(px(Space.S), px(Space.M) - 1, px(Space.S), px(Space.M))
        self._column.setSpacing(0)
        self._fixed = self._build_fixed()
        self._column.addStretch()
        self.setWidget(self._panel)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(px(WIDTH))
        self.setAccessibleName(self.tr("Places"))

    def show_overview(self, overview: Overview) -> None:
        counts = overview.counts
        for place, count in (
            (Place.PHOTOS, counts.photos),
            (Place.PEOPLE, counts.people),
            (Place.GROUPS, counts.groups),
            (Place.STRANGERS, counts.ignored),
            (Place.NOT_FACES, counts.not_a_face),
        ):
            self._fixed[place].show_count(count)
        has_photos = bool(counts.photos or overview.albums)
        for place in (Place.GROUPS, Place.STRANGERS, Place.NOT_FACES):
            self._fixed[place].setVisible(has_photos)
        self._albums_heading.setVisible(bool(overview.albums))
        self._aside_heading.setVisible(has_photos)
        self._show_albums(overview.albums)

    def show_questions(self, count: int) -> None:
        self._fixed[Place.REVIEW].show_count(count, as_badge=True)

    def mark(self, destination: Destination) -> None:
        """Highlights where the user is; a person's photos count as People."""
        self._current = destination
        place = Place.PEOPLE if destination.place is Place.PERSON else destination.place
        row = self._albums.get(destination.album) if destination.album is not None else self._fixed.get(place)
        if row is not None:
            row.setChecked(True)
            return
        self._group.setExclusive(False)
        for each in self._group.buttons():
            each.setChecked(False)
        self._group.setExclusive(True)

    def _build_fixed(self) -> dict[Place, SidebarRow]:
        rows: dict[Place, SidebarRow] = {}

        def add(place: Place, text: str, drawing: Icon) -> None:
            rows[place] = self._add_row(text, drawing, Destination(place), self._column.count())

        add(Place.PHOTOS, self.tr("All photos"), Icon.PHOTOS)
        add(Place.REVIEW, self.tr("Review"), Icon.REVIEW)
        add(Place.PEOPLE, self.tr("People"), Icon.PEOPLE)
        add(Place.GROUPS, self.tr("Unknown groups"), Icon.GROUPS)
        self._albums_heading = self._add_heading(self.tr("Albums"))
        self._albums_at = self._column.count()
        self._aside_heading = self._add_heading(self.tr("Set aside"))
        add(Place.STRANGERS, self.tr("Strangers"), Icon.STRANGER)
        add(Place.NOT_FACES, self.tr("Not a face"), Icon.NOT_A_FACE)
        rows[Place.PHOTOS].setChecked(True)
        return rows

    def _add_heading(self, text: str) -> QWidget:
        heading = label(text, "label")
        px = self._theme.current.px
        heading.setContentsMargins(px(Space.S), px(Space.L), 0, px(Space.XS))
        self._column.addWidget(heading)
        return heading

    def _add_row(self, text: str, drawing: Icon, destination: Destination, at: int) -> SidebarRow:
        row = SidebarRow(text, drawing, destination, self._theme)
        row.clicked.connect(lambda: self.chosen.emit(destination))
        self._group.addButton(row)
        self._column.insertWidget(at, row)
        return row

    def _show_albums(self, albums: Sequence[AlbumSummary]) -> None:
        names = [(each.album.id, each.album.name) for each in albums]
        if names != [(album_id, row.text()) for album_id, row in self._albums.items()]:
            self._rebuild_albums(names)
        for each in albums:
            self._albums[each.album.id].show_count(each.photos)

    def _rebuild_albums(self, names: Sequence[tuple[AlbumId, str]]) -> None:
        focused = next((album_id for album_id, row in self._albums.items() if row.hasFocus()), None)
        before = self._albums
        for row in before.values():
            self._group.removeButton(row)
        self._albums = {}
        for number, (album_id, name) in enumerate(names):
            destination = Destination(Place.ALBUM, album=album_id)
            row = self._add_row(name, Icon.FOLDER, destination, self._albums_at + number)
            row.setToolTip(name)
            row.menu_requested.connect(lambda place, album_id=album_id: self.album_menu_requested.emit(album_id, place))
            self._albums[album_id] = row
        if focused in self._albums:
            self._albums[focused].show()
            self._albums[focused].setFocus()
        elif focused is not None:
            self.focus_lost.emit()
        for row in before.values():
            row.hide()
            row.deleteLater()
        self.mark(self._current)

"""One photo at a time: the page that puts canvas, panel, filmstrip and the naming of faces together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QEvent, Qt, QUrl, Signal, Slot
from PySide6.QtGui import QAction, QDesktopServices, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QWidget

from facetagger.entities import Change, FaceId, PhotoId
from facetagger.jobs.lanes import Lane
from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.naming.provider import NamingProvider
from facetagger.ui.photo_view.commands import Command, make_actions
from facetagger.ui.photo_view.contents import PhotoContents, read_contents
from facetagger.ui.photo_view.naming_flow import NamingFlow
from facetagger.ui.photo_view.panel import PhotoPanel
from facetagger.ui.photo_view.picture import Failure, PictureLoader
from facetagger.ui.photo_view.second_look import SecondLook
from facetagger.ui.photo_view.stage import Stage
from facetagger.ui.photo_view.trouble import Trouble
from facetagger.ui.photo_view.zoom_canvas import ZOOM_STEP
from facetagger.ui.theme import ThemeManager

_ON_THE_PICTURE: Final = (
    Command.DRAW,
    Command.LOOK_HARDER,
    Command.ROTATE_LEFT,
    Command.ROTATE_RIGHT,
    Command.ZOOM_OUT,
    Command.FIT,
    Command.PIXELS,
    Command.ZOOM_IN,
)


class PhotoPage(QWidget):
    """Shows one of the photos it was given with ``show_photos``. What is drawn follows ``bridge.changed``."""

    back_wanted = Signal()
    photo_shown = Signal(object)
    """PhotoId"""

    def __init__(self, bridge: Bridge, images: ImageLoader, theme: ThemeManager, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ids: tuple[PhotoId, ...] = ()
        self._photo_id: PhotoId | None = None
        self._wanted_face: FaceId | None = None
        self._is_naming_on = False
        self._contents: PhotoContents | None = None
        self._picture = PictureLoader(bridge, images, self)
        self._stage = Stage(NamingProvider(bridge, self), images, theme, self)
        self._panel = PhotoPanel(theme, images)
        self._flow = NamingFlow(bridge, self._stage, self._panel, self)
        self._trouble = Trouble(bridge, self._stage, self)
        self._second_look = SecondLook(bridge, self)
        self._actions = make_actions(self, self._slots())
        self._stage.add_tools(self._actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._stage, 1)
        row.addWidget(self._panel)
        self.setFocusProxy(self._stage.canvas)
        self._connect()

    @property
    def stage(self) -> Stage:
        return self._stage

    @property
    def panel(self) -> PhotoPanel:
        return self._panel

    @property
    def flow(self) -> NamingFlow:
        return self._flow

    @property
    def contents(self) -> PhotoContents | None:
        """What is shown now; None until the first photo has been read."""
        return self._contents

    def show_photos(self, ids: Sequence[PhotoId], photo_id: PhotoId, face_id: FaceId | None = None) -> None:
        """Opens ``photo_id`` with ``ids`` before and after it; with ``face_id`` the name field at that face."""
        self._ids = tuple(ids)
        if not self.isVisible():
            # Who walks on looks at the old photo until the new one is there; who comes back has long left it.
            self._stage.canvas.clear()
        self.open(photo_id, face_id)

    @Slot(object)
    def open(self, photo_id: PhotoId, face_id: FaceId | None = None) -> None:
        """Reads one of the photos. Whoever is naming goes on naming there."""
        self._is_naming_on = self._stage.is_asking
        self._photo_id, self._wanted_face = photo_id, face_id
        self._flow.leave()
        self._stage.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._contents = None
        self._read()

    def _read(self) -> None:
        photo_id, library = self._photo_id, self._bridge.session.library
        if photo_id is not None:
            self._bridge.fetch(
                Lane.LIBRARY, lambda: read_contents(library, photo_id), self._take, key=(id(self), "contents")
            )

    def _take(self, contents: PhotoContents) -> None:
        before, self._contents = self._contents, contents
        if before is None:
            self._begin(contents)
        else:
            self._bring_up_to_date(before, contents)
        self._stage.canvas.setAccessibleName(self._spoken(contents))
        self._panel.show_contents(contents, self._position(contents.photo.id))
        self._flow.follow(contents)
        wanted, self._wanted_face = self._wanted_face, None
        is_naming_on, self._is_naming_on = self._is_naming_on, False
        if wanted is not None:
            self._flow.ask(wanted)
        elif is_naming_on:
            self._flow.ask_first()

    def _begin(self, contents: PhotoContents) -> None:
        self._picture.stop()
        self._stage.canvas.show_photo(contents.photo.upright_size)
        self._stage.canvas.set_faces(contents.faces)
        self._load_picture(contents)
        # After the picture was asked for: the strip's many thumbnails shall wait for it, not it for them.
        self._stage.film.show_photos(self._ids)
        self._stage.film.set_open(contents.photo.id)
        self._second_look.follow(contents.photo.id)
        self.photo_shown.emit(contents.photo.id)

    def _bring_up_to_date(self, before: PhotoContents, contents: PhotoContents) -> None:
        canvas = self._stage.canvas
        old, new = before.photo, contents.photo
        if (old.view_orientation, old.image_hash) != (new.view_orientation, new.image_hash):
            self._picture.stop()
            canvas.show_size(new.upright_size)
            self._load_picture(contents)
        elif (old.path, old.is_missing) != (new.path, new.is_missing):
            self._load_picture(contents)
        canvas.set_faces(contents.faces)

    def _load_picture(self, contents: PhotoContents) -> None:
        self._stage.show_photo()
        self._allow_looking(True)
        self._picture.show(contents.photo, self.devicePixelRatioF(), self._stage.canvas.shown_side())

    def _follow(self, change: Change) -> None:
        """Reads again when the change names the photo, one of its faces, somebody on it or its album."""
        contents = self._contents
        if contents is None:
            return
        is_touched = (
            contents.photo.id in change.photos
            or not change.faces.isdisjoint(face.id for face in contents.faces)
            or not change.people.isdisjoint(contents.people)
            or (contents.album is not None and contents.album.id in change.albums)
        )
        if is_touched:
            self._read()

    def _connect(self) -> None:
        canvas = self._stage.canvas
        self._bridge.changed.connect(self._follow)
        self._picture.arrived.connect(canvas.add_picture)
        self._picture.failed.connect(self._say_failure)
        canvas.detail_wanted.connect(self._picture.want)
        canvas.drawing_changed.connect(self._stage.say_drawing)
        self._stage.film.photo_wanted.connect(self.open)
        self._panel.face_hovered.connect(canvas.set_hovered)
        self._panel.draw_wanted.connect(self._draw)
        self._panel.look_wanted.connect(self._second_look.look)
        self._second_look.changed.connect(self._say_look)
        self._trouble.successor_found.connect(self._replace)
        self._panel.folder_wanted.connect(self._show_in_folder)

    def _slots(self) -> dict[Command, Callable[[], None]]:
        return {
            Command.BACK: self._go_back,
            Command.PREVIOUS: lambda: self._go(-1),
            Command.NEXT: lambda: self._go(1),
            Command.NAME: self._flow.confirm_or_ask,
            Command.STRANGER: self._flow.ignore,
            Command.NOT_A_FACE: self._flow.not_a_face,
            Command.DRAW: self._draw,
            Command.LOOK_HARDER: self._second_look.look,
            Command.ROTATE_LEFT: lambda: self._rotate(-1),
            Command.ROTATE_RIGHT: lambda: self._rotate(1),
            Command.ZOOM_OUT: lambda: self._stage.canvas.zoom(1 / ZOOM_STEP),
            Command.FIT: self._stage.canvas.zoom_to_fit,
            Command.PIXELS: lambda: self._stage.canvas.zoom_to_pixels(),
            Command.ZOOM_IN: lambda: self._stage.canvas.zoom(ZOOM_STEP),
            Command.PANES: self._next_pane,
        }

    def _go(self, step: int) -> None:
        if self._photo_id not in self._ids:
            return
        place = self._ids.index(self._photo_id) + step
        if 0 <= place < len(self._ids):
            self.open(self._ids[place])

    def _replace(self, old: PhotoId, new: PhotoId) -> None:
        """Goes on with the photo that was added from the open one's file."""
        if self._photo_id == old:
            self._ids = tuple(dict.fromkeys(new if each == old else each for each in self._ids))
            self.open(new)

    def _go_back(self) -> None:
        """Esc ends what is going on first: drawing, then the question or the mark on a face, then the page."""
        canvas = self._stage.canvas
        if canvas.is_drawing:
            canvas.set_drawing(False)
        elif self._stage.is_asking or canvas.active_face is not None:
            self._flow.deactivate()
        else:
            self.back_wanted.emit()

    def _allow_looking(self, is_allowed: bool) -> None:
        """What is done to a picture needs one to be there."""
        for command in _ON_THE_PICTURE:
            self._actions[command].setEnabled(is_allowed)
        self._panel.allow_drawing(is_allowed)

    @Slot()
    def _say_look(self) -> None:
        self._panel.say_look(self._second_look.text, is_running=self._second_look.is_running)

    def _draw(self) -> None:
        canvas = self._stage.canvas
        if not self._actions[Command.DRAW].isEnabled():
            return
        is_drawing = canvas.is_drawing
        self._flow.deactivate()
        canvas.set_drawing(not is_drawing)
        canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def _rotate(self, quarter_turns: int) -> None:
        photo_id, albums = self._photo_id, self._bridge.session.albums
        if photo_id is not None:
            self._flow.deactivate()
            self._bridge.act(lambda: albums.rotate(photo_id, quarter_turns))

    @Slot(object)
    def _say_failure(self, failure: Failure) -> None:
        if self._contents is not None:
            self._trouble.say(failure, self._contents)
            self._allow_looking(False)

    def _next_pane(self) -> None:
        canvas, people = self._stage.canvas, self._panel.people
        target = people if canvas.hasFocus() and people.isVisible() else canvas
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _show_in_folder(self) -> None:
        if self._contents is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._contents.photo.path.parent)))

    def _position(self, photo_id: PhotoId) -> str:
        if photo_id not in self._ids:
            return ""
        place = self._ids.index(photo_id) + 1
        return self.tr("{number} of {count}").format(number=f"{place:,}", count=f"{len(self._ids):,}")

    def _spoken(self, contents: PhotoContents) -> str:
        names = [face.person.name for face in contents.faces if face.person is not None]
        unnamed = sum(face.is_open for face in contents.faces)
        parts = [contents.name, *names]
        if unnamed:
            parts.append(self.tr("1 face without a name") if unnamed == 1 else self.tr("{n} faces without a name"))
        return ", ".join(parts).format(n=unnamed)

    def event(self, event: QEvent) -> bool:
        """Claims the page's keys with Ctrl: the window has Ctrl+Plus too, and of two actions Qt would take neither."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._claims(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self._action_for(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action.trigger()

    def _claims(self, event: QKeyEvent) -> bool:
        has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        return has_ctrl and self._action_for(event) is not None

    def _action_for(self, event: QKeyEvent) -> QAction | None:
        pressed = QKeySequence(event.keyCombination())
        return next((each for each in self._actions.values() if pressed in each.shortcuts()), None)

"""What is known about the open photo, beside it: album, people, date, file."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from facetagger.entities import FaceId
from facetagger.ui.controls import ElidedLabel
from facetagger.ui.dates import day_text
from facetagger.ui.icons import Icon, icon
from facetagger.ui.images import ImageLoader
from facetagger.ui.photo_view.contents import PhotoContents, ShownFace
from facetagger.ui.photo_view.people_list import PeopleList
from facetagger.ui.theme import Space, ThemeManager

WIDTH: Final = 264


class PhotoPanel(QFrame):
    """Shows; what is clicked it says."""

    face_clicked = Signal(object)
    face_marked = Signal(object)
    face_hovered = Signal(object)
    """FaceId; None when the pointer left"""
    draw_wanted = Signal()
    look_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, theme: ThemeManager, images: ImageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "bar")
        self._album = _label("heading")
        self._album.setWordWrap(True)
        self._position = ElidedLabel("muted")
        self._people_title = _label("label", self.tr("People in this photo"))
        self._people = PeopleList(theme, images)
        self._nobody = _label("muted", self.tr("No face was found here."))
        self._nobody.setWordWrap(True)
        self._add = QPushButton(self.tr("Add a face"))
        self._add.setProperty("role", "quiet")
        self._add.setToolTip(self.tr("Draw a frame around a face that was not found (A)"))
        self._look = QPushButton(self.tr("Look harder"))
        self._look.setProperty("role", "quiet")
        self._look.setToolTip(self.tr("Search this photo again for small, faint and lying faces (L)"))
        self._looking = QProgressBar()
        self._looking.setRange(0, 0)
        self._looking.setTextVisible(False)
        self._look_text = _label("muted")
        self._look_text.setWordWrap(True)
        self._when = _label("")
        self._folder = ElidedLabel("muted")
        self._show_folder = QPushButton(self.tr("Show in folder"))
        self._lay_out()
        self._people.face_clicked.connect(self.face_clicked)
        self._people.face_marked.connect(self.face_marked)
        self._people.face_hovered.connect(self.face_hovered)
        self._add.clicked.connect(self.draw_wanted)
        self._look.clicked.connect(self.look_wanted)
        self._show_folder.clicked.connect(self.folder_wanted)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def people(self) -> PeopleList:
        return self._people

    def labels(self) -> list[QLabel]:
        return self.findChildren(QLabel)

    def show_contents(self, contents: PhotoContents, position: str) -> None:
        photo = contents.photo
        album = contents.album.name if contents.album is not None else self.tr("Photo")
        self._album.setText(album)
        self._position.setText(f"{contents.name} · {position}" if position else contents.name)
        self._when.setText(day_text(photo.taken) or self.tr("Date not known"))
        self._folder.setText(folder_text(photo.path.parent))
        self._show_folder.setEnabled(not photo.is_missing)
        self.show_faces(contents.faces, photo.taken)

    def show_faces(self, faces: Sequence[ShownFace], taken: str | None) -> None:
        self._people.show_faces(faces, taken)
        self._people.setVisible(bool(faces))
        self._nobody.setVisible(not faces)

    def set_active(self, face_id: FaceId | None) -> None:
        self._people.set_active(face_id)

    def allow_drawing(self, is_allowed: bool) -> None:
        self._add.setEnabled(is_allowed)
        self._look.setEnabled(is_allowed)

    def say_look(self, text: str, *, is_running: bool) -> None:
        """What comes of looking harder; empty for nothing to say."""
        self._look.setVisible(not is_running)
        self._looking.setVisible(is_running)
        self._look_text.setVisible(bool(text))
        self._look_text.setText(text)

    @property
    def look_text(self) -> str:
        return self._look_text.text()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        px = self._theme.current.px
        edge = px(Space.L)
        column.setContentsMargins(edge, edge, edge, edge)
        column.setSpacing(px(Space.XS))
        column.addWidget(self._album)
        column.addWidget(self._position)
        column.addSpacing(px(Space.S))
        column.addWidget(self._people_title)
        column.addWidget(self._people)
        column.addWidget(self._nobody)
        column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._look, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._looking)
        column.addWidget(self._look_text)
        self.say_look("", is_running=False)
        column.addSpacing(px(Space.M))
        column.addWidget(_label("label", self.tr("When")))
        column.addWidget(self._when)
        column.addSpacing(px(Space.M))
        column.addWidget(_label("label", self.tr("Where the file is")))
        column.addWidget(self._folder)
        column.addWidget(self._show_folder, 0, Qt.AlignmentFlag.AlignLeft)
        column.addSpacing(px(Space.L))
        column.addStretch(1)
        promise = _label("meta", self.tr("The photo file itself is never changed."))
        promise.setWordWrap(True)
        column.addWidget(promise)

    def _restyle(self) -> None:
        theme = self._theme.current
        self.setFixedWidth(theme.px(WIDTH))
        self._add.setIcon(icon(Icon.ADD, theme, "muted", 16))
        self._look.setIcon(icon(Icon.SEARCH, theme, "muted", 16))
        self._show_folder.setIcon(icon(Icon.FOLDER, theme, "muted", 16))


def folder_text(folder: Path) -> str:
    """As one would say it: folders below one's own begin with ``~``, where systems know that sign."""
    home = Path.home()
    if sys.platform == "win32" or not folder.is_relative_to(home):
        return str(folder)
    return str(Path("~") / folder.relative_to(home))


def _label(role: str, text: str = "") -> QLabel:
    label = QLabel(text)
    if role:
        label.setProperty("role", role)
    return label

"""One face that may have a wrong name: how it looks, who it is said to be, and what can be done with one click."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from facetagger.entities import FaceId
from facetagger.ui import words
from facetagger.ui.check_names import wording
from facetagger.ui.check_names.reading import CheckedNames, Suspect
from facetagger.ui.controls import ElidedLabel, button, label
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.review.portrait import Portrait, draw_crop
from facetagger.ui.theme import Space, ThemeManager

_CROP: Final = 84
_PORTRAIT: Final = 40


class Crop(QWidget):
    """The square around a face; a click asks for its photo."""

    clicked = Signal()

    def __init__(self, face_id: FaceId, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._face_id, self._images, self._theme = face_id, images, theme
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        images.loaded.connect(self._repaint)

    def sizeHint(self) -> QSize:
        side = self._theme.current.px(_CROP)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        side = self._theme.current.px(_CROP)
        with QPainter(self) as painter:
            draw_crop(painter, QRectF(0, 0, side, side), self._face_id, self._images, self._theme.current)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def _repaint(self, key: ImageKey) -> None:
        if key.kind is ImageKind.FACE and key.id == self._face_id:
            self.update()


class MistakeCard(QFrame):
    photo_wanted = Signal()
    denied = Signal()
    """It is not whom it is named."""
    renamed = Signal()
    """It is whom it looks like."""
    kept = Signal()
    """The name is right."""

    def __init__(self, suspect: Suspect, checked: CheckedNames, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self.suspect = suspect
        self._images, self._theme = images, theme
        self.setProperty("role", "card")
        name = checked.name(suspect.mistake.person_id)
        px = theme.current.px
        row = QHBoxLayout(self)
        row.setContentsMargins(px(Space.M), px(Space.M), px(Space.M), px(Space.M))
        row.setSpacing(px(Space.L))
        crop = Crop(suspect.face_id, images, theme)
        crop.setToolTip(suspect.facts.detail)
        crop.clicked.connect(self.photo_wanted)
        row.addWidget(crop)
        row.addLayout(self._build_words(name, checked), 1)
        row.addLayout(self._build_buttons(name, checked))
        self.setAccessibleName(f"{name}: {wording.suspicion(suspect, checked)}")

    def _rename(self) -> None:
        """One click is one act; the page shows the card again where it failed."""
        self.setEnabled(False)
        self.renamed.emit()

    def _deny(self) -> None:
        self.setEnabled(False)
        self.denied.emit()

    def _build_words(self, name: str, checked: CheckedNames) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self._theme.current.px(Space.XS))
        column.addStretch()
        said = self.tr("Named {0}").format(name)
        column.addLayout(self._build_line(self.suspect.portrait, said, "strong"))
        other = self.suspect.mistake.other
        if other is None:
            column.addWidget(label(wording.suspicion(self.suspect, checked), "muted"))
        else:
            looks = wording.suspicion(self.suspect, checked)
            column.addLayout(self._build_line(self.suspect.other_portrait, looks, ""))
        column.addStretch()
        return column

    def _build_line(self, face_id: FaceId | None, text: str, role: str) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(self._theme.current.px(Space.S))
        portrait = Portrait(_PORTRAIT, self._images, self._theme)
        portrait.show_face(face_id)
        portrait.setMinimumSize(portrait.sizeHint())
        line.addWidget(portrait)
        words_of_it = ElidedLabel(role, Qt.TextElideMode.ElideRight)
        words_of_it.setText(text)
        line.addWidget(words_of_it, 1)
        return line

    def _build_buttons(self, name: str, checked: CheckedNames) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(self._theme.current.px(Space.XS))
        column.addStretch()
        other = self.suspect.mistake.other
        first = QHBoxLayout()
        first.setSpacing(self._theme.current.px(Space.S))
        first.addStretch()
        if other is not None:
            is_other = self.tr("This is {0}").format(words.short_name(checked.name(other)))
            self.rename = button(is_other, on_click=self._rename)
            first.addWidget(self.rename)
        self.deny = button(self.tr("Not {0}").format(words.short_name(name)), on_click=self._deny)
        first.addWidget(self.deny)
        second = QHBoxLayout()
        second.setSpacing(self._theme.current.px(Space.S))
        second.addStretch()
        self.open_photo = button(self.tr("Open the photo"), "quiet", self.photo_wanted.emit)
        self.keep = button(self.tr("The name is right"), "quiet", self.kept.emit)
        second.addWidget(self.open_photo)
        second.addWidget(self.keep)
        column.addLayout(first)
        column.addLayout(second)
        column.addStretch()
        return column

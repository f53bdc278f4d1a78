"""Before people become one: both faces, both counts, and whose name stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from facetagger.entities import FaceId, PersonId
from facetagger.library import PersonSummary
from facetagger.ui.controls import button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.people.reading import life_span
from facetagger.ui.review.portrait import Portrait
from facetagger.ui.theme import Space, ThemeManager
from facetagger.ui.words import counted, joined

_PORTRAIT: Final = 132
_NAME: Final = 200
"""The widest name beside its portrait; what comes of it is said in full below."""


class MergeDialog(QDialog):
    """Asks whether ``people`` are one person. ``into`` is whose name stays; the first is proposed."""

    def __init__(
        self,
        people: Sequence[PersonSummary],
        portraits: Mapping[PersonId, FaceId],
        images: ImageLoader,
        theme: ThemeManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._people = people
        self._choices = QButtonGroup(self)
        self.setWindowTitle(self.tr("The same person?"))
        px = theme.current.px
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.XL), px(Space.XL), px(Space.XL))
        column.setSpacing(px(Space.L))
        column.addWidget(label(self.tr("Are these the same person?"), "question"))
        row = QHBoxLayout()
        row.setSpacing(px(Space.XL))
        for place, summary in enumerate(people):
            row.addWidget(self._side(place, summary, portraits.get(summary.person.id), images, theme))
        column.addLayout(row)
        self._outcome = label(role="muted", wraps=True)
        column.addWidget(self._outcome)
        column.addLayout(self._buttons())
        self._choices.idToggled.connect(self._say_outcome)
        self._choices.button(0).setChecked(True)

    @property
    def into(self) -> PersonId:
        return self._people[self._choices.checkedId()].person.id

    @property
    def others(self) -> list[PersonId]:
        return [each.person.id for each in self._people if each.person.id != self.into]

    def keep_name_of(self, person_id: PersonId) -> None:
        for place, each in enumerate(self._people):
            if each.person.id == person_id:
                self._choices.button(place).setChecked(True)

    def _side(
        self, place: int, summary: PersonSummary, face_id: FaceId | None, images: ImageLoader, theme: ThemeManager
    ) -> QWidget:
        side = QWidget()
        portrait = Portrait(_PORTRAIT, images, theme)
        portrait.show_face(face_id)
        choice = QRadioButton(self._shown_name(summary, theme).replace("&", "&&"))
        choice.setToolTip(summary.person.name)
        choice.setAccessibleName(self.tr("Keep the name {name}").format(name=summary.person.name))
        self._choices.addButton(choice, place)
        photos = counted(summary.photos, self.tr("photo"), self.tr("photos"))
        faces = counted(summary.confirmed, self.tr("face"), self.tr("faces"))
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.current.px(Space.XS))
        for widget in (portrait, choice, label(joined(photos, faces), "meta"), label(life_span(summary), "meta")):
            column.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return side

    def _shown_name(self, summary: PersonSummary, theme: ThemeManager) -> str:
        room = theme.current.px(_NAME)
        return self.fontMetrics().elidedText(summary.person.name, Qt.TextElideMode.ElideRight, room)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addStretch(1)
        cancel = button(self.tr("No, leave them"), on_click=self.reject)
        cancel.setAutoDefault(False)
        row.addWidget(cancel)
        self.merge_button = button(self.tr("Yes, the same person"), "primary", self.accept)
        self.merge_button.setDefault(True)
        row.addWidget(self.merge_button)
        return row

    def _say_outcome(self) -> None:
        names = {each.person.id: each.person.name for each in self._people}
        others = ", ".join(names[each] for each in self.others)
        self._outcome.setText(
            self.tr(
                "They become one person called {name}; {others} stays as another name. Undo takes them apart again."
            ).format(name=names[self.into], others=others)
        )

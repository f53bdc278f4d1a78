"""Who a question is about: the portrait, what is known, how they looked over the years, and who else it may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facetagger.entities import Person, PersonId
from facetagger.ui.controls import label
from facetagger.ui.dates import short_date
from facetagger.ui.images import ImageLoader
from facetagger.ui.review import wording
from facetagger.ui.review.answer_button import AnswerButton, Kind
from facetagger.ui.review.facts import spread
from facetagger.ui.review.look import Looks
from facetagger.ui.review.portrait import Portrait, Years
from facetagger.ui.review.reading import Subject
from facetagger.ui.theme import Space
from facetagger.ui.words import cut, joined

FIRST_KEY: Final = 2
"""The number key of the first other candidate: 1 is who the question is about."""
OTHERS: Final = 2
_YEARS: Final = 4
_NAME: Final = 44
"""Letters of a name below its portrait: three lines."""


class SubjectCard(QWidget):
    """Portrait, name, counts and years of one person."""

    def __init__(self, images: ImageLoader, looks: Looks, portrait: int = 160, years: int = _YEARS) -> None:
        super().__init__()
        self._looks = looks
        self._count = years
        self._portrait = Portrait(portrait, images, looks)
        self._name = label(role="question", wraps=True)
        self._name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._meta = label(role="muted", wraps=True)
        self._caption = label(role="meta", wraps=True)
        self._years = Years(images, looks)
        px = looks.current.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._portrait)
        column.addSpacing(px(Space.M))
        column.addWidget(self._name)
        column.addWidget(self._meta)
        column.addSpacing(px(Space.L))
        column.addWidget(self._caption)
        column.addSpacing(px(Space.XS))
        column.addWidget(self._years)

    def show_subject(self, subject: Subject) -> None:
        person = subject.summary.person
        self._portrait.show_face(subject.portrait)
        self._say_name(person.name)
        self._meta.setText(joined(wording.confirmed(subject.summary.confirmed), life(person)))
        self._caption.setText(self.tr("How {name} looked over the years").format(name=person.name))
        self._show_years(subject)

    def show_new(self, name: str) -> None:
        """Somebody who is not in the library yet."""
        self._portrait.show_face(None)
        self._say_name(name)
        self._meta.setText(self.tr("a new person"))
        self._caption.setText("")
        self._years.show_faces(())
        self._years.hide()

    def _say_name(self, name: str) -> None:
        """The question beside it says a very long one in full."""
        self._name.setText(cut(name, _NAME))
        self._name.setToolTip(name)

    def _show_years(self, subject: Subject) -> None:
        faces = spread(subject.exemplars, self._count)
        self._years.show_faces(faces)
        is_worth_it = len(faces) > 1
        self._years.setVisible(is_worth_it)
        self._caption.setVisible(is_worth_it)


class SomeoneElse(QWidget):
    """The other candidates with their keys, and the way to any other name."""

    person_chosen = Signal(int)
    typing_wanted = Signal()

    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self._people: Sequence[PersonId] = ()
        self._question = label(role="meta", wraps=True)
        self._buttons = [AnswerButton(str(FIRST_KEY + place), looks, Kind.CHOICE) for place in range(OTHERS)]
        self._typing = AnswerButton("T", looks, Kind.CHOICE)
        self._typing.say(self.tr("Type a name"))
        self._typing.clicked.connect(self.typing_wanted)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._question)
        for place, button in enumerate(self._buttons):
            button.clicked.connect(lambda place=place: self.choose(place))
            column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._typing, alignment=Qt.AlignmentFlag.AlignLeft)

    def show_people(self, question: str, people: Sequence[tuple[PersonId, str]]) -> None:
        self._question.setText(question)
        self._people = [person_id for person_id, _ in people[:OTHERS]]
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(self._people))
            if place < len(self._people):
                button.say(people[place][1])

    def choose(self, place: int) -> None:
        """Takes the candidate in ``place``, from 0; nothing happens where there is none."""
        if place < len(self._people):
            self.person_chosen.emit(self._people[place])


class MergeSides(QWidget):
    """Two people side by side."""

    def __init__(self, images: ImageLoader, looks: Looks) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Two people who may be one"))
        self._sides = [SubjectCard(images, looks, portrait=200, years=7) for _ in range(2)]
        px = looks.current.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(Space.M), 0, 0)
        row.setSpacing(px(Space.XL))
        for side in self._sides:
            row.addWidget(side, 1, Qt.AlignmentFlag.AlignTop)

    def show_people(self, people: Sequence[Subject]) -> None:
        for side, subject in zip(self._sides, people, strict=False):
            side.show_subject(subject)


def life(person: Person) -> str:
    """``born 1965``, ``1939 – 2004``, or nothing."""
    if person.born and person.died:
        return f"{short_date(person.born)} – {short_date(person.died)}"
    return wording.born(person.born) if person.born else wording.died(person.died) if person.died else ""

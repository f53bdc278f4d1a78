"""What is known about somebody, to be corrected: name, other names, birth and death."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId, Person
from facetagger.operations.session import Session
from facetagger.ui.controls import button, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.review.portrait import Portrait
from facetagger.ui.theme import Space, ThemeManager


@dataclass(frozen=True, slots=True)
class Details:
    """The fields of the dialogue as the user left them."""

    name: str
    aliases: tuple[str, ...]
    born: str
    died: str

    @classmethod
    def of(cls, person: Person) -> Details:
        return cls(person.name, person.aliases, person.born, person.died)


class EditPersonDialog(QDialog):
    def __init__(
        self,
        person: Person,
        portrait: FaceId | None,
        images: ImageLoader,
        theme: ThemeManager,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Edit {name}").format(name=person.name))
        px = theme.current.px
        self.name = _line(person.name)
        self.aliases = _line(", ".join(person.aliases), self.tr("maiden name, nickname"))
        self.born = _line(person.born, self.tr("1965, c. 1930, 1965-04-12"))
        self.died = _line(person.died)
        self._save = button(self.tr("Save"), "primary", self.accept)
        self._save.setDefault(True)
        self.name.textChanged.connect(lambda text: self._save.setEnabled(bool(text.strip())))
        picture = Portrait(96, images, theme)
        picture.show_face(portrait)
        body = QHBoxLayout()
        body.setSpacing(px(Space.XL))
        body.addWidget(picture)
        body.addLayout(self._build_form(px(Space.S)), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.XL), px(Space.XL), px(Space.L))
        column.setSpacing(px(Space.L))
        column.addLayout(body)
        column.addLayout(self._build_buttons(px(Space.S)))
        self.setMinimumWidth(px(480))
        self.name.selectAll()

    def _build_form(self, spacing: int) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(spacing)
        for text, field in (
            (self.tr("Name"), self.name),
            (self.tr("Also known as"), self.aliases),
            (self.tr("Born"), self.born),
            (self.tr("Died"), self.died),
        ):
            caption = label(text, "muted")
            caption.setBuddy(field)
            caption.setMinimumHeight(field.sizeHint().height())
            field.setAccessibleName(text)
            form.addRow(caption, field)
        return form

    def _build_buttons(self, spacing: int) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(spacing)
        buttons.addStretch(1)
        cancel = button(self.tr("Cancel"), on_click=self.reject)
        cancel.setAutoDefault(False)
        buttons.addWidget(cancel)
        buttons.addWidget(self._save)
        return buttons

    @property
    def details(self) -> Details:
        aliases = (" ".join(each.split()) for each in self.aliases.text().split(","))
        return Details(
            " ".join(self.name.text().split()),
            tuple(each for each in aliases if each),
            self.born.text().strip(),
            self.died.text().strip(),
        )


def save_details(session: Session, person: Person, details: Details) -> Change:
    """Writes only what differs; each part is an act of its own, as it stands in the history."""
    before = Details.of(person)
    steps: list[Callable[[], Change]] = []
    if details.name != before.name:
        steps.append(lambda: session.people.rename(person.id, details.name))
    if details.aliases != before.aliases:
        steps.append(lambda: session.people.set_aliases(person.id, details.aliases))
    if (details.born, details.died) != (before.born, before.died):
        steps.append(lambda: session.people.set_dates(person.id, details.born, details.died))
    change = Change()
    for step in steps:
        change |= step()
    return change


def _line(text: str, placeholder: str = "") -> QLineEdit:
    line = QLineEdit(text)
    line.setPlaceholderText(placeholder)
    line.setMaxLength(300)
    return line

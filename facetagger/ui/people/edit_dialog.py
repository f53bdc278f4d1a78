"""What is known about somebody, to be corrected: name, other names, birth and death."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from facetagger.entities import Change, FaceId, Person
from facetagger.errors import FaceTaggerError
from facetagger.operations.naming import name_of_new
from facetagger.operations.session import Session
from facetagger.ui.controls import button, frame, label
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
    """Stays open until what it asks for is in the library; whoever opened it answers with ``accept`` or ``refuse``."""

    save_wanted = Signal(object)
    """Details"""

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
        self.save_button = button(self.tr("Save"), "primary", self._ask_to_save)
        self.save_button.setDefault(True)
        self.name.textChanged.connect(lambda text: self.save_button.setEnabled(bool(text.strip())))
        self._refusal = self._build_refusal()
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
        column.addWidget(self._refusal)
        column.addLayout(self._build_buttons(px(Space.S)))
        self.setMinimumWidth(px(480))
        self.name.selectAll()

    def _ask_to_save(self) -> None:
        """Once: what is asked for twice would stand in the history twice."""
        self.save_button.setEnabled(False)
        self.save_wanted.emit(self.details)

    def refuse(self, error: FaceTaggerError) -> None:
        """Says why it cannot be saved so; what was typed stays."""
        self._reason.setText(str(error))
        self._refusal.setAccessibleName(str(error))
        self._refusal.show()
        self.save_button.setEnabled(True)

    @property
    def refusal(self) -> str:
        """Why the last attempt was refused; empty while there was none."""
        return self._reason.text()

    def _build_refusal(self) -> QFrame:
        refusal = frame("notice")
        self._reason = label(wraps=True, parent=refusal)
        row = QHBoxLayout(refusal)
        row.addWidget(self._reason)
        refusal.hide()
        return refusal

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
        buttons.addWidget(self.save_button)
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
    """Writes only what differs. Raises ``FaceTaggerError`` before anything is written.

    A new spelling of the name and what is known besides are two acts, as they stand in the history.
    """
    before = Details.of(person)
    name = name_of_new(details.name)
    change = Change()
    if (details.aliases, details.born, details.died) != (before.aliases, before.born, before.died):
        change |= session.people.describe(person.id, born=details.born, died=details.died, aliases=details.aliases)
    if name != before.name:
        change |= session.people.rename(person.id, name)
    return change


def _line(text: str, placeholder: str = "") -> QLineEdit:
    line = QLineEdit(text)
    line.setPlaceholderText(placeholder)
    line.setMaxLength(300)
    return line

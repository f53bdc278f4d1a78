"""Everybody as rows: ids in order, looked up when painted; renamed in place, dragged onto one another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, Final

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from facetagger.entities import FaceId, PersonId
from facetagger.library import PersonSummary
from facetagger.ui.images import ImageKey, ImageKind, ImageLoader
from facetagger.ui.people.reading import life_span
from facetagger.ui.words import counted, joined

Index = QModelIndex | QPersistentModelIndex

MIME_TYPE: Final = "application/x-facetagger-people"


class PersonRole(IntEnum):
    PERSON = Qt.ItemDataRole.UserRole.value + 1
    PORTRAIT = Qt.ItemDataRole.UserRole.value + 2
    DETAIL = Qt.ItemDataRole.UserRole.value + 3
    """The line below the name."""


class PeopleModel(QAbstractListModel):
    renamed = Signal(object, str)
    """PersonId and the name the user typed."""
    dropped = Signal(object, object)
    """The PersonIds that were dragged, the PersonId they were dropped on."""

    def __init__(self, images: ImageLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._order: list[PersonId] = []
        self._people: Mapping[PersonId, PersonSummary] = {}
        self._portraits: Mapping[PersonId, FaceId] = {}
        self._rows_of_face: dict[FaceId, int] = {}
        images.loaded.connect(self._repaint)

    def show_people(
        self, order: Sequence[PersonId], people: Mapping[PersonId, PersonSummary], portraits: Mapping[PersonId, FaceId]
    ) -> None:
        """Where only what is said about them differs, nobody moves and the selection stays."""
        is_same = list(order) == self._order
        if not is_same:
            self.beginResetModel()
        self._order, self._people, self._portraits = list(order), people, portraits
        self._rows_of_face = {portraits[each]: row for row, each in enumerate(order) if each in portraits}
        if not is_same:
            self.endResetModel()
        elif order:
            self.dataChanged.emit(self.index(0), self.index(len(order) - 1))

    def person(self, index: Index) -> PersonSummary | None:
        return self._people[self._order[index.row()]] if index.isValid() else None

    def index_of(self, person_id: PersonId) -> QModelIndex:
        return self.index(self._order.index(person_id)) if person_id in self._order else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        summary = self.person(index)
        if summary is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole | Qt.ItemDataRole.ToolTipRole:
                return summary.person.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{summary.person.name}, {self._detail(summary)}"
            case PersonRole.PERSON:
                return summary.person.id
            case PersonRole.PORTRAIT:
                return self._portraits.get(summary.person.id)
            case PersonRole.DETAIL:
                return self._detail(summary)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Asks for the new name; the row changes when the library has it."""
        summary = self.person(index)
        name = " ".join(str(value).split())
        if summary is None or role != Qt.ItemDataRole.EditRole or not name or name == summary.person.name:
            return False
        self.renamed.emit(summary.person.id, name)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return (
            super().flags(index)
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemIsDropEnabled
        )

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.LinkAction

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.LinkAction

    def mimeTypes(self) -> list[str]:
        return [MIME_TYPE]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        ids = " ".join(str(self._order[index.row()]) for index in indexes)
        data.setData(MIME_TYPE, QByteArray(ids.encode()))
        return data

    def canDropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        target = self.person(parent)
        return target is not None and data.hasFormat(MIME_TYPE) and target.person.id not in dragged_people(data)

    def dropMimeData(self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index) -> bool:
        target = self.person(parent)
        if target is None or not self.canDropMimeData(data, action, row, column, parent):
            return False
        self.dropped.emit(dragged_people(data), target.person.id)
        return True

    def _detail(self, summary: PersonSummary) -> str:
        return joined(counted(summary.photos, self.tr("photo"), self.tr("photos")), life_span(summary))

    def _repaint(self, key: ImageKey) -> None:
        row = self._rows_of_face.get(FaceId(key.id)) if key.kind is ImageKind.FACE else None
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.DecorationRole.value])


def dragged_people(data: QMimeData) -> tuple[PersonId, ...]:
    text = bytes(data.data(MIME_TYPE).data()).decode()
    return tuple(PersonId(int(each)) for each in text.split())

"""Face ids for a list view; pictures are asked for when they are painted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from facetagger.entities import FaceId

FACE_ROLE: Final = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()


class FaceListModel(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: list[FaceId] = []

    @property
    def face_ids(self) -> Sequence[FaceId]:
        return self._ids

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == FACE_ROLE:
            return self._ids[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.tr("Face {0} of {1}").format(index.row() + 1, len(self._ids))
        return None

    def show(self, ids: Sequence[FaceId]) -> None:
        """Takes another list: rows that are gone are removed one run at a time, so that the view keeps its place."""
        wanted = set(ids)
        kept = [each for each in self._ids if each in wanted]
        if kept != list(ids[: len(kept)]):
            self.beginResetModel()
            self._ids = list(ids)
            self.endResetModel()
            return
        for row in range(len(self._ids) - 1, -1, -1):
            if self._ids[row] not in wanted:
                self.beginRemoveRows(_ROOT, row, row)
                del self._ids[row]
                self.endRemoveRows()
        if len(ids) > len(kept):
            self.beginInsertRows(_ROOT, len(kept), len(ids) - 1)
            self._ids = list(ids)
            self.endInsertRows()

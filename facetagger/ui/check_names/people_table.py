"""Everybody in figures, the hardest first: how many faces got their name back, who they were taken for, by decade."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from facetagger.entities import PersonId
from facetagger.ui.check_names.reading import PersonFigures
from facetagger.ui.theme import ThemeManager

_Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_FIXED: Final = 4
_ROW: Final = 30
_NAME_WIDTH: Final = 180


class PeopleFiguresModel(QAbstractTableModel):
    """A column for each decade stands behind the fixed ones."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._people: Sequence[PersonFigures] = ()
        self._decades: list[int] = []

    def show_people(self, people: Sequence[PersonFigures]) -> None:
        self.beginResetModel()
        self._people = people
        self._decades = sorted({decade for person in people for decade in person.decades})
        self.endResetModel()

    def person_at(self, row: int) -> PersonId:
        return self._people[row].person_id

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._people)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else _FIXED + len(self._decades)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        fixed = (
            (self.tr("Person"), self.tr("The hardest to tell apart come first")),
            (self.tr("Found"), self.tr("Faces that got this name back when it was hidden")),
            (self.tr("Right when named"), self.tr("Of the faces that were given this name, those it belongs to")),
            (self.tr("Most often taken for"), self.tr("Who else these faces were taken for")),
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return fixed[section][0] if section < _FIXED else f"{self._decades[section - _FIXED]}s"
        if role == Qt.ItemDataRole.ToolTipRole and section < _FIXED:
            return fixed[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._people[index.row()], index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        return None

    def _text(self, person: PersonFigures, column: int) -> str:
        of = self.tr("{0} of {1}")
        match column:
            case 0:
                return person.name
            case 1:
                return of.format(person.found, person.faces)
            case 2:
                return of.format(person.found, person.called) if person.called else "–"
            case 3:
                return person.taken_for
        found = person.decades.get(self._decades[column - _FIXED])
        return "" if found is None else of.format(*found)


class PeopleTable(QTableView):
    """As high as it needs: the page scrolls, not the table. Enter or a double click asks for the person's photos."""

    person_opened = Signal(int)

    def __init__(self, model: PeopleFiguresModel, theme: ThemeManager) -> None:
        super().__init__()
        self._figures, self._theme = model, theme
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.horizontalHeader().setHighlightSections(False)
        self.setAccessibleName(self.tr("Everybody in figures"))
        self.activated.connect(lambda index: self.person_opened.emit(model.person_at(index.row())))
        model.modelReset.connect(self.fit)
        theme.changed.connect(self.fit)

    def fit(self) -> None:
        px = self._theme.current.px
        self.verticalHeader().setDefaultSectionSize(px(_ROW))
        header = self.horizontalHeader()
        self.resizeColumnsToContents()
        if self._figures.columnCount():
            header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
            header.setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
            header.resizeSection(0, max(header.sectionSize(0), px(_NAME_WIDTH)))
        rows = self._figures.rowCount() * px(_ROW)
        self.setFixedHeight(rows + header.sizeHint().height() + self.horizontalScrollBar().sizeHint().height() + px(4))


def _alignment(column: int) -> Qt.AlignmentFlag:
    is_text = column in (0, 3)
    return Qt.AlignmentFlag.AlignVCenter | (Qt.AlignmentFlag.AlignLeft if is_text else Qt.AlignmentFlag.AlignRight)

"""The bar at the top: who we are, search, undo, export, add photos."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QStringListModel, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QCompleter, QFrame, QHBoxLayout, QLineEdit, QListView, QPushButton, QToolButton

from facetagger.ui.actions import Actions, Command
from facetagger.ui.controls import IconButton, IconLabel, button, label
from facetagger.ui.icons import Icon, icon
from facetagger.ui.sidebar import WIDTH
from facetagger.ui.theme import Space, ThemeManager

HEIGHT: Final = 48
_SEARCH_WIDTH: Final = 358
_LEAST_SEARCH: Final = 120
_LEAST_UNDO: Final = 110
_BESIDE_UNDO: Final = 760
"""What the rest of the bar takes; undo's words and the search field share what is left."""
_TYPING_PAUSE_MS: Final = 250


class LastNameCompleter(QCompleter):
    """Completes the words after the last quote, minus or comma, so that several people can be asked for."""

    def splitPath(self, path: str) -> list[str]:
        return [path[_last_term(path) :]]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        widget = self.widget()
        before = widget.text()[: _last_term(widget.text())] if isinstance(widget, QLineEdit) else ""
        return f'{before}"{index.data()}" '


def _last_term(text: str) -> int:
    """Where the term begins that is being typed: after a finished quoted name or a minus."""
    begin = 0
    parts = text.split('"')
    if len(parts) > 2:
        begin = len('"'.join(parts[: len(parts) - (1 if len(parts) % 2 else 2)])) + 1
    while begin < len(text) and text[begin] in ' -"':
        begin += 1
    return begin


class SearchField(QLineEdit):
    """Emits ``searched`` with the text a moment after typing stops, at once on Enter; empty text ends the search."""

    searched = Signal(str)

    def __init__(self, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        self._names = QStringListModel(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TYPING_PAUSE_MS)
        self._timer.timeout.connect(self._search)
        self._glass = QAction(self)
        self.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.setPlaceholderText(self.tr("Search people and dates"))
        self.setAccessibleName(self.tr("Search people and dates"))
        self.setProperty("role", "search")
        self._clear = QAction(self.tr("End the search"), self)
        self._clear.setVisible(False)
        self._clear.triggered.connect(self.finish)
        self.addAction(self._clear, QLineEdit.ActionPosition.TrailingPosition)
        self.setCompleter(self._build_completer())
        self.textEdited.connect(lambda: self._timer.start())
        self.textChanged.connect(self._follow_text)
        self.returnPressed.connect(self._search)
        theme.changed.connect(self._draw)
        self._draw()

    def offer(self, names: Sequence[str]) -> None:
        """The names of the people there are."""
        if self._names.stringList() != list(names):
            self._names.setStringList(list(names))

    def begin(self) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def reset(self) -> None:
        """Empties the field without searching."""
        self._timer.stop()
        self.blockSignals(True)
        self.setText("")
        self.blockSignals(False)
        self._clear.setVisible(False)

    def finish(self) -> None:
        """Empties the field and what it could undo: the window's own undo is meant from here on."""
        self.setText("")

    def event(self, event: QEvent) -> bool:
        """Leaves undo and redo to the window where the field has nothing of its own to take back."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            is_idle_undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            is_idle_redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if is_idle_undo or is_idle_redo:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.finish()
        else:
            super().keyPressEvent(event)

    def _build_completer(self) -> QCompleter:
        completer = LastNameCompleter(self._names, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        popup = QListView()
        popup.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        popup.setTextElideMode(Qt.TextElideMode.ElideRight)
        popup.setProperty("role", "completer")
        completer.setPopup(popup)
        completer.activated.connect(self._search_later)
        return completer

    def _search_later(self) -> None:
        # The completer writes its text after it has told that one was chosen.
        self._timer.start()

    def _follow_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        if not text:
            self._search()

    def _search(self) -> None:
        self._timer.stop()
        self.searched.emit(self.text().strip())

    def _draw(self) -> None:
        self._glass.setIcon(icon(Icon.SEARCH, self._theme.current, "muted", 16))
        self._clear.setIcon(icon(Icon.CLOSE, self._theme.current, "muted", 14))


class TopBar(QFrame):
    def __init__(self, actions: Actions, theme: ThemeManager) -> None:
        super().__init__()
        self._theme = theme
        px = theme.current.px
        self.setProperty("role", "bar")
        self.setProperty("edge", "bottom")
        self.setFixedHeight(px(HEIGHT))
        self.search = SearchField(theme)
        self.search.setMinimumWidth(px(_LEAST_SEARCH))
        self.search.setMaximumWidth(px(_SEARCH_WIDTH))
        self._undo_action = actions[Command.UNDO]
        self._undo = _button_for(self._undo_action, self.tr("Undo"))
        self._undo_action.changed.connect(self._show_undo)
        export = _button_for(actions[Command.EXPORT], self.tr("Export"))
        add = _button_for(actions[Command.ADD_FOLDER], self.tr("Add photos"), "primary")
        row = QHBoxLayout(self)
        row.setContentsMargins(px(Space.L), 0, px(Space.L), 0)
        row.setSpacing(px(Space.M))
        row.addWidget(self._build_name(theme))
        row.addWidget(self.search, 1)
        row.addStretch(1)
        for each in (self._undo, export, add):
            row.addWidget(each)
        self.menu_button = IconButton(Icon.MORE, self.tr("All commands"), theme)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self.menu_button)
        self._show_undo()

    def _build_name(self, theme: ThemeManager) -> QFrame:
        px = theme.current.px
        name = QFrame()
        name.setFixedWidth(px(WIDTH) - px(Space.L) - px(Space.M))
        row = QHBoxLayout(name)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(Space.S))
        row.addWidget(IconLabel(Icon.MARK, theme, "accent"))
        row.addWidget(label("facetagger", "strong"), 1)
        return name

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_undo()

    def _show_undo(self) -> None:
        text = self._undo_action.text()
        px = self._theme.current.px
        room = max(px(_LEAST_UNDO), (self.width() - px(_BESIDE_UNDO)) // 2)
        self._undo.setText(self._undo.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room))
        self._undo.setToolTip(text.replace("&&", "&"))


def _button_for(action: QAction, text: str, role: str = "") -> QPushButton:
    result = button(text, role, action.trigger)
    result.setToolTip(action.toolTip())
    action.enabledChanged.connect(result.setEnabled)
    return result

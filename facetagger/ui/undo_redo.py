"""Undo and redo as commands: they can be asked for as soon as the act was, for they run after it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from facetagger.entities import Change
from facetagger.ui.actions import Actions, Command
from facetagger.ui.bridge import Bridge


class UndoRedo(QObject):
    def __init__(self, bridge: Bridge, actions: Actions, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._actions = bridge, actions
        bridge.act_requested.connect(lambda: actions[Command.UNDO].setEnabled(True))

    def undo(self) -> None:
        history = self._bridge.session.history
        self._bridge.act(lambda: history.undo() if history.undo_entry() else Change())
        self._actions[Command.REDO].setEnabled(True)

    def redo(self) -> None:
        history = self._bridge.session.history
        self._bridge.act(lambda: history.redo() if history.redo_entry() else Change())

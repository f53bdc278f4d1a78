"""What the photo page can do from the keyboard, in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from facetagger.ui.icons import Icon


class Command(Enum):
    BACK = auto()
    PREVIOUS = auto()
    NEXT = auto()
    NAME = auto()
    STRANGER = auto()
    NOT_A_FACE = auto()
    DRAW = auto()
    LOOK_HARDER = auto()
    ROTATE_LEFT = auto()
    ROTATE_RIGHT = auto()
    ZOOM_OUT = auto()
    FIT = auto()
    PIXELS = auto()
    ZOOM_IN = auto()
    PANES = auto()


@dataclass(frozen=True, slots=True)
class CommandRow:
    text: str
    keys: tuple[str, ...]
    icon: Icon | None = None


COMMANDS: Final[dict[Command, CommandRow]] = {
    Command.BACK: CommandRow("Back to the photos", ("Esc",), Icon.BACK),
    Command.PREVIOUS: CommandRow("Previous photo", ("Left", "PgUp"), Icon.PREVIOUS),
    Command.NEXT: CommandRow("Next photo", ("Right", "PgDown"), Icon.NEXT),
    Command.NAME: CommandRow("Confirm or name the face", ("Return", "Enter")),
    Command.STRANGER: CommandRow("Stranger", ("X",), Icon.STRANGER),
    Command.NOT_A_FACE: CommandRow("Not a face", ("Del",), Icon.NOT_A_FACE),
    Command.DRAW: CommandRow("Add a face", ("A",), Icon.DRAW),
    Command.LOOK_HARDER: CommandRow("Look harder for faces", ("L",), Icon.SEARCH),
    Command.ROTATE_LEFT: CommandRow("Turn left", ("Shift+R",), Icon.ROTATE_LEFT),
    Command.ROTATE_RIGHT: CommandRow("Turn right", ("R",), Icon.ROTATE_RIGHT),
    Command.ZOOM_OUT: CommandRow("Smaller", ("Ctrl+-", "-"), Icon.ZOOM_OUT),
    Command.FIT: CommandRow("Whole photo", ("0", "Ctrl+0"), Icon.FIT),
    Command.PIXELS: CommandRow("Every pixel (100 %)", ("1", "Ctrl+1")),
    Command.ZOOM_IN: CommandRow("Larger", ("Ctrl++", "Ctrl+=", "+", "="), Icon.ZOOM_IN),
    Command.PANES: CommandRow("Next part of the page", ("F6",)),
}


def make_actions(owner: QWidget, slots: Mapping[Command, Callable[[], None]]) -> dict[Command, QAction]:
    """One QAction per command, with its keys, working while the focus is inside ``owner``."""
    actions: dict[Command, QAction] = {}
    for command, row in COMMANDS.items():
        action = QAction(QCoreApplication.translate("Commands", row.text), owner)
        action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{action.text()} ({keys})")
        action.triggered.connect(slots[command])
        owner.addAction(action)
        actions[command] = action
    return actions

"""Every command of the window with its words, shortcut, icon and menu, in one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from facetagger.ui.icons import Icon, icon
from facetagger.ui.theme import ThemeManager


class Command(StrEnum):
    ADD_FOLDER = "add_folder"
    ADD_FILES = "add_files"
    LOOK_HARDER = "look_harder"
    FOUND_NAMES = "found_names"
    EXPORT = "export"
    CHECK = "check"
    QUIT = "quit"
    UNDO = "undo"
    REDO = "redo"
    FIND = "find"
    PREFERENCES = "preferences"
    SHOW_PHOTOS = "show_photos"
    SHOW_REVIEW = "show_review"
    SHOW_PEOPLE = "show_people"
    SHOW_GROUPS = "show_groups"
    CHECK_NAMES = "check_names"
    SORT_BY_DATE = "sort_by_date"
    SORT_BY_NAME = "sort_by_name"
    SORT_BY_ADDED = "sort_by_added"
    LARGER = "larger"
    SMALLER = "smaller"
    FULL_SCREEN = "full_screen"
    SHORTCUTS = "shortcuts"
    ABOUT = "about"


class Menu(StrEnum):
    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    HELP = "&Help"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a menu; ``begins_group`` draws a line above it."""

    command: Command
    menu: Menu
    text: str
    shortcuts: tuple[str, ...] = ()
    icon: Icon | None = None
    begins_group: bool = False
    is_choice: bool = False
    """It stays on or off."""
    role: QAction.MenuRole = QAction.MenuRole.NoRole


TABLE: Final = (
    Entry(Command.ADD_FOLDER, Menu.FILE, "Add a folder of photos…", ("Ctrl+O",), Icon.FOLDER),
    Entry(Command.ADD_FILES, Menu.FILE, "Add single photos…", ("Ctrl+Shift+O",), Icon.ADD),
    Entry(Command.LOOK_HARDER, Menu.FILE, "Look harder when adding photos", is_choice=True),
    Entry(Command.FOUND_NAMES, Menu.FILE, "Names from other programs…", (), Icon.PERSON),
    Entry(Command.EXPORT, Menu.FILE, "Export…", ("Ctrl+E",), Icon.EXPORT, begins_group=True),
    Entry(Command.CHECK, Menu.FILE, "Check the library", (), Icon.LOCK),
    Entry(Command.QUIT, Menu.FILE, "Quit", ("Ctrl+Q",), begins_group=True, role=QAction.MenuRole.QuitRole),
    Entry(Command.UNDO, Menu.EDIT, "Undo", ("Ctrl+Z",), Icon.UNDO),
    Entry(Command.REDO, Menu.EDIT, "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), Icon.REDO),
    Entry(Command.FIND, Menu.EDIT, "Search people and dates", ("Ctrl+F",), Icon.SEARCH, begins_group=True),
    Entry(
        Command.PREFERENCES,
        Menu.EDIT,
        "Preferences…",
        ("Ctrl+,",),
        Icon.SETTINGS,
        begins_group=True,
        role=QAction.MenuRole.PreferencesRole,
    ),
    Entry(Command.SHOW_PHOTOS, Menu.VIEW, "All photos", ("Alt+1",), Icon.PHOTOS),
    Entry(Command.SHOW_REVIEW, Menu.VIEW, "Review", ("Alt+2",), Icon.REVIEW),
    Entry(Command.SHOW_PEOPLE, Menu.VIEW, "People", ("Alt+3",), Icon.PEOPLE),
    Entry(Command.SHOW_GROUPS, Menu.VIEW, "Unknown groups", ("Alt+4",), Icon.GROUPS),
    Entry(Command.CHECK_NAMES, Menu.VIEW, "Check the names", ("Alt+5",), Icon.CHECK),
    Entry(Command.SORT_BY_DATE, Menu.VIEW, "Sort by date", (), Icon.SORT, begins_group=True),
    Entry(Command.SORT_BY_NAME, Menu.VIEW, "Sort by name"),
    Entry(Command.SORT_BY_ADDED, Menu.VIEW, "Sort by when added"),
    Entry(Command.LARGER, Menu.VIEW, "Larger pictures", ("Ctrl++", "Ctrl+="), Icon.ZOOM_IN, begins_group=True),
    Entry(Command.SMALLER, Menu.VIEW, "Smaller pictures", ("Ctrl+-",), Icon.ZOOM_OUT),
    Entry(Command.FULL_SCREEN, Menu.VIEW, "Full screen", ("F11",), Icon.FIT),
    Entry(Command.SHORTCUTS, Menu.HELP, "Keyboard shortcuts", ("F1",), Icon.KEYBOARD),
    Entry(Command.ABOUT, Menu.HELP, "About facetagger", (), Icon.INFO, role=QAction.MenuRole.AboutRole),
)


class Actions(QObject):
    """The QActions of the table; the window says what each does with ``connect``."""

    def __init__(self, theme: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self._actions = {entry.command: self._make(entry) for entry in TABLE}
        theme.changed.connect(self._draw_icons)
        self._draw_icons()

    def __getitem__(self, command: Command) -> QAction:
        return self._actions[command]

    def all(self) -> list[QAction]:
        return list(self._actions.values())

    def connect_to(self, command: Command, slot: Callable[[], object]) -> None:
        self._actions[command].triggered.connect(lambda: slot())

    def fill(self, menus: QMenuBar | QMenu) -> None:
        """A menu bar, or one menu that has the menus below it."""
        for menu in Menu:
            target = menus.addMenu(_tr(menu.value))
            for entry in (each for each in TABLE if each.menu is menu):
                if entry.begins_group:
                    target.addSeparator()
                target.addAction(self._actions[entry.command])

    def say_history(self, undo: str | None, redo: str | None, *, is_acting: bool = False) -> None:
        """The texts of what would be undone and redone; None where there is nothing. While acts are under way, what
        is known may be from before them, so nothing is switched off."""
        for command, word, text in ((Command.UNDO, "Undo", undo), (Command.REDO, "Redo", redo)):
            action = self._actions[command]
            action.setEnabled(text is not None or (is_acting and action.isEnabled()))
            action.setText(_tr(word) if text is None else f"{_tr(word)}: {text.replace('&', '&&')}")

    def _make(self, entry: Entry) -> QAction:
        action = QAction(_tr(entry.text), self)
        action.setCheckable(entry.is_choice)
        action.setShortcuts([QKeySequence(each) for each in entry.shortcuts])
        action.setMenuRole(entry.role)
        return action

    def _draw_icons(self) -> None:
        for entry in TABLE:
            if entry.icon is not None:
                self._actions[entry.command].setIcon(icon(entry.icon, self._theme.current, "muted", 16))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)

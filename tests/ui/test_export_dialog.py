"""Exporting from the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from facetagger import paths, settings
from facetagger.ui.bridge import Bridge
from facetagger.ui.dialogs.export import ExportDialog
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import ThemeManager


@pytest.fixture
def dialog(qtbot: QtBot, bridge: Bridge, theme: ThemeManager, preferences: Preferences) -> ExportDialog:
    made = ExportDialog(bridge, theme, preferences)
    qtbot.addWidget(made)
    return made


def test_a_table_is_written_into_the_folder_chosen(qtbot: QtBot, dialog: ExportDialog, tmp_path: Path) -> None:
    dialog.show_folder(tmp_path / "out")
    dialog.choose_format("csv")
    dialog.start()
    qtbot.waitUntil(lambda: dialog.outcome.startswith("Done"))
    written = list((tmp_path / "out").glob("*.csv"))
    assert len(written) == 1
    assert "Anna" in written[0].read_text(encoding="utf-8")
    assert settings.load(paths.settings_file()).last_export_folder == str(tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_told_in_the_dialog(
    qtbot: QtBot, dialog: ExportDialog, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    dialog.show_folder(tmp_path / "file" / "below")
    dialog.choose_format("json")
    dialog.start()
    qtbot.waitUntil(lambda: dialog.outcome not in ("", "Writing…"))
    assert not dialog.outcome.startswith("Done")


def test_everything_or_one_album_or_one_persons_photos_can_be_chosen(qtbot: QtBot, dialog: ExportDialog) -> None:
    choice = dialog.findChildren(QComboBox)[0]
    qtbot.waitUntil(lambda: choice.count() == 4)
    assert [choice.itemText(row) for row in range(4)] == [
        "Everything",
        "Album: Beach",
        "Album: Shoe box",
        "Photos of Anna",
    ]

"""The preferences: how the window looks, which networks are used. They take effect at once."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from facetagger.ui.controls import button, label
from facetagger.ui.dialogs.models_panel import ModelsPanel
from facetagger.ui.face_reading import FaceReading
from facetagger.ui.model_choice import ModelChoice
from facetagger.ui.preferences import Preferences
from facetagger.ui.theme import Space, ThemeChoice, ThemeManager


class PreferencesDialog(QDialog):
    def __init__(
        self,
        preferences: Preferences,
        theme: ThemeManager,
        models: ModelChoice,
        reading: FaceReading,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._preferences, self._theme = preferences, theme
        px = theme.current.px
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Preferences"))
        column = QVBoxLayout(self)
        column.setContentsMargins(px(Space.XL), px(Space.L), px(Space.XL), px(Space.L))
        column.setSpacing(px(Space.S))
        column.addWidget(label(self.tr("Appearance"), "heading"))
        self._group = QButtonGroup(self)
        for choice, text in {
            ThemeChoice.SYSTEM: self.tr("Like the system"),
            ThemeChoice.LIGHT: self.tr("Light"),
            ThemeChoice.DARK: self.tr("Dark"),
        }.items():
            option = QRadioButton(text)
            option.setChecked(choice is theme.choice)
            option.toggled.connect(lambda is_on, choice=choice: self._choose(choice) if is_on else None)
            self._group.addButton(option)
            column.addWidget(option)
            if option.isChecked():
                option.setFocus()
        column.addSpacing(px(Space.M))
        self.models = ModelsPanel(models, reading, theme)
        column.addWidget(self.models)
        column.addSpacing(px(Space.M))
        column.addStretch()
        row = QHBoxLayout()
        row.addStretch()
        done = button(self.tr("Done"), "primary", self.accept)
        done.setDefault(True)
        row.addWidget(done)
        column.addLayout(row)
        self.setMinimumWidth(px(640))

    def _choose(self, choice: ThemeChoice) -> None:
        self._preferences.update(theme=choice.value)
        self._theme.choose(choice)

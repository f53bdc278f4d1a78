"""By which network faces are recognised, and found: a part of the preferences."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QProgressBar,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from facetagger.ui import words
from facetagger.ui.controls import ElidedLabel, IconLabel, button, frame, label
from facetagger.ui.face_reading import FaceReading
from facetagger.ui.icons import Icon
from facetagger.ui.model_choice import ModelChoice
from facetagger.ui.theme import Space, ThemeManager

if TYPE_CHECKING:
    from facetagger.operations.models import Model

_ROW: Final = 50
_HIGHEST_LIST: Final = 340


class ModelsPanel(QWidget):
    def __init__(self, choice: ModelChoice, reading: FaceReading, theme: ThemeManager) -> None:
        super().__init__()
        self._choice, self._reading, self._theme = choice, reading, theme
        px = theme.current.px
        self._rows = QVBoxLayout()
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(px(Space.XS))
        self._install = button(self.tr("Install from a file…"), "", self.choose_file)
        self._word = label(choice.word, wraps=True)
        self._progress = label("", "muted", wraps=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = button(self.tr("Stop"), "quiet", reading.stop)
        self._go_on = button(self.tr("Go on"), "quiet", reading.go_on)
        self._lay_out()
        choice.listed.connect(self._show_models)
        choice.said.connect(self._say)
        reading.moved.connect(self._show_reading)
        self._say(choice.word)
        self._show_reading()
        choice.read()

    @property
    def word(self) -> str:
        """What came of the last thing that was asked for."""
        return self._word.text()

    @property
    def progress_text(self) -> str:
        return self._progress.text()

    def choose_file(self) -> None:
        file, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Choose a face network"),
            "",
            self.tr("Networks (*.onnx *.h5 *.hdf5 *.keras);;All files (*)"),
        )
        if file:
            self._choice.install(Path(file))

    def _lay_out(self) -> None:
        px = self._theme.current.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(Space.S))
        content = QWidget()
        content.setLayout(self._rows)
        column.addWidget(_Fitting(content, px(_HIGHEST_LIST)))
        reading = QHBoxLayout()
        reading.setSpacing(px(Space.S))
        reading.addWidget(self._progress, 1)
        for each in (self._stop, self._go_on):
            reading.addWidget(each)
        column.addLayout(reading)
        column.addWidget(self._bar)
        column.addWidget(self._word)
        row = QHBoxLayout()
        row.addWidget(self._install)
        row.addStretch()
        column.addLayout(row)

    def _show_models(self, models: list[Model]) -> None:
        """The rows anew; the keyboard stays at the same button where that is still there."""
        focused = self.focusWidget()
        place = focused.objectName() if focused is not None and focused.hasFocus() else ""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)
                widget.deleteLater()
        embedders = [each for each in models if each.dimensions]
        detectors = [each for each in models if not each.dimensions]
        self._add_part(
            self.tr("Faces are recognised by"),
            self.tr("Another one reads every face anew, in the background. Names stay; undo takes it back.")
            if len(embedders) > 1
            else self.tr("It comes with the program. Other face networks can be installed from a file."),
            embedders,
        )
        if len(detectors) > 1:
            self._rows.addSpacing(self._theme.current.px(Space.S))
            self._add_part(
                self.tr("Faces are found by"), self.tr("Counts for photos that are added from now on."), detectors
            )
        if place:
            self._focus(place)

    def _focus(self, place: str) -> None:
        found = self.findChild(QWidget, place)
        if found is None or not found.isEnabled():
            found = self._install
        found.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_part(self, heading: str, hint: str, models: list[Model]) -> None:
        self._rows.addWidget(label(heading, "heading"))
        self._rows.addWidget(label(hint, "muted", wraps=True))
        for model in models:
            row = ModelRow(model, self._theme)
            row.use.clicked.connect(partial(self._choice.use, model))
            row.remove.clicked.connect(partial(self._ask_to_remove, model))
            self._rows.addWidget(row)

    def _ask_to_remove(self, model: Model) -> None:
        text = self.tr("Remove “{0}”?").format(model.title)
        box = QMessageBox(QMessageBox.Icon.NoIcon, "facetagger", text, parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setInformativeText(
            self.tr("The program’s copy of the file is deleted. To use it again, install it again; no name is touched.")
        )
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        remove = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        remove.clicked.connect(partial(self._choice.remove, model))
        box.setEscapeButton(keep)
        box.setDefaultButton(keep)
        box.open()

    def _say(self, word: str) -> None:
        is_installing = self._choice.installing is not None
        self._word.setText(word)
        self._word.setVisible(bool(word))
        self._install.setEnabled(not is_installing)
        self._show_reading()

    def _show_reading(self) -> None:
        reading, progress = self._reading, self._reading.progress
        text = ""
        if progress is not None:
            text = words.reading_faces(progress)
        elif reading.is_waiting:
            text = self.tr("The faces are read when the photos are added.")
        elif reading.is_stopped:
            text = self.tr("Some faces are not read yet, so they have no suggestions. All names stay.")
        self._progress.setText(text)
        self._progress.setVisible(bool(text))
        self._stop.setVisible(progress is not None)
        self._go_on.setVisible(bool(text) and reading.is_stopped)
        self._bar.setVisible(progress is not None or self._choice.installing is not None)
        self._bar.setRange(0, 0 if progress is None else progress.total)
        self._bar.setValue(0 if progress is None else progress.done)


class ModelRow(QWidget):
    """One network: its name, what it is, and what can be done with it."""

    def __init__(self, model: Model, theme: ThemeManager) -> None:
        super().__init__()
        px = theme.current.px
        card = frame("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(px(Space.M), px(Space.S), px(Space.M), px(Space.S))
        card.setMinimumHeight(px(_ROW))
        row.setSpacing(px(Space.S))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        title, about = (ElidedLabel(role, Qt.TextElideMode.ElideRight) for role in ("strong", "meta"))
        title.setText(model.title)
        about.setText(about_model(model))
        texts.addWidget(title)
        texts.addWidget(about)
        row.addLayout(texts, 1)
        self.use = button(self.tr("Use this one"))
        self.use.setObjectName(f"use {model.id}")
        self.use.setAccessibleName(self.tr("Use {0}").format(model.title))
        self.remove = button(self.tr("Remove…"), "quiet")
        self.remove.setObjectName(f"remove {model.id}")
        self.remove.setAccessibleName(self.tr("Remove {0}").format(model.title))
        if model.is_used:
            row.addWidget(IconLabel(Icon.CHECK, theme, "accent"))
            row.addWidget(label(self.tr("In use")))
            self.remove.setToolTip(self.tr("It is in use: use another one first."))
        row.addWidget(self.use)
        row.addWidget(self.remove)
        self.use.setVisible(not model.is_used)
        self.remove.setVisible(not model.is_built_in)
        self.remove.setEnabled(not model.is_used)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(Space.XS), 0, 0)
        column.addWidget(card)


class _Fitting(QScrollArea):
    """As high as its content, up to ``highest`` pixels; then it scrolls."""

    def __init__(self, content: QWidget, highest: int) -> None:
        super().__init__()
        self._content, self._highest = content, highest
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:
        content = self._content
        height = content.heightForWidth(self.viewport().width()) if content.hasHeightForWidth() else -1
        return QSize(content.sizeHint().width(), min(max(height, content.minimumSizeHint().height()), self._highest))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)


def about_model(model: Model) -> str:
    """What a network is, in one line."""
    return words.joined(
        model.network,
        f"{model.dimensions} numbers a face" if model.dimensions else "",
        f"licence {model.licence}" if model.licence else "licence not stated",
        "built in" if model.is_built_in else "",
    )

"""The line above the question: which one it is, and how far the whole library has come."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QWidget

from facetagger.ui.controls import ElidedLabel, label
from facetagger.ui.review import wording
from facetagger.ui.review.look import Looks
from facetagger.ui.review.reading import Standing
from facetagger.ui.theme import Space


class Heading(QWidget):
    def __init__(self, looks: Looks) -> None:
        super().__init__()
        self._looks = looks
        self._title = label(self.tr("Review"), "heading")
        self._position = ElidedLabel("muted", Qt.TextElideMode.ElideRight)
        self._standing = label(role="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Faces settled"))
        self._bar.hide()
        px = looks.current.px
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(Space.M))
        row.addWidget(self._title)
        row.addWidget(self._position, 1)
        row.addWidget(self._standing)
        row.addWidget(self._bar, alignment=Qt.AlignmentFlag.AlignVCenter)
        looks.changed.connect(self._restyle)
        self._restyle()

    def show_position(self, number: int, gain: float) -> None:
        self._position.setText(wording.position(number, gain))

    def clear_position(self) -> None:
        self._position.setText("")

    def show_standing(self, standing: Standing) -> None:
        for each in (self._standing, self._bar):
            each.setVisible(standing.faces > 0)
        self._standing.setText(wording.progress(standing.settled, standing.faces))
        self._bar.setRange(0, max(standing.faces, 1))
        self._bar.setValue(standing.settled)

    def _restyle(self) -> None:
        self._bar.setFixedWidth(self._looks.current.px(160))

"""What was found, from what to do down to the figures: likely mistakes, suggestions, charts, everybody."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from facetagger.entities import FaceId
from facetagger.recognition.recogniser import LEAST_PROBABILITY
from facetagger.ui.check_names import wording
from facetagger.ui.check_names.charts import CertaintyChart, DecadeChart
from facetagger.ui.check_names.mistake_card import MistakeCard
from facetagger.ui.check_names.people_table import PeopleFiguresModel, PeopleTable
from facetagger.ui.check_names.reading import CheckedNames, found_by_decade
from facetagger.ui.controls import button, frame, label
from facetagger.ui.images import ImageLoader
from facetagger.ui.theme import Space, ThemeManager

_USUAL = round(100 * LEAST_PROBABILITY)


class Results(QWidget):
    """The signals of the cards carry their ``Suspect``."""

    photo_wanted = Signal(object)
    denied = Signal(object)
    renamed = Signal(object)
    kept = Signal(object)
    threshold_chosen = Signal(object)
    """A probability, or None for the usual one."""

    def __init__(self, images: ImageLoader, theme: ThemeManager) -> None:
        super().__init__()
        self._images, self._theme = images, theme
        self._checked: CheckedNames | None = None
        self.cards: list[MistakeCard] = []
        self.accuracy, self._limits = label("", "question", wraps=True), label("", "muted", wraps=True)
        self.mistakes_heading, self._nothing = label("", "heading"), label(wording.nothing_suspected(), "muted")
        self._cards = QVBoxLayout()
        self.offer = label("", wraps=True)
        self.use_offer = button("", "", self._use_offer)
        self.use_usual = button("", "quiet", lambda: self.threshold_chosen.emit(None))
        self.certainty, self.decades = CertaintyChart(theme), DecadeChart(theme)
        self._decades_heading = label(self.tr("Names found, decade by decade"), "strong")
        self.figures = PeopleFiguresModel(self)
        self.table = PeopleTable(self.figures, theme)
        self._lay_out()

    def show_checked(self, checked: CheckedNames) -> None:
        self._checked = checked
        measured = checked.evaluation.measured
        self.accuracy.setText(wording.accuracy_text(checked))
        self._limits.setText(wording.limits_text(checked))
        self.certainty.show_answers(measured.report.right, measured.report.wrong)
        decades = found_by_decade(checked.people)
        self.decades.show_decades(decades)
        for each in (self.decades, self._decades_heading):
            each.setVisible(bool(decades))
        self.figures.show_people(checked.people)
        self._make_cards(checked)
        self.keep_only({each.face_id for each in checked.suspects}, checked.evaluation.threshold)

    def keep_only(self, faces: AbstractSet[FaceId], threshold: float) -> None:
        """Hides what was corrected or found right, and says how suggestions are chosen now."""
        if self._checked is None:
            return
        for card in self.cards:
            card.setEnabled(True)
            card.setVisible(card.suspect.face_id in faces)
        more = len(self._checked.evaluation.mistakes) - len(self._checked.suspects)
        self.mistakes_heading.setText(wording.mistakes_heading(len(faces), more))
        self._nothing.setVisible(not faces)
        offer = self._checked.evaluation.measured.offer
        self.offer.setText(wording.offer_text(offer, threshold))
        self.use_offer.setVisible(wording.is_offered(offer, threshold))
        if offer is not None:
            self.use_offer.setText(self.tr("Use the limit of {0}").format(round(100 * offer.probability)))
        self.use_usual.setText(self.tr("Back to the usual limit of {0}").format(_USUAL))
        self.use_usual.setVisible(round(100 * threshold) != _USUAL)

    def _make_cards(self, checked: CheckedNames) -> None:
        for card in self.cards:
            self._cards.removeWidget(card)
            card.hide()
            card.deleteLater()
        self.cards = [MistakeCard(each, checked, self._images, self._theme) for each in checked.suspects]
        for card in self.cards:
            suspect = card.suspect
            card.photo_wanted.connect(lambda suspect=suspect: self.photo_wanted.emit(suspect))
            card.denied.connect(lambda suspect=suspect: self.denied.emit(suspect))
            card.renamed.connect(lambda suspect=suspect: self.renamed.emit(suspect))
            card.kept.connect(lambda suspect=suspect: self.kept.emit(suspect))
            self._cards.addWidget(card)

    def _lay_out(self) -> None:
        px = self._theme.current.px
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, px(Space.XL), px(Space.XL))
        column.setSpacing(px(Space.S))
        column.addWidget(self.accuracy)
        column.addWidget(self._limits)
        column.addSpacing(px(Space.L))
        column.addWidget(self.mistakes_heading)
        column.addWidget(self._nothing)
        self._cards.setSpacing(px(Space.S))
        column.addLayout(self._cards)
        column.addSpacing(px(Space.L))
        column.addWidget(label(self.tr("Suggestions"), "heading"))
        column.addWidget(self._build_offer())
        column.addSpacing(px(Space.L))
        column.addLayout(self._build_charts())
        column.addSpacing(px(Space.L))
        column.addWidget(label(self.tr("Everybody, the hardest first"), "heading"))
        column.addWidget(self.table)
        column.addStretch()

    def _build_offer(self) -> QWidget:
        px = self._theme.current.px
        card = frame("card")
        column = QVBoxLayout(card)
        column.setContentsMargins(px(Space.L), px(Space.M), px(Space.L), px(Space.M))
        column.setSpacing(px(Space.M))
        column.addWidget(self.offer)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(Space.S))
        buttons.addWidget(self.use_offer)
        buttons.addWidget(self.use_usual)
        buttons.addStretch()
        column.addLayout(buttons)
        return card

    def _build_charts(self) -> QHBoxLayout:
        px = self._theme.current.px
        row = QHBoxLayout()
        row.setSpacing(px(2 * Space.XL))
        certainty = label(self.tr("How sure the answers were"), "strong")
        for heading, chart in ((certainty, self.certainty), (self._decades_heading, self.decades)):
            column = QVBoxLayout()
            column.setSpacing(px(Space.S))
            column.addWidget(heading)
            column.addWidget(chart)
            row.addLayout(column, 1)
        return row

    def _use_offer(self) -> None:
        if self._checked is not None and self._checked.evaluation.measured.offer is not None:
            self.threshold_chosen.emit(self._checked.evaluation.measured.offer.probability)

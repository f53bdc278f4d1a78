"""Names that other programs left in photos: one question for all of them when an import has found some."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QObject

from facetagger.entities import Change, FaceId, name_key
from facetagger.errors import FaceTaggerError
from facetagger.jobs.lanes import Lane
from facetagger.operations.found_names import Offer
from facetagger.ui import words
from facetagger.ui.bridge import Bridge
from facetagger.ui.question_bar import QuestionBar
from facetagger.ui.theme import ThemeManager

_MOST_NAMES: Final = 6


class FoundNamesQuestion(QObject):
    """Asks once; the menu asks again, and every photo shows the names at its faces."""

    def __init__(self, bridge: Bridge, theme: ThemeManager, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._asked: frozenset[FaceId] = frozenset()
        answers = ((self.tr("Take over"), self.take), (self.tr("Not now"), self.wait))
        self.bar = QuestionBar(theme, answers)
        self.bar.close_button.hide()
        bridge.import_finished.connect(self._look)

    def take(self) -> None:
        self._bridge.act(self._bridge.session.found_names.take, self._done, self._explain)

    def wait(self) -> None:
        self.bar.hide()

    def ask_again(self) -> None:
        """Asks about everything that is not taken over, or says that there is nothing."""
        self._fetch(is_wanted=True)

    def _look(self, _report: object) -> None:
        self._fetch(is_wanted=False)

    def _fetch(self, *, is_wanted: bool) -> None:
        found_names = self._bridge.session.found_names
        self._bridge.fetch(Lane.LIBRARY, found_names.offer, lambda offer: self._ask(offer, is_wanted), key=self)

    def _ask(self, offer: Offer, is_wanted: bool) -> None:
        if not offer.names:
            self.bar.hide()
            if is_wanted:
                self._bridge.report(_nothing_found(self))
        elif is_wanted or not offer.faces <= self._asked:
            self._asked = offer.faces
            self.bar.ask(_question(self, offer))
            self.bar.explain(_who(self, offer))

    def _done(self, _change: Change) -> None:
        self.bar.hide()

    def _explain(self, error: FaceTaggerError) -> None:
        self.bar.explain(str(error))


def _question(context: QObject, offer: Offer) -> str:
    photos = words.counted(len(offer.photos), "photo", "photos")
    faces = words.counted(len(offer.faces), "face", "faces")
    people = words.counted(offer.people, "person", "people")
    text = context.tr("Names from other programs were found in {photos}: {faces} of {people}. Take them over?")
    return text.format(photos=photos, faces=faces, people=people)


def _who(context: QObject, offer: Offer) -> str:
    """The first names, so that one knows what is meant."""
    names = list({name_key(each.name): each.name for each in offer.names}.values())
    shown = ", ".join(names[:_MOST_NAMES])
    rest = len(names) - _MOST_NAMES
    return context.tr("{names} and {count} more").format(names=shown, count=rest) if rest > 0 else shown


def _nothing_found(context: QObject) -> FaceTaggerError:
    return FaceTaggerError(
        context.tr("No names from other programs are waiting."),
        hint=context.tr("They are found when photos are added in which digiKam, Picasa or Lightroom left some."),
    )

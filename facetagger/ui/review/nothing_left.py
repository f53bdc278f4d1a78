"""What stands in place of a question when there is none, and what can be done about it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from facetagger.ui.message_page import MessagePage
from facetagger.ui.review.queue import ReviewQueue
from facetagger.ui.review.reading import Standing


class NothingLeft(MessagePage):
    skipped_wanted = Signal()
    photos_wanted = Signal()
    add_photos_wanted = Signal()

    def say_why(self, queue: ReviewQueue, standing: Standing) -> None:
        see_photos = self.photos_wanted.emit
        if not queue.is_loaded:
            self.say("")
        elif queue.skipped():
            self.say(
                self.tr("Everything else has been asked."), self.tr("Ask what I put off"), self.skipped_wanted.emit
            )
        elif not standing.photos:
            self.say(self.tr("There are no photos yet."), self.tr("Add photos"), self.add_photos_wanted.emit)
        elif standing.is_settled:
            self.say(self.tr("Every face has been settled."), self.tr("See the photos"), see_photos)
        elif not standing.people:
            self.say(self.tr("Nothing to ask yet: name a few faces first."), self.tr("Open the photos"), see_photos)
        else:
            sentence = self.tr("Nothing to ask just now: the faces that are left look like nobody you have named.")
            self.say(sentence, self.tr("Open the photos"), see_photos)

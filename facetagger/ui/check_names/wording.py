"""The sentences of the page: what was counted, and nothing that was not."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication

from facetagger.jobs.progress import Progress
from facetagger.recognition.evaluation_report import FEWEST_SUGGESTIONS, SuggestionReport
from facetagger.ui.check_names.reading import CheckedNames, Suspect
from facetagger.ui.words import counted, joined, number, remaining

_FEW: Final = 100


def progress_text(progress: Progress) -> str:
    share = f"{round(100 * progress.fraction)} %" if progress.total else ""
    return joined(_tr("Hiding one name after another"), share, remaining(progress.seconds_left))


def accuracy_text(checked: CheckedNames) -> str:
    report = checked.evaluation.measured.report
    right = len(report.right)
    if right == report.faces:
        return _tr("All {0} faces got their own name back when it was hidden.").format(number(report.faces))
    return _tr("{0} of {1} faces got their own name back when it was hidden.").format(
        number(right), number(report.faces)
    )


def limits_text(checked: CheckedNames) -> str:
    """What the sentence before does not say."""
    measured = checked.evaluation.measured
    parts = [_tr("This tells how well these people are told apart in these photos, not how it goes with others.")]
    if measured.report.faces < _FEW:
        parts.append(_tr("So few faces make a rough figure."))
    if measured.single_faces:
        people = counted(measured.single_faces, _tr("person has"), _tr("people have"))
        parts.append(_tr("{0} only one named face and could not be asked about.").format(people))
    return " ".join(parts)


def mistakes_heading(count: int, more: int) -> str:
    if not count:
        return _tr("No name looks wrong")
    faces = counted(count, _tr("face may"), _tr("faces may"))
    heading = _tr("{0} have a wrong name").format(faces)
    return heading if not more else joined(heading, _tr("{0} more after these").format(number(more)))


def nothing_suspected() -> str:
    return _tr("Every named face looks like others of the same name. A wrong name can still hide among lookalikes.")


def suspicion(suspect: Suspect, checked: CheckedNames) -> str:
    other = suspect.mistake.other
    if other is None:
        return _tr("Looks like none of the others")
    return _tr("Looks like {0}").format(checked.name(other))


def offer_text(offer: SuggestionReport | None, threshold: float) -> str:
    """Probabilities are told as so many in a hundred."""
    now = _tr("A suggestion is shown where the program expects to be right at least {0} times in 100.").format(
        round(100 * threshold)
    )
    if offer is None:
        why = _tr(
            "These names cannot tell which limit would make 97 of 100 suggestions right: that takes {0} suggestions "
            "to count, and so many right ones among them."
        ).format(FEWEST_SUGGESTIONS)
        return f"{now} {why}"
    found = _tr(
        "In the trial, where every second face was of somebody it did not know, {0} of {1} suggestions were right "
        "with a limit of {2}, and {3} in 100 of the known faces got one."
    ).format(number(offer.right), number(offer.suggestions), round(100 * offer.probability), round(100 * offer.reached))
    return f"{now} {found}"


def is_offered(offer: SuggestionReport | None, threshold: float) -> bool:
    return offer is not None and round(100 * offer.probability) != round(100 * threshold)


def _tr(text: str) -> str:
    return QCoreApplication.translate("CheckNames", text)

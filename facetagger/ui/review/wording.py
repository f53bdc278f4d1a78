"""What the review page says about a question: its title, its hint, and what each answer does. Pure functions."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from facetagger.recognition.questions import QuestionKind, Reason
from facetagger.ui.review.handful import Handful


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of one question. An answer whose label is empty does not exist for this kind of question."""

    title: str
    hint: str
    yes: str
    no: str
    is_yes_possible: bool = True
    is_no_possible: bool = True


def labels(handful: Handful, name: str, other_name: str = "") -> Labels:
    """``name`` is who the question is about, ``other_name`` the second person of a merge."""
    match handful.kind:
        case QuestionKind.CONFIRM:
            return _confirm(handful, name)
        case QuestionKind.IGNORE:
            return _strangers(handful)
        case QuestionKind.MERGE:
            return _merge(name, other_name)
        case QuestionKind.NAME:
            return _name(handful)


def _confirm(handful: Handful, name: str) -> Labels:
    kept, faces = len(handful.kept), len(handful.faces)
    title = _tr("Is this {name}?") if faces == 1 else _tr("Are all of these {name}?")
    hint = (
        _tr("Space shows the photo on its own.")
        if faces == 1
        else _joined(_doubt(handful), _tr("Click the ones that are not. Space shows the whole photo."))
    )
    return Labels(title.format(name=name), hint, _yes(handful, name), _none(faces), kept > 0 or bool(handful.given))


def _yes(handful: Handful, name: str) -> str:
    kept, faces = len(handful.kept), len(handful.faces)
    if kept == 0:
        given = len(handful.given)
        return _tr("Name the crossed-out face") if given == 1 else _tr("Name the {n} crossed-out faces").format(n=given)
    if kept == faces:
        return (_tr("Yes, this is {name}") if faces == 1 else _tr("Yes, these {n} are {name}")).format(
            n=kept, name=name
        )
    return (_tr("Yes, this one is {name}") if kept == 1 else _tr("Yes, these {n} are {name}")).format(n=kept, name=name)


def _none(faces: int) -> str:
    return _tr("No") if faces == 1 else _tr("None of them")


def _strangers(handful: Handful) -> Labels:
    kept, faces = len(handful.kept), len(handful.faces)
    title = _tr("Is this a stranger?") if faces == 1 else _tr("Are these all strangers?")
    aside = _tr("Strangers are set aside, and you can always find them again.")
    hint = (
        aside if faces == 1 else _joined(_why_strangers(handful.question.reason), _tr("Click those you know."), aside)
    )
    yes = _tr("Yes, a stranger") if kept == 1 else _tr("Yes, these {n} are strangers").format(n=kept)
    return Labels(title, hint, yes, _tr("No, ask one by one"), kept > 0)


def _why_strangers(reason: Reason | None) -> str:
    match reason:
        case Reason.SEEN_ONCE:
            return _tr("Seen once, and like nobody you have named.")
        case Reason.BACKGROUND:
            return _tr("Small, in the background.")
        case None:
            return ""


def _merge(name: str, other_name: str) -> Labels:
    return Labels(
        _tr("Are these the same person?"),
        _tr("They become one person called {name}. Undo takes them apart again.").format(name=name),
        _tr("Yes, they are the same"),
        _tr("No, two people"),
    )


def _name(handful: Handful) -> Labels:
    kept = len(handful.kept)
    hint = (
        _tr("Click the photo to see it on its own.")
        if len(handful.faces) == 1
        else _joined(
            _tr("{faces} that look like one person.").format(faces=count_faces(len(handful.faces))),
            _doubt(handful),
            _tr("Click the ones that are somebody else."),
        )
    )
    strangers = _tr("A stranger") if kept == 1 else _tr("{n} strangers").format(n=kept)
    return Labels(_tr("Who is this?"), hint, "", strangers, kept > 0, kept > 0)


def _doubt(handful: Handful) -> str:
    """Which faces deserve a second look, where only some of them do."""
    doubtful = handful.doubtful
    if doubtful in (0, len(handful.faces)):
        return ""
    return _tr("The last one is less sure.") if doubtful == 1 else _tr("The last {n} are less sure.").format(n=doubtful)


def _joined(*sentences: str) -> str:
    return " ".join(each for each in sentences if each)


def caption_crossed_out(handful: Handful, name: str, given_name: str) -> str:
    """What stands below a crossed-out crop: who it is instead, or who it is not."""
    if given_name:
        return given_name
    match handful.kind:
        case QuestionKind.CONFIRM:
            return _tr("not {name}").format(name=name)
        case QuestionKind.IGNORE:
            return _tr("no stranger")
        case _:
            return _tr("somebody else")


def someone_else(targets: int, faces: int) -> str:
    """What "someone else" would speak of, before the candidates are listed."""
    if targets == 0:
        return _tr("Someone else?") if faces == 1 else _tr("All of them someone else?")
    return _tr("Who is the crossed-out one?") if targets == 1 else _tr("Who are the {n} crossed out?").format(n=targets)


def see_more(unseen: int) -> str:
    return _tr("See the other one") if unseen == 1 else _tr("See the other {n}").format(n=unseen)


def see_first(unseen: int) -> str:
    """Why a group cannot be named yet."""
    return (
        _tr("See the other face first: Enter shows it.")
        if unseen == 1
        else _tr("See the other {n} faces first: Enter shows them.").format(n=unseen)
    )


def not_faces(kept: int) -> str:
    return _tr("Not a face") if kept == 1 else _tr("Not faces")


def progress(settled: int, faces: int) -> str:
    return _tr("{settled} of {faces} faces settled").format(settled=f"{settled:,}", faces=f"{faces:,}")


def position(number: int, gain: float) -> str:
    """Where one is, and what the answer is worth: ``gain`` is the number of faces that it is expected to settle."""
    text = _tr("question {number}").format(number=number)
    if round(gain) < 2:
        return text
    return _tr("{question} · the next {n} faces hang on it").format(question=text, n=round(gain))


def count_faces(faces: int) -> str:
    return _tr("1 face") if faces == 1 else _tr("{n} faces").format(n=f"{faces:,}")


def confirmed(faces: int) -> str:
    return _tr("{n} confirmed").format(n=f"{faces:,}")


def born(date: str) -> str:
    return _tr("born {date}").format(date=date)


def died(date: str) -> str:
    return _tr("died {date}").format(date=date)


def _tr(text: str) -> str:
    return QCoreApplication.translate("review", text)

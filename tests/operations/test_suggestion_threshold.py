"""How probable a suggestion must be is the user's to choose, for each library."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facetagger.errors import FaceTaggerError
from facetagger.operations.session import Session
from facetagger.operations.suggestion_threshold import choose_suggestion_threshold, suggestion_threshold
from facetagger.recognition.questions import QuestionKind
from tests.operations.made_up_people import make_library


@pytest.fixture
def known(tmp_path: Path) -> Iterator[Session]:
    """Six people who look rather alike, half of their faces named."""
    with Session.open(tmp_path / "library") as session:
        people = make_library(session, tmp_path / "pictures", people=6, faces=12, photo=0.08)
        for name in sorted(set(people.names)):
            named = [face for face, each in zip(people.faces, people.names, strict=True) if each == name]
            session.naming.name(named[:6], name)
        yield session


def probabilities(session: Session) -> list[float]:
    session.suggesting.refresh()
    return [each.probability for each in session.library.suggestions.all()]


def test_a_stricter_choice_hides_the_doubtful_suggestions_and_undo_shows_them_again(known: Session) -> None:
    usual = sorted(probabilities(known))
    middle = usual[len(usual) // 2]
    change = choose_suggestion_threshold(known.library, middle)
    assert change.entry is not None
    assert "suggestions" in change.entry.text
    assert sorted(probabilities(known)) == [each for each in usual if each >= middle]
    known.history.undo()
    assert sorted(probabilities(known)) == usual


def test_a_more_generous_choice_shows_more(known: Session) -> None:
    choose_suggestion_threshold(known.library, 0.95)
    few = probabilities(known)
    choose_suggestion_threshold(known.library, 0.5)
    assert len(probabilities(known)) > len(few)


def test_no_face_is_shown_for_confirmation_that_is_less_probable_than_was_chosen(known: Session) -> None:
    def shown() -> set[int]:
        known.suggesting.refresh()
        asked = known.reviewing.questions(limit=100)
        return {face for each in asked if each.kind is QuestionKind.CONFIRM for face in each.faces}

    usual = shown()
    choose_suggestion_threshold(known.library, 0.95)
    leads = known.suggesting.leads()
    probable = dict(zip(leads.face_ids.tolist(), leads.chances.tolist(), strict=True))
    strict = shown()
    assert strict < usual
    assert all(probable[face] >= 0.95 for face in strict)
    choose_suggestion_threshold(known.library, None)
    assert shown() == usual


def test_the_choice_is_kept_and_can_go_back_to_the_usual(known: Session) -> None:
    before = suggestion_threshold(known.library)
    choose_suggestion_threshold(known.library, 0.9)
    assert suggestion_threshold(known.library) == 0.9
    choose_suggestion_threshold(known.library, None)
    assert suggestion_threshold(known.library) == before


@pytest.mark.parametrize("probability", [0.2, 1.0, -1.0])
def test_a_choice_that_makes_no_sense_is_refused(known: Session, probability: float) -> None:
    with pytest.raises(FaceTaggerError, match="probability"):
        choose_suggestion_threshold(known.library, probability)

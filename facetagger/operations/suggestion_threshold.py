"""How probable a guess must be to be shown as a suggestion: what the user chose for this library, else the usual."""

from __future__ import annotations

from typing import Final

from facetagger.entities import Change
from facetagger.errors import FaceTaggerError
from facetagger.library import Library
from facetagger.recognition.recogniser import LEAST_PROBABILITY

LOWEST: Final = 0.5
"""Below it, a guess is rather wrong than right."""

_CHOICE: Final = "suggestion_threshold"


def suggestion_threshold(library: Library) -> float:
    chosen = chosen_threshold(library)
    return LEAST_PROBABILITY if chosen is None else chosen


def chosen_threshold(library: Library) -> float | None:
    """What the user chose; None for the usual."""
    chosen = library.choices.get(_CHOICE)
    return None if chosen is None else float(chosen)


def choose_suggestion_threshold(library: Library, probability: float | None) -> Change:
    """An act of the user; None goes back to the usual. The suggestions follow with the next refresh."""
    if probability is not None and not LOWEST <= probability < 1.0:
        raise FaceTaggerError(f"A suggestion cannot take a probability of {probability}.", hint="Choose 0.5 to 0.99.")
    text = "the usual suggestions" if probability is None else f"suggestions from {probability:.2f} on"
    with library.transaction(text) as act:
        act.choices.set(_CHOICE, None if probability is None else repr(probability))
    return act.change

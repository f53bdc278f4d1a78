from __future__ import annotations

import pytest

from facetagger.library import Library
from facetagger.library.recording import ProtectedRowError


def test_a_choice_is_kept_and_undone_and_redone(library: Library) -> None:
    assert library.choices.get("threshold") is None
    for value in ("0.9", "0.8"):
        with library.transaction(f"Choose {value}") as act:
            act.choices.set("threshold", value)
    assert library.choices.get("threshold") == "0.8"
    library.undo()
    assert library.choices.get("threshold") == "0.9"
    library.undo()
    assert library.choices.get("threshold") is None
    library.redo()
    assert library.choices.get("threshold") == "0.9"


def test_choosing_nothing_goes_back_to_the_default(library: Library) -> None:
    with library.transaction("Choose") as act:
        act.choices.set("model", "other")
    with library.transaction("Choose the usual one") as act:
        act.choices.set("model", None)
    assert library.choices.get("model") is None


def test_a_job_makes_no_choice(library: Library) -> None:
    with pytest.raises(ProtectedRowError, match="choice"), library.transaction() as act:
        act.choices.set("model", "other")
    assert library.choices.get("model") is None

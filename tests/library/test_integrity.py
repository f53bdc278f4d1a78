from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from facetagger.library import Library
from facetagger.library.database import FILE_NAME
from tests.library.sample import fill, name

DAMAGE = {
    "suggestion though": "INSERT INTO suggestion VALUES (1, 1, 0.5)",
    "whom the user rejected": "INSERT INTO rejection VALUES (5, 1); INSERT INTO suggestion VALUES (5, 1, 0.5)",
    "group though": "INSERT INTO face_group VALUES (1, 1)",
    "rejected as the same": "INSERT INTO rejection VALUES (1, 1)",
    "box of face 3": "UPDATE face SET box_left = 12 WHERE id = 3",
    "landmarks of face 3": "UPDATE face SET landmarks = x'00' WHERE id = 3",
    "embedding of face 3": "UPDATE embedding SET vector = x'00000000' WHERE face_id = 3",
    "classifier of person 1": "INSERT INTO classifier VALUES (1, 'm', x'00', 0, 0, NULL)",
    "albums say otherwise": "UPDATE photo SET is_visible = 0 WHERE id = 2",
    "files say otherwise": "UPDATE photo SET is_missing = 1 WHERE id = 2",
    "refers to a photo": "DELETE FROM photo WHERE id = 2",
}


@pytest.mark.parametrize(("sentence", "damage"), DAMAGE.items())
def test_damage_is_told_in_a_sentence(folder: Path, sentence: str, damage: str) -> None:
    with Library.open(folder) as library:
        name(library, fill(library).faces[:2], "Anna")
        assert library.integrity() == []
    database = sqlite3.connect(folder / FILE_NAME)
    database.executescript(damage)
    database.close()
    with Library.open(folder) as library:
        problems = library.integrity()
        assert any(sentence in problem for problem in problems), problems

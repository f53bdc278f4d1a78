"""A writer that is killed at any moment leaves a clean library that lacks no act it had finished."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from facetagger.library import Library

WRITER = """
import sys
from itertools import count
from pathlib import Path
from facetagger.entities import FaceState
from facetagger.library import Library
from tests.library.sample import add_face, add_photo
with Library.open(Path(sys.argv[1])) as library:
    first = len(library.people.all())
    with library.transaction() as act:
        album = act.albums.add("Album")
    for number in count(first):
        with library.transaction() as act:
            photo = add_photo(act, number, Path(f"/x/{number}.jpg"))
            act.albums.add_photos(album, [photo])
            faces = [add_face(act, photo) for _ in range(20)]
        with library.transaction(f"Name {number}") as act:
            act.faces.set_state(faces, FaceState.CONFIRMED, act.people.add(f"Person {number}"))
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_a_killed_writer_loses_no_finished_act(folder: Path) -> None:
    chance = random.Random(7)
    finished = 0
    for _ in range(4):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        ) as writer:
            assert writer.stdout is not None
            for _ in range(chance.randrange(1, 40)):
                writer.stdout.readline()
            writer.kill()
            said = writer.stdout.read().split()
            finished = max([finished, *(int(each) + 1 for each in said)])
        with Library.open(folder) as library:
            people = library.people.all()
            assert library.integrity() == []
            assert len(people) >= finished
            assert {person.confirmed for person in people} == {20}
            assert len(library.history.entries(10_000)) == len(people)
            finished = len(people)

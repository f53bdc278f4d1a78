"""Stores what the present program writes as the library of its version: ``python -m tests.library.store_version``.

Run once per schema version, before its release; the stored file is never made again.
"""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path

import numpy as np

from facetagger.entities import FaceState, Suggestion
from facetagger.library import Library, StoredClassifier, schema
from facetagger.library.database import FILE_NAME
from tests.library.sample import MODEL, fill, name

STORED = Path(__file__).parent


def main() -> None:
    target = STORED / f"version_{schema.VERSION}.sql"
    if target.exists():
        raise SystemExit(f"{target} is stored already")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "library"
        with Library.open(folder) as library:
            write_a_day_of_work(library)
        database = sqlite3.connect(folder / FILE_NAME)
        lines = [*database.iterdump(), f"PRAGMA user_version = {schema.VERSION};"]
        database.close()
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_a_day_of_work(library: Library) -> None:
    """Something of everything: names, an alias, a rejection, a stranger, derived rows, an act undone."""
    sample = fill(library)
    anna = name(library, sample.faces[:3], "Anna Gönczy")
    with library.transaction("Describe Anna") as act:
        act.people.set_aliases(anna, ["Granny", "Nan"])
        act.people.set_dates(anna, "1931", "c. 2004")
        act.people.set_portrait(anna, sample.faces[0])
    with library.transaction("Not Anna") as act:
        act.rejections.add([sample.faces[3]], anna)
    with library.transaction("Ignore a face") as act:
        act.faces.set_state([sample.faces[4]], FaceState.IGNORED)
    with library.transaction() as act:
        act.suggestions.replace([Suggestion(sample.faces[5], anna, 0.875)])
        act.groups.replace([sample.faces[6:9]])
        act.classifiers.put(MODEL, [StoredClassifier(anna, np.linspace(-1, 1, 128), -0.5)])
        act.photos.mark_missing([Path("/photos/box/scan6.jpg")])
        act.photos.set_analysed(sample.photos[0], MODEL)
    name(library, [sample.faces[9]], "Bela")
    library.undo()


if __name__ == "__main__":
    main()

"""Broken and hostile files, and a process that is killed: nothing crashes, nothing hangs, nothing is lost."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from facetagger.operations.session import Session

_IMPORT = (
    "import sys; from pathlib import Path; from facetagger.operations.session import Session\n"
    "with Session.open(Path(sys.argv[1])) as session:\n"
    "    session.importing.run([Path(sys.argv[2])], on_change=lambda change: print('batch', flush=True))\n"
)


def test_every_broken_file_is_added_or_skipped_with_a_reason(data_folder: Path, tmp_path: Path) -> None:
    files = [path for path in (data_folder / "bad").rglob("*") if path.is_file()]
    with Session.open(tmp_path / "library") as session:
        started = time.monotonic()
        report = session.importing.run(files)
        assert time.monotonic() - started < 10 * len(files)
        added = {path for path in files if session.library.photos.by_path(path)}
        skipped = {each.path: each.reason for each in report.skipped}
        assert added | skipped.keys() >= set(files)
        assert all(skipped.values())
        assert session.checking.run().is_clean


def test_an_import_that_is_killed_loses_nothing_and_the_next_one_finishes(sample_album: Path, tmp_path: Path) -> None:
    folder = tmp_path / "library"
    moments = random.Random(7)
    for _ in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", _IMPORT, folder, sample_album], stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        child.stdout.readline()
        try:
            child.wait(moments.uniform(0.0, 0.3))
        except subprocess.TimeoutExpired:
            child.kill()
        child.wait()
        child.stdout.close()
        with Session.open(folder, write=False) as session:
            assert session.library.integrity() == []
    with Session.open(folder) as session:
        report = session.importing.run([sample_album])
        assert report.added + report.unchanged == 22
        assert session.library.counts().photos == 22
        assert session.library.counts().faces >= 25
        assert session.checking.run().is_clean

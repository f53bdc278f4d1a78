"""Every test lives in a temporary home, offscreen, and finds the photographs to measure against where they exist."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from facetagger.operations.session import Session

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_DATA = Path(os.environ.get("FACETAGGER_DATA", Path(__file__).parents[2] / "shared" / "data"))


@pytest.fixture(autouse=True)
def _temporary_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))
    monkeypatch.delenv("FACETAGGER_LIBRARY", raising=False)


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """Real photographs to develop against; tests that need them skip where they are absent."""
    if not _DATA.is_dir():
        pytest.skip(f"no photographs at {_DATA}; set FACETAGGER_DATA to a folder that has them")
    return _DATA


@pytest.fixture(scope="session")
def sample_album(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample album; shared by all tests, so never written to."""
    from facetagger.operations.sample_album import make_sample_album

    return make_sample_album(tmp_path_factory.mktemp("pictures") / "Sample album")


@pytest.fixture(scope="session")
def imported_library(sample_album: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library that holds the sample album, no name given yet; shared, so never opened for writing."""
    from facetagger.operations.session import Session

    folder = tmp_path_factory.mktemp("imported") / "library"
    with Session.open(folder) as session:
        report = session.importing.run([sample_album])
        session.suggesting.refresh()
    assert not report.skipped
    return folder


@pytest.fixture
def library_folder(imported_library: Path, tmp_path: Path) -> Path:
    """A copy of that library of the test's own."""
    return Path(shutil.copytree(imported_library, tmp_path / "library"))


@pytest.fixture
def session(library_folder: Path) -> Iterator[Session]:
    from facetagger.operations.session import Session

    with Session.open(library_folder) as opened:
        yield opened

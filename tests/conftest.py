"""Every test lives in a temporary home, offscreen, and finds the photographs to measure against where they exist."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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

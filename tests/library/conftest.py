"""A library in a temporary folder, and one with a small album in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from facetagger.library import Library
from tests.library.sample import Sample, fill


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def library(folder: Path) -> Iterator[Library]:
    with Library.open(folder) as opened:
        yield opened


@pytest.fixture
def sample(library: Library) -> Sample:
    return fill(library)

"""No decoder process outlives the tests that used it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from facetagger.imaging import isolation


@pytest.fixture(scope="package", autouse=True)
def _decoders_end_with_the_package() -> Iterator[None]:
    yield
    isolation.close()

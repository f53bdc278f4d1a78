from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from tests.ui.naming.rig import Rig, opened_rig


@pytest.fixture
def rig(tmp_path: Path, qapp: QApplication) -> Iterator[Rig]:
    with opened_rig(tmp_path, qapp) as opened:
        yield opened

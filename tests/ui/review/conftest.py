"""The review over a drawn family with suggestions and groups; see ``family``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from facetagger.ui.bridge import Bridge
from facetagger.ui.executor import qthread_executors
from facetagger.ui.images import ImageLoader
from facetagger.ui.review.page import ReviewPage
from facetagger.ui.theme import ThemeManager
from tests.ui.review.family import Family, make_family


@pytest.fixture
def family(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Family]:
    """``request.param``, where given, is how many faces Peter has, the largest group has, and strangers there are."""
    made = make_family(tmp_path, *getattr(request, "param", ()))
    yield made
    made.session.close()


@pytest.fixture
def bridge(family: Family, qapp: QApplication) -> Iterator[Bridge]:
    made = Bridge(family.session, qthread_executors())
    yield made
    made.close()


@pytest.fixture
def images(bridge: Bridge) -> ImageLoader:
    return ImageLoader(bridge)


@pytest.fixture
def page(qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager) -> ReviewPage:
    """Shown, with its first question; the window tells it of changes, as here."""
    made = ReviewPage(bridge, images, theme)
    qtbot.addWidget(made)
    bridge.changed.connect(made.refresh)
    made.resize(1064, 724)
    made.show()
    made.refresh(None)
    qtbot.waitUntil(lambda: made.current is not None)
    return made

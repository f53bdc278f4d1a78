"""People and groups over the drawn family of the review's tests."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from facetagger.ui.bridge import Bridge
from facetagger.ui.images import ImageLoader
from facetagger.ui.people.groups import GroupsPage
from facetagger.ui.people.page import PeoplePage
from facetagger.ui.theme import ThemeManager
from tests.ui.review.conftest import bridge, family, images

__all__ = ["bridge", "family", "images"]


@pytest.fixture
def people_page(qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager) -> PeoplePage:
    made = PeoplePage(bridge, images, theme)
    qtbot.addWidget(made)
    bridge.changed.connect(made.refresh)
    made.resize(1064, 724)
    made.show()
    made.refresh(None)
    qtbot.waitUntil(lambda: made.grid.model().rowCount() == 2)
    return made


@pytest.fixture
def groups_page(qtbot: QtBot, bridge: Bridge, images: ImageLoader, theme: ThemeManager) -> GroupsPage:
    made = GroupsPage(bridge, images, theme)
    qtbot.addWidget(made)
    bridge.changed.connect(made.refresh)
    made.resize(1064, 724)
    made.show()
    made.refresh(None)
    qtbot.waitUntil(lambda: len(made.groups) > 0)
    return made

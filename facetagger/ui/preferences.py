"""The settings as the window holds them: read once, written whenever one changes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from facetagger import settings
from facetagger.log import logger
from facetagger.settings import Settings


class Preferences:
    """``current`` is never out of date; a disk that cannot be written costs only the remembering."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._current = settings.load(file)

    @property
    def current(self) -> Settings:
        return self._current

    def update(self, **changes: Any) -> None:
        """Takes the fields of ``Settings`` by name."""
        self._current = replace(self._current, **changes)
        try:
            settings.save(self._file, self._current)
        except OSError as error:
            logger.warning("The settings cannot be written to %s: %s", self._file, error)

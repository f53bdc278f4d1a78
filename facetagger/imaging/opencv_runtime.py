"""The one place that imports OpenCV, which on Linux points Qt at a second Qt of its own: that is put right here."""

from __future__ import annotations

import functools
import os
from typing import Any, Final

_QT_VARIABLES: Final = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")


@functools.cache
def load_opencv() -> Any:
    """Imports OpenCV once and returns the module."""
    before = {name: os.environ.get(name) for name in _QT_VARIABLES}
    import cv2

    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
    # What it refuses is told in a sentence of ours; its own report would go to the terminal.
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)
    return cv2

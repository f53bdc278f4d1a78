"""The networks that everything in this process shares."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facetagger.faces.pipeline import FaceAnalyser


_loading = threading.Lock()
_loaded: list[FaceAnalyser] = []


def shared_analyser() -> FaceAnalyser:
    """Loads the networks when the first photo needs them: seconds, and hundreds of megabytes, once."""
    with _loading:
        if not _loaded:
            from facetagger.faces.pipeline import load_analyser

            _loaded.append(load_analyser())
        return _loaded[0]

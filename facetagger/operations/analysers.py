"""The networks that everything in this process shares."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from facetagger.faces.pipeline import FaceAnalyser


@functools.cache
def shared_analyser() -> FaceAnalyser:
    """Loads the networks when the first photo needs them: seconds, and hundreds of megabytes."""
    from facetagger.faces.pipeline import load_analyser

    return load_analyser()

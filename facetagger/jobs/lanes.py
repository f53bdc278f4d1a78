"""The kinds of work, each with threads of its own, so that a slow one never holds up another."""

from __future__ import annotations

from enum import StrEnum


class Lane(StrEnum):
    LIBRARY = "library"
    """Reads and writes of the library, in the order they were asked for."""
    RECOGNITION = "recognition"
    """Classifiers, suggestions, groups."""
    INFERENCE = "inference"
    """The networks. They use every core themselves, so one job at a time."""
    REGIONS = "regions"
    """The networks too, on what the user is looking at: a face that was drawn by hand, a photo to be searched harder.
    That does not wait for an import to end."""
    MEASURING = "measuring"
    """Evaluations: long, and nothing waits for them."""
    DECODE = "decode"
    """Pixels from files."""
    FILES = "files"
    """Walking folders, exporting: what waits for the disk."""

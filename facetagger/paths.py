"""Where things are: the default library folder and the program's own resources."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import appdirs

LIBRARY_VARIABLE = "FACETAGGER_LIBRARY"


def default_library() -> Path:
    """``$FACETAGGER_LIBRARY``, or a folder in the user's data folder."""
    chosen = os.environ.get(LIBRARY_VARIABLE)
    return Path(chosen) if chosen else Path(appdirs.user_data_dir("facetagger", appauthor=False)) / "library"


def settings_file() -> Path:
    return Path(appdirs.user_config_dir("facetagger", appauthor=False)) / "settings.json"


def cache_folder() -> Path:
    """What can be made again; the user may delete it at any time."""
    return Path(appdirs.user_cache_dir("facetagger", appauthor=False))


def log_folder() -> Path:
    return Path(appdirs.user_log_dir("facetagger", appauthor=False))


def resource(name: str) -> Path:
    """A file of ``resources/``: in the installed package, the frozen program, or beside the package in a checkout."""
    package = Path(__file__).parent
    roots = [package / "resources", package.parent / "resources"]
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        roots.insert(0, Path(frozen) / "facetagger" / "resources")
    for root in roots:
        if (root / name).exists():
            return root / name
    raise FileNotFoundError(f"resource {name!r} is not installed")

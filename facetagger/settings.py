"""The few things the program remembers about how the user works, as one JSON file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path

from facetagger.log import logger


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything with a default, so that a missing or damaged file costs nothing but the preferences."""

    theme: str = "system"
    """``system``, ``light`` or ``dark``."""
    thumbnail_size: int = 160
    sort: str = "date"
    last_export_folder: str = ""
    last_import_folder: str = ""
    look_harder: bool = False
    """Whether photos that are added are searched thoroughly."""
    window_geometry: str = ""
    """Qt's ``saveGeometry`` bytes as hexadecimal text."""
    unfinished_imports: dict[str, list[str]] = field(default_factory=dict)
    """By the folder of the library: what was being added to it when the program ended."""
    unfinished_looks: dict[str, list[str]] = field(default_factory=dict)
    """Those of them that were to be searched thoroughly."""


def load(path: Path) -> Settings:
    """Reads the settings; unknown keys are ignored, values of a wrong type fall back to the default."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        logger.warning("The settings in %s cannot be read (%s); defaults are used.", path, error)
        return Settings()
    defaults = Settings()
    known = {
        each.name: stored[each.name]
        for each in fields(Settings)
        if isinstance(stored, dict) and _is_like(stored.get(each.name), getattr(defaults, each.name))
    }
    return replace(defaults, **known)


def _is_like(value: object, default: object) -> bool:
    if type(value) is not type(default):
        return False
    return not isinstance(value, dict) or all(
        isinstance(each, list) and all(isinstance(entry, str) for entry in each) for each in value.values()
    )


def save(path: Path, settings: Settings) -> None:
    """Writes to a temporary file first, so that a full disk leaves the old settings."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(asdict(settings), indent=2) + "\n", encoding="utf-8")
    temporary.replace(path)
